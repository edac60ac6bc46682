/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdlib.h>

#include "report/escape.h"
#include "report/html_columns.h"
#include "report/notice.h"

/* ---- findings ---- */

static void put_session(struct html_writer *writer, const void *row)
{
	const struct sessionlint_finding *finding = row;

	if (finding->has_session)
		fprintf(writer->file, "%" PRIu32, finding->session);
	else
		fputs("-1", writer->file);
}

/* 0: nothing; "drop"; or the events to insert as digits. */
static void put_repair(struct html_writer *writer, const void *row)
{
	const struct sessionlint_repair *repair =
		&((const struct sessionlint_finding *)row)->repair;

	if (repair->kind == SESSIONLINT_REPAIR_NONE) {
		fputc('0', writer->file);
		return;
	}
	fputs(repair->kind == SESSIONLINT_REPAIR_DROP ? "\"drop" : "\"", writer->file);
	for (unsigned i = 0; i < repair->count; i++)
		fputc('0' + repair->events[i], writer->file);
	fputc('"', writer->file);
}

/* The events as digits, oldest first. */
static void put_events(struct html_writer *writer, const void *row)
{
	const struct sessionlint_finding *finding = row;

	fputc('"', writer->file);
	for (unsigned i = 0; i < finding->history_count; i++)
		fputc('0' + finding->history[i].event, writer->file);
	fputc('"', writer->file);
}

/* The lines of the events: the first is a difference from the finding's own. */
static void put_lines(struct html_writer *writer, const void *row)
{
	const struct sessionlint_finding *finding = row;

	fputc('[', writer->file);
	writer->previous = number_is_exact(finding->line) ? finding->line : 0;
	for (unsigned i = 0; i < finding->history_count; i++) {
		if (i)
			fputc(',', writer->file);
		write_place(writer, finding->history[i].line);
	}
	fputc(']', writer->file);
}

#define MEMBER(name, member, kind)                                                                 \
	{                                                                                          \
		name, kind, offsetof(struct sessionlint_finding, member), NULL                     \
	}

static const struct html_column finding_columns[] = {
	MEMBER("rule", rule, HTML_NUMBER),
	MEMBER("severity", severity, HTML_NUMBER),
	MEMBER("cascade", cascade, HTML_SMALL),
	MEMBER("suppression", suppression, HTML_NUMBER),
	MEMBER("reason", reason, HTML_TEXT),
	MEMBER("file", file, HTML_PATH),
	MEMBER("line", line, HTML_PLACE),
	MEMBER("offset", offset, HTML_PLACE),
	MEMBER("time", time, HTML_TIME),
	MEMBER("host", host, HTML_TEXT),
	MEMBER("boot", boot, HTML_TEXT),
	MEMBER("ordinal", boot_ordinal, HTML_COUNT),
	MEMBER("source", source, HTML_NUMBER),
	{ "session", HTML_OTHER, 0, put_session },
	MEMBER("life", incarnation, HTML_NUMBER),
	MEMBER("event", event, HTML_NUMBER),
	MEMBER("observed", observed, HTML_NUMBER),
	MEMBER("belief", belief, HTML_SMALL),
	MEMBER("allowed", allowed, HTML_SMALL),
	MEMBER("driver", driver, HTML_TEXT),
	MEMBER("io", io, HTML_TEXT),
	MEMBER("message", message, HTML_TEXT),
	{ "repair", HTML_OTHER, 0, put_repair },
	{ "events", HTML_OTHER, 0, put_events },
	{ "lines", HTML_OTHER, 0, put_lines },
	MEMBER("older", history_omitted, HTML_COUNT),
};
#undef MEMBER

static void write_findings(struct html_writer *writer, struct html_finding *const *list,
			   uint32_t count)
{
	fputs("\"findings\":{", writer->file);
	for (size_t i = 0; i < sizeof finding_columns / sizeof finding_columns[0]; i++) {
		const struct html_column *column = &finding_columns[i];

		column_begin(writer, column, i == 0);
		for (uint32_t row = 0; row < count; row++)
			column_value(writer, column, &list[row]->finding, row == 0);
		column_end(writer);
	}
	fputs("},\n", writer->file);
}

/* ---- lives ---- */

#define MEMBER(name, member, kind)                                                                 \
	{                                                                                          \
		name, kind, offsetof(struct html_life, member), NULL                               \
	}

