/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/replace.h"
#include "base/stream.h"
#include "base/whole.h"
#include "cli/config.h"
#include "cli/coverage_requirements.h"
#include "coverage/coverage.h"

enum {
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_MERGE,
	OPTION_REQUIRE,
	OPTION_CHART,
};

static const struct option options[] = {
	{ "format", 'f', "NAME", "%s", OPTION_FORMAT },
	{ "output", 'o', "FORMAT:PATH", "also write a report to a file; repeatable",
	  OPTION_OUTPUT },
	{ "merge", 'm', NULL, "each FILE is a ledger written by --format=json: add them up",
	  OPTION_MERGE },
	{ "require", 'r', "NAME=PERCENT,...",
	  "exit with 1 if less is covered: transitions=100%,pairs=80%; repeatable",
	  OPTION_REQUIRE },
	{ "chart", 0, "PATH", "path of session.rl, for lcov (" COVERAGE_CHART ")", OPTION_CHART },
	LOGS_OPTION_ROWS,
	SETTINGS_CONFIG_ROWS,
	{ 0 },
};

static const char details[] = LOGS_HELP
	"Each file is a separate log unless --join makes them one.\n"
	"\n"
	"Only what certainly happened counts as covered. The groups are: transitions (17 "
	"published),\n"
	"undocumented (the reconnect), reuse (a new incarnation of an id), illegal (29 cells), "
	"pairs (of\n"
	"published transitions, one after the other), undocumented-pairs, rules (broken at least "
	"once).\n"
	"\n"
	"Exit status: 0 everything that --require asks for is covered; 1 it is not; 2 the job "
	"could not be\n"
	"done, or not in full: wrong usage, unreadable or malformed input.\n" SETTINGS_LOGS_HELP;

#define OUTPUTS_MAX 8
#define LEDGER_MAX  ((size_t)16 << 20) /* a ledger has about 10 KB, at most 500 KB */

struct coverage {
	const struct command *command;
	struct settings settings;
	struct config config;
	struct requirements requirements;
	const struct coverage_format *format;
	struct output {
		const struct coverage_format *format;
		const char *path;
		struct replacement replacement;
	} outputs[OUTPUTS_MAX];
	unsigned output_count;
	const char *chart;
	bool merge;
	struct ledger *ledger;
	char **files;
	int file_count;
};

/* ---- options ---- */

static const char *format_name_at(unsigned index)
{
	const struct coverage_format *format = coverage_format_at(index);

	return format ? format->name : NULL;
}

static const struct option_words words[] = {
	{ OPTION_FORMAT, format_name_at, NULL, NULL },
	{ OPTION_OUTPUT, format_name_at, ":", NULL },
	{ OPTION_REQUIRE, ledger_group_name, "=", NULL },
	LOGS_WORDS_ROWS,
	{ 0 },
};

static int set_output(struct coverage *coverage, const char *value)
{
	const char *colon = strchr(value, ':');
	char name[80];
	int found;

	if (!colon || !colon[1])
		return usage_error(coverage->command, "--output needs FORMAT:PATH, not '%s'",
				   value);
	snprintf(name, sizeof name, "%.*s", (int)(colon - value), value);
	found = word_find(coverage->command, "format", name, format_name_at);
	if (found < 0)
		return STATUS_FAILED;
	if (coverage->output_count == OUTPUTS_MAX)
		return usage_error(coverage->command, "too many --output options");
	coverage->outputs[coverage->output_count].format = coverage_format_at((unsigned)found);
	coverage->outputs[coverage->output_count++].path = colon + 1;
	return STATUS_CLEAN;
}

static int set_option(void *userdata, int option, const char *value)
{
	struct coverage *coverage = userdata;
	int found, status;

	if (settings_set_option(&coverage->settings, option, value, &status))
		return status;
	switch (option) {
	case OPTION_FORMAT:
		found = word_find(coverage->command, "format", value, format_name_at);
		if (found < 0)
			return STATUS_FAILED;
		coverage->format = coverage_format_at((unsigned)found);
		break;
	case OPTION_OUTPUT:
		return set_output(coverage, value);
	case OPTION_MERGE:
		coverage->merge = true;
		break;
	case OPTION_REQUIRE:
		return requirements_add(&coverage->requirements, coverage->command, value);
	case OPTION_CHART:
		/* it becomes a line of the report */
		if (!*value || strpbrk(value, "\r\n"))
			return usage_error(coverage->command, "--chart needs a path");
		coverage->chart = value;
		break;
	}
	return STATUS_CLEAN;
}

/* Reads the command line. Returns -1 to continue, or a status to exit with. */
static int read_options(struct coverage *coverage, int count, char **arguments)
{
	const struct arguments line = { .command = coverage->command,
					.count = count,
					.list = arguments };
	int status = arguments_read(line, set_option, coverage, coverage->files,
				    &coverage->file_count);

	if (status >= 0)
		return status;
	if (coverage->file_count == 0)
		return usage_error(coverage->command, "missing file; '-' is standard input");
	/* options for logs do not apply to ledgers */
	if (coverage->merge)
		return -1;
	if (config_apply(&coverage->config, &coverage->settings, line, coverage->files,
			 coverage->file_count) != STATUS_CLEAN)
		return STATUS_FAILED;
	config_print(&coverage->config);
	return -1;
}

