/* SPDX-License-Identifier: MIT */
/* sessionlint timeline: what happened to the sessions of logs, row by row. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/console.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/baseline_gate.h"
#include "cli/config.h"
#include "cli/filter_options.h"
#include "cli/provenance.h"
#include "report/reporter.h"
#include "timeline/timeline.h"

enum {
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_SESSIONS,
	OPTION_BOM,
	OPTION_COLOR,
};

static const struct option options[] = {
	{ "format", 'f', "NAME", "format of the timeline, see below (default: text)",
	  OPTION_FORMAT },
	{ "output", 'o', "PATH", "write to this file instead of standard output", OPTION_OUTPUT },
	{ "sessions", 0, NULL, "a row for each incarnation of a session (text, csv, ndjson)",
	  OPTION_SESSIONS },
	{ "bom", 0, NULL, "begin with a byte order mark, for Excel (csv)", OPTION_BOM },
	SETTINGS_RULES_ROWS,
	{ "baseline", 0, "FILE",
	  "leave out findings listed there ('sessionlint baseline' writes it)", SETTING_BASELINE },
	FILTERS_OPTION_ROWS,
	LOGS_OPTION_ROWS,
	SETTINGS_CONFIG_ROWS,
	{ "color", 0, "WHEN", "%s", OPTION_COLOR },
	{ 0 },
};

static const char details[] =
	"A row for each transition, each sample of a state, each annotation and each finding "
	"about another\n"
	"record: when, on which host and in which session, from which state to which, who and "
	"from where, the\n"
	"records that show it, and the verdict. With --together, several logs of a machine make "
	"one timeline.\n"
	"Times are in UTC.\n"
	"\n" LOGS_HELP "\n" FILTERS_HELP "\n"
	"Text is as wide as the terminal, or as COLUMNS says; otherwise 100 columns.\n"
	"\n"
	"Exit status: 0, whatever was found; 2 the job could not be done, or not in full: wrong "
	"usage,\n"
	"unreadable or malformed input.\n" SETTINGS_HELP;

#define WIDTH_DEFAULT 100U
#define WIDTH_MIN     40U
#define WIDTH_MAX     10000U

struct request {
	const struct timeline_format *format;
	const struct reporter *reporter; /* instead of a format: it writes a timeline too */
	const char *path;
	const char *color;
	bool sessions, bom;
	struct settings settings;
	struct config config;
	struct gate gate;
	struct filter_options filters;
	struct provenance provenance;
	char **files;
	int file_count;
};

/* The timeline while it is written. */
struct writing {
	struct request *request;
	struct timeline_output output;
	struct timeline *timeline;
	struct report_output report;
};

/* ---- options ---- */

static const char *const colors[] = { "auto", "always", "never", NULL };

static const char *color_name_at(unsigned index)
{
	return colors[index];
}

/* Reporters of findings that draw the steps too. */
static const struct reporter *const reporters[] = { &reporter_perfetto, &reporter_html };

#define REPORTERS (sizeof reporters / sizeof reporters[0])

/* The formats, followed by these. */
static const char *format_name_at(unsigned index)
{
	unsigned count = 0;

	while (timeline_format_at(count))
		count++;
	if (index < count)
		return timeline_format_at(index)->name;
	return index - count < REPORTERS ? reporters[index - count]->name : NULL;
}

static const struct option_words words[] = {
	{ OPTION_FORMAT, format_name_at, NULL, NULL },
	{ OPTION_COLOR, color_name_at, NULL, NULL },
	FILTERS_WORDS_ROWS,
	{ SETTING_RULE, rule_word_at, "=", sessionlint_severity_name },
	LOGS_WORDS_ROWS,
	{ 0 },
};

static int set_format(struct request *request, const char *name)
{
	int found = word_find(request->settings.logs.command, "format", name, format_name_at);

	if (found < 0)
		return STATUS_FAILED;
	request->format = timeline_format_at((unsigned)found);
	request->reporter = NULL;
	for (unsigned i = 0; i < REPORTERS; i++)
		if (strcmp(name, reporters[i]->name) == 0)
			request->reporter = reporters[i];
	return STATUS_CLEAN;
}

static int set_option(void *userdata, int option, const char *value)
{
	struct request *request = userdata;
	const struct command *command = request->settings.logs.command;
	int status;

	if (settings_set_option(&request->settings, option, value, &status) ||
	    filter_options_set(&request->filters, command, option, value, &status))
		return status;
	switch (option) {
	case OPTION_FORMAT:
		return set_format(request, value);
	case OPTION_OUTPUT:
		request->path = value;
		break;
	case OPTION_SESSIONS:
		request->sessions = true;
		break;
	case OPTION_BOM:
		request->bom = true;
		break;
	case OPTION_COLOR:
		request->color = value;
		return word_find(command, "colour setting", value, color_name_at) < 0
			       ? STATUS_FAILED
			       : STATUS_CLEAN;
	}
	return STATUS_CLEAN;
}

