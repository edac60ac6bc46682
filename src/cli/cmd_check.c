/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/input.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/outputs.h"
#include "report/escape.h"
#include "report/reporter.h"

enum {
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_ANCHOR,
	OPTION_STRICT,
	OPTION_FAIL_ON,
	OPTION_RULE,
	OPTION_START,
	OPTION_SOURCE,
	OPTION_POINTER_SIZE,
	OPTION_QUIET,
	OPTION_COLOR,
};

static const struct option options[] = {
	{ "format", 'f', "NAME", "one of those below; text is the default", OPTION_FORMAT },
	{ "output", 'o', "FORMAT:PATH",
	  "write a report to a file besides, or with - to standard output alone; repeatable",
	  OPTION_OUTPUT },
	{ "anchor", 0, "FILE:LINE",
	  "show findings there (sarif): the line that the trace comes from", OPTION_ANCHOR },
	{ "strict", 0, NULL, "what Windows does beyond the published table is an error",
	  OPTION_STRICT },
	{ "fail-on", 0, "SEVERITY",
	  "exit with 1 from here on: note, warning, error (default), never", OPTION_FAIL_ON },
	{ "rule", 0, "NAME=SEVERITY", "error, warning, note or off for one rule; repeatable",
	  OPTION_RULE },
	{ "start", 0, "HOW", "sessions begin: auto (default), initialized, unknown", OPTION_START },
	{ "source", 0, "NAME",
	  "of text records without one: wdm (default), wts, sens, lsm, winlogon", OPTION_SOURCE },
	{ "pointer-size", 0, "BYTES", "of the host whose driver was recorded: 8 (default) or 4",
	  OPTION_POINTER_SIZE },
	{ "quiet", 'q', NULL, "findings only: no summary, no progress", OPTION_QUIET },
	{ "color", 0, "WHEN", "auto (default), always, never", OPTION_COLOR },
	{ 0 },
};

static const char details[] = "FILE is an .evtx log, a text trace (key=value), NDJSON, CSV or what "
			      "DebugView saved; '-' is\n"
			      "standard input. In a folder, all files named *.evtx, *.trace, "
			      "*.logfmt, *.ndjson, *.jsonl and *.csv\n"
			      "are checked. Each file is a log of its own. Findings go to "
			      "standard output, all else to standard\n"
			      "error.\n"
			      "\n"
			      "Exit status: 0 nothing at or above --fail-on; 1 findings; 2 the job "
			      "could not be done, or not in\n"
			      "full: wrong usage, unreadable or malformed input.\n";

#define NEVER 4 /* above every severity */

struct check {
	const struct command *command;
	struct outputs outputs;
	const struct reporter *reporter; /* of standard output */
	struct report_anchor anchor;     /* without a line: none */
	bool color;
	struct sessionlint *run;
	struct sessionlint_options options;
	unsigned fail_on;
	unsigned pointer_size;
	bool strict, quiet, failed;
	bool progress; /* standard error is a terminal, and the user may like to see how it goes */
	bool shown;    /* a line of progress stands there */
	double shown_at;
	struct { /* what --rule says; applied behind --strict */
		enum sessionlint_rule rule;
		enum sessionlint_severity severity;
	} overrides[64];
	unsigned override_count;
	char **files;
	int file_count;
};

/* ---- options ---- */

static const char *reporter_name_at(unsigned index)
{
	const struct reporter *reporter = reporter_at(index);

	return reporter ? reporter->name : NULL;
}

static const char *const starts[] = { "auto", "initialized", "unknown", NULL };
static const char *const pointer_sizes[] = { "8", "4", NULL };
static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const thresholds[] = { "never", "note", "warning", "error", NULL };

static const char *start_name_at(unsigned index)
{
	return starts[index];
}

static const char *pointer_size_at(unsigned index)
{
	return pointer_sizes[index];
}

static const char *color_name_at(unsigned index)
{
	return colors[index];
}

static const char *threshold_name_at(unsigned index)
{
	return thresholds[index];
}

/* The index of @word in the list, or -1 after a complaint. */
static int word_find(const struct check *check, const char *what, const char *word,
		     const char *(*name_at)(unsigned index))
{
	for (unsigned i = 0; name_at(i); i++)
		if (strcmp(name_at(i), word) == 0)
			return (int)i;
	unknown_word(check->command, what, word, name_at);
	return -1;
}

static int set_rule(struct check *check, const char *value)
{
	const char *equals = strchr(value, '=');
	enum sessionlint_rule rule;
	enum sessionlint_severity severity;
	char name[80];

	if (!equals)
		return usage_error(check->command, "--rule needs NAME=SEVERITY, not '%s'", value);
	snprintf(name, sizeof name, "%.*s", (int)(equals - value), value);
	if (sessionlint_rule_parse(name, strlen(name), &rule) < 0)
		return unknown_word(check->command, "rule", name, rule_word_at);
	if (sessionlint_severity_parse(equals + 1, strlen(equals + 1), &severity) < 0)
		return unknown_word(check->command, "severity", equals + 1,
				    sessionlint_severity_name);
	if (check->override_count == sizeof check->overrides / sizeof check->overrides[0])
		return usage_error(check->command, "--rule is given too often");
	check->overrides[check->override_count].rule = rule;
	check->overrides[check->override_count++].severity = severity;
	return STATUS_CLEAN;
}