/* ---- logs ---- */

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	struct coverage *coverage = userdata;

	ledger_step(coverage->ledger, step);
}

static int count_logs(struct coverage *coverage)
{
	struct run_totals totals;

	if (logs_observe(&coverage->settings.logs, coverage->files, coverage->file_count, on_step,
			 coverage, &totals) < 0)
		return -ENOMEM;
	ledger_totals(coverage->ledger, &totals);
	return coverage->ledger->error;
}

/* ---- ledgers ---- */

static int read_ledger(struct ledger *ledger, const char *path)
{
	FILE *file = strcmp(path, "-") == 0 ? stdin : stream_open(path);
	char *data = NULL;
	size_t size;
	int r;

	if (!file)
		return -errno;
	r = whole_read(file, LEDGER_MAX, &data, &size);
	if (r == 0)
		r = coverage_read(ledger, data, size);
	free(data);
	if (file != stdin)
		fclose(file);
	return r;
}

static const char *ledger_error(int error)
{
	switch (-error) {
	case EBADMSG:
		return "not a ledger written by coverage --format=json, or one for another model";
	case EOVERFLOW:
		return "the sum of its counts is too large";
	default:
		return strerror(-error);
	}
}

/* If one ledger cannot be read in full, the sum is meaningless. */
static bool merge_ledgers(struct coverage *coverage)
{
	for (int i = 0; i < coverage->file_count; i++) {
		int r = read_ledger(coverage->ledger, coverage->files[i]);

		if (r == 0)
			continue;
		logs_complain(&coverage->settings.logs, coverage->files[i], ledger_error(r));
		return false;
	}
	return true;
}

/* ---- the run ---- */

/* Whether an earlier report goes to the same file. */
static bool is_shared(const struct coverage *coverage, unsigned index)
{
	const struct output *outputs = coverage->outputs;

	if (stream_is_open(STREAM_OUTPUT, outputs[index].path))
		return true;
	for (unsigned i = 0; i < index; i++)
		if (stream_is_same_place(outputs[i].replacement.path,
					 outputs[index].replacement.path))
			return true;
	return false;
}

/* Begins the files of the reports. Returns a status. */
static int begin_outputs(struct coverage *coverage)
{
	for (unsigned i = 0; i < coverage->output_count; i++) {
		struct output *output = &coverage->outputs[i];
		int r;

		/* a ledger may be merged into itself: by then it has been read */
		if (!coverage->merge &&
		    logs_contain(coverage->files, coverage->file_count, output->path))
			return usage_error(coverage->command,
					   "--output would overwrite '%s', which is an input",
					   output->path);
		r = replace_begin(&output->replacement, output->path);
		if (r < 0)
			return path_error(output->path, strerror(-r));
		if (is_shared(coverage, i))
			return path_error(output->path,
					  "two reports cannot be written to the same file");
	}
	return STATUS_CLEAN;
}

static void write_outputs(struct coverage *coverage)
{
	for (unsigned i = 0; i < coverage->output_count; i++) {
		struct output *output = &coverage->outputs[i];
		int r;

		output->format->write(output->replacement.file, coverage->ledger, coverage->chart);
		r = replace_end(&output->replacement);
		if (r < 0)
			logs_complain(&coverage->settings.logs, output->path, strerror(-r));
	}
}

static int cover(struct coverage *coverage)
{
	if (begin_outputs(coverage) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (ledger_new(&coverage->ledger) < 0 || (!coverage->merge && count_logs(coverage) < 0))
		return out_of_memory();
	if (coverage->merge && !merge_ledgers(coverage))
		return STATUS_FAILED;
	coverage->format->write(stdout, coverage->ledger, coverage->chart);
	write_outputs(coverage);
	if (!requirements_met(&coverage->requirements, coverage->ledger) &&
	    !coverage->settings.logs.failed)
		return STATUS_FINDINGS;
	return coverage->settings.logs.failed ? STATUS_FAILED : STATUS_CLEAN;
}

static int run_coverage(const struct command *command, int count, char **arguments)
{
	struct coverage coverage = {
		.command = command,
		.settings = SETTINGS_INIT(command),
		.format = &coverage_text,
		.chart = COVERAGE_CHART,
	};
	int status;

	coverage.files = calloc((size_t)count + 1, sizeof *coverage.files);
	if (!coverage.files)
		return out_of_memory();
	status = read_options(&coverage, count, arguments);
	if (status < 0)
		status = cover(&coverage);
	for (unsigned i = 0; i < coverage.output_count; i++)
		replace_cancel(&coverage.outputs[i].replacement);
	ledger_free(coverage.ledger);
	config_free(&coverage.config);
	free(coverage.files);
	return status;
}

const struct command command_coverage = {
	.name = "coverage",
	.operands = "FILE...|FOLDER...|-",
	.summary = "measure how much of the session model traces exercise",
	.details = details,
	.options = options,
	.words = words,
	.run = run_coverage,
};
