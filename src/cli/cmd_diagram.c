/* SPDX-License-Identifier: MIT */
/* sessionlint diagram: a picture of a machine, from its table, and of what traces did with it. */
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "cli/config.h"
#include "cli/model_options.h"
#include "diagram/belief_paths.h"

enum {
	OPTION_FORMAT,
	OPTION_OUTPUT,
	OPTION_MODEL,
	OPTION_MASK,
	OPTION_TRACE,
};

static const struct option options[] = {
	{ "format", 'f', "NAME", "%s", OPTION_FORMAT },
	{ "output", 'o', "PATH", "write to this file instead of standard output", OPTION_OUTPUT },
	{ "model", 'm', "NAME", "%s", OPTION_MODEL },
	{ "mask", 0, "EVENTS",
	  "what a driver with this EventMask sees: logon,logoff or 0x30 or all; with published or "
	  "observed",
	  OPTION_MASK },
	{ "trace", 't', "FILE", "add what these logs did; repeatable", OPTION_TRACE },
	LOGS_OPTION_ROWS,
	SETTINGS_CONFIG_ROWS,
	{ 0 },
};

static const char details[] =
	"Nodes and edges are those of the model's table. matrix has the layout of the published "
	"table: columns are\nthe states before, rows the states after. Transitions that are "
	"missing from the published table are\ndashed, or labelled undocumented.\n"
	"\n"
	"With --trace the default model is observed. Blue transitions occurred, grey ones did not; "
	"red "
	"and dashed\n"
	"ones are illegal. 12-15 means at least 12 times, at most 15.\n"
	"\n" LOGS_HELP "\n"
	"Exit status: 0; 2 the job could not be done, or not in full.\n" SETTINGS_LOGS_HELP;

struct request {
	struct choice choice; /* there is no session recognizer for registrations */
	const struct diagram_format *format;
	const char *path;
	bool named; /* whether the user named the machine */
	struct logs logs;
	struct config config;
	char **traces;
	int trace_count;
};

static const char *format_name_at(unsigned index)
{
	const struct diagram_format *format = diagram_format_at(index);

	return format ? format->name : NULL;
}

static const struct option_words words[] = {
	{ OPTION_FORMAT, format_name_at, NULL, NULL },
	{ OPTION_MODEL, machine_name_at, NULL, NULL },
	{ OPTION_OPERAND, machine_name_at, NULL, NULL },
	LOGS_WORDS_ROWS,
	{ 0 },
};

static int choose_format(const struct command *command, struct request *request, const char *name)
{
	unsigned i = 0;

	while (format_name_at(i) && strcmp(format_name_at(i), name) != 0)
		i++;
	request->format = diagram_format_at(i);
	if (!request->format)
		return unknown_word(command, "format", name, format_name_at);
	return STATUS_CLEAN;
}

static int set_option(void *userdata, int option, const char *value)
{
	struct request *request = userdata;
	const struct command *command = request->logs.command;
	int status;

	if (logs_set_option(&request->logs, option, value, &status))
		return status;
	if (settings_is_config(option))
		return STATUS_CLEAN; /* read when the traces are known */
	switch (option) {
	case OPTION_TRACE:
		request->traces[request->trace_count++] = (char *)(uintptr_t)value;
		return STATUS_CLEAN;
	case OPTION_FORMAT:
		return choose_format(command, request, value);
	case OPTION_MASK:
		return choose_mask(command, &request->choice, value);
	case OPTION_OUTPUT:
		request->path = value;
		return STATUS_CLEAN;
	default: /* --model, or the operand */
		request->named = true;
		choice_name(&request->choice, option);
		return choose_machine(command, &request->choice, value);
	}
}

/* A diagram and the format that writes it. */
struct drawing {
	const struct diagram_format *format;
	const struct diagram *diagram;
};

static int write_drawing(FILE *file, const void *data)
{
	const struct drawing *drawing = data;

	drawing->format->write(file, drawing->diagram);
	return 0;
}

static int write_diagram(const struct request *request, const struct diagram *diagram)
{
	const struct drawing drawing = { request->format, diagram };

	return write_path(request->path, write_drawing, &drawing);
}

/* ---- traces ---- */

/* Whether each node is a single state: then the ledger of coverage has all that is drawn. */
static bool has_states(const struct choice *choice)
{
	return !choice->masked && choice->named->source == SESSIONLINT_SOURCE_WDM;
}

static void on_ledger_step(void *userdata, const struct sessionlint_step *step)
{
	ledger_step(userdata, step);
}

