/* SPDX-License-Identifier: MIT */
/*
 * A series has the events that the same lines have as records: long texts of lines that are alike,
 * with odd ones among them, are read both ways.
 */
#include <stdlib.h>
#include <string.h>

#include "random.h"
#include "tap.h"
#include "trace/reader.h"

#define TEXT_SIZE ((size_t)3 << 20)
#define LINE_ROOM 512

enum format {
	LOGFMT,
	NDJSON,
	CSV,
	FORMATS
};

static const char *const format_names[FORMATS] = { "text", "NDJSON", "CSV" };

/* What a text begins with. */
static const char *const format_begins[FORMATS] = {
	"session=1 event=Logon\n",
	"{\"session\":1,\"event\":\"Logon\"}\n",
	"time,host,session,event,to\n",
};

struct text {
	char *bytes;
	size_t size;
};

/* ---- texts ---- */

static const char *const events[] = { "Created", "Terminated",   "Connected",
				      "Logon",   "Disconnected", "Logoff" };
static const char *const odd_events[] = {
	"Ignore", "Max",           "logon", "Logoff ", "Connectex", "", "IoSessionEventLogon",
	"5",      "Disconnectedly"
};
static const char *const states[] = { "Initialized", "Created",
				      "Connected",   "LoggedOn",
				      "LoggedOff",   "Disconnected",
				      "Terminated",  "DisconnectedLoggedOn" };
static const char *const odd_states[] = { "Max",      "3",
					  "",         "DisconnectedLoggedOff",
					  "LoggedOm", "DisconnectedLoggedOnTo" };
static const char *const odd_times[] = {
	"2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.12345678Z",
	"2026-01-03T23:59:60Z",         "2026-01-03T24:00:00Z",
	"2026-02-30T00:00:00Z",         "2026-01-02T03:04:05+01:00",
	"2026-01-02T03:04:05.Z",        "2026-01-02t03:04:05z",
	"2026-01-02T03:0:055Z"
};
static const char *const odd_sessions[] = { "12345678", "4294967295", "4294967296", "00",
					    "007",      "-1",         "1e3",        "",
					    "1.0",      "99999999999" };
static const char *const hosts[] = { "VDI-017", "h", "a-host-with-a-rather-long-name.example",
				     "another-host-whose-name-fills-a-literal.of-sixty-four.bytes",
				     "h\xc3\xa4us" };

#define PICK(list) (list)[random_below(sizeof(list) / sizeof(list)[0])]

/* The clock of a text: mostly the same second, then a later one, or a fraction. */
static void make_time(char *time, unsigned number, bool odd)
{
	unsigned second = number / 7;
	int size = sprintf(time, "2026-01-%02uT%02u:%02u:%02u", 1 + second / 86400 % 28,
			   second / 3600 % 24, second / 60 % 60, second % 60);

	if (odd)
		strcpy(time, PICK(odd_times));
	else
		sprintf(time + size, number % 3 ? "Z" : ".%uZ", random_below(10000000));
}

/* The values of a line, about one of @odds of which is odd. */
struct values {
	char time[64], session[16];
	const char *event, *from, *to;
};

static struct values make_values(unsigned number, unsigned odds)
{
	struct values values = {
		.event = one_in(odds) ? PICK(odd_events) : PICK(events),
		.from = one_in(odds) ? PICK(odd_states) : PICK(states),
		.to = one_in(odds) ? PICK(odd_states) : PICK(states),
	};

	make_time(values.time, number, one_in(odds));
	sprintf(values.session, "%u", random_below(one_in(2) ? 9 : 9999999));
	if (one_in(odds))
		strcpy(values.session, PICK(odd_sessions));
	return values;
}

/* A line of that form. */
static size_t make_line(char *line, unsigned form, const char *host, const struct values *values)
{
	switch (form) {
	case 0:
		return (size_t)sprintf(line, "time=%s session=%s event=%s\n", values->time,
				       values->session, values->event);
	case 1:
		return (size_t)sprintf(line, "time=%s host=%s session=%s event=%s from=%s to=%s\n",
				       values->time, host, values->session, values->event,
				       values->from, values->to);
	case 2:
		return (size_t)sprintf(line, "host=\"%s\" event=\"%s\" session=%s source=lsm\r\n",
				       host, values->event, values->session);
	case 3:
		return (size_t)sprintf(line, "to=%s event=%s  session=%s # remark\n", values->to,
				       values->event, values->session);
	default:
		return (size_t)sprintf(line, "event=%s session=%s user=%s\n", values->event,
				       values->session, host);
	}
}