static const char *format_name(const struct request *request)
{
	return request->reporter ? request->reporter->name : request->format->name;
}

/* Reads the command line. Returns -1 to continue, or a status to exit with. */
static int read_options(struct request *request, int count, char **arguments)
{
	const struct command *command = request->settings.logs.command;
	const struct arguments line = { .command = command, .count = count, .list = arguments };
	int status = arguments_read(line, set_option, request, request->files,
				    &request->file_count);

	if (status >= 0)
		return status;
	if (request->file_count == 0)
		return usage_error(command, "missing file; '-' is standard input");
	if (request->sessions && (request->reporter || !request->format->has_sessions))
		return usage_error(command, "--sessions cannot be used with %s",
				   format_name(request));
	if (request->bom && request->format != &timeline_csv)
		return usage_error(command, "--bom can only be used with csv");
	if (request->path && logs_contain(request->files, request->file_count, request->path))
		return usage_error(command, "--output would overwrite '%s', which is an input",
				   request->path);
	if (config_apply(&request->config, &request->settings, line, request->files,
			 request->file_count) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (request->path && config_is_read(&request->config, &request->settings, request->path))
		return usage_error(command, "--output would overwrite '%s', which this run reads",
				   request->path);
	config_print(&request->config);
	return -1;
}

/* ---- what is shown ---- */

static bool shows_row(const void *filter, const struct timeline_row *row)
{
	const struct filters *filters = filter;

	return filters_host(filters, row->host) &&
	       filters_session(filters, row->has_session, row->session) &&
	       filters_user(filters, row->user, row->domain) &&
	       filters_address(filters, row->address) &&
	       filters_severity(filters, row->rules.severity) &&
	       filters_time(filters, row->time, row->time);
}

static bool any_user(const struct filters *filters, const struct timeline_texts *users)
{
	const struct sessionlint_text none = { 0 };

	for (unsigned i = 0; i < users->count; i++)
		if (filters_user(filters, users->list[i], none))
			return true;
	return filters_user(filters, none, none);
}

static bool any_address(const struct filters *filters, const struct timeline_texts *addresses)
{
	const struct sessionlint_text none = { 0 };

	for (unsigned i = 0; i < addresses->count; i++)
		if (filters_address(filters, addresses->list[i]))
			return true;
	return filters_address(filters, none);
}

static bool shows_incarnation(const void *filter, const struct timeline_incarnation *incarnation)
{
	const struct filters *filters = filter;

	return filters_host(filters, incarnation->host) &&
	       filters_session(filters, true, incarnation->session) &&
	       any_user(filters, &incarnation->users) &&
	       any_address(filters, &incarnation->addresses) &&
	       filters_severity(filters, incarnation->rules.severity) &&
	       filters_time(filters, incarnation->first, incarnation->last);
}

/* ---- the run ---- */

/* Ends the process if nobody reads standard output any more: the rest would be wasted work. */
static void stop_unread(const struct writing *writing)
{
	if (writing->output.file == stdout && ferror(stdout) && console_is_unread())
		console_end_unread();
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct writing *writing = userdata;
	const struct request *request = writing->request;

	if (!request->reporter)
		timeline_finding(writing->timeline, finding);
	else if (finding->shown)
		request->reporter->finding(&writing->report, finding);
	else if (request->reporter->hidden)
		request->reporter->hidden(&writing->report, finding);
	return 0;
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	struct writing *writing = userdata;
	const struct request *request = writing->request;

	logs_progress_clear(&writing->request->settings.logs);
	if (!request->reporter)
		timeline_step(writing->timeline, step);
	else if (step->shown)
		request->reporter->step(&writing->report, step);
	if (writing->output.file == stdout)
		console_show(stdout);
	stop_unread(writing);
}

static void on_annotation(void *userdata, const struct sessionlint_annotation *annotation)
{
	struct writing *writing = userdata;
	const struct request *request = writing->request;

	if (!request->reporter)
		timeline_annotation(writing->timeline, annotation);
	else if (request->reporter->annotation && annotation->shown)
		request->reporter->annotation(&writing->report, annotation);
	stop_unread(writing);
}

static void on_begun(void *userdata, struct sessionlint *run)
{
	struct request *request = ((const struct writing *)userdata)->request;

	settings_set_rules(&request->settings, run);
	run_set_filters(run, &request->filters.filters);
	if (request->gate.path)
		matcher_attach(&request->gate.matcher, run);
	if (request->reporter && request->reporter->wants_inputs)
		run_set_inputs(run, provenance_input, true, &request->provenance);
}

/* A report shows stale entries as check does. */
static void on_ended(void *userdata, const struct sessionlint *run)
{
	struct writing *writing = userdata;
	struct gate *gate = &writing->request->gate;

	gate_end(gate, run, settings_fail_stale(&writing->request->settings));
	writing->report.notices = gate->notices;
	writing->report.notice_count = gate->notice_count;
}

/* Begins what writes the rows. -ENOMEM. */
static int begin(struct writing *writing)
{
	const struct request *request = writing->request;

	if (request->reporter)
		return request->reporter->begin(&writing->report);
	return timeline_new(request->format, &writing->output, &writing->timeline);
}

/* The status that check would exit with, which the page shows. */
static int check_status(const struct request *request, const struct run_totals *totals)
{
	if (request->settings.logs.failed)
		return STATUS_FAILED;
	if (request->gate.stale_count > 0 && settings_fail_stale(&request->settings))
		return STATUS_FINDINGS;
	return settings_status(&request->settings, totals);
}

/* Ends it. -ENOMEM. */
static int end(struct writing *writing, const struct run_totals *totals)
{
	struct request *request = writing->request;
	int r;

	if (request->reporter) {
		if (!request->settings.logs.anonymize)
			request->provenance.run.configuration = request->config.path;
		writing->report.run = &request->provenance.run;
		writing->report.status = check_status(request, totals);
		request->reporter->end(&writing->report, totals);
		return request->provenance.failed ? -ENOMEM : writing->report.error;
	}
	r = timeline_end(writing->timeline);
	if (writing->output.omitted > 0)
		fprintf(stderr, "sessionlint: %" PRIu64 " row%s %s left out: %s\n",
			writing->output.omitted, writing->output.omitted == 1 ? "" : "s",
			request->format->omits, request->format->why);
	return r;
}

/* COLUMNS, or the width of the terminal. */
static unsigned width_of(FILE *file)
{
	const char *columns = getenv("COLUMNS");
	uint64_t width = 0;

	if (!columns || decimal_parse(text_from(columns), WIDTH_MAX, &width) < 0 || width == 0)
		width = console_width(file);
	if (width == 0)
		return WIDTH_DEFAULT;
	return width < WIDTH_MIN ? WIDTH_MIN : (unsigned)width;
}

static int write_timeline(FILE *file, const void *data)
{
	static const struct logs_listener listener = {
		.begun = on_begun,
		.finding = on_finding,
		.step = on_step,
		.annotation = on_annotation,
		.ended = on_ended,
	};
	struct request *request = *(struct request *const *)data;
	struct writing writing = {
		.request = request,
		.output = {
			.file = file,
			.sessions = request->sessions,
			.bom = request->bom,
			.color = file == stdout && color_wanted(request->color, stdout),
			.width = width_of(file),
			.shows_row = shows_row,
			.shows_incarnation = shows_incarnation,
			.filter = &request->filters.filters,
		},
		.report = { .file = file },
	};
	struct run_totals totals;
	int r, ended;

	if (begin(&writing) < 0)
		return -ENOMEM;
	r = logs_listen(&request->settings.logs, request->files, request->file_count, &listener,
			&writing, &totals);
	ended = end(&writing, &totals);
	timeline_free(writing.timeline);
	if (r == 0 && request->gate.failed)
		return -ENOMEM;
	return r < 0 ? r : ended;
}

static int show(struct request *request)
{
	int status = filter_options_begin(&request->filters, &request->settings.logs,
					  request->files, request->file_count);

	if (status == STATUS_CLEAN)
		status = gate_begin(&request->gate, request->settings.baseline, false);
	if (status != STATUS_CLEAN)
		return status;
	status = write_path(request->path, write_timeline, &request);
	if (!request->gate.failed)
		gate_print(&request->gate, false);
	return request->settings.logs.failed ? STATUS_FAILED : status;
}

static int run_timeline(const struct command *command, int count, char **arguments)
{
	struct request request = { .format = timeline_format_at(0),
				   .color = colors[0],
				   .settings = SETTINGS_INIT(command) };
	int status;

	request.files = calloc((size_t)count + 1, sizeof *request.files);
	if (!request.files)
		return out_of_memory();
	status = read_options(&request, count, arguments);
	if (status < 0 &&
	    provenance_begin(
		    &request.provenance,
		    (struct arguments) { .command = command, .count = count, .list = arguments },
		    request.settings.logs.anonymize) < 0)
		status = out_of_memory();
	if (status < 0)
		status = show(&request);
	filters_free(&request.filters.filters);
	provenance_free(&request.provenance);
	gate_free(&request.gate);
	config_free(&request.config);
	free(request.files);
	return status;
}

static void print_formats(void)
{
	printf("\nFormats:\n");
	for (unsigned i = 0; timeline_format_at(i); i++)
		printf("  %-10s %s\n", timeline_format_at(i)->name, timeline_format_at(i)->summary);
	for (unsigned i = 0; i < REPORTERS; i++)
		printf("  %-10s %s\n", reporters[i]->name, reporters[i]->summary);
}

const struct command command_timeline = {
	.name = "timeline",
	.operands = "FILE...|FOLDER...|-",
	.summary = "show what happened to each session, row by row",
	.details = details,
	.options = options,
	.words = words,
	.more_help = print_formats,
	.run = run_timeline,
};
