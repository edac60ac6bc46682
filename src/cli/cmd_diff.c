/* SPDX-License-Identifier: MIT */
/* sessionlint diff: compares two models, the reports of two runs, or two models on traces. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/escape.h"
#include "base/stream.h"
#include "cli/config.h"
#include "cli/diff_models.h"
#include "cli/diff_traces.h"
#include "diff/findings_diff.h"

enum {
	OPTION_FORMAT,
	OPTION_WITNESS,
	OPTION_TRACES,
};

static const struct option options[] = {
	{ "format", 'f', "NAME", "for two reports: %s", OPTION_FORMAT },
	{ "witness", 'w', "FILE", "for two models: write a trace that only one of them accepts",
	  OPTION_WITNESS },
	{ "traces", 't', NULL, "read logs and show the sessions that only one model accepts",
	  OPTION_TRACES },
	LOGS_OPTION_ROWS,
	SETTINGS_CONFIG_ROWS,
	{ 0 },
};

static const char details[] =
	"Two models: whether they accept the same traces, and if not, the shortest trace that one "
	"accepts and\n"
	"the other rejects. MODEL is published, reused, known, implied or observed (the published "
	"table and\n"
	"what is tolerated in addition), or a source, as --source accepts it, optionally "
	"followed by\n"
	":TOLERANCE. With wdm and with names that are not a source, :mask=EVENTS limits the model "
	"to what a\n"
	"driver with that EventMask is notified of: known:mask=logon,logoff.\n"
	"\n"
	"Two reports: files from check --format=json; shows which findings are new, gone and "
	"unchanged.\n"
	"'-' is standard input.\n"
	"\n"
	"With --traces: two models, and logs as for check. Shows the sessions that only one of the "
	"models\n"
	"accepts.\n"
	"\n"
	"An operand is a model if the part before its first colon is the name of a model, or "
	"contains neither\n"
	"a dot nor a slash. To name such a report, add its folder: ./known.\n"
	"\n"
	"Exit status: 0 no difference (reports: no new finding); 1 differences; 2 the job could "
	"not be done,\n"
	"or not in full.\n" SETTINGS_LOGS_HELP;

struct diff {
	const struct command *command;
	struct logs logs;
	struct config config;
	struct arguments line;
	const struct findings_diff_format *format; /* NULL: text, by default */
	const char *witness;
	bool traces, logs_option;
	char **operands;
	int count;
};

/* ---- options ---- */

static const char *format_name_at(unsigned index)
{
	const struct findings_diff_format *format = findings_diff_format_at(index);

	return format ? format->name : NULL;
}

static const struct option_words words[] = {
	{ OPTION_FORMAT, format_name_at, NULL, NULL },
	LOGS_WORDS_ROWS,
	{ 0 },
};

static int set_option(void *userdata, int option, const char *value)
{
	struct diff *diff = userdata;
	int found, status;

	if (settings_is_config(option)) {
		diff->logs_option = true;
		return STATUS_CLEAN; /* read when the logs are known */
	}
	if (logs_set_option(&diff->logs, option, value, &status)) {
		diff->logs_option = true;
		return status;
	}
	switch (option) {
	case OPTION_FORMAT:
		found = word_find(diff->command, "format", value, format_name_at);
		if (found < 0)
			return STATUS_FAILED;
		diff->format = findings_diff_format_at((unsigned)found);
		break;
	case OPTION_WITNESS:
		if (!*value)
			return usage_error(diff->command, "--witness needs a file");
		diff->witness = value;
		break;
	case OPTION_TRACES:
		diff->traces = true;
		break;
	}
	return STATUS_CLEAN;
}

/* Reads the command line. Returns -1 to continue, or a status to exit with. */
static int read_options(struct diff *diff, int count, char **arguments)
{
	diff->line =
		(struct arguments) { .command = diff->command, .count = count, .list = arguments };
	return arguments_read(diff->line, set_option, diff, diff->operands, &diff->count);
}

/* ---- two models ---- */

static int write_trace(FILE *file, const void *difference)
{
	return difference_write_trace(file, difference);
}

static int compare_models(struct diff *diff, const struct side sides[2])
{
	struct difference difference;
	bool differ;
	int r = difference_find(&sides[0], &sides[1], &difference), status = STATUS_CLEAN;

	if (r < 0)
		return path_error("models", strerror(-r));
	differ = difference.witnesses[0].length || difference.witnesses[1].length;
	if (!diff->witness || strcmp(diff->witness, "-") != 0)
		r = difference_write_text(stdout, &difference);
	if (r < 0)
		return path_error("models", strerror(-r));
	if (diff->witness && !differ)
		return path_error(diff->witness,
				  "not written: no trace distinguishes the two models");
	if (diff->witness)
		status = write_path(diff->witness, write_trace, &difference);
	return status != STATUS_CLEAN ? status : differ ? STATUS_FINDINGS : STATUS_CLEAN;
}

/* ---- two reports ---- */

