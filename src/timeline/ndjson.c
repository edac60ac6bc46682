/* SPDX-License-Identifier: MIT */
/* A timeline as NDJSON: an object for each row (docs/timeline.schema.json). */
#include "base/escape.h"
#include "timeline/timeline.h"
#include "timeline/words.h"

static void write_place(struct json_writer *json, const struct timeline_place *place)
{
	json_open(json, '{');
	json_member_text(json, "file", path_shown(place->file));
	json_member_number(json, "record", place->record);
	json_close(json);
}

static void member_place(struct json_writer *json, const char *key,
			 const struct timeline_place *place)
{
	json_key(json, key);
	if (place->file)
		write_place(json, place);
	else
		json_null(json);
}

static void write_row(struct timeline_output *output, const struct timeline_row *row)
{
	struct json_writer json;

	json_writer_init(&json, output->file, NULL);
	json_open(&json, '{');
	timeline_write_members(&json, row);
	json_member_open(&json, "witnesses", '[');
	for (unsigned i = 0; i < row->witness_count; i++)
		write_place(&json, &row->witnesses[i]);
	json_close(&json);
	json_member_bool(&json, "unseen", row->unseen);
	if (row->unseen) {
		json_member_open(&json, "between", '{');
		member_place(&json, "before", &row->before);
		member_place(&json, "after", &row->after);
		json_close(&json);
	}
	if (row->kind == TIMELINE_FINDING)
		json_member_text(&json, "message", row->message);
	json_finish(&json);
}

static void member_texts(struct json_writer *json, const char *key,
			 const struct timeline_texts *texts)
{
	json_member_open(json, key, '[');
	for (unsigned i = 0; i < texts->count; i++)
		json_text(json, texts->list[i]);
	json_close(json);
}

static void member_seconds(struct json_writer *json, const char *key,
			   const struct timeline_incarnation *incarnation, uint64_t duration)
{
	char text[TIMELINE_SECONDS_SIZE];

	json_key(json, key);
	if (incarnation->first != SESSIONLINT_NO_TIME)
		fputs(timeline_seconds(duration, text), json_value(json));
	else
		json_null(json);
}

static void member_reasons(struct json_writer *json, const struct timeline_incarnation *incarnation)
{
	char room[TIMELINE_WORD_SIZE];

	json_member_open(json, "reasons", '[');
	for (unsigned i = 0; i < incarnation->reason_count; i++)
		json_string(json, timeline_reason(incarnation->reasons[i], room));
	json_close(json);
}

static void write_times(struct json_writer *json, const struct timeline_incarnation *incarnation)
{
	timeline_member_time(json, "first_seen", incarnation->first);
	timeline_member_time(json, "last_seen", incarnation->last);
	timeline_member_time(json, "created", incarnation->created);
	timeline_member_time(json, "logon", incarnation->logon);
	timeline_member_time(json, "logoff", incarnation->logoff);
	timeline_member_time(json, "ended", incarnation->ended);
	member_seconds(json, "connected_seconds", incarnation, incarnation->connected);
	member_seconds(json, "disconnected_seconds", incarnation, incarnation->disconnected);
	json_member_number(json, "reconnects", incarnation->reconnects);
}

static void write_incarnation(struct timeline_output *output,
			      const struct timeline_incarnation *incarnation)
{
	struct json_writer json;

	json_writer_init(&json, output->file, NULL);
	json_open(&json, '{');
	json_member_string(&json, "kind", "session");
	if (incarnation->host.size > 0)
		json_member_text(&json, "host", incarnation->host);
	else
		json_member_null(&json, "host");
	timeline_member_boot(&json, incarnation->boot, incarnation->boot_ordinal);
	json_member_string(&json, "source", sessionlint_source_name(incarnation->source));
	json_member_number(&json, "session", incarnation->session);
	json_member_number(&json, "incarnation", incarnation->incarnation);
	write_times(&json, incarnation);
	member_texts(&json, "users", &incarnation->users);
	member_texts(&json, "addresses", &incarnation->addresses);
	member_texts(&json, "clients", &incarnation->clients);
	member_reasons(&json, incarnation);
	json_member_string(&json, "verdict", timeline_incarnation_verdict(incarnation));
	timeline_member_rules(&json, &incarnation->rules);
	json_finish(&json);
}

const struct timeline_format timeline_ndjson = {
	.name = "ndjson",
	.summary = "NDJSON, an object each (docs/timeline.schema.json)",
	.has_sessions = true,
	.row = write_row,
	.incarnation = write_incarnation,
};
