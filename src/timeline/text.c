/* SPDX-License-Identifier: MIT */
/* A timeline for people: a block for each incarnation, a line for each of its rows. */
#include <inttypes.h>

#include "base/escape.h"
#include "check/subject.h"
#include "timeline/timeline.h"
#include "timeline/words.h"
#include "trace/time.h"

#define NUMBER_SIZE    32
#define TEXT_TIME_SIZE 24 /* 2020-08-01 21:17:21.123 */
#define PIECES_MAX     12
#define STATES_MAX     40 /* columns; more are not aligned */

/* ---- lines ---- */

/* A line that is broken between its parts where it would be too long. */
struct line {
	const struct timeline_output *output;
	size_t at;     /* the column */
	size_t indent; /* of what comes after a break */
	size_t gap;    /* blanks before the next part; 0: it is the first since a break */
};

/* A part of a line, which is not broken: it is cut if it has no room on a line of its own. */
struct part {
	struct sessionlint_text pieces[PIECES_MAX];
	unsigned count;
	const char *color; /* NULL: none */
	bool listed;       /* it continues a list: a single blank comes before it */
	size_t columns;    /* it takes at least these, if something comes after it */
};

static void part_add(struct part *part, const char *text)
{
	if (part->count < PIECES_MAX)
		part->pieces[part->count++] = text_from(text);
}

static void part_add_text(struct part *part, struct sessionlint_text text)
{
	if (part->count < PIECES_MAX && text.size > 0)
		part->pieces[part->count++] = text;
}

static size_t part_columns(const struct part *part)
{
	size_t columns = 0;

	for (unsigned i = 0; i < part->count; i++)
		columns += escape_columns(part->pieces[i]);
	return columns;
}

static void line_begin(struct line *line, size_t indent)
{
	fprintf(line->output->file, "%*s", (int)indent, "");
	line->at = indent;
	line->gap = 0;
}

static void line_put(struct line *line, const struct part *part)
{
	FILE *file = line->output->file;
	size_t columns = part_columns(part), width = line->output->width, room;
	bool colored = part->color && line->output->color;

	if (columns == 0 && part->columns == 0)
		return;
	if (part->listed && line->gap > 1)
		line->gap = 1;
	if (line->gap > 0 && line->at + line->gap + columns > width) {
		putc('\n', file);
		line_begin(line, line->indent);
	}
	/* blanks come with what is after them: no line ends in some */
	if (columns > 0) {
		fprintf(file, "%*s", (int)line->gap, "");
		line->at += line->gap;
		line->gap = 0;
	}
	room = width > line->at ? width - line->at : 0;
	fputs(colored ? part->color : "", file);
	for (unsigned i = 0; i < part->count; i++) {
		size_t piece = escape_columns(part->pieces[i]);
		size_t fits = piece < room ? piece : room;

		escape_cut(file, part->pieces[i], fits);
		room -= fits;
		line->at += fits;
	}
	fputs(colored ? "\033[0m" : "", file);
	line->gap += 2;
	if (columns < part->columns)
		line->gap += part->columns - columns;
}

static void line_put_text(struct line *line, struct sessionlint_text text, size_t columns)
{
	struct part part = { .columns = columns };

	part_add_text(&part, text);
	line_put(line, &part);
}

static void line_end(struct line *line)
{
	putc('\n', line->output->file);
}

/* ---- words ---- */

/* Date and time in UTC, to the millisecond or to the second. */
static const char *format_time(uint64_t time, bool fine, char room[TEXT_TIME_SIZE])
{
	char text[TIME_TEXT_SIZE];

	if (time == SESSIONLINT_NO_TIME)
		return "";
	time_format(time - time % 10000000, text);
	text[10] = ' ';
	if (fine)
		snprintf(room, TEXT_TIME_SIZE, "%.19s.%03u", text,
			 (unsigned)(time % 10000000 / 10000));
	else
		snprintf(room, TEXT_TIME_SIZE, "%.19s", text);
	return room;
}

static bool is_verdict_bad(enum sessionlint_verdict verdict)
{
	return verdict == SESSIONLINT_VERDICT_ILLEGAL ||
	       verdict == SESSIONLINT_VERDICT_CONTRADICTED;
}