static const struct html_column life_columns[] = {
	MEMBER("file", file, HTML_TEXT),
	MEMBER("host", host, HTML_TEXT),
	MEMBER("boot", boot, HTML_TEXT),
	MEMBER("ordinal", boot_ordinal, HTML_COUNT),
	MEMBER("source", source, HTML_NUMBER),
	MEMBER("session", session, HTML_NUMBER),
	MEMBER("life", incarnation, HTML_NUMBER),
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
		name, kind, offsetof(struct html_slice, member), NULL                              \
	}

static const struct html_column slice_columns[] = {
	MEMBER("time", time, HTML_TIME),        MEMBER("line", line, HTML_PLACE),
	MEMBER("event", event, HTML_NUMBER),    MEMBER("kind", kind, HTML_SMALL),
	MEMBER("verdict", verdict, HTML_SMALL), MEMBER("after", after, HTML_SMALL),
};
#undef MEMBER

static void write_lives(struct html_writer *writer, struct html_life *const *list, uint32_t count)
{
	fputs("\"lives\":{", writer->file);
	for (size_t i = 0; i < sizeof life_columns / sizeof life_columns[0]; i++) {
		const struct html_column *column = &life_columns[i];

		column_begin(writer, column, i == 0);
		for (uint32_t row = 0; row < count; row++)
			column_value(writer, column, list[row], row == 0);
		column_end(writer);
	}
	fputs("},\n", writer->file);
}

/* Those of all lives in one row. */
static void write_slices(struct html_writer *writer, struct html_life *const *list, uint32_t count)
{
	fputs("\"slices\":{", writer->file);
	for (size_t i = 0; i < sizeof slice_columns / sizeof slice_columns[0]; i++) {
		const struct html_column *column = &slice_columns[i];
		bool first = true;

		column_begin(writer, column, i == 0);
		for (uint32_t row = 0; row < count; row++)
			for (uint32_t slice = 0; slice < list[row]->count; slice++) {
				column_value(writer, column, &list[row]->slices[slice], first);
				first = false;
			}
		column_end(writer);
	}
	fputs("},\n", writer->file);
}

/* ---- the rest ---- */

static void write_totals(FILE *file, const struct sessionlint_totals *totals)
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
		{ "skipped", totals->skipped },
		{ "unreadable", totals->unreadable },
		{ "lives", totals->lives },
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

	fputs("\"totals\":{", file);
	for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
		fprintf(file, "%s\"%s\":%" PRIu64, i ? "," : "", counts[i].name, counts[i].count);
	fputs("},\n", file);
}

/* An array of the text's lines. */
static void write_lines(FILE *file, const char *key, const char *text)
{
	const char *before = "";

	fprintf(file, ",\"%s\":[", key);
	while (*text) {
		size_t size = strcspn(text, "\n");

		fputs(before, file);
		escape_script(file, text_of(text, size));
		text += size + (text[size] == '\n');
		before = ",";
	}
	putc(']', file);
}

/* All rules by name; those that were broken with what they mean. */
static void write_rules(FILE *file, const struct html *html,
			const struct sessionlint_totals *totals)
{
	fputs("\"rules\":[", file);
	for (unsigned rule = 0; rule < SESSIONLINT_RULES; rule++) {
		const struct sessionlint_rule_info *info = sessionlint_rule_info(rule);

		fprintf(file, "%s\n{\"name\":\"%s\",\"count\":%" PRIu64, rule ? "," : "",
			info->name, totals->findings[rule]);
		write_lines(file, "summary", info->summary);
		if (html->broken[rule]) {
			write_lines(file, "explanation", info->explanation);
			write_lines(file, "wrong", info->wrong);
			write_lines(file, "right", info->right);
		}
		putc('}', file);
	}
	fputs("],\n", file);
}

static void write_names(FILE *file, const char *key, unsigned first,
			const char *(*name_of)(unsigned number))
{
	fprintf(file, "\"%s\":[", key);
	for (unsigned i = 0; i < first; i++)
		fputs(i ? ",null" : "null", file);
	for (unsigned number = first; name_of(number); number++)
		fprintf(file, "%s\"%s\"", number ? "," : "", name_of(number));
	fputs("],\n", file);
}

