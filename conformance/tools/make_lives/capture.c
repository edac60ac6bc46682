/* SPDX-License-Identifier: MIT */
#include "capture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- numbers ---- */

bool capture_is_numbered(const struct plan *plan, const struct record *record)
{
	if (plan->numbering == NUMBERED_NOT || record->kind == END)
		return false;
	if (plan->numbering == NUMBERED_BY_DRIVER)
		return record->kind == NOTIFIED || record->kind == REGISTERED;
	return !plan->bare || record->kind < BOOT;
}

unsigned capture_scope(const struct plan *plan, const struct record *record)
{
	switch (plan->numbering) {
	case NUMBERED_NOT:
	case NUMBERED_BY_HOST:
		return record->host * DRIVERS_MAX;
	case NUMBERED_BY_TRACE:
		return 0;
	case NUMBERED_BY_DRIVER:
		return record->host * DRIVERS_MAX + record->driver;
	}
	return 0;
}

/* Numbers what a counter has seen; a counter does not see what a capture says that it has lost. */
static void number(const struct plan *plan, struct records *records)
{
	uint64_t last[SCOPES];
	unsigned boots[SCOPES] = { 0 };

	for (unsigned i = 0; i < SCOPES; i++)
		last[i] = plan->first - 1;
	for (size_t i = 0; i < records->count; i++) {
		struct record *record = &records->list[i];
		unsigned scope = capture_scope(plan, record);

		if (!capture_is_numbered(plan, record) ||
		    (record->lost && plan->losses == LOSES_TOLD))
			continue;
		if (plan->restarts && record->boot != boots[scope])
			last[scope] = plan->first - 1;
		boots[scope] = record->boot;
		record->seq = ++last[scope];
		if (plan->wraps)
			record->seq &= UINT32_MAX;
	}
}

/* ---- losses ---- */

/* Whether nobody could know what was lost with the record: where numbers begin again. */
static bool is_needed(const struct plan *plan, const struct record *record)
{
	return record->kind == END || record->kind == GAP ||
	       (record->kind == BOOT && plan->restarts);
}

static unsigned burst(struct random *random)
{
	unsigned count = 1;

	while (count < 40 && random_chance(random, 550))
		count++;
	return count;
}

/* Loses records one after the other, of one scope each. */
static void lose_bursts(struct random *random, const struct plan *plan, struct records *records)
{
	unsigned left[SCOPES] = { 0 }, boots[SCOPES] = { 0 };

	for (size_t i = 0; i < records->count; i++) {
		struct record *record = &records->list[i];
		unsigned scope = plan->losses == LOSES_TOLD ? record->host
							    : capture_scope(plan, record);

		/* a marker says what is missing before the boot alone */
		if (plan->losses == LOSES_TOLD && record->boot != boots[scope])
			left[scope] = 0;
		boots[scope] = record->boot;
		if (is_needed(plan, record) ||
		    (plan->losses == LOSES_COUNTED && !capture_is_numbered(plan, record)))
			continue;
		if (left[scope] > 0) {
			record->lost = true;
			left[scope]--;
		} else if (random_chance(random, plan->lost)) {
			left[scope] = burst(random) - 1;
			record->lost = true;
			/* the capture has it that something is missing, in the place of the first
			 */
			if (plan->losses == LOSES_TOLD)
				*record = (struct record) {
					.kind = GAP,
					.host = record->host,
					.boot = record->boot,
				};
		}
	}
}

/*
 * Loses the first records of some hosts, or of some of their drivers. Where hosts count for
 * themselves it is the whole host: if one has lost each second record, those of one of two drivers
 * that are notified in turn, and another host the others, their numbers are those of one count in
 * which nothing is missing, and nobody can know otherwise as long as both go on losing.
 */
static void lose_first(struct random *random, const struct plan *plan, struct records *records)
{
	unsigned left[SCOPES];

	for (unsigned i = 0; i < SCOPES; i++)
		left[i] = random_chance(random, 600) ? 2 + burst(random) : 0;
	for (size_t i = 0; i < records->count; i++) {
		struct record *record = &records->list[i];
		unsigned whole = record->host * DRIVERS_MAX, scope = whole + record->driver;

		if (plan->numbering == NUMBERED_BY_HOST)
			scope = whole;
		if (is_needed(plan, record) || !capture_is_numbered(plan, record) ||
		    left[scope] == 0)
			continue;
		left[scope]--;
		record->lost = true;
	}
}

/*
 * A count begins with 0 or 1: nobody can know that something is lost before the first number that
 * is kept if that is one of them. Where the count has begun otherwise, what comes before it is
 * kept. Nor can anybody know that a count has wrapped if nothing from before that is kept.
 */
