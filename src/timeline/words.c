/* SPDX-License-Identifier: MIT */
#include "timeline/words.h"

#include <inttypes.h>

#include "trace/time.h"

#define SECOND 10000000U

const char *timeline_seconds(uint64_t duration, char room[TIMELINE_SECONDS_SIZE])
{
	int size = snprintf(room, TIMELINE_SECONDS_SIZE, "%" PRIu64 ".%07" PRIu64,
			    duration / SECOND, duration % SECOND);

	while (room[size - 1] == '0')
		size--;
	room[room[size - 1] == '.' ? size - 1 : size] = '\0';
	return room;
}

static void member_text(struct json_writer *json, const char *key, struct sessionlint_text text)
{
	if (text.size > 0)
		json_member_text(json, key, text);
	else
		json_member_null(json, key);
}

static void member_string(struct json_writer *json, const char *key, const char *string)
{
	member_text(json, key, text_from(string ? string : ""));
}

static void member_number(struct json_writer *json, const char *key, uint64_t number, bool known)
{
	if (known)
		json_member_number(json, key, number);
	else
		json_member_null(json, key);
}

static void member_states(struct json_writer *json, const char *key, sessionlint_belief belief)
{
	char room[TIMELINE_WORD_SIZE];

	member_string(json, key, timeline_states(belief, "|", room));
}

void timeline_member_time(struct json_writer *json, const char *key, uint64_t time)
{
	char text[TIME_TEXT_SIZE] = "";

	if (time != SESSIONLINT_NO_TIME)
		time_format(time, text);
	member_string(json, key, text);
}

void timeline_member_boot(struct json_writer *json, struct sessionlint_text boot, uint64_t ordinal)
{
	if (boot.size > 0)
		json_member_text(json, "boot", boot);
	else
		member_number(json, "boot", ordinal, ordinal > 0);
}

void timeline_member_rules(struct json_writer *json, const struct timeline_rules *rules)
{
	unsigned at = 0;
	const char *before = "", *name;
	FILE *file;

	if (!rules->set) {
		json_member_null(json, "rule");
		json_member_null(json, "severity");
		return;
	}
	json_key(json, "rule");
	file = json_string_begin(json);
	while ((name = timeline_next_rule(rules->set, &at))) {
		fprintf(file, "%s%s", before, name);
		before = "|";
	}
	json_string_end(json);
	json_member_string(json, "severity", sessionlint_severity_name(rules->severity));
}

static void write_annotation(struct json_writer *json, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];

	member_string(json, "name", timeline_what(row, room));
	json_member_number(json, "event_id", row->event_id);
	member_text(json, "domain", row->domain);
	member_number(json, "logon_type", row->logon_type,
		      row->logon_type != SESSIONLINT_NO_REASON);
	snprintf(room, sizeof room, "0x%" PRIx64, row->logon_id);
	member_string(json, "logon_id", row->logon_id ? room : NULL);
}

void timeline_write_members(struct json_writer *json, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];
	bool is_step = timeline_is_step(row);

	json_member_string(json, "kind", timeline_kind_name(row->kind));
	timeline_member_time(json, "time", row->time);
	member_text(json, "host", row->host);
	timeline_member_boot(json, row->boot, row->boot_ordinal);
	member_string(json, "source", timeline_source(row));
	member_number(json, "session", row->session, row->has_session);
	member_number(json, "incarnation", row->incarnation, row->incarnation > 0);
	member_string(json, "event", row->kind == TIMELINE_EVENT ? timeline_what(row, room) : NULL);
	member_states(json, "from", row->from);
	member_states(json, "to", row->to);
	member_text(json, "user", row->user);
	member_text(json, "address", row->address);
	member_text(json, "client", row->client);
	member_string(json, "reason", timeline_reason(row->reason, room));
	member_string(json, "verdict", is_step ? timeline_verdict_name(row->verdict) : NULL);
	timeline_member_rules(json, &row->rules);
	if (row->kind == TIMELINE_ANNOTATION)
		write_annotation(json, row);
}
