/* SPDX-License-Identifier: MIT */
/*
 * A timeline as an event log for process mining: XES 2.0 ("IEEE 1849-2016, eXtensible Event
 * Stream"). A trace is an incarnation, an event is a transition; samples of states and annotations
 * are neither. Findings about other records are a list of the trace: as events they would be
 * mistaken for transitions.
 */
#include <inttypes.h>

#include "base/escape.h"
#include "timeline/timeline.h"
#include "timeline/words.h"
#include "trace/time.h"

static void begin(struct timeline_output *output)
{
	static const char *const extensions[][2] = {
		{ "Concept", "concept" },
		{ "Time", "time" },
		{ "Organizational", "org" },
		{ "Lifecycle", "lifecycle" },
	};
	FILE *file = output->file;

	fputs("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	      "<log xes.version=\"2.0\" xes.features=\"\" "
	      "xmlns=\"http://www.xes-standard.org/\">\n",
	      file);
	for (unsigned i = 0; i < sizeof extensions / sizeof extensions[0]; i++)
		fprintf(file,
			"  <extension name=\"%s\" prefix=\"%s\" "
			"uri=\"http://www.xes-standard.org/%s.xesext\"/>\n",
			extensions[i][0], extensions[i][1], extensions[i][1]);
	fputs("  <global scope=\"trace\">\n"
	      "    <string key=\"concept:name\" value=\"\"/>\n"
	      "  </global>\n"
	      "  <global scope=\"event\">\n"
	      "    <string key=\"concept:name\" value=\"\"/>\n"
	      "    <string key=\"lifecycle:transition\" value=\"complete\"/>\n"
	      "  </global>\n"
	      "  <classifier name=\"event\" keys=\"concept:name\"/>\n"
	      "  <string key=\"concept:name\" value=\"sessions\"/>\n"
	      "  <string key=\"lifecycle:model\" value=\"standard\"/>\n",
	      file);
}

static void put_text(FILE *file, const char *indent, const char *key, struct sessionlint_text text)
{
	if (text.size == 0)
		return;
	fprintf(file, "%s<string key=\"%s\" value=\"", indent, key);
	escape_xml(file, text);
	fputs("\"/>\n", file);
}

static void put_string(FILE *file, const char *indent, const char *key, const char *string)
{
	if (string)
		put_text(file, indent, key, text_from(string));
}

/* Six decimals and an offset: what all readers of xs:dateTime take. */
static void put_time(FILE *file, const char *indent, uint64_t time)
{
	char text[TIME_TEXT_SIZE];

	if (time == SESSIONLINT_NO_TIME)
		return;
	time_format(time - time % 10000000, text);
	fprintf(file, "%s<date key=\"time:timestamp\" value=\"%.*s.%06" PRIu64 "+00:00\"/>\n",
		indent, (int)strlen(text) - 1, text, time % 10000000 / 10);
}

static void put_rules(FILE *file, const char *indent, const struct timeline_rules *rules)
{
	unsigned at = 0;
	const char *before = "<string key=\"rule\" value=\"", *name;

	fputs(rules->set ? indent : "", file);
	while ((name = timeline_next_rule(rules->set, &at))) {
		fprintf(file, "%s%s", before, name);
		before = "|";
	}
	if (rules->set)
		fputs("\"/>\n", file);
}

static void put_witnesses(FILE *file, const char *indent, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];

	if (row->witness_count > 0)
		fprintf(file, "%s<string key=\"witnesses\" value=\"", indent);
	for (unsigned i = 0; i < row->witness_count; i++) {
		fputs(i > 0 ? "; " : "", file);
		escape_xml(file, path_shown(row->witnesses[i].file));
		fputs(timeline_record(&row->witnesses[i], room), file);
	}
	if (row->witness_count > 0)
		fputs("\"/>\n", file);
}

