/* SPDX-License-Identifier: MIT */
#include "timeline/text_rows.h"

#include <inttypes.h>

#include "check/subject.h"
#include "trace/time.h"

#define STATES_MAX 40 /* columns; more are not aligned */

const char *text_time(uint64_t time, bool fine, char room[TEXT_TIME_SIZE])
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
	if (!timeline_is_step(row))
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

	if (timeline_is_step(row) && row->verdict != SESSIONLINT_VERDICT_LEGAL) {
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
	char room[TIMELINE_WORD_SIZE];

	part_add(&part, before);
	part_add(&part, file_name(place->file));
	part_add(&part, timeline_record(place, room));
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

/* A finding says by its severity what it is. */
static const char *what(const struct timeline_row *row, char room[TIMELINE_WORD_SIZE])
{
	return row->kind == TIMELINE_FINDING ? sessionlint_severity_name(row->rules.severity)
					     : timeline_what(row, room);
}

/* Word by word, as it can be longer than a line. */
static void put_message(struct line *line, struct sessionlint_text message)
{
	bool listed = false;

	while (message.size > 0) {
		const char *blank = memchr(message.data, ' ', message.size);
		size_t size = blank ? (size_t)(blank - message.data) : message.size;
		struct part word = { .listed = listed };

		part_add_text(&word, text_of(message.data, size));
		line_put(line, &word);
		listed = true;
		size += blank ? 1 : 0;
		message = text_of(message.data + size, message.size - size);
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
		from.columns = timeline_is_step(row) ? block->states : 0;
		part_add(&from, states.to[0] ? " " : "");
		part_add(&from, states.to);
	} else {
		part_add(&to, states.to);
	}
	line_put(line, &from);
	line_put(line, &to);
}

void block_put_row(struct block *block, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE], time[TEXT_TIME_SIZE];
	struct line *line = &block->line;

	line_begin(line, 2);
	line->indent = 6;
	if (block->timed)
		line_put_text(line, text_from(text_time(row->time, true, time)),
			      TEXT_TIME_SIZE - 1);
	line_put_text(line, text_from(what(row, room)), block->what);
	put_states(block, row);
	put_message(line, row->message);
	put_verdict(block, row);
	put_who(block, row);
	put_witnesses(block, row);
	line_end(line);
}

void block_measure(struct block *block, const struct timeline_row *row)
{
	char room[TIMELINE_WORD_SIZE];
	size_t columns = strlen(what(row, room));
	struct states states;

	format_states(row, &states);
	block->timed |= row->time != SESSIONLINT_NO_TIME;
	if (columns > block->what)
		block->what = columns;
	if (states.columns > block->states && states.columns <= STATES_MAX)
		block->states = states.columns;
}

void block_put_loose(struct block *block, const struct timeline_row *row)
{
	char number[NUMBER_SIZE], time[TEXT_TIME_SIZE], room[TIMELINE_WORD_SIZE];
	struct line *line = &block->line;

	block_measure(block, row);
	line_begin(line, 2);
	line->indent = 6;
	if (block->timed)
		line_put_text(line, text_from(text_time(row->time, true, time)),
			      TEXT_TIME_SIZE - 1);
	line_put_text(line, text_from(what(row, room)), 0);
	if (row->has_session) {
		snprintf(number, sizeof number, "%s %" PRIu32,
			 row->kind == TIMELINE_ANNOTATION ? "session" : session_word(row->source),
			 row->session);
		line_put_text(line, text_from(number), 0);
	}
	line_put_text(line, row->host, 0);
	put_message(line, row->message);
	put_verdict(block, row);
	put_who(block, row);
	put_witnesses(block, row);
	line_end(line);
}
