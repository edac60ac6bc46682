/* SPDX-License-Identifier: MIT */
/*
 * trace_to_evtx: writes a text trace as the log that the local session manager would have
 * written, Microsoft-Windows-TerminalServices-LocalSessionManager/Operational.
 */
#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "trace_to_evtx.h"

enum {
	EXIT_CANNOT = 2,
};

enum option_code {
	OPTION_INLINE = 256,
	OPTION_MIXED,
	OPTION_NESTED_HEADER,
	OPTION_COMPUTER_VALUE,
	OPTION_FULL_CHUNKS,
	OPTION_DIRTY,
	OPTION_NOISE,
	OPTION_PADDING,
	OPTION_EVENT_XML,
	OPTION_FIRST_RECORD_ID,
	OPTION_REPEAT,
	OPTION_EVENTS,
	OPTION_SESSIONS,
	OPTION_HOSTS,
	OPTION_HELP,
};

struct command_option {
	enum option_code code;
	const char *name;
	bool takes_number;
	const char *help;
};

static const struct command_option command_options[] = {
	{ OPTION_INLINE, "inline", false, "write records without templates" },
	{ OPTION_MIXED, "mixed", false, "write templated events with a user part without one" },
	{ OPTION_NESTED_HEADER, "nested-header", false,
	  "begin the user part with a fragment header" },
	{ OPTION_COMPUTER_VALUE, "computer-value", false,
	  "make the computer's name a value, not a part of the template" },
	{ OPTION_FULL_CHUNKS, "full-chunks", false, "let records end at the very end of a chunk" },
	{ OPTION_DIRTY, "dirty", false, "leave the file marked as not closed cleanly" },
	{ OPTION_NOISE, "noise", false, "add the records 22, 40, 41 and 42 of real logs" },
	{ OPTION_PADDING, "padding", true,
	  "add so many records of the System log before each, which are of no session" },
	{ OPTION_EVENT_XML, "event-xml", false,
	  "put the fields of 36, 37 and 38 into EventXML, not into EventData" },
	{ OPTION_FIRST_RECORD_ID, "first-record-id", true, "begin with this EventRecordID (1)" },
	{ OPTION_REPEAT, "repeat", true, "write the trace so many times, at advancing times (1)" },
	{ OPTION_EVENTS, "events", true, "generate so many events instead of reading INPUT" },
	{ OPTION_SESSIONS, "sessions", true, "over so many sessions a host (10)" },
	{ OPTION_HOSTS, "hosts", true, "over so many hosts, one after the other (1)" },
	{ OPTION_HELP, "help", false, "print this" },
};

enum {
	OPTION_COUNT = sizeof(command_options) / sizeof(command_options[0]),
};

struct arguments {
	struct evtx_writer_options writer;
	bool noise;
	uint64_t padding;
	bool event_xml;
	bool help;
	uint64_t repeat;
	uint64_t events;
	uint64_t sessions;
	uint64_t hosts;
	const char *input; /* NULL: generate */
	const char *output;
};

static void print_usage(FILE *stream)
{
	fputs("usage: trace_to_evtx [OPTION...] INPUT.trace OUTPUT.evtx\n"
	      "       trace_to_evtx [OPTION...] --events=N OUTPUT.evtx\n",
	      stream);
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct command_option *option = &command_options[i];
		char text[32];

		snprintf(text, sizeof(text), "--%s%s", option->name,
			 option->takes_number ? "=N" : "");
		fprintf(stream, "  %-20s %s\n", text, option->help);
	}
}

/* A positive number; getopt_long() has made sure that there is a text. */
static int parse_count(const char *text, uint64_t *ret_number)
{
	char *end;
	unsigned long long number;

	errno = 0;
	number = strtoull(text, &end, 10);
	if (*text < '0' || *text > '9' || *end || errno || number == 0)
		return -EINVAL;
	*ret_number = number;
	return 0;
}

static int apply_option(struct arguments *arguments, enum option_code code, const char *text)
{
	switch (code) {
	case OPTION_INLINE:
		arguments->writer.shape = EVTX_SHAPE_INLINE;
		return 0;
	case OPTION_MIXED:
		arguments->writer.shape = EVTX_SHAPE_MIXED;
		return 0;
	case OPTION_NESTED_HEADER:
		arguments->writer.nested_header = true;
		return 0;
	case OPTION_COMPUTER_VALUE:
		arguments->writer.computer_is_value = true;
		return 0;
	case OPTION_FULL_CHUNKS:
		arguments->writer.full_chunks = true;
		return 0;
	case OPTION_DIRTY:
		arguments->writer.dirty = true;
		return 0;
	case OPTION_NOISE:
		arguments->noise = true;
		return 0;
	case OPTION_EVENT_XML:
		arguments->event_xml = true;
		return 0;
	case OPTION_FIRST_RECORD_ID:
		return parse_count(text, &arguments->writer.first_record_id);
	case OPTION_PADDING:
		return parse_count(text, &arguments->padding);
	case OPTION_REPEAT:
		return parse_count(text, &arguments->repeat);
	case OPTION_EVENTS:
		return parse_count(text, &arguments->events);
	case OPTION_SESSIONS:
		return parse_count(text, &arguments->sessions);
	case OPTION_HOSTS:
		return parse_count(text, &arguments->hosts);
	case OPTION_HELP:
		arguments->help = true;
		return 0;
	}
	return -EINVAL;
}

