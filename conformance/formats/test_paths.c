/* SPDX-License-Identifier: MIT */
/*
 * Whatever consists of the parts of lines before is read as the scanner reads it: each line is
 * followed, and scanned, and both records must be the same; a line that is not followed costs time,
 * but is never wrong.
 */
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "trace/text/line_paths.h"

#define LINE_MAX_SIZE 1024
#define FORMS         6

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

static bool same_contract(const struct contract *a, const struct contract *b)
{
	if (!a || !b)
		return a == b;
	return same_text(a->driver, b->driver) && same_text(a->io, b->io) &&
	       same_text(a->registration, b->registration) &&
	       same_text(a->session_object, b->session_object) &&
	       same_text(a->context, b->context) && same_text(a->owner, b->owner) &&
	       a->class_number == b->class_number && a->size == b->size && a->length == b->length &&
	       a->flags == b->flags && a->mask == b->mask && a->status == b->status &&
	       a->payload_session == b->payload_session && a->payload_length == b->payload_length &&
	       a->device_session == b->device_session && a->seq_end == b->seq_end &&
	       a->phase == b->phase && a->irql == b->irql && a->call == b->call &&
	       a->object == b->object && a->kind == b->kind && a->payload_local == b->payload_local;
}

static bool same_record(const struct record *a, const struct record *b)
{
	return same_contract(a->contract, b->contract) && a->state == b->state &&
	       a->marker == b->marker && a->activity == b->activity &&
	       same_text(a->reason, b->reason) && a->time == b->time && a->seq == b->seq &&
	       a->keys == b->keys && a->session == b->session && a->event == b->event &&
	       a->from == b->from && a->to == b->to && a->kind == b->kind &&
	       a->source == b->source && a->flags == b->flags && same_text(a->host, b->host) &&
	       same_text(a->boot, b->boot) && same_text(a->user, b->user) &&
	       same_text(a->address, b->address);
}

/* Reads a line as text_reader.c does without a fast path. Returns whether it is a sound record. */
static bool scan(line_scan *scanner, struct record_builder *builder, struct arena *arena,
		 const char *line, const char *end, struct record *record, struct pairs *pairs,
		 const char **ret_next)
{
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
			record_put(builder, record, key, pairs->pairs[i].value, arena, &reason) ==
				0;
	}
	return sound && record_finish(builder, record, arena, &reason) == 0;
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

/* ---- lines with few or many of the keys, in any order ---- */

static const char *const statuses[] = { "0", "STATUS_SUCCESS", "0xc0000001", "-1073741823", "ok" };
static const char *const handles[] = { "0xffffe00112345678", "Device7", "NULL", "0x0", "",
				       "\\Device\\Drv7" };
static const char *const calls[] = { "IoRegisterContainerNotification",
				     "IoUnregisterContainerNotification",
				     "IoGetContainerInformation", "IoNothing" };
static const char *const masks[] = { "all", "0x3f", "logon|logoff", "connect,disconnect", "some" };
static const char *const phases[] = { "begin", "end", "middle" };
static const char *const sources[] = { "wdm", "sens", "wts", "lsm", "nobody" };
static const char *const locals[] = { "true", "false", "0", "maybe" };
static const char *const kinds[] = { "device", "driver", "file", "thing" };
static const char *const lives[] = { "created", "deleted", "lost" };
static const char *const markers[] = { "boot", "gap", "end", "reported", "stop" };

#define VALUES(list) list, sizeof(list) / sizeof(list)[0]

/* By key: how its values are spelled, the sound ones first. */
static const struct {
	const char *key;
	const char *const *values;
	size_t count;
} choices[] = {
	{ "time", VALUES(times) },       { "seq", VALUES(sessions) },
	{ "host", VALUES(hosts) },       { "source", VALUES(sources) },
	{ "session", VALUES(sessions) }, { "event", VALUES(events) },
	{ "from", VALUES(states) },      { "to", VALUES(states) },
	{ "state", VALUES(states) },     { "local", VALUES(locals) },
	{ "marker", VALUES(markers) },   { "reason", VALUES(hosts) },
	{ "driver", VALUES(hosts) },     { "notify", VALUES(events) },
	{ "call", VALUES(calls) },       { "object", VALUES(lives) },
	{ "io", VALUES(handles) },       { "registration", VALUES(handles) },
	{ "context", VALUES(handles) },  { "session_object", VALUES(handles) },
	{ "class", VALUES(sessions) },   { "length", VALUES(sessions) },
	{ "flags", VALUES(sessions) },   { "mask", VALUES(masks) },
	{ "status", VALUES(statuses) },  { "payload_session", VALUES(sessions) },
	{ "kind", VALUES(kinds) },       { "payload_length", VALUES(sessions) },
	{ "phase", VALUES(phases) },     { "payload_local", VALUES(locals) },
	{ "seq_end", VALUES(sessions) }, { "x-own", VALUES(hosts) },
};

