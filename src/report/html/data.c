/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "report/html/columns.h"
#include "report/notice.h"

/* ---- findings ---- */

static void put_session(struct html_writer *writer, const void *row)
{
	const struct sessionlint_finding *finding = &((const struct html_finding *)row)->finding;

	json_signed(writer->json, finding->has_session ? (int64_t)finding->session : -1);
}

/* 0: no repair; "drop"; or the events to insert as digits. */
static void put_repair(struct html_writer *writer, const void *row)
{
	const struct sessionlint_repair *repair =
		&((const struct html_finding *)row)->finding.repair;
	FILE *file;

	if (repair->kind == SESSIONLINT_REPAIR_NONE) {
		json_number(writer->json, 0);
		return;
	}
	file = json_string_begin(writer->json);
	fputs(repair->kind == SESSIONLINT_REPAIR_DROP ? "drop" : "", file);
	for (unsigned i = 0; i < repair->count; i++)
		fputc('0' + repair->events[i], file);
	json_string_end(writer->json);
}

/* The events as digits, oldest first. */
static void put_events(struct html_writer *writer, const void *row)
{
	const struct sessionlint_finding *finding = &((const struct html_finding *)row)->finding;
	FILE *file = json_string_begin(writer->json);

	for (unsigned i = 0; i < finding->history_count; i++)
		fputc('0' + finding->history[i].event, file);
	json_string_end(writer->json);
}

/* The lines of the events, one after the other for all findings; the first is relative to the
 * finding's. */
static void put_lines(struct html_writer *writer, const void *row)
{
	const struct sessionlint_finding *finding = &((const struct html_finding *)row)->finding;

	writer->previous = number_is_exact(finding->line) ? finding->line : 0;
	for (unsigned i = 0; i < finding->history_count; i++)
		write_place(writer, finding->history[i].line);
}

/* The file, line and source of each witness, one after the other. */
static void put_witnesses(struct html_writer *writer, const void *row)
{
	const struct sessionlint_finding *finding = &((const struct html_finding *)row)->finding;

	json_open(writer->json, '[');
	for (unsigned i = 0; i < finding->witness_count; i++) {
		write_text(writer, text_from(finding->witnesses[i].file));
		write_count(writer, finding->witnesses[i].line);
		json_number(writer->json, finding->witnesses[i].source);
	}
	json_close(writer->json);
}

static bool has_no_witnesses(const void *row)
{
	return ((const struct html_finding *)row)->finding.witness_count == 0;
}

static bool has_no_repair(const void *row)
{
	return ((const struct html_finding *)row)->finding.repair.kind == SESSIONLINT_REPAIR_NONE;
}

static bool has_no_session(const void *row)
{
	return !((const struct html_finding *)row)->finding.has_session;
}

#define MEMBER(name, member, kind)                                                                 \
	{                                                                                          \
		name, kind, offsetof(struct html_finding, finding.member), NULL, NULL              \
	}

static const struct html_column finding_columns[] = {
	MEMBER("rule", rule, HTML_NUMBER),
	MEMBER("severity", severity, HTML_NUMBER),
	MEMBER("cascade", cascade, HTML_SMALL),
	MEMBER("suppression", suppression, HTML_NUMBER),
	MEMBER("reason", reason, HTML_TEXT),
	MEMBER("file", file, HTML_PATH),
	MEMBER("log", log, HTML_PATH),
	MEMBER("line", line, HTML_PLACE),
	MEMBER("offset", offset, HTML_PLACE),
	MEMBER("time", time, HTML_TIME),
	MEMBER("host", host, HTML_TEXT),
	MEMBER("boot", boot, HTML_TEXT),
	MEMBER("ordinal", boot_ordinal, HTML_COUNT),
	MEMBER("source", source, HTML_NUMBER),
	{ "session", HTML_OTHER, 0, put_session, has_no_session },
	MEMBER("incarnation", incarnation, HTML_NUMBER),
	MEMBER("event", event, HTML_NUMBER),
	MEMBER("observed", observed, HTML_NUMBER),
	MEMBER("belief", belief, HTML_SMALL),
	MEMBER("allowed", allowed, HTML_SMALL),
	MEMBER("driver", driver, HTML_TEXT),
	MEMBER("io", io, HTML_TEXT),
	MEMBER("user", user, HTML_TEXT),
	MEMBER("address", address, HTML_TEXT),
	MEMBER("message", message, HTML_TEXT),
	{ "repair", HTML_OTHER, 0, put_repair, has_no_repair },
	{ "events", HTML_OTHER, 0, put_events, NULL },
	{ "lines", HTML_OTHER, 0, put_lines, NULL },
	MEMBER("older", history_omitted, HTML_COUNT),
	{ "unseen", HTML_SMALL, offsetof(struct html_finding, unseen), NULL, NULL },
	{ "witnesses", HTML_OTHER, 0, put_witnesses, has_no_witnesses },
};
#undef MEMBER