static int parse_arguments(int argc, char **argv, struct arguments *ret_arguments)
{
	struct option long_options[OPTION_COUNT + 1] = { 0 };
	struct arguments arguments = {
		.writer = { .first_record_id = 1 }, .repeat = 1, .sessions = 10, .hosts = 1
	};
	int files;
	int code;

	for (size_t i = 0; i < OPTION_COUNT; i++) {
		long_options[i].name = command_options[i].name;
		long_options[i].has_arg = command_options[i].takes_number ? required_argument
									  : no_argument;
		long_options[i].val = (int)command_options[i].code;
	}
	while ((code = getopt_long(argc, argv, "", long_options, NULL)) != -1) {
		/* getopt_long() has said what is wrong. */
		if (code == '?')
			return -EINVAL;
		if (apply_option(&arguments, (enum option_code)code, optarg)) {
			fprintf(stderr, "trace_to_evtx: %s is not a positive number\n", optarg);
			return -EINVAL;
		}
	}

	files = argc - optind;
	if (!arguments.help && files != (arguments.events ? 1 : 2)) {
		fputs("trace_to_evtx: wrong number of files\n", stderr);
		return -EINVAL;
	}
	if (!arguments.help) {
		arguments.input = arguments.events ? NULL : argv[optind];
		arguments.output = argv[argc - 1];
	}
	*ret_arguments = arguments;
	return 0;
}

static void report(const struct trace_source *source, int error)
{
	const char *message = strerror(-error);

	if (error == -EINVAL && source->message)
		message = source->message;
	else if (error == -EMSGSIZE)
		message = "the record does not fit into a chunk";
	else if (error == -EILSEQ)
		message = "a text is not UTF-8";
	if (source->path)
		fprintf(stderr, "%s:%llu: error: %s\n", source->path, source->line_number, message);
	else
		fprintf(stderr, "trace_to_evtx: %s\n", message);
}

/* Writes the whole trace once, its times later by `advance`. */
static int write_pass(struct trace_source *source, struct trace_log *log, uint64_t advance,
		      uint64_t *ret_span)
{
	uint64_t first = UINT64_MAX;
	uint64_t last = 0;

	for (;;) {
		struct trace_event event;
		int error = trace_source_next(source, &event);

		if (error == -ENODATA)
			break;
		if (error)
			return error;
		if (event.kind != TRACE_GAP) {
			first = event.time < first ? event.time : first;
			last = event.time > last ? event.time : last;
		}
		event.time += advance;
		/* A record id of the trace's own choice can be used only once. */
		if (advance > 0)
			event.sequence = 0;
		for (uint64_t i = 0; !error && i < log->padding; i++)
			error = trace_channels_pad(log, &event);
		/* as with noise: no ids of the trace's own choice */
		if (log->padding > 0)
			event.sequence = 0;
		if (!error)
			error = trace_log_add(log, &event);
		if (error)
			return error;
	}
	/* The next pass begins a second after the end of this one. */
	*ret_span = last < first ? 0 : last - first + 10000000;
	return 0;
}

static int write_log(const struct arguments *arguments, struct trace_source *source,
		     struct evtx_writer *writer)
{
	struct trace_log log = {
		.writer = writer,
		.noise = arguments->noise,
		.padding = arguments->padding,
		.event_xml = arguments->event_xml,
		.logged_off = UINT64_MAX,
		.next_id = arguments->writer.first_record_id,
	};
	uint64_t span = 0;

	for (uint64_t pass = 0; pass < arguments->repeat; pass++) {
		int error = pass > 0 ? trace_source_rewind(source) : 0;

		if (!error)
			error = write_pass(source, &log, pass * span, &span);
		if (error)
			return error;
	}
	return 0;
}

/* Half a log would pass for a whole one. What is no file, such as a device, stays. */
static void remove_half(const char *path)
{
	struct stat status;

	if (stat(path, &status) == 0 && S_ISREG(status.st_mode))
		remove(path);
}

static int run(const struct arguments *arguments)
{
	struct trace_source source = {
		.events = arguments->events,
		.sessions = arguments->sessions,
		.hosts = arguments->hosts,
	};
	struct evtx_writer *writer = NULL;
	int error = trace_source_open(&source, arguments->input);
	int close_error;

	if (error) {
		fprintf(stderr, "trace_to_evtx: %s: %s\n", arguments->input, strerror(-error));
		return EXIT_CANNOT;
	}

	error = evtx_writer_open(arguments->output, &arguments->writer, &writer);
	if (error) {
		fprintf(stderr, "trace_to_evtx: %s: %s\n", arguments->output, strerror(-error));
		trace_source_close(&source);
		return EXIT_CANNOT;
	}

	error = write_log(arguments, &source, writer);
	if (error)
		report(&source, error);
	close_error = evtx_writer_close(writer);
	if (close_error)
		fprintf(stderr, "trace_to_evtx: %s: %s\n", arguments->output,
			strerror(-close_error));
	if (error || close_error)
		remove_half(arguments->output);
	trace_source_close(&source);
	return error || close_error ? EXIT_CANNOT : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	struct arguments arguments;

	if (parse_arguments(argc, argv, &arguments)) {
		print_usage(stderr);
		return EXIT_CANNOT;
	}
	if (arguments.help) {
		print_usage(stdout);
		return EXIT_SUCCESS;
	}
	return run(&arguments);
}