#define CHOICES (sizeof choices / sizeof choices[0])

/* What records have, in the order in which they mostly are, as in @choices. */
static const char *const records[] = {
	"time seq session event from to",
	"time session event payload_session payload_local payload_length",
	"time seq host session state",
	"time seq notify session driver io context payload_session payload_length status",
	"seq notify driver io session_object payload_session phase",
	"time call driver io class length flags mask context registration status",
	"call driver registration phase",
	"seq call session driver session_object status seq_end",
	"time object driver io kind",
	"time marker reason",
	"source session event",
};

static size_t choice_of(const char *key, size_t size)
{
	size_t i = 0;

	while (strlen(choices[i].key) != size || memcmp(choices[i].key, key, size) != 0)
		i++;
	return i;
}

/* A line of a driver, or one like it: now and then a key is missing, is there twice, or is one of
 * another record. */
static size_t make_record(char *line, bool json)
{
	const char *key = PICK(records), *const first = key;
	char *at = line;

	if (json)
		*at++ = '{';
	while (*key) {
		size_t size = strcspn(key, " "), i = choice_of(key, size);
		const char *value, *quote = json || size == strlen("host") ? "\"" : "";

		if (random_below(200) == 0)
			i = random_below(CHOICES);
		value = choices[i].values[random_below(2)];
		if (random_below(40) == 0)
			value = choices[i].values[random_below((unsigned)choices[i].count)];
		if (random_below(30) > 0)
			at += sprintf(at, "%s%s%s%s%s%s%s",
				      at == line + json ? ""
				      : json            ? ","
							: " ",
				      json ? "\"" : "", choices[i].key, json ? "\":" : "=", quote,
				      value, quote);
		key += size;
		key += *key == ' ';
		/* again from the first one */
		if (random_below(80) == 0 && at - line < LINE_MAX_SIZE / 2)
			key = first;
	}
	at += sprintf(at, json ? "}\n" : random_below(9) ? "\n" : " # remark\n");
	return (size_t)(at - line);
}

/* ---- the comparison ---- */

static void test_form(unsigned form, line_scan *scanner)
{
	static char buffer[LINE_MAX_SIZE + SHAPE_SLACK];
	struct record_builder plain, quick;
	struct line_paths paths;
	unsigned followed = 0, different = 0, lines = 40000;

	paths_init(&paths);
	record_builder_init(&plain, SESSIONLINT_SOURCE_WDM);
	record_builder_init(&quick, SESSIONLINT_SOURCE_WDM);
	for (unsigned i = 0; i < lines; i++) {
		struct record scanned, record;
		struct pairs pairs;
		struct arena arena = { 0 };
		const char *next = NULL, *after = NULL;
		size_t size = form < FORMS ? make_line(buffer, form)
					   : make_record(buffer, scanner == ndjson_scan);
		bool sound;

		if (size > 1 && random_below(16) == 0)
			buffer[random_below((unsigned)size - 1)] = (char)random_below(256);
		if (memchr(buffer, '\n', size) != buffer + size - 1)
			continue;
		record_begin(&quick, &record);
		quick.arena = &arena;
		if (paths.count)
			after = paths_follow(&paths, &quick, &record, buffer);
		sound = scan(scanner, &plain, &arena, buffer, buffer + size, &scanned, &pairs,
			     &next);
		if (after) {
			followed++;
			if (!sound || after != next || !same_record(&record, &scanned)) {
				different++;
				tap_note("%.*s", (int)size - 1, buffer);
			}
		}
		if (sound)
			paths_learn(&paths, &scanned, &pairs, buffer, next);
		arena_free(&arena);
	}
	paths_free(&paths);
	tap_ok(different == 0,
	       "form %u: of %u lines %u were followed, and all as the scanner reads them", form,
	       lines, followed);
	/* most lines of each form are sound: a fast path that is never taken is none */
	tap_ok(followed > lines / 5, "form %u: more than a fifth of the lines were followed", form);
}

int main(void)
{
	for (unsigned form = 0; form < FORMS; form++)
		test_form(form, form == 3 || form == 4 ? ndjson_scan : logfmt_scan);
	test_form(FORMS, logfmt_scan);
	test_form(FORMS + 1, ndjson_scan);
	return tap_done();
}