static const void *finding_row(const void *list, uint32_t element, uint32_t row)
{
	return row == 0 ? ((struct html_finding *const *)list)[element] : NULL;
}

static void write_findings(struct html_writer *writer, struct html_finding *const *list,
			   uint32_t count)
{
	const struct html_rows rows = { list, count, finding_row };

	table_write(writer, "findings", finding_columns,
		    sizeof finding_columns / sizeof finding_columns[0], &rows);
}

/* ---- incarnations ---- */

#define MEMBER(name, member, kind)                                                                 \
	{                                                                                          \
		name, kind, offsetof(struct html_incarnation, member), NULL, NULL                  \
	}

static const struct html_column incarnation_columns[] = {
	MEMBER("file", file, HTML_TEXT),
	MEMBER("host", host, HTML_TEXT),
	MEMBER("boot", boot, HTML_TEXT),
	MEMBER("ordinal", boot_ordinal, HTML_COUNT),
	MEMBER("source", source, HTML_NUMBER),
	MEMBER("session", session, HTML_NUMBER),
	MEMBER("incarnation", incarnation, HTML_NUMBER),
	MEMBER("user", user, HTML_TEXT),
	MEMBER("address", address, HTML_TEXT),
	MEMBER("client", client, HTML_TEXT),
	MEMBER("late", late, HTML_SMALL),
	MEMBER("beginTime", begin_time, HTML_TIME),
	MEMBER("beginLine", begin_line, HTML_PLACE),
	MEMBER("endTime", end_time, HTML_TIME),
	MEMBER("endLine", end_line, HTML_PLACE),
	MEMBER("slices", count, HTML_NUMBER),
	MEMBER("omitted", omitted, HTML_COUNT),
};
#undef MEMBER

#define MEMBER(name, member, kind)                                                                 \
	{                                                                                          \
		name, kind, offsetof(struct html_slice, member), NULL, NULL                        \
	}

static const struct html_column slice_columns[] = {
	MEMBER("time", time, HTML_TIME),        MEMBER("line", line, HTML_PLACE),
	MEMBER("event", event, HTML_NUMBER),    MEMBER("kind", kind, HTML_SMALL),
	MEMBER("verdict", verdict, HTML_SMALL), MEMBER("after", after, HTML_SMALL),
};
#undef MEMBER

static const void *incarnation_row(const void *list, uint32_t element, uint32_t row)
{
	return row == 0 ? ((struct html_incarnation *const *)list)[element] : NULL;
}

static const void *slice_row(const void *list, uint32_t element, uint32_t row)
{
	const struct html_incarnation *incarnation =
		((struct html_incarnation *const *)list)[element];

	return row < incarnation->count ? &incarnation->slices[row] : NULL;
}

/* And the slices of all of them, in one table. */
static void write_incarnations(struct html_writer *writer, struct html_incarnation *const *list,
			       uint32_t count)
{
	const struct html_rows rows = { list, count, incarnation_row };
	const struct html_rows slices = { list, count, slice_row };

	table_write(writer, "incarnations", incarnation_columns,
		    sizeof incarnation_columns / sizeof incarnation_columns[0], &rows);
	table_write(writer, "slices", slice_columns, sizeof slice_columns / sizeof slice_columns[0],
		    &slices);
}

