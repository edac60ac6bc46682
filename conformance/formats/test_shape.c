/* SPDX-License-Identifier: MIT */
/*
 * Whatever follows the shape of the line before is read as the scanner reads it: each line is
 * followed, and scanned, and both records must be the same; a line that is not followed costs time,
 * but is never wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "trace/text/line_shape.h"

#define LINE_MAX_SIZE 512

static uint64_t random_state = 42;

static unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(random_state >> 33) % limit;
}

static bool same_text(struct sessionlint_text a, struct sessionlint_text b)
{
	return text_equal(a, b) && (a.data == NULL) == (b.data == NULL);
}

static bool same_record(const struct record *a, const struct record *b)
{
	return a->time == b->time && a->seq == b->seq && a->keys == b->keys &&
	       a->session == b->session && a->event == b->event && a->from == b->from &&
	       a->to == b->to && a->kind == b->kind && a->source == b->source &&
	       a->flags == b->flags && same_text(a->host, b->host) && same_text(a->boot, b->boot) &&
	       same_text(a->user, b->user) && same_text(a->address, b->address);
}

/* Reads a line as text_reader.c does without shapes. Returns whether it is a sound record. */
static bool scan(line_scan *scanner, struct record_builder *builder, const char *line,
		 const char *end, struct record *record, struct pairs *pairs, const char **ret_next)
{
	struct arena arena = { 0 };
	struct sessionlint_text reason;
	bool sound = true;

	record_begin(builder, record);
	if (scanner(line, end, pairs, ret_next) < 0 || pairs->count == 0)
		return false;
	for (unsigned i = 0; i < pairs->count && sound; i++) {
		enum record_key key;
		const char *near;

		sound = pairs->pairs[i].form != PAIR_ESCAPED &&
			trace_key_find(pairs->pairs[i].key, &key, &near) == 0 &&
			record_put(builder, record, key, pairs->pairs[i].value, &arena, &reason) ==
				0;
	}
	sound = sound && record_finish(builder, record, &arena, &reason) == 0;
	arena_free(&arena);
	return sound;
}

static const char *const events[] = { "Created", "Connected", "Disconnected",
				      "Logon",   "Logoff",    "Terminated",
				      "Ignore",  "Max",       "logon",
				      "Logn",    "",          "IoSessionEventLogon",
				      "5" };
static const char *const states[] = {
	"LoggedOn", "DisconnectedLoggedOn", "DisconnectedLoggedOff", "Initialized", "Max", "3"
};
static const char *const times[] = {
	"2026-01-02T03:04:05Z",         "2026-01-02T03:04:05.6Z",
	"2026-01-02T03:04:05.1234567Z", "2026-01-02T03:04:05.12345678Z",
	"2026-01-03T23:59:60Z",         "2026-01-03T24:00:00Z",
	"2026-02-30T00:00:00Z",         "2026-01-02T03:04:05+01:00",
	"2026-01-02T03:04:05.Z",        "2026-01-02t03:04:05z",
	"2026-01-02 03:04:05Z",         "1600-12-31T00:00:00Z",
	"2026-01-02T03:0:055Z",         "2026-01-02T0a:04:05Z"
};
static const char *const sessions[] = { "0",          "7",          "42",  "1234567",    "12345678",
					"4294967295", "4294967296", "00",  "007",        "-1",
					"1e3",        "",           "1.0", "99999999999" };
static const char *const hosts[] = {
	"VDI-017", "h",    "",   "a-host-with-a-rather-long-name.example", "h\xc3\xa4us", "a=b",
	"a\\b",    "a\"b", "a b"
};

#define PICK(list) (list)[random_below(sizeof(list) / sizeof(list)[0])]

/* One line in which most values are sound; the form stays the same for stretches. */
static size_t make_line(char *line, unsigned form)
{
	const char *session = random_below(8) ? sessions[random_below(4)] : PICK(sessions);
	const char *event = random_below(8) ? events[random_below(6)] : PICK(events);
	const char *time = random_below(8) ? times[random_below(3)] : PICK(times);
	const char *host = random_below(8) ? hosts[0] : PICK(hosts);
	const char *state = PICK(states);

	switch (form) {
	case 0:
		return (size_t)sprintf(line, "time=%s session=%s event=%s\n", time, session, event);
	case 1:
		return (size_t)sprintf(line, "time=%s host=%s session=%s event=%s from=%s\r\n",
				       time, host, session, event, state);
	case 2:
		return (size_t)sprintf(
			line, "host=\"%s\" event=\"%s\" session=%s to=%s seq=%s # remark\n", host,
			event, session, state, session);
	case 3:
		return (size_t)sprintf(line, "{\"time\":\"%s\",\"session\":%s,\"event\":\"%s\"}\n",
				       time, session, event);
	case 4:
		return (size_t)sprintf(
			line,
			"{ \"session\" : \"%s\", \"event\":\"%s\", \"host\":\"%s\", \"seq\":%s}\n",
			session, event, host, session);
	default:
		return (size_t)sprintf(line, "session=%s event=%s user=%s source=wts\n", session,
				       event, host);
	}
}

static void test_form(unsigned form, line_scan *scanner)
{
	static char buffer[LINE_MAX_SIZE + SHAPE_SLACK];
	struct record_builder plain, quick;
	struct shape shape = { 0 };
	struct shape_names names;
	unsigned followed = 0, different = 0, lines = 40000;

	record_builder_init(&plain, SESSIONLINT_SOURCE_WDM);
	record_builder_init(&quick, SESSIONLINT_SOURCE_WDM);
	shape_names_init(&names);
	for (unsigned i = 0; i < lines; i++) {
		struct record scanned, record;
		struct pairs pairs;
		const char *next = NULL, *after = NULL;
		size_t size = make_line(buffer, form);
		bool sound;

		if (random_below(16) == 0)
			buffer[random_below((unsigned)size - 1)] = (char)random_below(256);
		if (memchr(buffer, '\n', size) != buffer + size - 1)
			continue;
		record_begin(&quick, &record);
		if (shape.count)
			after = shape_follow(&shape, &names, &quick, &record, buffer);
		sound = scan(scanner, &plain, buffer, buffer + size, &scanned, &pairs, &next);
		if (after) {
			followed++;
			if (!sound || after != next || !same_record(&record, &scanned)) {
				different++;
				tap_note("%.*s", (int)size - 1, buffer);
			}
		}
		if (sound)
			shape_learn(&shape, &scanned, &pairs, buffer, next);
	}
	tap_ok(different == 0,
	       "form %u: of %u lines %u were followed, and all as the scanner reads them", form,
	       lines, followed);
	/* most lines of each form are sound: a shape that is never followed is no fast path */
	tap_ok(followed > lines / 5, "form %u: more than a fifth of the lines were followed", form);
}

int main(void)
{
	for (unsigned form = 0; form < 6; form++)
		test_form(form, form == 3 || form == 4 ? ndjson_scan : logfmt_scan);
	return tap_done();
}
