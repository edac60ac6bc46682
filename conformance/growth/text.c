/* SPDX-License-Identifier: MIT */
/* Growth of lines, and of what waits for its place in the order. */
#include "growth.h"

#define LINES 1000 /* of the same kind */

static void put_repeated(FILE *trace, const char *text, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fputs(text, trace);
}

static void write_line(FILE *trace, unsigned count)
{
	fprintf(trace, "session=1 event=Created x-note=");
	put_repeated(trace, "a", count);
	fprintf(trace, "\n");
}

static void write_escapes(FILE *trace, unsigned count)
{
	fprintf(trace, "{\"session\":1,\"event\":\"Created\",\"user\":\"");
	put_repeated(trace, "\\\"", count);
	fprintf(trace, "\"}\n");
}

static void write_keys(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < LINES; i++) {
		fprintf(trace, "session=1 event=%s", growth_event(i));
		for (unsigned key = 0; key < count; key++)
			fprintf(trace, " x-key-%u=value", key);
		fprintf(trace, "\n");
	}
}

static void write_ndjson(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "{\"session\":%u,\"event\":\"%s\"}\n", i % 8, growth_event(i / 8));
}

static void write_csv(FILE *trace, unsigned count)
{
	fprintf(trace, "session,event,user\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "%u,%s,\"LAB\\anna\"\n", i % 8, growth_event(i / 8));
}

/* No two have the same parts: what was learned of those before is of no use. */
static void write_unlike(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=%u event=%s # %u\n", i % 8, growth_event(i / 8), i);
}

/* Each is searched for its end. */
static void write_open_quotes(FILE *trace, unsigned count)
{
	fprintf(trace, "session,event,user\n1,Created,\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "1,Connected,\"a\n");
}

static void write_debug_output(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace,
			"%08u\t0.5\tother text\n%08u\t0.5\tsessionlint: session=1 event=%s\n",
			2 * i, 2 * i + 1, growth_event(i));
}

static void write_malformed(FILE *trace, unsigned count)
{
	fprintf(trace, "session=1 event=Created\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "session=%u event=Nothing\n", i);
}

static void write_backwards(FILE *trace, unsigned count)
{
	for (unsigned i = count; i-- > 0;)
		fprintf(trace, "session=%u event=%s\n", i % 8, growth_event(i / 8));
}

/* ---- order ---- */

/* The first of them comes last. */
static void write_window(FILE *trace, unsigned count)
{
	fprintf(trace, "seq=1 session=1 event=Created\n");
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "seq=%u session=1 event=%s\n", 2 + count - i,
			growth_event(count - i));
	fprintf(trace, "seq=2 session=1 event=%s\n", growth_event(1));
}

static void write_missing(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		fprintf(trace, "seq=%u session=%u event=Created\n", 1 + 2 * i, i);
}

static void write_equal(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		for (unsigned copy = 0; copy < 2; copy++)
			fprintf(trace, "seq=%u session=%u event=Created\n", 1 + i, i);
}

static void write_counters(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < 3 * count; i++)
		fprintf(trace, "seq=%u host=h%u session=1 event=%s\n", 1 + i / count, i % count,
			growth_event(i / count));
}

/* A record that is missing holds all others up, and each host starts again. */
static void write_waiting_boots(FILE *trace, unsigned count)
{
	fprintf(trace, "seq=1 host=a session=1 event=Created\n");
	for (unsigned i = 0; i < 2 * count; i++)
		fprintf(trace, "seq=%u host=h%u %s\n", 3 + i, i % count,
			i < count ? "session=1 event=Created" : "marker=boot");
}

/* Records that are earlier than the ones before, within what waits. */
static void write_times(FILE *trace, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		unsigned time = i ^ 15;

		fprintf(trace, "time=2026-03-02T%02u:%02u:%02uZ session=%u event=Created\n",
			time / 3600 % 24, time / 60 % 60, time % 60, i);
	}
}

static int check_by_time(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	int r = sessionlint_set_reorder(run, UINT64_C(600000000));

	(void)count;
	return r < 0 ? r : sessionlint_check_buffer(run, text, size, "trace");
}

static int check_reverse(struct sessionlint *run, const char *text, size_t size, unsigned count)
{
	int r = sessionlint_set_reverse(run, true);

	(void)count;
	return r < 0 ? r : sessionlint_check_buffer(run, text, size, "trace");
}

static const struct growth_scenario scenarios[] = {
	{ "bytes of a line", write_line, NULL, SESSIONLINT_TOTAL_BYTES, 1000, 10, LINEAR },
	{ "escapes of a line", write_escapes, NULL, SESSIONLINT_TOTAL_BYTES, 500, 10, LINEAR },
	/* 64 is the limit */
	{ "keys of a line (of 1,000)", write_keys, NULL, SESSIONLINT_TOTAL_EVENTS, 2, 3, LINEAR },
	{ "lines of NDJSON", write_ndjson, NULL, SESSIONLINT_TOTAL_EVENTS, 30, 10, LINEAR },
	{ "lines of CSV", write_csv, NULL, SESSIONLINT_TOTAL_EVENTS, 30, 10, LINEAR },
	{ "lines that are all unlike", write_unlike, NULL, SESSIONLINT_TOTAL_EVENTS, 30, 10,
	  LINEAR },
	{ "quotes that do not close", write_open_quotes, NULL, SESSIONLINT_TOTAL_UNREADABLE, 30, 10,
	  LINEAR },
	{ "lines of debug output", write_debug_output, NULL, SESSIONLINT_TOTAL_EVENTS, 30, 10,
	  LINEAR },
	{ "malformed lines", write_malformed, NULL, SESSIONLINT_TOTAL_UNREADABLE, 30, 10, LINEAR },
	{ "lines read from the last one", write_backwards, check_reverse, SESSIONLINT_TOTAL_EVENTS,
	  30, 10, LINEAR },
	/* 16,384 is the limit */
	{ "records that wait for one with seq", write_window, NULL, SESSIONLINT_TOTAL_EVENTS, 16,
	  10, LINEAR },
	{ "records that are missing", write_missing, NULL, SESSIONLINT_TOTAL_EVENTS, 30, 10,
	  LINEAR },
	{ "records that are there twice", write_equal, NULL, SESSIONLINT_TOTAL_EVENTS, 30, 10,
	  LINEAR },
	{ "hosts with a seq each", write_counters, NULL, SESSIONLINT_TOTAL_SESSIONS_PEAK, 30, 10,
	  LINEAR },
	{ "hosts that start again while they wait", write_waiting_boots, NULL,
	  SESSIONLINT_TOTAL_MARKERS, 8, 10, LINEAR },
	{ "records sorted by time", write_times, check_by_time, SESSIONLINT_TOTAL_EVENTS, 80, 10,
	  LINEAR },
};

const struct growth_scenarios growth_text = {
	.title = "lines and their order",
	.scenarios = scenarios,
	.count = sizeof scenarios / sizeof scenarios[0],
};