/* ---- the rest ---- */

static void write_totals(struct json_writer *json, const struct run_totals *totals)
{
	const struct {
		const char *name;
		uint64_t count;
	} counts[] = {
		{ "files", totals->files },
		{ "bytes", totals->bytes },
		{ "records", totals->records },
		{ "events", totals->events },
		{ "markers", totals->markers },
		{ "notifications", totals->notifications },
		{ "calls", totals->calls },
		{ "objects", totals->objects },
		{ "registrations", totals->registrations },
		{ "noted", totals->noted },
		{ "annotations", totals->annotations },
		{ "skipped", totals->skipped },
		{ "unreadable", totals->unreadable },
		{ "incarnations", totals->incarnations },
		{ "conforming", totals->conforming },
		{ "violating", totals->violating },
		{ "undetermined", totals->undetermined },
		{ "unfinished", totals->unfinished },
		{ "forgotten", totals->forgotten },
		{ "livePeak", totals->live_peak },
		{ "errors", totals->severities[SESSIONLINT_SEVERITY_ERROR] },
		{ "warnings", totals->severities[SESSIONLINT_SEVERITY_WARNING] },
		{ "notes", totals->severities[SESSIONLINT_SEVERITY_NOTE] },
		{ "cascades", totals->cascades },
		{ "suppressed", totals->suppressed },
	};

	json_line(json, "\n");
	json_member_open(json, "totals", '{');
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		json_member_number(json, counts[i].name, counts[i].count);
	json_close(json);
}

/* An array of the text's lines. */
static void write_lines(struct json_writer *json, const char *key, const char *text)
{
	json_member_open(json, key, '[');
	while (*text) {
		size_t size = strcspn(text, "\n");

		json_text(json, text_of(text, size));
		text += size + (text[size] == '\n');
	}
	json_close(json);
}

/* All rules by name; broken ones with their explanation. */
static void write_rules(struct json_writer *json, const struct html *html,
			const struct run_totals *totals)
{
	json_line(json, "\n");
	json_member_open(json, "rules", '[');
	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		const struct sessionlint_rule_info *info = sessionlint_rule_info(rule);

		json_line(json, "\n");
		json_open(json, '{');
		json_member_string(json, "name", info->name);
		json_member_number(json, "count", totals->findings[rule]);
		write_lines(json, "summary", info->summary);
		if (html->broken[rule]) {
			write_lines(json, "explanation", info->explanation);
			write_lines(json, "wrong", info->wrong);
			write_lines(json, "right", info->right);
		}
		json_close(json);
	}
	json_close(json);
}

/* Names by number, from @first. */
static void write_names(struct json_writer *json, const char *key, unsigned first,
			const char *(*name_of)(unsigned number))
{
	json_line(json, "\n");
	json_member_open(json, key, '[');
	for (unsigned i = 0; i < first; i++)
		json_null(json);
	for (unsigned number = first; name_of(number); number++)
		json_string(json, name_of(number));
	json_close(json);
}

static void write_omitted(struct json_writer *json, const struct html *html, uint32_t incarnations,
			  const struct run_totals *totals)
{
	const uint64_t *omitted = html->findings.omitted;

	json_line(json, "\n");
	json_member_open(json, "omitted", '{');
	json_member_number(json, "errors", omitted[SESSIONLINT_SEVERITY_ERROR]);
	json_member_number(json, "warnings", omitted[SESSIONLINT_SEVERITY_WARNING]);
	json_member_number(json, "notes", omitted[SESSIONLINT_SEVERITY_NOTE]);
	json_member_number(json, "suppressed", omitted[0]);
	json_member_number(json, "annotations", html->annotations.omitted);
	json_member_number(json, "incarnations",
			   incarnations_are_all(&html->incarnations)
				   ? 0
				   : totals->incarnations - incarnations);
	json_close(json);
}

#define NOTICES_MAX 1000