static void lose_nothing_unseen(const struct plan *plan, struct records *records)
{
	struct record *before[SCOPES] = { NULL };
	bool kept[SCOPES] = { false };

	if (plan->losses == LOSES_TOLD)
		return;
	for (size_t i = 0; i < records->count; i++) {
		struct record *record = &records->list[i];
		unsigned scope = capture_scope(plan, record);

		if (!capture_is_numbered(plan, record))
			continue;
		if (plan->restarts && before[scope] && record->seq < before[scope]->seq) {
			before[scope] = NULL;
			kept[scope] = false;
		}
		if (!kept[scope] && !record->lost && record->seq <= 1 && before[scope])
			before[scope]->lost = false;
		kept[scope] |= !record->lost;
		if (plan->wraps && record->seq == UINT32_MAX && !kept[scope]) {
			record->lost = false;
			kept[scope] = true;
		}
		before[scope] = record;
	}
}

static void lose(struct random *random, const struct plan *plan, struct records *records)
{
	switch (plan->losses) {
	case LOSES_NOTHING:
		break;
	case LOSES_COUNTED:
	case LOSES_TOLD:
		lose_bursts(random, plan, records);
		break;
	case LOSES_FIRST:
		lose_first(random, plan, records);
		break;
	}
}

/* ---- the order of the file ---- */

static void lines_add(struct lines *lines, uint64_t place, size_t record)
{
	if (lines->count == lines->room) {
		lines->room = lines->room ? 2 * lines->room : 1024;
		lines->list = realloc(lines->list, lines->room * sizeof *lines->list);
		if (!lines->list) {
			perror("make_lives");
			exit(2);
		}
	}
	lines->list[lines->count++] = (struct line) { place, (uint32_t)record };
}

static int lines_compare(const void *a, const void *b)
{
	const struct line *one = a, *other = b;

	if (one->place != other->place)
		return one->place < other->place ? -1 : 1;
	return one->record < other->record ? -1 : one->record > other->record;
}

/* Notes the records that nothing moves past: those with which numbers begin again,
 * and markers without a number. */
static void find_barriers(const struct plan *plan, struct records *records)
{
	unsigned boots[HOSTS_MAX] = { 0 };

	for (size_t i = 0; i < records->count; i++) {
		struct record *record = &records->list[i];
		bool marks = record->kind == BOOT || record->kind == GAP ||
			     record->kind == SHUTDOWN;

		record->barrier = (marks && !capture_is_numbered(plan, record)) ||
				  (plan->restarts && record->boot != boots[record->host]);
		boots[record->host] = record->boot;
	}
}

/* A place up to @distance after the turn of a record, and before the next barrier, which is at its
 * turn. */
static uint64_t place_after(struct random *random, uint64_t turn, unsigned distance,
			    uint64_t barrier)
{
	uint64_t place = turn + 2 * (uint64_t)random_below(random, distance + 1);

	return place < barrier ? place : barrier - 1;
}

/* Finds the lines of the records, also of those that are there twice; not yet in their order. */
static void place(struct random *random, const struct plan *plan, struct records *records,
		  struct lines *lines)
{
	uint64_t barriers[HOSTS_MAX];

	for (unsigned i = 0; i < HOSTS_MAX; i++)
		barriers[i] = UINT64_MAX;
	find_barriers(plan, records);
	/* from the end, where the next barrier is known */
	for (size_t i = records->count; i-- > 0;) {
		struct record *record = &records->list[i];
		/* numbers of a trace put records of all hosts in order */
		uint64_t *barrier =
			&barriers[plan->numbering == NUMBERED_BY_TRACE ? 0 : record->host];
		uint64_t turn = 2 * (uint64_t)i;
		bool moves = capture_is_numbered(plan, record) && record->kind != BOOT &&
			     !(plan->cut && record->seq == 0);

		if (!record->lost)
			lines_add(lines,
				  record->kind == END
					  ? UINT64_MAX
					  : place_after(random, turn, moves ? plan->window : 0,
							*barrier),
				  i);
		if (moves && !record->lost && random_chance(random, plan->twice))
			lines_add(lines, place_after(random, turn, plan->window + 20, *barrier), i);
		if (record->barrier)
			*barrier = turn;
	}
}

static void arrange(struct random *random, const struct plan *plan, struct records *records,
		    struct lines *lines)
{
	lines->count = 0;
	place(random, plan, records, lines);
	if (lines->count)
		qsort(lines->list, lines->count, sizeof *lines->list, lines_compare);
	lines->count -= lines->count * plan->cut / 1000;
	for (size_t i = lines->count; i-- > 0;)
		records->list[lines->list[i].record].line = i + 2; /* behind the plan */
}

void capture_run(struct random *random, const struct plan *plan, struct records *records,
		 struct lines *ret_lines)
{
	lose(random, plan, records);
	number(plan, records);
	lose_nothing_unseen(plan, records);
	arrange(random, plan, records, ret_lines);
}