static const char *state_words(sessionlint_belief belief, char room[TIMELINE_WORD_SIZE])
{
	return __builtin_popcount(belief) > 3 ? "any state" : timeline_states(belief, "|", room);
}

/* The states of a row: "Connected" and "-> LoggedOn"; the first alone if it stays the same. */
struct states {
	char from[TIMELINE_WORD_SIZE], to[TIMELINE_WORD_SIZE];
	size_t columns; /* of both, with a blank between them */
};

static void format_states(const struct timeline_row *row, struct states *states)
{
	char room[TIMELINE_WORD_SIZE];

	*states = (struct states) { 0 };
	if (row->kind == TIMELINE_ANNOTATION)
		return;
	if (row->from == row->to || !row->from || !row->to) {
		snprintf(states->from, sizeof states->from, "%s",
			 state_words(row->to ? row->to : row->from, room));
	} else {
		snprintf(states->from, sizeof states->from, "%s", state_words(row->from, room));
		snprintf(states->to, sizeof states->to, "-> %.*s", TIMELINE_WORD_SIZE - 4,
			 state_words(row->to, room));
	}
	states->columns = strlen(states->from) + strlen(states->to) +
			  (states->to[0] ? strlen(" ") : 0);
}

/* The name of a file without its folder. */
static const char *file_name(const char *path)
{
	const char *name = path;

	for (; *path; path++)
		if ((*path == '/' || *path == '\\') && path[1])
			name = path + 1;
	return name;
}

/* ---- rows ---- */

/* The widths of the columns of a block, and what its last row said of the user. */
struct block {
	struct line line;
	bool timed;
	size_t what, states;
	struct sessionlint_text user, address, client;
};

/* Who and from where, if the last row did not say the same; and why. */
static void put_who(struct block *block, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE], number[NUMBER_SIZE];
	struct part part = { 0 };
	const char *reason = timeline_reason(row->reason, room), *before = "";

	if (row->user.size > 0 && !text_equal(row->user, block->user)) {
		part_add_text(&part, row->domain);
		part_add(&part, row->domain.size > 0 ? "\\" : "");
		part_add_text(&part, row->user);
		before = " ";
	}
	if (row->address.size > 0 && !text_equal(row->address, block->address)) {
		part_add(&part, before);
		part_add(&part, "from ");
		part_add_text(&part, row->address);
		before = " ";
	}
	if (row->client.size > 0 && !text_equal(row->client, block->client)) {
		part_add(&part, before);
		part_add(&part, "(");
		part_add_text(&part, row->client);
		part_add(&part, ")");
	}
	line_put(&block->line, &part);
	block->user = row->user;
	block->address = row->address;
	block->client = row->client;
	if (reason)
		line_put_text(&block->line, text_from(reason), 0);
	if (row->logon_type != SESSIONLINT_NO_REASON) {
		snprintf(number, sizeof number, "logon type %" PRIu32, row->logon_type);
		line_put_text(&block->line, text_from(number), 0);
	}
}

static void put_verdict(struct block *block, const struct timeline_row *row)
{
	struct part verdict = { .color = severity_color(is_verdict_bad(row->verdict)
								? SESSIONLINT_SEVERITY_ERROR
								: SESSIONLINT_SEVERITY_WARNING) };
	unsigned at = 0;
	const char *name;

	if (row->kind != TIMELINE_ANNOTATION && row->verdict != SESSIONLINT_VERDICT_LEGAL) {
		part_add(&verdict, timeline_verdict_name(row->verdict));
		line_put(&block->line, &verdict);
	}
	while ((name = timeline_next_rule(row->rules.set, &at))) {
		struct part rule = { .color = severity_color(row->rules.severity) };

		part_add(&rule, "[");
		part_add(&rule, name);
		part_add(&rule, "]");
		line_put(&block->line, &rule);
	}
}

static void put_place(struct block *block, const char *before, const struct timeline_place *place,
		      const char *after, bool listed)
{
	struct part part = { .listed = listed };
	char number[NUMBER_SIZE];

	snprintf(number, sizeof number, ":%" PRIu64, place->record);
	part_add(&part, before);
	part_add(&part, file_name(place->file));
	part_add(&part, number);
	part_add(&part, after);
	line_put(&block->line, &part);
}