/* The notices of the run. */
static void write_notices(struct json_writer *json, const struct report_output *output)
{
	size_t shown = output->notice_count < NOTICES_MAX ? output->notice_count : NOTICES_MAX;

	json_line(json, "\n");
	json_member_open(json, "notices", '[');
	for (size_t i = 0; i < shown; i++) {
		const struct report_notice *notice = &output->notices[i];

		json_line(json, "\n");
		json_open(json, '{');
		json_member_number(json, "severity", notice->severity);
		json_member_bool(json, "baseline", notice->entry != NULL);
		json_member_text(json, "place", path_shown(notice->file));
		json_member_number(json, "line", notice_line(notice));
		json_key(json, "text");
		notice_write(json_string_begin(json), notice, escape_script);
		json_string_end(json);
		json_close(json);
	}
	json_close(json);
	json_line(json, "\n");
	json_member_number(json, "noticesOmitted", output->notice_count - shown);
}

static uint64_t find_base(struct html_finding *const *findings, uint32_t finding_count,
			  struct html_incarnation *const *incarnations, uint32_t incarnation_count)
{
	uint64_t base = SESSIONLINT_NO_TIME;

	for (uint32_t i = 0; i < incarnation_count && base == SESSIONLINT_NO_TIME; i++)
		base = incarnations[i]->begin_time;
	for (uint32_t i = 0; i < finding_count && base == SESSIONLINT_NO_TIME; i++)
		base = findings[i]->finding.time;
	return base;
}

/* What has to be prepared before anything is written. */
struct lists {
	struct html_finding **findings;
	struct html_incarnation **incarnations;
	uint32_t incarnation_count;
};

static int write_all(const struct report_output *output, struct html *html,
		     const struct lists *lists, const struct run_totals *totals)
{
	struct json_writer json;
	struct html_writer writer = {
		.json = &json,
		.texts = &html->texts,
		.base = find_base(lists->findings, html->findings.count, lists->incarnations,
				  lists->incarnation_count),
	};
	int r;

	json_writer_init(&json, output->file, escape_script);
	json_open(&json, '{');
	json_member_string(&json, "version", sessionlint_version());
	json_member_number(&json, "status", (unsigned)output->status);
	write_totals(&json, totals);
	write_notices(&json, output);
	write_omitted(&json, html, lists->incarnation_count, totals);
	write_names(&json, "states", 1, sessionlint_state_name);
	write_names(&json, "eventNames", 0, sessionlint_event_name);
	write_names(&json, "sources", 0, sessionlint_source_name);
	write_rules(&json, html, totals);
	json_line(&json, "\n");
	json_key(&json, "model");
	html_write_model(&json, html->ledger, html->picture);
	json_line(&json, "\n");
	json_key(&json, "base");
	if (writer.base == SESSIONLINT_NO_TIME)
		json_null(&json);
	else
		fprintf(json_value(&json), "\"%" PRIu64 "\"", writer.base);
	html_write_run(&writer, output->run);
	write_findings(&writer, lists->findings, html->findings.count);
	write_incarnations(&writer, lists->incarnations, lists->incarnation_count);
	html_write_witnesses(&writer, lists->incarnations, lists->incarnation_count);
	html_write_annotations(&writer, &html->annotations);
	write_names(&json, "annotationNames", 0, sessionlint_annotation_name);
	json_line(&json, "\n");
	json_key(&json, "parts");
	r = parts_write(&html->parts, &html->texts, &json);
	writer.error = writer.error < 0 ? writer.error : r;
	json_line(&json, "\n");
	json_key(&json, "texts");
	texts_write(&html->texts, &json);
	json_finish(&json);
	return writer.error;
}

int html_write_data(const struct report_output *output, struct html *html,
		    const struct run_totals *totals)
{
	struct lists lists = { 0 };
	int r = findings_ordered(&html->findings, &lists.findings);

	if (r == 0)
		r = incarnations_ordered(&html->incarnations, &lists.incarnations,
					 &lists.incarnation_count);
	if (r == 0)
		r = write_all(output, html, &lists, totals);
	free(lists.findings);
	free(lists.incarnations);
	return r;
}
