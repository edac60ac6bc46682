/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/escape.h"
#include "base/folder.h"
#include "cli/baseline_gate.h"
#include "cli/certificate_output.h"
#include "cli/config.h"
#include "cli/filter_options.h"
#include "cli/notices.h"
#include "cli/outputs.h"
#include "cli/provenance.h"
#include "cli/watch.h"
#include "report/reporter.h"

enum {
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_ANCHOR,
	OPTION_CERTIFICATE,
	OPTION_JUNIT_FLAVOR,
	OPTION_NOTES,
	OPTION_SHOW_SUPPRESSED,
	OPTION_HIDE_SUPPRESSED,
	OPTION_WATCH,
	OPTION_QUIET,
	OPTION_COLOR,
};

static const struct option options[] = {
	{ "format", 'f', "NAME", "format of the report, see below (default: text)", OPTION_FORMAT },
	{ "output", 'o', "FORMAT:PATH",
	  "also write a report to a file; with -, write only this one to standard output; "
	  "repeatable",
	  OPTION_OUTPUT },
	{ "certificate", 0, "PATH",
	  "also write witnesses of the verdicts, which conformance/verify checks",
	  OPTION_CERTIFICATE },
	{ "anchor", 0, "FILE:LINE", "show findings at the line that the trace comes from (sarif)",
	  OPTION_ANCHOR },
	{ "junit-flavor", 0, "NAME",
	  "ant (default), or gitlab, with file and line of each test case (junit)",
	  OPTION_JUNIT_FLAVOR },
	{ "fail-on", 0, "SEVERITY",
	  "exit with 1 at this severity or above: note, warning, error (default), never",
	  SETTING_FAIL_ON },
	{ "fail-on-undetermined", 0, NULL,
	  "also exit with 1 if the verdict on a session is undetermined",
	  SETTING_FAIL_ON_UNDETERMINED },
	SETTINGS_RULES_ROWS,
	{ "baseline", 0, "FILE",
	  "do not count findings listed there ('sessionlint baseline' writes it)",
	  SETTING_BASELINE },
	{ "allow-stale", 0, NULL, "do not fail on baseline entries that match nothing",
	  SETTING_ALLOW_STALE },
	{ "notes", 0, "WHICH",
	  "folded (default): only the first three of each rule in a file; all (text)",
	  OPTION_NOTES },
	{ "show-suppressed", 0, NULL, "show suppressed findings, with the reason (text)",
	  OPTION_SHOW_SUPPRESSED },
	{ "hide-suppressed", 0, NULL,
	  "leave out suppressed findings (sarif): GitHub may show them as open",
	  OPTION_HIDE_SUPPRESSED },
	FILTERS_OPTION_ROWS,
	LOGS_OPTION_ROWS,
	SETTINGS_CONFIG_ROWS,
	{ "watch", 0, NULL, "check again whenever a file changes, until Ctrl-C", OPTION_WATCH },
	{ "quiet", 'q', NULL, "findings only: no summary, no progress", OPTION_QUIET },
	{ "color", 0, "WHEN", "%s", OPTION_COLOR },
	{ 0 },
};

static const char details[] = LOGS_HELP "\n"
					"Each file is a separate log unless --join makes them one. "
					"Findings go to standard output, everything\n"
					"else to standard error.\n"
					"\n" FILTERS_HELP
					"The summary and the exit status count all findings.\n"
					"\n"
					"Exit status: 0 nothing at or above --fail-on; 1 findings, "
					"stale entries in the baseline, or with\n"
					"--fail-on-undetermined sessions without a verdict; 2 the "
					"job could not be done, or not in full: wrong\n"
					"usage, unreadable or malformed input.\n" SETTINGS_HELP;

struct check {
	const struct command *command;
	struct settings settings;
	struct config config;
	struct gate gate;
	struct filter_options filters;
	struct notices notices;
	struct provenance provenance;
	struct outputs outputs;
	struct certificate_output certificate;
	const struct reporter *reporter; /* of standard output */
	enum junit_flavor junit_flavor;
	const char *color; /* when they are wanted */
	bool quiet, watching;
	char **files;
	int file_count;
	struct watch *watch;
};

/* ---- options ---- */

