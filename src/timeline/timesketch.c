/* SPDX-License-Identifier: MIT */
/*
 * A timeline as Timesketch imports it: JSON lines with message, datetime and timestamp_desc
 * ("Create timeline from JSON/JSONL/CSV file"), and the members of NDJSON as attributes. Its
 * attributes are flat, so a witness is a text.
 */
#include <inttypes.h>

#include "base/escape.h"
#include "check/subject.h"
#include "timeline/timeline.h"
#include "timeline/words.h"
#include "trace/time.h"

/* 1970-01-01 in 100 ns since 1601-01-01 */
#define UNIX_EPOCH INT64_C(116444736000000000)

/* "session 3 on HOST: Logon, Connected to LoggedOn, by USER from ADDRESS" */
static void write_message(struct json_writer *json, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];
	FILE *file;

	json_key(json, "message");
	file = json_string_begin(json);
	if (row->has_session)
		fprintf(file, "%s %" PRIu32,
			row->kind == TIMELINE_ANNOTATION ? "session" : session_word(row->source),
			row->session);
	else
		fputs("no session", file);
	if (row->host.size > 0) {
		fputs(" on ", file);
		escape_json(file, row->host);
	}
	fputs(": ", file);
	if (row->kind == TIMELINE_FINDING)
		escape_json(file, row->message);
	else
		fputs(timeline_what(row, room), file);
	if (row->from && row->to) {
		fprintf(file, ", %s", timeline_states(row->from, " or ", room));
		fprintf(file, " to %s", timeline_states(row->to, " or ", room));
	}
	if (row->user.size > 0) {
		fputs(", by ", file);
		escape_json(file, row->user);
	}
	if (row->address.size > 0) {
		fputs(", from ", file);
		escape_json(file, row->address);
	}
	if (timeline_reason(row->reason, room))
		fprintf(file, ", %s", timeline_reason(row->reason, room));
	if (timeline_is_step(row) && row->verdict != SESSIONLINT_VERDICT_LEGAL)
		fprintf(file, " (%s)", timeline_verdict_name(row->verdict));
	json_string_end(json);
}

static const char *description(enum timeline_kind kind)
{
	switch (kind) {
	case TIMELINE_EVENT:
		return "Session Transition";
	case TIMELINE_SAMPLE:
		return "Session State";
	case TIMELINE_ANNOTATION:
		return "Session Annotation";
	case TIMELINE_FINDING:
		break;
	}
	return "Session Finding";
}

static void write_place(struct json_writer *json, const struct timeline_place *place)
{
	FILE *file = json_string_begin(json);
	char room[TIMELINE_WORD_SIZE];

	escape_json(file, path_shown(place->file));
	fputs(timeline_record(place, room), file);
	json_string_end(json);
}

static void write_row(struct timeline_output *output, const struct timeline_row *row)
{
	struct json_writer json;
	char time[TIME_TEXT_SIZE];

	if (row->time == SESSIONLINT_NO_TIME) {
		output->omitted++;
		return;
	}
	time_format(row->time, time);
	json_writer_init(&json, output->file, NULL);
	json_open(&json, '{');
	write_message(&json, row);
	json_member_string(&json, "datetime", time);
	json_key(&json, "timestamp");
	json_signed(&json, ((int64_t)row->time - UNIX_EPOCH) / 10);
	json_member_string(&json, "timestamp_desc", description(row->kind));
	json_member_string(&json, "data_type", "windows:session");
	timeline_write_members(&json, row);
	json_member_open(&json, "witnesses", '[');
	for (unsigned i = 0; i < row->witness_count; i++)
		write_place(&json, &row->witnesses[i]);
	json_close(&json);
	json_member_bool(&json, "unseen", row->unseen);
	json_finish(&json);
}

const struct timeline_format timeline_timesketch = {
	.name = "timesketch",
	.summary = "JSON lines for Timesketch",
	.omits = "without a time",
	.why = "timesketch needs one",
	.row = write_row,
};