static void write_event(FILE *file, const struct timeline_row *row)
{
	static const char indent[] = "      ";
	char room[TIMELINE_WORD_SIZE];

	fputs("    <event>\n", file);
	put_string(file, indent, "concept:name", timeline_what(row, room));
	put_string(file, indent, "lifecycle:transition", "complete");
	put_time(file, indent, row->time);
	put_text(file, indent, "org:resource", row->user);
	put_string(file, indent, "from", timeline_states(row->from, "|", room));
	put_string(file, indent, "to", timeline_states(row->to, "|", room));
	put_text(file, indent, "address", row->address);
	put_text(file, indent, "client", row->client);
	put_string(file, indent, "reason", timeline_reason(row->reason, room));
	put_string(file, indent, "verdict", timeline_verdict_name(row->verdict));
	put_rules(file, indent, &row->rules);
	put_witnesses(file, indent, row);
	fprintf(file, "      <boolean key=\"unseen\" value=\"%s\"/>\n",
		row->unseen ? "true" : "false");
	fputs("    </event>\n", file);
}

/* The next row of a kind from @row on; NULL: no more. */
static const struct timeline_row *next_of(const struct timeline_row *row, enum timeline_kind kind)
{
	while (row && row->kind != kind)
		row = row->next;
	return row;
}

static void write_findings(FILE *file, const struct timeline_row *row)
{
	static const char indent[] = "          ";

	row = next_of(row, TIMELINE_FINDING);
	if (!row)
		return;
	fputs("    <list key=\"findings\">\n      <values>\n", file);
	for (; row; row = next_of(row->next, TIMELINE_FINDING)) {
		fputs("        <string key=\"finding\" value=\"", file);
		escape_xml(file, row->message);
		fputs("\">\n", file);
		put_time(file, indent, row->time);
		put_rules(file, indent, &row->rules);
		put_string(file, indent, "severity",
			   sessionlint_severity_name(row->rules.severity));
		put_witnesses(file, indent, row);
		fputs("        </string>\n", file);
	}
	fputs("      </values>\n    </list>\n", file);
}

/* "1: HOST, boot 2, session 3, incarnation 1"; numbered, as names must differ between logs too. */
static void put_name(FILE *file, const struct timeline_incarnation *incarnation, uint64_t number)
{
	fprintf(file, "    <string key=\"concept:name\" value=\"%" PRIu64 ": ", number);
	if (incarnation->host.size > 0) {
		escape_xml(file, incarnation->host);
		fputs(", ", file);
	}
	if (incarnation->boot.size > 0) {
		fputs("boot ", file);
		escape_xml(file, incarnation->boot);
		fputs(", ", file);
	} else if (incarnation->boot_ordinal > 0) {
		fprintf(file, "boot %" PRIu64 ", ", incarnation->boot_ordinal);
	}
	fprintf(file, "session %" PRIu32 ", incarnation %" PRIu32 "\"/>\n", incarnation->session,
		incarnation->incarnation);
}

static void write_group(struct timeline_output *output,
			const struct timeline_incarnation *incarnation, bool continued)
{
	FILE *file = output->file;
	const struct timeline_row *first = incarnation->first_row;

	(void)continued;
	if (!next_of(first, TIMELINE_EVENT) && !next_of(first, TIMELINE_FINDING))
		return;
	fputs("  <trace>\n", file);
	put_name(file, incarnation, ++output->blocks);
	put_text(file, "    ", "host", incarnation->host);
	put_string(file, "    ", "source", sessionlint_source_name(incarnation->source));
	fprintf(file, "    <int key=\"session\" value=\"%" PRIu32 "\"/>\n", incarnation->session);
	put_string(file, "    ", "verdict", timeline_incarnation_verdict(incarnation));
	write_findings(file, first);
	for (const struct timeline_row *row = next_of(first, TIMELINE_EVENT); row;
	     row = next_of(row->next, TIMELINE_EVENT))
		write_event(file, row);
	fputs("  </trace>\n", file);
}

/* Of no session: it belongs to no trace. */
static void write_row(struct timeline_output *output, const struct timeline_row *row)
{
	output->omitted += row->kind == TIMELINE_FINDING;
}

static void end(struct timeline_output *output)
{
	fputs("</log>\n", output->file);
}

const struct timeline_format timeline_xes = {
	.name = "xes",
	.summary = "XES 2.0 (IEEE 1849) for process mining: a trace for each incarnation",
	.omits = "of no trace",
	.why = "XES holds nothing outside of traces",
	.begin = begin,
	.row = write_row,
	.group = write_group,
	.end = end,
};
