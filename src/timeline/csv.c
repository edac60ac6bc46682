/* SPDX-License-Identifier: MIT */
/* A timeline as CSV (RFC 4180). */
#include <inttypes.h>

#include "base/escape.h"
#include "timeline/timeline.h"
#include "timeline/words.h"
#include "trace/time.h"

/* What separates several values in a cell. */
#define BETWEEN "; "

static void begin(struct timeline_output *output)
{
	if (output->bom)
		fputs("\xef\xbb\xbf", output->file);
	fputs(output->sessions
		      ? "host,boot,source,session,incarnation,first_seen,last_seen,created,logon,"
			"logoff,ended,connected_seconds,disconnected_seconds,reconnects,users,"
			"addresses,clients,reasons,verdict,rule,severity\r\n"
		      : "time,kind,host,boot,source,session,incarnation,event,from,to,user,domain,"
			"address,client,reason,witnesses,before,after,verdict,rule,severity,name,"
			"event_id,logon_type,logon_id,message\r\n",
	      output->file);
}

static void put_text(FILE *file, struct sessionlint_text text)
{
	if (text.size > 0)
		escape_csv(file, text);
	putc(',', file);
}

static void put_string(FILE *file, const char *string)
{
	put_text(file, text_from(string ? string : ""));
}

static void put_number(FILE *file, uint64_t number, bool known)
{
	if (known)
		fprintf(file, "%" PRIu64, number);
	putc(',', file);
}

static void put_time(FILE *file, uint64_t time)
{
	char text[TIME_TEXT_SIZE];

	if (time != SESSIONLINT_NO_TIME) {
		time_format(time, text);
		fputs(text, file);
	}
	putc(',', file);
}

static void put_boot(FILE *file, struct sessionlint_text boot, uint64_t ordinal)
{
	if (boot.size > 0)
		put_text(file, boot);
	else
		put_number(file, ordinal, ordinal > 0);
}

static void put_places(FILE *file, const struct timeline_place *places, unsigned count)
{
	char room[TIMELINE_WORD_SIZE];

	for (unsigned i = 0; i < count; i++) {
		struct sessionlint_text name = path_shown(places[i].file);

		fputs(i > 0 ? BETWEEN : "\"", file);
		escape_csv_part(file, name, i == 0);
		fputs(timeline_record(&places[i], room), file);
	}
	fputs(count > 0 ? "\"," : ",", file);
}

static void put_rules(FILE *file, const struct timeline_rules *rules)
{
	unsigned at = 0;
	const char *before = "", *name;

	while ((name = timeline_next_rule(rules->set, &at))) {
		fprintf(file, "%s%s", before, name);
		before = "|";
	}
	fprintf(file, ",%s", rules->set ? sessionlint_severity_name(rules->severity) : "");
}

static void put_transition(FILE *file, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];
	bool is_event = row->kind == TIMELINE_EVENT, is_step = timeline_is_step(row);

	fprintf(file, "%s,", is_event ? timeline_what(row, room) : "");
	fprintf(file, "%s,", is_step ? timeline_states(row->from, "|", room) : "");
	fprintf(file, "%s,", is_step ? timeline_states(row->to, "|", room) : "");
}

static void put_annotation(FILE *file, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];

	if (row->kind != TIMELINE_ANNOTATION) {
		fputs(",,,,", file);
		return;
	}
	fprintf(file, "%s,%" PRIu32 ",", timeline_what(row, room), row->event_id);
	put_number(file, row->logon_type, row->logon_type != SESSIONLINT_NO_REASON);
	if (row->logon_id)
		fprintf(file, "0x%" PRIx64, row->logon_id);
	putc(',', file);
}

static void write_row(struct timeline_output *output, const struct timeline_row *row)
{
	FILE *file = output->file;
	char room[TIMELINE_WORD_SIZE];
	bool is_step = timeline_is_step(row);

	put_time(file, row->time);
	fprintf(file, "%s,", timeline_kind_name(row->kind));
	put_text(file, row->host);
	put_boot(file, row->boot, row->boot_ordinal);
	put_string(file, timeline_source(row));
	put_number(file, row->session, row->has_session);
	put_number(file, row->incarnation, row->incarnation > 0);
	put_transition(file, row);
	put_text(file, row->user);
	put_text(file, row->domain);
	put_text(file, row->address);
	put_text(file, row->client);
	put_string(file, timeline_reason(row->reason, room));
	put_places(file, row->witnesses, row->witness_count);
	put_places(file, &row->before, row->before.file != NULL);
	put_places(file, &row->after, row->after.file != NULL);
	fprintf(file, "%s,", is_step ? timeline_verdict_name(row->verdict) : "");
	put_rules(file, &row->rules);
	putc(',', file);
	put_annotation(file, row);
	if (row->message.size > 0)
		escape_csv(file, row->message);
	fputs("\r\n", file);
}

static void put_texts(FILE *file, const struct timeline_texts *texts)
{
	for (unsigned i = 0; i < texts->count; i++) {
		fputs(i > 0 ? BETWEEN : "\"", file);
		escape_csv_part(file, texts->list[i], i == 0);
	}
	if (texts->count > 0)
		fprintf(file, "%s\"", texts->more ? BETWEEN "..." : "");
	putc(',', file);
}

static void put_reasons(FILE *file, const struct timeline_incarnation *incarnation)
{
	char room[TIMELINE_WORD_SIZE];

	for (unsigned i = 0; i < incarnation->reason_count; i++)
		fprintf(file, "%s%s", i > 0 ? BETWEEN : "\"",
			timeline_reason(incarnation->reasons[i], room));
	fputs(incarnation->reason_count > 0 ? "\"," : ",", file);
}

static void put_seconds(FILE *file, const struct timeline_incarnation *incarnation,
			uint64_t duration)
{
	char text[TIMELINE_SECONDS_SIZE];

	if (incarnation->first != SESSIONLINT_NO_TIME)
		fputs(timeline_seconds(duration, text), file);
	putc(',', file);
}

static void write_incarnation(struct timeline_output *output,
			      const struct timeline_incarnation *incarnation)
{
	FILE *file = output->file;

	put_text(file, incarnation->host);
	put_boot(file, incarnation->boot, incarnation->boot_ordinal);
	fprintf(file, "%s,", sessionlint_source_name(incarnation->source));
	put_number(file, incarnation->session, true);
	put_number(file, incarnation->incarnation, incarnation->incarnation > 0);
	put_time(file, incarnation->first);
	put_time(file, incarnation->last);
	put_time(file, incarnation->created);
	put_time(file, incarnation->logon);
	put_time(file, incarnation->logoff);
	put_time(file, incarnation->ended);
	put_seconds(file, incarnation, incarnation->connected);
	put_seconds(file, incarnation, incarnation->disconnected);
	put_number(file, incarnation->reconnects, true);
	put_texts(file, &incarnation->users);
	put_texts(file, &incarnation->addresses);
	put_texts(file, &incarnation->clients);
	put_reasons(file, incarnation);
	fprintf(file, "%s,", timeline_incarnation_verdict(incarnation));
	put_rules(file, &incarnation->rules);
	fputs("\r\n", file);
}

const struct timeline_format timeline_csv = {
	.name = "csv",
	.summary = "CSV (RFC 4180), a row each after the names of the columns",
	.has_sessions = true,
	.begin = begin,
	.row = write_row,
	.incarnation = write_incarnation,
};