static void write_omitted(FILE *file, const struct html *html, uint32_t lives,
			  const struct sessionlint_totals *totals)
{
	const uint64_t *omitted = html->findings.omitted;

	fprintf(file,
		"\"omitted\":{\"errors\":%" PRIu64 ",\"warnings\":%" PRIu64 ",\"notes\":%" PRIu64
		",\"suppressed\":%" PRIu64 ",\"lives\":%" PRIu64 "},\n",
		omitted[SESSIONLINT_SEVERITY_ERROR], omitted[SESSIONLINT_SEVERITY_WARNING],
		omitted[SESSIONLINT_SEVERITY_NOTE], omitted[0],
		lives_are_all(&html->lives) ? 0 : totals->lives - lives);
}

#define NOTICES_MAX 1000

/* What the run has to say besides findings. */
static void write_notices(const struct report_output *output)
{
	FILE *file = output->file;

	fputs("\"notices\":[", file);
	for (size_t i = 0; i < output->notice_count && i < NOTICES_MAX; i++) {
		const struct report_notice *notice = &output->notices[i];

		fprintf(file, "%s{\"severity\":%u,\"baseline\":%s,\"place\":", i ? ",\n" : "",
			(unsigned)notice->severity, notice->entry ? "true" : "false");
		escape_script(file, path_shown(notice->file));
		fprintf(file, ",\"line\":%u,\"text\":\"", notice_line(notice));
		notice_write(file, notice, escape_script_part);
		fputs("\"}", file);
	}
	fprintf(file, "],\n\"noticesOmitted\":%zu,\n",
		output->notice_count > NOTICES_MAX ? output->notice_count - NOTICES_MAX : 0);
}

static uint64_t find_base(struct html_finding *const *findings, uint32_t finding_count,
			  struct html_life *const *lives, uint32_t life_count)
{
	uint64_t base = SESSIONLINT_NO_TIME;

	for (uint32_t i = 0; i < life_count && base == SESSIONLINT_NO_TIME; i++)
		base = lives[i]->begin_time;
	for (uint32_t i = 0; i < finding_count && base == SESSIONLINT_NO_TIME; i++)
		base = findings[i]->finding.time;
	return base;
}

/* What has to be made before anything is written. */
struct lists {
	struct html_finding **findings;
	struct html_life **lives;
	uint32_t life_count;
};

static int write_all(const struct report_output *output, struct html *html,
		     const struct lists *lists, const struct sessionlint_totals *totals)
{
	FILE *file = output->file;
	struct html_writer writer = {
		.file = file,
		.texts = &html->texts,
		.base = find_base(lists->findings, html->findings.count, lists->lives,
				  lists->life_count),
	};
	int r;

	fprintf(file, "{\"version\":\"%s\",\"status\":%d,\n", sessionlint_version(),
		output->status);
	write_totals(file, totals);
	write_notices(output);
	write_omitted(file, html, lists->life_count, totals);
	write_names(file, "states", 1, sessionlint_state_name);
	write_names(file, "eventNames", 0, sessionlint_event_name);
	write_names(file, "sources", 0, sessionlint_source_name);
	write_rules(file, html, totals);
	fputs("\"model\":", file);
	html_write_model(file, html->ledger, html->picture);
	if (writer.base == SESSIONLINT_NO_TIME)
		fputs(",\n\"base\":null,\n", file);
	else
		fprintf(file, ",\n\"base\":\"%" PRIu64 "\",\n", writer.base);
	write_findings(&writer, lists->findings, html->findings.count);
	write_lives(&writer, lists->lives, lists->life_count);
	write_slices(&writer, lists->lives, lists->life_count);
	r = parts_write(&html->parts, &html->texts, file);
	writer.error = writer.error < 0 ? writer.error : r;
	fputs("\"texts\":", file);
	texts_write(&html->texts, file);
	fputs("}\n", file);
	return writer.error;
}

int html_write_data(const struct report_output *output, struct html *html,
		    const struct sessionlint_totals *totals)
{
	struct lists lists = { 0 };
	int r = findings_ordered(&html->findings, &lists.findings);

	if (r == 0)
		r = lives_ordered(&html->lives, &lists.lives, &lists.life_count);
	if (r == 0)
		r = write_all(output, html, &lists, totals);
	free(lists.findings);
	free(lists.lives);
	return r;
}