static size_t make_json_line(char *line, unsigned form, const char *host,
			     const struct values *values)
{
	if (form % 2)
		return (size_t)sprintf(line, "{\"time\":\"%s\",\"session\":%s,\"event\":\"%s\"}\n",
				       values->time, values->session, values->event);
	return (size_t)sprintf(
		line, "{ \"session\" : \"%s\", \"event\":\"%s\", \"to\":\"%s\", \"host\":\"%s\"}\n",
		values->session, values->event, values->to, host);
}

static size_t make_csv_line(char *line, unsigned form, const char *host,
			    const struct values *values)
{
	switch (form) {
	case 0:
		return (size_t)sprintf(line, "%s,%s,%s,%s,%s\n", values->time, host,
				       values->session, values->event, values->to);
	case 1:
		return (size_t)sprintf(line, "%s,,%s,%s,\n", values->time, values->session,
				       values->event);
	case 2:
		return (size_t)sprintf(line, ",\"%s\",%s,\"%s\",\r\n", host, values->session,
				       values->event);
	case 3:
		return (size_t)sprintf(line, ",,%s,%s,%s\n", values->session, values->event,
				       values->to);
	default:
		/* a field too few, or a value that goes on in the next line */
		return (size_t)sprintf(line, one_in(2) ? "%s,,%s,%s\n" : "%s,\"\n\",%s,%s,\n",
				       values->time, values->session, values->event);
	}
}

/* Now and then something else between lines, which also changes a byte of one. */
static size_t make_other(char *line, size_t size, enum format format)
{
	switch (random_below(format == LOGFMT ? 4 : 2)) {
	case 0:
		line[random_below((unsigned)size)] = (char)random_below(256);
		return size;
	case 1:
		return (size_t)sprintf(line, "\n");
	case 2:
		return (size_t)sprintf(line, "# a remark\n");
	default:
		return (size_t)sprintf(line, "session=1 seq=%u state=LoggedOn\n", random_below(9));
	}
}

/* Stretches of lines of one form. */
static void make_text(struct text *text, enum format format, unsigned odds)
{
	static size_t (*const makers[FORMATS])(char *, unsigned, const char *,
					       const struct values *) = {
		make_line,
		make_json_line,
		make_csv_line,
	};

	text->size = (size_t)sprintf(text->bytes, "%s", format_begins[format]);
	for (unsigned number = 0; text->size < TEXT_SIZE - LINE_ROOM;) {
		unsigned lines = 1 + random_below(one_in(4) ? 20000 : 40), form = random_below(5);
		const char *host = PICK(hosts);

		for (; lines > 0 && text->size < TEXT_SIZE - LINE_ROOM; lines--, number++) {
			char *line = text->bytes + text->size;
			struct values values = make_values(number, odds);
			size_t size = makers[format](line, form, host, &values);

			text->size += one_in(odds) ? make_other(line, size, format) : size;
		}
	}
}

/* ---- reading ---- */

static bool same_text(struct sessionlint_text a, struct sessionlint_text b)
{
	return text_equal(a, b) && (a.data == NULL) == (b.data == NULL);
}

static bool same_record(const struct record *a, const struct record *b)
{
	return a->line == b->line && a->offset == b->offset && a->time == b->time &&
	       a->seq == b->seq && a->lost == b->lost && a->keys == b->keys &&
	       a->session == b->session && a->event == b->event && a->from == b->from &&
	       a->to == b->to && a->state == b->state && a->kind == b->kind &&
	       a->marker == b->marker && a->source == b->source && a->flags == b->flags &&
	       a->activity == b->activity && a->pointer_size == b->pointer_size &&
	       a->contract == b->contract && a->allowance == b->allowance &&
	       a->annotation == b->annotation && same_text(a->host, b->host) &&
	       same_text(a->boot, b->boot) && same_text(a->user, b->user) &&
	       same_text(a->address, b->address) && same_text(a->reason, b->reason);
}

/* A text being read: the records of the current batch, from @next on. */
struct side {
	struct reader reader;
	struct batch batch;
	unsigned next, expanded;
	uint64_t in_series;
};