static const char *const colors[] = { "auto", "always", "never", NULL };
static const char *const junit_flavors[] = {
	[JUNIT_FLAVOR_ANT] = "ant",
	[JUNIT_FLAVOR_GITLAB] = "gitlab",
	NULL,
};

static const char *const notes[] = { "folded", "all", NULL };

static const char *notes_name_at(unsigned index)
{
	return notes[index];
}

static const char *color_name_at(unsigned index)
{
	return colors[index];
}

static const char *junit_flavor_name_at(unsigned index)
{
	return junit_flavors[index];
}

static const struct option_words words[] = {
	{ OPTION_FORMAT, outputs_format_at, NULL, NULL },
	{ OPTION_OUTPUT, outputs_format_at, ":", NULL },
	{ OPTION_JUNIT_FLAVOR, junit_flavor_name_at, NULL, NULL },
	{ OPTION_NOTES, notes_name_at, NULL, NULL },
	SETTINGS_WORDS_ROWS,
	FILTERS_WORDS_ROWS,
	{ OPTION_COLOR, color_name_at, NULL, NULL },
	{ 0 },
};

static int set_option(void *userdata, int option, const char *value)
{
	struct check *check = userdata;
	int found = 0, status;

	if (settings_set_option(&check->settings, option, value, &status) ||
	    filter_options_set(&check->filters, check->command, option, value, &status))
		return status;
	switch (option) {
	case OPTION_FORMAT:
		found = word_find(check->command, "format", value, outputs_format_at);
		if (found >= 0)
			check->reporter = reporter_at((unsigned)found);
		break;
	case OPTION_OUTPUT:
		return outputs_set(&check->outputs, check->command, value);
	case OPTION_CERTIFICATE:
		check->certificate.path = value;
		break;
	case OPTION_ANCHOR:
		return outputs_set_anchor(&check->outputs, check->command, value);
	case OPTION_JUNIT_FLAVOR:
		found = word_find(check->command, "flavour of JUnit", value, junit_flavor_name_at);
		if (found >= 0)
			check->junit_flavor = (enum junit_flavor)found;
		break;
	case OPTION_NOTES:
		found = word_find(check->command, "setting for notes", value, notes_name_at);
		check->outputs.all_notes = found > 0;
		break;
	case OPTION_SHOW_SUPPRESSED:
		check->outputs.show_suppressed = true;
		break;
	case OPTION_HIDE_SUPPRESSED:
		check->outputs.hide_suppressed = true;
		break;
	case OPTION_WATCH:
		check->watching = true;
		break;
	case OPTION_QUIET:
		check->quiet = true;
		break;
	case OPTION_COLOR:
		found = word_find(check->command, "colour setting", value, color_name_at);
		check->color = value;
		break;
	}
	return found < 0 ? STATUS_FAILED : STATUS_CLEAN;
}

/* Remembers what the run reads and writes, so that it can be watched. Returns a status. */
static int begin_watch(struct check *check)
{
	struct watch *watch = check->watch;
	int r = 0;

	watch_free(watch);
	for (int i = 0; i < check->file_count && r == 0; i++) {
		enum path_kind kind;

		if (strcmp(check->files[i], "-") == 0 ||
		    (path_kind(check->files[i], true, &kind) == 0 && kind == PATH_OTHER))
			return usage_error(check->command,
					   "--watch needs files and folders, not '%s'",
					   check->files[i]);
		r = watch_add(&watch->inputs, check->files[i]);
	}
	for (unsigned i = 0; i < check->outputs.count && r == 0; i++)
		r = watch_add(&watch->outputs, check->outputs.list[i].path);
	if (r == 0)
		r = watch_add(&watch->outputs, check->certificate.path);
	if (r == 0)
		r = watch_add(&watch->inputs, check->config.path);
	if (r == 0)
		r = watch_add(&watch->inputs, check->settings.baseline);
	if (r == 0)
		r = watch_begin(watch);
	return r == 0 ? STATUS_CLEAN : out_of_memory();
}

