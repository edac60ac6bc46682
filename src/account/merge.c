/* SPDX-License-Identifier: MIT */
/* Merges a log into the order of those before it: between two anchors by time. */
#include "account/aligner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Whether the record of the log comes before that of the order: the one that makes the clock run
 * backward waits, and otherwise the later one. */
static bool log_is_first(uint64_t last, uint64_t window, uint64_t ordered, uint64_t logged)
{
	bool ordered_back = ordered + window < last, logged_back = logged + window < last;

	if (ordered_back != logged_back)
		return ordered_back;
	return logged < ordered;
}

static void merge_stretch(struct aligner *aligner, unsigned log, struct merge merge,
			  struct account_ref *list, size_t *count)
{
	const struct account *account = aligner->account;

	for (bool begun = !merge.set_back && *count > 0;
	     merge.place < merge.place_end || merge.index < merge.index_end; begun = true) {
		bool logged = merge.place == merge.place_end;

		if (!logged && merge.index < merge.index_end)
			logged = log_is_first(
				begun ? account_at(account, list[*count - 1])->time : 0,
				account->window,
				account_at(account, aligner->order[merge.place])->time,
				account->logs[log].list[merge.index].time);
		if (logged)
			merge_append(list, count, log, merge.index++);
		else
			list[(*count)++] = aligner->order[merge.place++];
	}
}

/* ---- stretches in which the clock runs backward ---- */

/* Places of the order between two of which the clock does not run backward. */
struct leg {
	size_t place;         /* of its first record */
	uint64_t first, last; /* times: the earliest and the latest */
	uint64_t cost;        /* of the best way to have the records so far, the last one in it */
};

/* More of them in one stretch are not told apart. */
#define LEGS_MAX 64U

/* Finds the legs of a stretch, which the records before and after it belong to as well: their
 * number, or 1 if there are too many. */
static unsigned find_legs(const struct aligner *aligner, struct merge merge,
			  struct leg legs[LEGS_MAX])
{
	uint64_t window = aligner->account->window;
	size_t place = merge.place > 0 ? merge.place - 1 : 0;
	unsigned count = 0;

	for (; place < aligner->count && place <= merge.place_end; place++) {
		uint64_t time = aligner_time(aligner, place);
		struct leg *leg = &legs[count > 0 ? count - 1 : 0];

		if (count == 0 || time + window < leg->last) {
			if (count == LEGS_MAX)
				return 1;
			legs[count++] =
				(struct leg) { .place = place, .first = time, .last = time };
			continue;
		}
		leg->first = time < leg->first ? time : leg->first;
		leg->last = time > leg->last ? time : leg->last;
	}
	return count;
}

/* How far a time is from those of a leg. */
static uint64_t off_leg(const struct leg *leg, uint64_t time)
{
	if (time < leg->first)
		return leg->first - time;
	return time > leg->last ? time - leg->last : 0;
}