static void side_begin(struct side *side, const struct text *text, bool series)
{
	const struct reader_options options = { .source = SESSIONLINT_SOURCE_WDM,
						.series = series };

	side->next = side->expanded = side->batch.count = side->batch.series.count = 0;
	side->in_series = 0;
	if (reader_open(&side->reader, log_of_memory(text->bytes, text->size), &options) < 0)
		exit(1);
}

/* The next record, or NULL. */
static const struct record *side_next(struct side *side)
{
	while (side->next == side->batch.count) {
		side->next = 0;
		if (side->expanded < side->batch.series.count) {
			side->expanded += batch_expand(&side->batch, side->expanded);
			continue;
		}
		if (reader_read(&side->reader, &side->batch) < 0)
			exit(1);
		side->expanded = 0;
		side->in_series += side->batch.series.count;
		if (side->batch.count == 0 && side->batch.series.count == 0)
			return NULL;
	}
	return &side->batch.records[side->next++];
}

static void side_end(struct side *side)
{
	reader_close(&side->reader);
	arena_free(&side->batch.arena);
	side->batch.arena = (struct arena) { 0 };
}

/* What both readings of a text have. */
struct compared {
	uint64_t records, different, in_series;
	bool same_counts;
};

static struct compared compare(const struct text *text)
{
	static struct side plain, quick;
	struct compared compared = { 0 };
	const struct record *a, *b;

	side_begin(&plain, text, false);
	side_begin(&quick, text, true);
	do {
		a = side_next(&plain);
		b = side_next(&quick);
		if (!a != !b || (a && !same_record(a, b))) {
			if (compared.different++ == 0 && a)
				tap_note("line %llu", (unsigned long long)a->line);
		}
		compared.records += a != NULL;
	} while (a && b);
	compared.in_series = quick.in_series;
	compared.same_counts = plain.in_series == 0 &&
			       plain.reader.counts.records == quick.reader.counts.records;
	side_end(&plain);
	side_end(&quick);
	return compared;
}

static void test_text(const struct text *text, enum format format, unsigned odds)
{
	struct compared compared = compare(text);
	uint64_t records = compared.records, few;

	few = odds < 50 ? 100 : records / 4;
	tap_ok(compared.different == 0, "%s, one value of %u odd: all %llu records are the same",
	       format_names[format], odds, (unsigned long long)records);
	tap_ok(compared.same_counts,
	       "the counts are the same, and a reader that is not asked delivers no series");
	tap_ok(compared.in_series > few, "more than %llu records were in a series: %llu",
	       (unsigned long long)few, (unsigned long long)compared.in_series);
}

/* A reader that knows no time yet takes nothing for the one that it knows. */
static void test_no_time(struct text *text, int filler)
{
	static const char line[] = "time=2026-01-01T00:00:00Z session=1 event=Logon\n";
	const size_t size = sizeof line - 1;
	struct compared compared;

	for (unsigned i = 0; i < 40; i++)
		memcpy(text->bytes + i * size, line, size);
	text->size = 40 * size;
	/* wherever the series begins */
	for (unsigned i = 2; i < 8; i++)
		memset(text->bytes + i * size + strlen("time="), i % 2 ? filler : '0', 20);
	compared = compare(text);
	tap_ok(compared.different == 0 && compared.in_series > 10,
	       "a time of bytes %#x before any other is none", (unsigned)filler);
	for (unsigned i = 2; i < 8; i++)
		memcpy(text->bytes + i * size, line, size);
	memset(text->bytes + 5 * size + strlen("time="), filler, 20);
	compared = compare(text);
	tap_ok(compared.different == 0, "nor where a series begins");
}

int main(void)
{
	const unsigned odds[] = { 5000, 500, 20 };
	struct text text = { .bytes = malloc(TEXT_SIZE) };

	if (!text.bytes)
		return 1;
	for (unsigned i = 0; i < sizeof odds / sizeof odds[0]; i++)
		for (enum format format = LOGFMT; format < FORMATS; format++) {
			make_text(&text, format, odds[i]);
			test_text(&text, format, odds[i]);
		}
	test_no_time(&text, 0);
	test_no_time(&text, 0xff);
	free(text.bytes);
	return tap_done();
}