/* Reads the command line. Returns -1 to go on, or a status to end with. */
static int read_options(struct check *check, int count, char **arguments)
{
	const struct arguments line = { .command = check->command,
					.count = count,
					.list = arguments };
	int status = arguments_read(line, set_option, check, check->files, &check->file_count);

	if (status >= 0)
		return status;
	if (check->file_count == 0)
		return usage_error(check->command, "missing file; '-' is standard input");
	status = config_apply(&check->config, &check->settings, line, check->files,
			      check->file_count);
	/* an error in the configuration can be mended while it is watched */
	if (check->watching && begin_watch(check) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (status != STATUS_CLEAN)
		return status;
	status = certificate_output_allow(&check->certificate, &check->settings.logs);
	if (status != STATUS_CLEAN)
		return status;
	check->settings.logs.hints = !check->quiet;
	check->settings.logs.progress = !check->quiet && console_is_terminal(stderr);
	return -1;
}

/* ---- the run ---- */

static void on_log(void *userdata)
{
	struct check *check = userdata;

	outputs_log(&check->outputs);
	certificate_output_log(&check->certificate);
}

static void on_input(void *userdata, const struct run_input *input)
{
	struct check *check = userdata;

	provenance_input(&check->provenance, input);
	certificate_output_input(&check->certificate, input);
}

static void on_failed(void *userdata, const char *path, const char *why)
{
	struct check *check = userdata;

	notices_add_failure(&check->notices, path, why);
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct check *check = userdata;

	logs_progress_clear(&check->settings.logs);
	if (finding->shown)
		return outputs_finding(&check->outputs, finding);
	outputs_hidden(&check->outputs, finding);
	return 0;
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	struct check *check = userdata;

	if (step->shown)
		outputs_step(&check->outputs, step);
}

static void on_annotation(void *userdata, const struct sessionlint_annotation *annotation)
{
	struct check *check = userdata;

	if (annotation->shown)
		outputs_annotation(&check->outputs, annotation);
}

static int check_status(const struct check *check, const struct run_totals *totals)
{
	int status = settings_status(&check->settings, totals);

	if (check->settings.logs.failed || check->gate.failed || check->notices.failed ||
	    check->provenance.failed ||
	    (totals->findings[SESSIONLINT_RULE_MALFORMED] &&
	     sessionlint_rule_severity(check->settings.logs.run, SESSIONLINT_RULE_MALFORMED) ==
		     SESSIONLINT_SEVERITY_ERROR))
		return STATUS_FAILED;
	if (status != STATUS_CLEAN)
		return status;
	return check->gate.stale_count > 0 && settings_fail_stale(&check->settings)
		       ? STATUS_FINDINGS
		       : STATUS_CLEAN;
}

/* Checks that no report overwrites a file that is read. Returns a status. */
static int check_paths(const struct check *check)
{
	const struct config_inputs inputs = { &check->config, &check->settings, check->files,
					      check->file_count };
	const struct outputs *outputs = &check->outputs;
	int status = config_spare(&inputs, "--certificate", check->certificate.path);

	if (outputs_clash(outputs))
		return usage_error(check->command, "--output: '%s' is given twice",
				   outputs_clash(outputs));
	for (unsigned i = 0; i < outputs->count && status == STATUS_CLEAN; i++)
		status = config_spare(&inputs, "--output", outputs->list[i].path);
	return status;
}

/* Begins the reports and the baseline of the run. Returns a status. */
static int check_begin(struct check *check)
{
	if (gate_begin(&check->gate, check->settings.baseline, false) != STATUS_CLEAN ||
	    check_paths(check) != STATUS_CLEAN ||
	    certificate_output_open(&check->certificate) != STATUS_CLEAN)
		return STATUS_FAILED;
	/* one --output may have taken standard output */
	if (!outputs_use_stdout(&check->outputs) &&
	    outputs_add(&check->outputs, check->reporter, NULL) < 0)
		return usage_error(check->command, "too many --output options");
	if (!outputs_begin(&check->outputs, color_wanted(check->color, stdout),
			   check->junit_flavor))
		return STATUS_FAILED;
	return STATUS_CLEAN;
}

static void set_callbacks(struct check *check)
{
	struct logs *logs = &check->settings.logs;

	run_set_filters(logs->run, &check->filters.filters);
	sessionlint_set_report(logs->run, on_finding, check);
	if (check->gate.path)
		matcher_attach(&check->gate.matcher, logs->run);
	if (outputs_want_steps(&check->outputs))
		sessionlint_set_observe(logs->run, on_step, check);
	if (outputs_want_annotations(&check->outputs))
		sessionlint_set_annotate(logs->run, on_annotation, check);
	if (outputs_want_inputs(&check->outputs) || check->certificate.path)
		run_set_inputs(logs->run, on_input, outputs_want_inputs(&check->outputs), check);
	if (logs->progress)
		sessionlint_set_progress(logs->run, logs_progress, logs);
}

/* Collects the notices, which reports show besides findings. */
static void check_notices(struct check *check, const struct run_totals *totals)
{
	struct report_notice notice = {
		.kind = NOTICE_UNDETERMINED,
		.severity = SESSIONLINT_SEVERITY_ERROR,
		.file = logs_name(check->files[0]),
		.sessions = settings_undetermined(&check->settings, totals),
	};

	gate_end(&check->gate, check->settings.logs.run, settings_fail_stale(&check->settings));
	notices_add(&check->notices, &notice, notice.sessions > 0);
	notices_add(&check->notices, check->gate.notices, check->gate.notice_count);
	outputs_notices(&check->outputs, check->notices.list, check->notices.count);
}

static int check_run(struct check *check)
{
	struct logs *logs = &check->settings.logs;
	const struct run_totals *totals;
	double began = console_seconds();
	int status = filter_options_begin(&check->filters, &check->settings.logs, check->files,
					  check->file_count);

	if (status == STATUS_CLEAN)
		status = check_begin(check);
	if (status != STATUS_CLEAN)
		return status;
	if (settings_begin(&check->settings) < 0 ||
	    certificate_output_begin(&check->certificate, &check->settings.logs) < 0)
		return out_of_memory();
	set_callbacks(check);
	logs->on_read = on_log;
	logs->on_failed = on_failed;
	logs->userdata = check;
	logs_check(logs, check->files, check->file_count);
	totals = run_totals(logs->run);
	check_notices(check, totals);
	if (!logs->anonymize)
		check->provenance.run.configuration = check->config.path;
	outputs_run(&check->outputs, &check->provenance.run);
	if (logs->no_memory || check->gate.failed || check->notices.failed ||
	    check->provenance.failed)
		outputs_discard_files(&check->outputs);
	if (!outputs_end(&check->outputs, totals, check_status(check, totals)))
		logs->failed = true;
	if (!certificate_output_end(&check->certificate, logs->no_memory ? -ENOMEM : 0))
		logs->failed = true;
	if (check->notices.failed || check->provenance.failed)
		out_of_memory();
	gate_print(&check->gate, settings_fail_stale(&check->settings));
	if (!check->quiet && !logs->unread)
		summary_write(stderr, totals,
			      &(struct summary) {
				      .seconds = console_seconds() - began,
				      .configuration = check->config.path,
				      .fail_on_undetermined =
					      settings_undetermined(&check->settings, totals) > 0,
				      .related = logs->together == LOGS_APART &&
						 sessionlint_has_related_logs(logs->run),
			      });
	status = check_status(check, totals);
	sessionlint_free(logs->run);
	return status;
}

static int check_once(const struct command *command, int count, char **arguments,
		      struct watch *watch)
{
	struct check check = {
		.color = colors[0],
		.command = command,
		.reporter = &reporter_text,
		.settings = SETTINGS_INIT(command),
		.watch = watch,
	};
	int status;

	check.files = calloc((size_t)count + 1, sizeof *check.files);
	if (!check.files)
		return out_of_memory();
	status = read_options(&check, count, arguments);
	if (status < 0 &&
	    provenance_begin(
		    &check.provenance,
		    (struct arguments) { .command = command, .count = count, .list = arguments },
		    check.settings.logs.anonymize) < 0)
		status = out_of_memory();
	if (status < 0)
		status = check_run(&check);
	outputs_cancel(&check.outputs);
	certificate_output_cancel(&check.certificate);
	notices_free(&check.notices);
	provenance_free(&check.provenance);
	gate_free(&check.gate);
	filters_free(&check.filters.filters);
	config_free(&check.config);
	free(check.files);
	return status;
}

static int run_check(const struct command *command, int count, char **arguments)
{
	struct watch watch = { 0 };
	int status = check_once(command, count, arguments, &watch);

	while (watch.begun && watch_wait(&watch))
		status = check_once(command, count, arguments, &watch);
	watch_free(&watch);
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
	.summary = "check recorded traces against the session model",
	.details = details,
	.options = options,
	.words = words,
	.more_help = print_formats,
	.run = run_check,
};
