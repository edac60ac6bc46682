/* SPDX-License-Identifier: MIT */
/* sessionlint baseline: records the findings that are accepted. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/escape.h"
#include "base/lock.h"
#include "base/now.h"
#include "base/replace.h"
#include "base/utf.h"
#include "cli/baseline_gate.h"
#include "cli/config.h"
#include "report/stored_findings.h"

enum {
	OPTION_REASON,
	OPTION_EXPIRES,
	OPTION_QUIET,
};

static const struct option options[] = {
	{ "baseline", 0, "FILE", "the baseline", SETTING_BASELINE },
	{ "reason", 0, "TEXT", "write: why the new entries are accepted", OPTION_REASON },
	{ "expires", 0, "YYYY-MM-DD", "write: the last day (UTC) on which the new entries apply",
	  OPTION_EXPIRES },
	{ "fail-on", 0, "SEVERITY", "write: minimum severity: note, warning, error (default)",
	  SETTING_FAIL_ON },
	SETTINGS_RULES_ROWS,
	LOGS_OPTION_ROWS,
	SETTINGS_CONFIG_ROWS,
	{ "quiet", 'q', NULL, "do not report what was done", OPTION_QUIET },
	{ 0 },
};

static const char details[] =
	"A baseline is a list of known findings, each with the reason why it is accepted. "
	"'sessionlint check\n"
	"--baseline=FILE' does not count them. The file is JSON with one entry per line; commit "
	"it.\n"
	"\n"
	"  write  adds findings of the logs at or above --fail-on that are not in the baseline "
	"yet; existing\n"
	"         entries stay as they are, expired ones are renewed\n"
	"  prune  removes entries of these logs that no longer match a finding\n"
	"  list   shows the entries; it needs no logs\n"
	"\n"
	"Use the same logs and options as with 'sessionlint check'; otherwise the findings differ. "
	"The file\n"
	"is replaced as a whole or not at all: it is not written if a log cannot be read in full.\n"
	"\n"
	"Exit status: 0 success; 2 failure.\n" SETTINGS_HELP;

static const char *const actions[] = { "write", "prune", "list", NULL };
enum action {
	ACTION_WRITE,
	ACTION_PRUNE,
	ACTION_LIST
};

static const char *action_at(unsigned index)
{
	return actions[index];
}

static const struct option_words words[] = {
	SETTINGS_WORDS_ROWS,
	{ OPTION_OPERAND, action_at, NULL, NULL },
	{ 0 },
};

struct manage {
	const struct command *command;
	struct settings settings;
	struct config config;
	struct gate gate;
	enum action action;
	struct sessionlint_text reason, expires; /* without data: not given */
	bool quiet;
	struct stored_finding *added; /* findings of new entries */
	uint64_t added_count, renewed_count;
	struct lock lock;
	char **operands; /* the action and the logs */
	int operand_count;
};

/* ---- options ---- */

static int set_reason(struct manage *manage, const char *value)
{
	struct sessionlint_text reason = text_from(value);

	if (!baseline_has_text(reason))
		return usage_error(manage->command,
				   "--reason needs a text that says why the findings are accepted");
	if (utf8_valid(value, reason.size) < reason.size)
		return usage_error(manage->command, "--reason is not valid UTF-8");
	manage->reason = reason;
	return STATUS_CLEAN;
}

static int set_expires(struct manage *manage, const char *value)
{
	bool past;

	if (!baseline_day(text_from(value), now_seconds(), &past))
		return usage_error(manage->command,
				   "--expires needs a date such as 2026-12-31, not '%s'", value);
	if (past)
		return usage_error(manage->command, "--expires=%s is in the past", value);
	manage->expires = text_from(value);
	return STATUS_CLEAN;
}

static int set_option(void *userdata, int option, const char *value)
{
	struct manage *manage = userdata;
	int status;

	if (settings_set_option(&manage->settings, option, value, &status))
		return status;
	switch (option) {
	case OPTION_REASON:
		return set_reason(manage, value);
	case OPTION_EXPIRES:
		return set_expires(manage, value);
	case OPTION_QUIET:
		manage->quiet = true;
		break;
	}
	return STATUS_CLEAN;
}

/* Checks that the arguments can be combined. Returns a status. */
static int check_operands(struct manage *manage)
{
	int found;

	if (manage->operand_count == 0)
		return usage_error(manage->command, "missing action: write, prune or list");
	found = word_find(manage->command, "action", manage->operands[0], action_at);
	if (found < 0)
		return STATUS_FAILED;
	manage->action = (enum action)found;
	if (manage->action == ACTION_LIST && manage->operand_count > 1)
		return usage_error(manage->command, "list takes no logs");
	if (manage->action != ACTION_LIST && manage->operand_count == 1)
		return usage_error(manage->command, "missing log; '-' is standard input");
	if (manage->action != ACTION_WRITE && (manage->reason.data || manage->expires.data))
		return usage_error(manage->command,
				   "--reason and --expires can only be used with write");
	return STATUS_CLEAN;
}