static int count_states(struct request *request, const struct diagram *diagram,
			struct overlay *ret_overlay)
{
	struct run_totals totals;
	struct ledger *ledger;
	int r;

	if (ledger_new(&ledger) < 0)
		return -ENOMEM;
	r = logs_observe(&request->logs, request->traces, request->trace_count, on_ledger_step,
			 ledger, &totals);
	if (r == 0) {
		ledger_totals(ledger, &totals);
		overlay_of_ledger(diagram, ledger, ret_overlay);
		r = ledger->error;
	}
	ledger_free(ledger);
	return r;
}

static void on_path_step(void *userdata, const struct sessionlint_step *step)
{
	belief_paths_step(userdata, step);
}

static int count_beliefs(struct request *request, const struct diagram *diagram,
			 struct overlay *ret_overlay)
{
	struct run_totals totals;
	struct belief_paths *paths;
	int r;

	if (belief_paths_new(diagram, request->choice.named, &paths) < 0)
		return -ENOMEM;
	r = logs_observe(&request->logs, request->traces, request->trace_count, on_path_step, paths,
			 &totals);
	if (r == 0)
		r = overlay_of_paths(paths, &totals, ret_overlay);
	belief_paths_free(paths);
	return r;
}

/* Counts how often the traces used each part of @diagram. Returns -1 to continue, or a status to
 * exit with. */
static int count_traces(struct request *request, const struct diagram *diagram,
			struct overlay *ret_overlay)
{
	const struct choice *choice = &request->choice;
	int r = has_states(choice) ? count_states(request, diagram, ret_overlay)
				   : count_beliefs(request, diagram, ret_overlay);

	if (r < 0)
		return out_of_memory();
	/* it has been reported that no log could be read */
	if (request->logs.failed && ret_overlay->files == 0)
		return STATUS_FAILED;
	if (ret_overlay->events == 0 && ret_overlay->others)
		return usage_error(request->logs.command,
				   "the traces have no records of source %s, which %s%s describes; "
				   "published and observed draw every source",
				   sessionlint_source_name(choice->named->source),
				   choice->named->name, choice->masked ? " with --mask" : "");
	return -1;
}

static int draw(struct request *request)
{
	static struct diagram diagram;
	static struct overlay overlay;
	int status;

	if (request->choice.named)
		diagram_of_model(request->choice.named,
				 request->choice.masked ? &request->choice.mask : NULL, &diagram);
	else
		diagram_of_registration(&diagram);
	if (request->trace_count) {
		status = count_traces(request, &diagram, &overlay);
		if (status >= 0)
			return status;
		diagram.overlay = &overlay;
	}
	status = write_diagram(request, &diagram);
	return request->logs.failed ? STATUS_FAILED : status;
}

/* ---- the command ---- */

/* Reads the command line. Returns -1 to continue, or a status to exit with. */
static int read_options(struct request *request, int count, char **arguments)
{
	const struct command *command = request->logs.command;
	const struct arguments line = { .command = command, .count = count, .list = arguments };
	int status = arguments_read(line, set_option, request, NULL, NULL);

	if (status >= 0)
		return status;
	/* real logs contain the reconnect */
	if (request->trace_count && !request->named)
		request->choice.named = model_named(1);
	if (choice_check(command, &request->choice) != STATUS_CLEAN)
		return STATUS_FAILED;
	if (request->trace_count && !request->choice.named)
		return usage_error(command, "--trace cannot be used with registration");
	if (request->path && logs_contain(request->traces, request->trace_count, request->path))
		return usage_error(command, "--output would overwrite '%s', which is an input",
				   request->path);
	if (request->trace_count == 0)
		return -1;
	if (config_apply_logs(&request->config, &request->logs, line, request->traces,
			      request->trace_count) != STATUS_CLEAN)
		return STATUS_FAILED;
	config_print(&request->config);
	return -1;
}

static int run_diagram(const struct command *command, int count, char **arguments)
{
	struct request request = { .choice = { .named = model_named(0) },
				   .format = diagram_format_at(0),
				   .logs = LOGS_INIT(command) };
	int status;

	request.traces = calloc((size_t)count + 1, sizeof *request.traces);
	if (!request.traces)
		return out_of_memory();
	status = read_options(&request, count, arguments);
	if (status < 0)
		status = draw(&request);
	config_free(&request.config);
	free(request.traces);
	return status;
}

const struct command command_diagram = {
	.name = "diagram",
	.operands = "[NAME]",
	.summary = "draw a recognizer, or the states of a registration",
	.details = details,
	.options = options,
	.words = words,
	.run = run_diagram,
};