/* The records that show it, or between which it is. */
static void put_witnesses(struct block *block, const struct timeline_row *row)
{
	for (unsigned i = 0; i < row->witness_count; i++)
		put_place(block, "", &row->witnesses[i], i + 1 < row->witness_count ? "," : "",
			  i > 0);
	if (!row->unseen)
		return;
	if (row->before.file) {
		put_place(block, "unseen, between ", &row->before, "", false);
		put_place(block, "and ", &row->after, "", true);
	} else {
		put_place(block, "unseen, before ", &row->after, "", false);
	}
}

/* In one part, unless it is too long for a line of its own. */
static void put_states(struct block *block, const struct timeline_row *row)
{
	struct line *line = &block->line;
	struct part from = { 0 }, to = { .listed = true };
	struct states states;

	format_states(row, &states);
	part_add(&from, states.from);
	if (line->indent + states.columns <= line->output->width) {
		from.columns = row->kind == TIMELINE_ANNOTATION ? 0 : block->states;
		part_add(&from, states.to[0] ? " " : "");
		part_add(&from, states.to);
	} else {
		part_add(&to, states.to);
	}
	line_put(line, &from);
	line_put(line, &to);
}

static void put_row(struct block *block, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE], time[TEXT_TIME_SIZE];
	struct line *line = &block->line;

	line_begin(line, 2);
	line->indent = 6;
	if (block->timed)
		line_put_text(line, text_from(format_time(row->time, true, time)),
			      TEXT_TIME_SIZE - 1);
	line_put_text(line, text_from(timeline_what(row, room)), block->what);
	put_states(block, row);
	put_verdict(block, row);
	put_who(block, row);
	put_witnesses(block, row);
	line_end(line);
}

static void measure(struct block *block, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];
	size_t what = strlen(timeline_what(row, room));
	struct states states;

	format_states(row, &states);
	block->timed |= row->time != SESSIONLINT_NO_TIME;
	if (what > block->what)
		block->what = what;
	if (states.columns > block->states && states.columns <= STATES_MAX)
		block->states = states.columns;
}

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

/* What was found about records that are no rows. */
static void put_other_rules(struct line *line, const struct timeline_incarnation *incarnation)
{
	static const uint64_t unfinished = UINT64_C(1) << SESSIONLINT_RULE_UNFINISHED;
	unsigned at = 0;
	const char *name;

	while ((name = timeline_next_rule(
			incarnation->rules.set & ~incarnation->shown & ~unfinished, &at))) {
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
		part_add(&from, format_time(incarnation->first, false, first));
		part_add(&to, "to ");
		part_add(&to, format_time(incarnation->last, false, last));
		part_add(&to, " UTC");
		line_put(&line, &from);
		line_put(&line, &to);
	}
	put_incarnation_verdict(&line, incarnation);
	put_other_rules(&line, incarnation);
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
		measure(&block, row);
	for (const struct timeline_row *row = incarnation->first_row; row; row = row->next)
		put_row(&block, row);
}

/* An annotation of no session, or of one of which nothing else is known yet. */
static void write_row(struct timeline_output *output, const struct timeline_row *row)
{
	struct block block = { .line = { .output = output } };
	char number[NUMBER_SIZE];

	if (!output->loose) {
		begin_block(output);
		fputs("no session\n", output->file);
	}
	output->loose = true;
	measure(&block, row);
	line_begin(&block.line, 2);
	block.line.indent = 6;
	if (block.timed)
		line_put_text(&block.line,
			      text_from(format_time(row->time, true, (char[TEXT_TIME_SIZE]) { 0 })),
			      TEXT_TIME_SIZE - 1);
	line_put_text(&block.line, text_from(timeline_what(row, (char[TIMELINE_WORD_SIZE]) { 0 })),
		      0);
	if (row->has_session) {
		snprintf(number, sizeof number, "session %" PRIu32, row->session);
		line_put_text(&block.line, text_from(number), 0);
	}
	line_put_text(&block.line, row->host, 0);
	put_who(&block, row);
	put_witnesses(&block, row);
	line_end(&block.line);
}

/* ---- a row for each incarnation ---- */

static void put_event(struct line *line, const char *name, uint64_t time)
{
	char room[TEXT_TIME_SIZE];
	struct part part = { 0 };

	if (time == SESSIONLINT_NO_TIME)
		return;
	part_add(&part, name);
	part_add(&part, format_time(time, false, room));
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