/* Reads the command line. Returns -1 to continue, or a status to exit with. */
static int read_options(struct manage *manage, int count, char **arguments)
{
	const struct arguments line = { .command = manage->command,
					.count = count,
					.list = arguments };
	int status = arguments_read(line, set_option, manage, manage->operands,
				    &manage->operand_count);

	if (status >= 0)
		return status;
	if (check_operands(manage) != STATUS_CLEAN ||
	    config_apply(&manage->config, &manage->settings, line, manage->operands + 1,
			 manage->operand_count - 1) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (!manage->quiet)
		config_print(&manage->config);
	if (!manage->settings.baseline)
		return usage_error(manage->command, "missing baseline: use --baseline=FILE, or a "
						    "line 'baseline = FILE' in the configuration");
	if (logs_contain(manage->operands + 1, manage->operand_count - 1,
			 manage->settings.baseline))
		return usage_error(manage->command, "'%s' cannot be both the baseline and a log",
				   manage->settings.baseline);
	return -1;
}

/* ---- the logs ---- */

static int add_entry(struct manage *manage, const struct sessionlint_finding *finding)
{
	struct baseline_entry *entry = baseline_add(&manage->gate.matcher.baseline,
						    text_from(manage->gate.matcher.fingerprint));
	struct stored_finding *one = entry ? stored_finding_new(finding) : NULL;

	if (!one)
		return -ENOMEM;
	one->next = manage->added;
	manage->added = one;
	entry->finding = &one->finding;
	entry->rule = text_from(sessionlint_rule_info(finding->rule)->name);
	entry->log = fingerprint_log(one->finding.file);
	entry->reason = manage->reason;
	entry->expires = manage->expires;
	entry->matched = true;
	manage->added_count++;
	return 0;
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct manage *manage = userdata;
	struct baseline_entry *entry = manage->gate.matcher.entry;

	/* unreadable records cannot be accepted, and what the trace suppresses need not be */
	if (manage->action != ACTION_WRITE || finding->rule == SESSIONLINT_RULE_MALFORMED ||
	    finding->rule == SESSIONLINT_RULE_NEWEST_FIRST ||
	    finding->suppression != SESSIONLINT_SUPPRESSION_NONE ||
	    !settings_fail(&manage->settings, finding->severity))
		return 0;
	if (!entry)
		return add_entry(manage, finding);
	entry->reason = manage->reason;
	entry->expires = manage->expires;
	entry->expired = false;
	manage->renewed_count++;
	return 0;
}

static int read_logs(struct manage *manage)
{
	struct logs *logs = &manage->settings.logs;
	uint64_t unreadable;

	if (settings_begin(&manage->settings) < 0)
		return out_of_memory();
	matcher_attach(&manage->gate.matcher, logs->run);
	sessionlint_set_report(logs->run, on_finding, manage);
	logs_check(logs, manage->operands + 1, manage->operand_count - 1);
	unreadable = run_totals(logs->run)->findings[SESSIONLINT_RULE_MALFORMED];
	if (unreadable > 0 && sessionlint_rule_severity(logs->run, SESSIONLINT_RULE_MALFORMED) ==
				      SESSIONLINT_SEVERITY_ERROR) {
		fprintf(stderr,
			"sessionlint: %" PRIu64
			" record%s cannot be read; run 'sessionlint check' for details\n",
			unreadable, unreadable == 1 ? "" : "s");
		logs->failed = true;
	}
	gate_end(&manage->gate, logs->run, false);
	sessionlint_free(logs->run);
	return logs->failed || manage->gate.failed ? STATUS_FAILED : STATUS_CLEAN;
}

/* ---- the baseline ---- */

static int refuse(struct manage *manage, const char *why)
{
	logs_complain(&manage->settings.logs, manage->settings.baseline, why);
	return STATUS_FAILED;
}

static int write_file(struct manage *manage)
{
	struct replacement replacement;
	int r = replace_begin(&replacement, manage->settings.baseline);
	long size;

	if (r < 0)
		return refuse(manage, strerror(-r));
	baseline_write(replacement.file, &manage->gate.matcher.baseline);
	size = ftell(replacement.file);
	if (!ferror(replacement.file) && (size < 0 || (size_t)size >= BASELINE_MAX)) {
		replace_cancel(&replacement);
		return refuse(
			manage,
			"would exceed the maximum size of a baseline (64 MiB); left unchanged");
	}
	r = replace_end(&replacement);
	return r < 0 ? refuse(manage, strerror(-r)) : STATUS_CLEAN;
}

/* Checks that a baseline that does not exist yet can be written. */
static int try_file(struct manage *manage)
{
	struct replacement replacement;
	int r = replace_begin(&replacement, manage->settings.baseline);

	if (r < 0)
		return refuse(manage, strerror(-r));
	replace_cancel(&replacement);
	return STATUS_CLEAN;
}

static int run_write(struct manage *manage, bool is_new)
{
	uint64_t count = manage->added_count + manage->renewed_count;

	if (count > 0 && !manage->reason.data)
		return usage_error(manage->command,
				   "--reason=TEXT is needed: %" PRIu64
				   " finding%s without a valid entry, and an entry says why a "
				   "finding is accepted",
				   count, count == 1 ? "" : "s");
	if ((count > 0 || is_new) && write_file(manage) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (manage->quiet)
		return STATUS_CLEAN;
	fputs("sessionlint: ", stderr);
	escape_plain(stderr, text_from(manage->settings.baseline));
	fprintf(stderr, ": %" PRIu64 " added, %" PRIu64 " renewed, %zu unchanged\n",
		manage->added_count, manage->renewed_count,
		manage->gate.matcher.baseline.count - (size_t)count);
	if (manage->gate.stale_count > 0)
		fprintf(stderr,
			"sessionlint: %zu stale; 'sessionlint baseline prune' removes them\n",
			manage->gate.stale_count);
	return STATUS_CLEAN;
}

static int run_prune(struct manage *manage)
{
	for (size_t i = 0; i < manage->gate.notice_count; i++)
		if (manage->gate.notices[i].kind == NOTICE_STALE)
			baseline_find(&manage->gate.matcher.baseline,
				      manage->gate.notices[i].entry->by_fingerprint.key)
				->dropped = true;
	if (manage->gate.stale_count > 0 && write_file(manage) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (manage->quiet)
		return STATUS_CLEAN;
	gate_print(&manage->gate, false);
	fputs("sessionlint: ", stderr);
	escape_plain(stderr, text_from(manage->settings.baseline));
	fprintf(stderr, ": %zu removed, %zu left\n", manage->gate.stale_count,
		manage->gate.matcher.baseline.count - manage->gate.stale_count);
	return STATUS_CLEAN;
}

static void list_entry(const struct baseline_entry *entry)
{
	escape_line(stdout, entry->log);
	fputs(": ", stdout);
	if (entry->subject.size > 0) {
		escape_plain(stdout, entry->subject);
		fputs(": ", stdout);
	}
	escape_plain(stdout, entry->message);
	fputs(" [", stdout);
	escape_plain(stdout, entry->rule);
	fputs("]\n  reason: ", stdout);
	escape_plain(stdout, entry->reason);
	putchar('\n');
	if (entry->expires.size > 0)
		printf("  %s %.*s\n", entry->expired ? "expired on" : "valid until",
		       (int)entry->expires.size, entry->expires.data);
}

static int run_list(struct manage *manage)
{
	baseline_sort(&manage->gate.matcher.baseline);
	for (size_t i = 0; i < manage->gate.matcher.baseline.count; i++)
		list_entry(manage->gate.matcher.baseline.entries[i]);
	return STATUS_CLEAN;
}

static void on_wait(void *userdata)
{
	const struct manage *manage = userdata;

	path_error(manage->settings.baseline,
		   "waiting for another run that is changing a baseline in this folder");
	console_show(stderr);
}

/* Held from before the baseline is read until it is written, so that nobody else changes it
 * meanwhile. */
static int lock_baseline(struct manage *manage)
{
	const char *path = manage->settings.baseline;
	int r = lock_take(&manage->lock, path, on_wait, manage);

	return r < 0 ? path_error(path, strerror(-r)) : STATUS_CLEAN;
}

static int manage_baseline(struct manage *manage)
{
	int status = STATUS_CLEAN;

	if (manage->action != ACTION_LIST)
		status = lock_baseline(manage);
	if (status == STATUS_CLEAN)
		status = gate_begin(&manage->gate, manage->settings.baseline,
				    manage->action == ACTION_WRITE);
	if (status != STATUS_CLEAN)
		return status;
	if (manage->action == ACTION_LIST)
		return run_list(manage);
	/* reading logs can take long */
	if (!manage->gate.exists && try_file(manage) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (read_logs(manage) != STATUS_CLEAN)
		return refuse(manage, "left unchanged");
	return manage->action == ACTION_WRITE ? run_write(manage, !manage->gate.exists)
					      : run_prune(manage);
}

static int run_baseline(const struct command *command, int count, char **arguments)
{
	struct manage manage = { .command = command,
				 .settings = SETTINGS_INIT(command),
				 .lock = LOCK_INIT };
	int status;

	manage.operands = calloc((size_t)count + 1, sizeof *manage.operands);
	if (!manage.operands)
		return out_of_memory();
	status = read_options(&manage, count, arguments);
	if (status < 0)
		status = manage_baseline(&manage);
	while (manage.added) {
		struct stored_finding *next = manage.added->next;

		free(manage.added);
		manage.added = next;
	}
	lock_release(&manage.lock);
	gate_free(&manage.gate);
	config_free(&manage.config);
	free(manage.operands);
	return status;
}

const struct command command_baseline = {
	.name = "baseline",
	.operands = "write|prune|list [FILE...|FOLDER...|-]",
	.summary = "keep a list of accepted findings",
	.details = details,
	.options = options,
	.words = words,
	.run = run_baseline,
};