static int read_report(struct findings *findings, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : stream_open(path);
	struct findings_reason reason;
	int r;

	if (!file)
		return path_error(path, strerror(errno));
	r = findings_read(findings, file, &reason);
	if (file != stdin)
		fclose(file);
	if (r != -EBADMSG)
		return r < 0 ? path_error(path, strerror(-r)) : STATUS_CLEAN;
	fputs("sessionlint: ", stderr);
	escape_plain(stderr, text_from(path));
	if (reason.line)
		fprintf(stderr, ":%" PRIu64, reason.line);
	fprintf(stderr, ": %s%s%s\n", reason.what, reason.key ? " " : "",
		reason.key ? reason.key : "");
	return STATUS_FAILED;
}

static int compare_reports(const struct diff *diff)
{
	const struct findings_diff_format *format = diff->format ? diff->format
								 : findings_diff_format_at(0);
	struct findings old, new;
	struct findings_diff result;
	int status;

	findings_init(&old);
	findings_init(&new);
	status = read_report(&old, diff->operands[0]);
	/* errors in both are reported in one run */
	if (read_report(&new, diff->operands[1]) != STATUS_CLEAN)
		status = STATUS_FAILED;
	if (status == STATUS_CLEAN) {
		findings_diff(&old, &new, &result);
		format->write(stdout, &result);
		status = result.added ? STATUS_FINDINGS : STATUS_CLEAN;
	}
	findings_free(&old);
	findings_free(&new);
	return status;
}

/* ---- traces ---- */

static int compare_traces(struct diff *diff, const struct side sides[2])
{
	struct changes changes = {
		.logs = &diff->logs,
		.sides = { &sides[0], &sides[1] },
	};
	int r;

	if (config_apply_logs(&diff->config, &diff->logs, diff->line, diff->operands + 2,
			      diff->count - 2) != STATUS_CLEAN)
		return STATUS_FAILED;
	config_print(&diff->config);
	r = changes_find(&changes, diff->operands + 2, diff->count - 2);
	if (r < 0)
		return path_error("traces", strerror(-r));
	return diff->logs.failed ? STATUS_FAILED : changes.changed ? STATUS_FINDINGS : STATUS_CLEAN;
}

/* ---- the command ---- */

static int check_operands(const struct diff *diff, bool models)
{
	const struct command *command = diff->command;

	if (diff->traces && diff->count < 3)
		return usage_error(command, "--traces needs two models and at least one log");
	if (diff->count != 2 && !diff->traces)
		return usage_error(command, "diff needs two models, or two reports%s",
				   diff->count > 2 ? "; with --traces, two models and logs" : "");
	if (!diff->traces && side_is_meant(diff->operands[0]) != side_is_meant(diff->operands[1]))
		return usage_error(
			command,
			"'%s' is a model and '%s' is not; for a report of that name use ./%s",
			diff->operands[!models], diff->operands[models], diff->operands[!models]);
	if (!models && !diff->traces && strcmp(diff->operands[0], "-") == 0 &&
	    strcmp(diff->operands[1], "-") == 0)
		return usage_error(command, "standard input can only be one of the reports");
	if (diff->format && (models || diff->traces))
		return usage_error(command, "--format can only be used with two reports");
	if (diff->witness && (!models || diff->traces))
		return usage_error(command, "--witness can only be used with two models");
	if (diff->logs_option && !diff->traces)
		return usage_error(
			command,
			"--start, --source, --pointer-size, --reverse, "
			"--recover, --join, --reorder and --config can only be used with --traces");
	return STATUS_CLEAN;
}

static int compare(struct diff *diff)
{
	bool models = diff->count > 0 && side_is_meant(diff->operands[0]);
	struct side *sides;
	int status = check_operands(diff, models);

	if (status != STATUS_CLEAN)
		return status;
	if (!models && !diff->traces)
		return compare_reports(diff);
	sides = calloc(2, sizeof *sides);
	if (!sides)
		return path_error("models", strerror(ENOMEM));
	for (unsigned i = 0; i < 2 && status == STATUS_CLEAN; i++)
		status = side_parse(diff->command, diff->operands[i], &sides[i]);
	if (status == STATUS_CLEAN)
		status = diff->traces ? compare_traces(diff, sides) : compare_models(diff, sides);
	free(sides);
	return status;
}

static int run_diff(const struct command *command, int count, char **arguments)
{
	struct diff diff = { .command = command, .logs = LOGS_INIT(command) };
	int status;

	diff.operands = calloc((size_t)count + 1, sizeof *diff.operands);
	if (!diff.operands)
		return out_of_memory();
	status = read_options(&diff, count, arguments);
	if (status < 0)
		status = compare(&diff);
	config_free(&diff.config);
	free(diff.operands);
	return status;
}

const struct command command_diff = {
	.name = "diff",
	.operands = "MODEL MODEL|OLD.json NEW.json|--traces MODEL MODEL LOG...",
	.summary = "compare two models, the reports of two runs, or two models on traces",
	.details = details,
	.options = options,
	.words = words,
	.run = run_diff,
};