static int set_output(struct check *check, const char *value)
{
	const char *colon = strchr(value, ':');
	const char *path = colon ? colon + 1 : NULL;
	char name[80];
	int found;

	if (!colon || !*path)
		return usage_error(check->command, "--output needs FORMAT:PATH, not '%s'", value);
	snprintf(name, sizeof name, "%.*s", (int)(colon - value), value);
	found = word_find(check, "format", name, reporter_name_at);
	if (found < 0)
		return STATUS_FAILED;
	if (outputs_add(&check->outputs, reporter_at((unsigned)found),
			strcmp(path, "-") == 0 ? NULL : path) < 0)
		return usage_error(check->command, "--output is given too often");
	return STATUS_CLEAN;
}

/* The last colon is the one before the line: C:\\x.c:7. */
static int set_anchor(struct check *check, const char *value)
{
	const char *colon = strrchr(value, ':'), *file = path_shown(value).data;
	uint64_t line = 0;

	if (!colon || colon <= file || decimal_parse(text_from(colon + 1), INT32_MAX, &line) < 0 ||
	    line == 0)
		return usage_error(check->command, "--anchor needs FILE:LINE, not '%s'", value);
	check->anchor = (struct report_anchor) {
		.file = text_of(file, (size_t)(colon - file)),
		.line = line,
	};
	return STATUS_CLEAN;
}

static int set_option(struct check *check, int option, const char *value, const char **color)
{
	int found = 0;

	switch (option) {
	case OPTION_FORMAT:
		found = word_find(check, "format", value, reporter_name_at);
		if (found >= 0)
			check->reporter = reporter_at((unsigned)found);
		break;
	case OPTION_OUTPUT:
		return set_output(check, value);
	case OPTION_ANCHOR:
		return set_anchor(check, value);
	case OPTION_STRICT:
		check->strict = true;
		break;
	case OPTION_FAIL_ON:
		found = word_find(check, "severity", value, threshold_name_at);
		if (found >= 0)
			check->fail_on = found == 0 ? NEVER : (unsigned)found;
		break;
	case OPTION_RULE:
		return set_rule(check, value);
	case OPTION_START:
		found = word_find(check, "start", value, start_name_at);
		if (found >= 0)
			check->options.start = (enum sessionlint_start)found;
		break;
	case OPTION_SOURCE:
		found = word_find(check, "source", value, sessionlint_source_name);
		if (found >= 0)
			check->options.source = (enum sessionlint_source)found;
		break;
	case OPTION_POINTER_SIZE:
		found = word_find(check, "pointer size", value, pointer_size_at);
		check->pointer_size = found == 1 ? 4 : 8;
		break;
	case OPTION_QUIET:
		check->quiet = true;
		break;
	case OPTION_COLOR:
		found = word_find(check, "colour setting", value, color_name_at);
		*color = value;
		break;
	}
	return found < 0 ? STATUS_FAILED : STATUS_CLEAN;
}

/* Reads the command line. Returns -1 to go on, or a status to end with. */
static int read_options(struct check *check, int count, char **arguments)
{
	struct arguments walk = { .command = check->command, .count = count, .list = arguments };
	const char *color = "auto";
	int option;

	while ((option = arguments_next(&walk)) != OPTION_END) {
		if (option == OPTION_HELP)
			return command_help(check->command);
		if (option < OPTION_OPERAND)
			return STATUS_FAILED;
		if (option == OPTION_OPERAND)
			check->files[check->file_count++] = (char *)(uintptr_t)walk.value;
		else if (set_option(check, option, walk.value, &color) != STATUS_CLEAN)
			return STATUS_FAILED;
	}
	if (check->file_count == 0)
		return usage_error(check->command, "no file to check; '-' is standard input");
	check->color = color_wanted(color, stdout);
	check->progress = !check->quiet && console_is_terminal(stderr);
	return -1;
}

/* ---- the run ---- */

/* Findings and progress share a terminal line. */
static void progress_clear(struct check *check)
{
	if (check->shown)
		fputs("\r\033[K", stderr);
	check->shown = false;
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct check *check = userdata;

	progress_clear(check);
	return outputs_finding(&check->outputs, finding);
}

static void on_progress(void *userdata, const char *file, uint64_t done, uint64_t size)
{
	struct check *check = userdata;
	double now = console_seconds();

	/* ten times a second is often enough */
	if (now - check->shown_at < 0.1)
		return;
	progress_clear(check);
	check->shown = true;
	check->shown_at = now;
	escape_plain(stderr, text_from(file));
	if (size)
		fprintf(stderr, ": %" PRIu64 " of %" PRIu64 " MB, %.0f %%", done / 1000000,
			size / 1000000, 100.0 * (double)done / (double)size);
	else
		fprintf(stderr, ": %" PRIu64 " MB", done / 1000000);
	console_show(stderr);
}

