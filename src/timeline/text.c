/* SPDX-License-Identifier: MIT */
/* A timeline for people: a block for each incarnation, a line for each of its rows. */
#include <inttypes.h>

#include "check/subject.h"
#include "timeline/text_rows.h"
#include "trace/time.h"

/* ---- blocks ---- */

/* "session 3 on HOST, boot 2, incarnation 1"; for the log of Winlogon a session is a process. */
static void put_subject(struct line *line, const struct timeline_incarnation *incarnation)
{
	struct part part = { .color = "\033[1m" };
	char number[NUMBER_SIZE], boot[NUMBER_SIZE], times[NUMBER_SIZE];

	part_add(&part, incarnation->source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL
				? "winlogon "
				: "session ");
	snprintf(number, sizeof number, "%" PRIu32, incarnation->session);
	part_add(&part, number);
	if (incarnation->host.size > 0) {
		part_add(&part, " on ");
		part_add_text(&part, incarnation->host);
	}
	if (incarnation->boot.size > 0) {
		part_add(&part, ", boot ");
		part_add_text(&part, incarnation->boot);
	} else if (incarnation->boot_ordinal > 0) {
		snprintf(boot, sizeof boot, ", boot %" PRIu64, incarnation->boot_ordinal);
		part_add(&part, boot);
	}
	if (incarnation->incarnation > 1) {
		snprintf(times, sizeof times, ", incarnation %" PRIu32, incarnation->incarnation);
		part_add(&part, times);
	}
	line_put(line, &part);
}

static void put_texts(struct line *line, const char *before, const struct timeline_texts *texts)
{
	for (unsigned i = 0; i < texts->count; i++) {
		bool last = i + 1 == texts->count;
		struct part part = { .listed = i > 0 };

		part_add(&part, i == 0 ? before : "");
		part_add_text(&part, texts->list[i]);
		part_add(&part, !last ? "," : texts->more ? ", ..." : "");
		line_put(line, &part);
	}
}

static void put_incarnation_verdict(struct line *line,
				    const struct timeline_incarnation *incarnation)
{
	struct part part = { .color = incarnation->violated
					      ? severity_color(SESSIONLINT_SEVERITY_ERROR)
					      : NULL };

	part_add(&part, timeline_incarnation_verdict(incarnation));
	part_add(&part,
		 incarnation->rules.set >> SESSIONLINT_RULE_UNFINISHED & 1 ? ", unfinished" : "");
	line_put(line, &part);
}

static void put_rules(struct line *line, const struct timeline_incarnation *incarnation)
{
	static const uint64_t unfinished = UINT64_C(1) << SESSIONLINT_RULE_UNFINISHED;
	unsigned at = 0;
	const char *name;

	while ((name = timeline_next_rule(incarnation->rules.set & ~unfinished, &at))) {
		struct part part = { .color = severity_color(incarnation->rules.severity) };

		part_add(&part, "[");
		part_add(&part, name);
		part_add(&part, "]");
		line_put(line, &part);
	}
}

static void put_heading(struct timeline_output *output,
			const struct timeline_incarnation *incarnation, bool continued)
{
	struct line line = { .output = output, .indent = 4 };
	char first[TEXT_TIME_SIZE], last[TEXT_TIME_SIZE];
	struct part from = { 0 }, to = { .listed = true };

	line_begin(&line, 0);
	put_subject(&line, incarnation);
	if (continued)
		line_put_text(&line, text_from("continued"), 0);
	put_texts(&line, "", &incarnation->users);
	if (incarnation->first != SESSIONLINT_NO_TIME) {
		part_add(&from, text_time(incarnation->first, false, first));
		part_add(&to, "to ");
		part_add(&to, text_time(incarnation->last, false, last));
		part_add(&to, " UTC");
		line_put(&line, &from);
		line_put(&line, &to);
	}
	put_incarnation_verdict(&line, incarnation);
	/* otherwise they are at its rows */
	if (output->sessions)
		put_rules(&line, incarnation);
	line_end(&line);
}

static void begin_block(struct timeline_output *output)
{
	if (output->blocks++ > 0)
		putc('\n', output->file);
}

static void write_group(struct timeline_output *output,
			const struct timeline_incarnation *incarnation, bool continued)
{
	struct block block = { .line = { .output = output } };

	begin_block(output);
	output->loose = false;
	put_heading(output, incarnation, continued);
	/* the heading says who, if there is only one */
	if (incarnation->users.count == 1)
		block.user = incarnation->users.list[0];
	for (const struct timeline_row *row = incarnation->first_row; row; row = row->next)
		block_measure(&block, row);
	for (const struct timeline_row *row = incarnation->first_row; row; row = row->next)
		block_put_row(&block, row);
}

/* A row of no session, or of one of which nothing else is known yet. */
static void write_row(struct timeline_output *output, const struct timeline_row *row)
{
	struct block block = { .line = { .output = output } };

	if (!output->loose) {
		begin_block(output);
		fputs("no session\n", output->file);
	}
	output->loose = true;
	block_put_loose(&block, row);
}

/* ---- a row for each incarnation ---- */

static void put_event(struct line *line, const char *name, uint64_t time)
{
	char room[TEXT_TIME_SIZE];
	struct part part = { 0 };

	if (time == SESSIONLINT_NO_TIME)
		return;
	part_add(&part, name);
	part_add(&part, text_time(time, false, room));
	line_put(line, &part);
}

static void put_duration(struct line *line, const char *name, uint64_t duration)
{
	char room[DURATION_TEXT_SIZE];
	struct part part = { 0 };

	if (duration == 0)
		return;
	duration_format(duration, room);
	part_add(&part, name);
	part_add(&part, room);
	line_put(line, &part);
}

static void write_incarnation(struct timeline_output *output,
			      const struct timeline_incarnation *incarnation)
{
	struct line line = { .output = output, .indent = 2 };
	char room[TIMELINE_WORD_SIZE];

	put_heading(output, incarnation, false);
	line_begin(&line, 2);
	put_event(&line, "created ", incarnation->created);
	put_event(&line, "logon ", incarnation->logon);
	put_event(&line, "logoff ", incarnation->logoff);
	put_event(&line, "ended ", incarnation->ended);
	put_duration(&line, "connected ", incarnation->connected);
	put_duration(&line, "disconnected ", incarnation->disconnected);
	snprintf(room, sizeof room, "%u reconnect%s", incarnation->reconnects,
		 incarnation->reconnects == 1 ? "" : "s");
	line_put_text(&line, text_from(room), 0);
	put_texts(&line, "from ", &incarnation->addresses);
	put_texts(&line, "clients ", &incarnation->clients);
	for (unsigned i = 0; i < incarnation->reason_count; i++)
		line_put_text(&line, text_from(timeline_reason(incarnation->reasons[i], room)), 0);
	line_end(&line);
}

const struct timeline_format timeline_text = {
	.name = "text",
	.summary = "for people: a block for each session, a line for each transition",
	.has_sessions = true,
	.parts = true,
	.row = write_row,
	.group = write_group,
	.incarnation = write_incarnation,
};