static uint64_t add_costs(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* Adds a record of the log: it is in the leg of the one before it, where the clock ran backward by
 * @back, or in a later one. Notes by leg in which one the record before it is. */
static void add_to_legs(struct leg *legs, unsigned count, uint64_t time, uint64_t back,
			uint8_t *from)
{
	uint64_t best = UINT64_MAX;
	unsigned best_leg = 0;

	for (unsigned i = 0; i < count; i++) {
		uint64_t stays = add_costs(legs[i].cost, back);
		bool moves = best < stays;
		uint64_t cost = add_costs(moves ? best : stays, off_leg(&legs[i], time));

		from[i] = (uint8_t)(moves ? best_leg : i);
		if (legs[i].cost < best) {
			best = legs[i].cost;
			best_leg = i;
		}
		legs[i].cost = cost;
	}
}

/* Finds out where the legs begin in the log: the cheapest way to divide its records among them. */
static void divide(const struct aligner *aligner, unsigned log, struct merge merge,
		   struct leg *legs, unsigned count, uint8_t *from, size_t begins[LEGS_MAX])
{
	const struct account_record *list = aligner->account->logs[log].list;
	uint64_t window = aligner->account->window;
	unsigned leg = 0;

	for (size_t i = merge.index; i < merge.index_end; i++) {
		uint64_t before = i > merge.index ? list[i - 1].time : 0;
		uint64_t back = list[i].time + window < before ? before - list[i].time : 0;

		add_to_legs(legs, count, list[i].time, back, from + (i - merge.index) * count);
	}
	for (unsigned i = 1; i < count; i++)
		leg = legs[i].cost <= legs[leg].cost ? i : leg;
	for (unsigned i = leg + 1; i < count; i++)
		begins[i] = merge.index_end;
	for (size_t i = merge.index_end; i > merge.index; i--) {
		unsigned earlier = from[(i - 1 - merge.index) * count + leg];

		for (; leg > earlier; leg--)
			begins[leg] = i - 1;
	}
	for (; leg > 0; leg--)
		begins[leg] = merge.index;
}

/*
 * Merges what is between two anchors. Where the clock runs backward, equal times mean nothing, so
 * the records of the log are divided among the legs first.
 */
static int merge_between(struct aligner *aligner, unsigned log, struct merge merge,
			 struct account_ref *list, size_t *count)
{
	struct leg legs[LEGS_MAX];
	size_t begins[LEGS_MAX];
	unsigned leg_count = find_legs(aligner, merge, legs);
	size_t logged = merge.index_end - merge.index;
	uint8_t *from;

	if (logged > 0 && merge.place < merge.place_end && merge_is_short(merge) &&
	    (leg_count > 1 || log_runs_back(aligner->account, log, merge.index, merge.index_end)))
		return merge_exactly(aligner, log, merge, list, count);
	if (leg_count < 2 || logged == 0) {
		merge_stretch(aligner, log, merge, list, count);
		return 0;
	}
	from = malloc((merge.index_end - merge.index) * leg_count);
	if (!from)
		return -ENOMEM;
	divide(aligner, log, merge, legs, leg_count, from, begins);
	for (unsigned i = 0; i < leg_count; i++) {
		bool last = i + 1 == leg_count;
		struct merge part = {
			.place = i == 0 ? merge.place : legs[i].place,
			.place_end = last ? merge.place_end : legs[i + 1].place,
			.index = i == 0 ? merge.index : begins[i],
			.index_end = last ? merge.index_end : begins[i + 1],
			.set_back = i > 0,
		};

		merge_stretch(aligner, log, part, list, count);
	}
	free(from);
	return 0;
}

int aligner_merge(struct aligner *aligner, unsigned log, size_t anchors)
{
	const struct account_records *records = &aligner->account->logs[log];
	struct account_ref *list = malloc((aligner->count + records->count) * sizeof *list);
	struct merge merge = { 0 };
	size_t count = 0;
	int r = 0;

	if (!list)
		return -ENOMEM;
	aligner->passed = 0;
	memset(aligner->passed_of, 0, sizeof aligner->passed_of);
	for (size_t i = 0; i <= anchors; i++) {
		bool end = i == anchors;

		merge.place_end = end ? aligner->count : aligner->anchors[i].place;
		merge.index_end = end ? records->count : aligner->anchors[i].index;
		r = merge_between(aligner, log, merge, list, &count);
		if (r < 0 || end)
			break;
		merge.place = merge.place_end;
		merge.index = merge.index_end;
		/* the two records of an anchor are neighbours */
		merge.place_end++;
		merge.index_end++;
		merge_stretch(aligner, log, merge, list, &count);
		list[count - 2].tied = 1;
		merge.place = merge.place_end;
		merge.index = merge.index_end;
	}
	if (r < 0) {
		free(list);
		return r;
	}
	free(aligner->order);
	aligner->order = list;
	aligner->count = count;
	return 0;
}