static const char *error_text(int error)
{
	switch (-error) {
	case EBADMSG:
		return "is no session trace: neither .evtx nor text";
	case ENODATA:
		return "holds no records; there is nothing to check";
	case EISDIR:
		return "is a folder; name it as an argument to check the logs in it";
	case ELOOP:
		return "lies too deep, or leads in circles";
	default:
		return strerror(-error);
	}
}

static void complain(struct check *check, const char *path, const char *what)
{
	progress_clear(check);
	fputs("sessionlint: ", stderr);
	escape_plain(stderr, text_from(path));
	fprintf(stderr, ": %s\n", what);
	console_show(stderr);
	check->failed = true;
}

static void on_log(void *userdata, const char *path)
{
	struct check *check = userdata;
	const struct sessionlint_totals *totals = sessionlint_totals(check->run);
	uint64_t records = totals->records, unreadable = totals->unreadable;
	int r = sessionlint_check_file(check->run, path);

	progress_clear(check);
	records = totals->records - records;
	unreadable = totals->unreadable - unreadable;
	if (r < 0 && r != -EPIPE)
		complain(check, path, error_text(r));
	else if (records > 1 && unreadable >= records)
		complain(check, path, "none of its records can be read; is it a session trace?");
}

static void on_trouble(void *userdata, const char *path, int error)
{
	complain(userdata, path, error_text(-error));
}

static void check_argument(struct check *check, const char *path)
{
	long count;
	int r;

	if (strcmp(path, "-") == 0) {
		r = sessionlint_check_descriptor(check->run, INPUT_STANDARD, "<stdin>");
		progress_clear(check);
		if (r < 0 && r != -EPIPE)
			complain(check, "<stdin>", error_text(r));
		return;
	}
	count = walk_logs(path, on_log, check, on_trouble);
	if (count < 0)
		complain(check, path, error_text((int)count));
	else if (count == 0)
		complain(check, path,
			 "the folder holds no logs (*.evtx, *.trace, *.logfmt, *.ndjson, *.jsonl, "
			 "*.csv)");
}

static int check_status(const struct check *check, const struct sessionlint_totals *totals)
{
	if (check->failed ||
	    (totals->findings[SESSIONLINT_RULE_MALFORMED] &&
	     check->options.severities[SESSIONLINT_RULE_MALFORMED] == SESSIONLINT_SEVERITY_ERROR))
		return STATUS_FAILED;
	for (unsigned severity = check->fail_on; severity <= SESSIONLINT_SEVERITY_ERROR; severity++)
		if (totals->severities[severity])
			return STATUS_FINDINGS;
	return STATUS_CLEAN;
}

static int check_run(struct check *check)
{
	const struct sessionlint_totals *totals;
	double began = console_seconds();
	int status;

	/* an --output may take standard output for itself */
	if (!outputs_use_stdout(&check->outputs) &&
	    outputs_add(&check->outputs, check->reporter, NULL) < 0) {
		return usage_error(check->command, "--output is given too often");
	}
	if (!outputs_begin(&check->outputs, check->color,
			   check->anchor.line ? &check->anchor : NULL))
		return STATUS_FAILED;
	check->options.report = on_finding;
	check->options.progress = check->progress ? on_progress : NULL;
	check->options.userdata = check;
	if (sessionlint_new(&check->options, &check->run) < 0) {
		fputs("sessionlint: out of memory\n", stderr);
		return STATUS_FAILED;
	}
	for (int i = 0; i < check->file_count; i++)
		check_argument(check, check->files[i]);
	totals = sessionlint_totals(check->run);
	if (!outputs_end(&check->outputs, totals, check_status(check, totals)))
		check->failed = true;
	if (!check->quiet)
		summary_write(stderr, totals, console_seconds() - began);
	status = check_status(check, totals);
	sessionlint_free(check->run);
	return status;
}

static int run_check(const struct command *command, int count, char **arguments)
{
	struct check check = {
		.command = command,
		.reporter = &reporter_text,
		.fail_on = SESSIONLINT_SEVERITY_ERROR,
		.pointer_size = 8,
	};
	int status;

	check.files = calloc((size_t)count + 1, sizeof *check.files);
	if (!check.files)
		return STATUS_FAILED;
	status = read_options(&check, count, arguments);
	if (status < 0) {
		enum sessionlint_start start = check.options.start;
		enum sessionlint_source source = check.options.source;

		sessionlint_options_init(&check.options, check.strict);
		check.options.start = start;
		check.options.source = source;
		check.options.pointer_size = check.pointer_size;
		for (unsigned i = 0; i < check.override_count; i++)
			check.options.severities[check.overrides[i].rule] =
				check.overrides[i].severity;
		status = check_run(&check);
	}
	free(check.files);
	return status;
}

static void print_formats(void)
{
	printf("\nFormats:\n");
	for (unsigned i = 0; reporter_at(i); i++)
		printf("  %-10s %s\n", reporter_at(i)->name, reporter_at(i)->summary);
}

const struct command command_check = {
	.name = "check",
	.operands = "FILE...|FOLDER...|-",
	.summary = "hold recorded traces to the session model",
	.details = details,
	.options = options,
	.more_help = print_formats,
	.run = run_check,
};
