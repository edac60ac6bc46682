/* SPDX-License-Identifier: MIT */
/*
 * Merges a stretch in which the clock is set back in the best way of all. That takes the product of
 * the numbers of records, so it is for short stretches; there are anchors close to most records.
 */
#include <errno.h>
#include <stdlib.h>

#include "account/aligner.h"
#include "account/internal.h"

/* The maximum product of the two numbers of records. */
#define EXACT_MAX ((size_t)1 << 16)

/* How often the clock is set back, and how far it moves at all. */
struct cost {
	uint64_t back;
	uint64_t moved; /* in 100 ns; backward within the window, DISORDER times as much */
};

#define DISORDER 1000

static const struct cost impossible = { UINT64_MAX, UINT64_MAX };

/* The cheapest ways to merge what is left of a stretch, by how many records of the order and of the
 * log come before it, and by which of the two came last. */
struct exact {
	const struct aligner *aligner;
	struct merge merge;
	const struct account_record *logged; /* the records of the log */
	size_t ordered_count, logged_count;
	struct cost *costs;
};

static struct cost *exact_cost(const struct exact *exact, size_t ordered, size_t logged,
			       bool of_log)
{
	return &exact->costs[(ordered * (exact->logged_count + 1) + logged) * 2 + of_log];
}

static uint64_t ordered_time(const struct exact *exact, size_t number)
{
	return aligner_time(exact->aligner, exact->merge.place + number);
}

/* What it costs that the clock moves from one record to the next: @before is 0 at the beginning.
 * Records that are a little out of order are common, and a clock that is set back is rare. */
static struct cost cost_of(const struct exact *exact, uint64_t before, uint64_t time)
{
	struct cost cost = { 0 };

	if (before == 0)
		return cost;
	cost.moved = account_distance(before, time);
	if (time < before && cost.moved > exact->aligner->account->window)
		cost.back = 1;
	else if (time < before)
		cost.moved *= DISORDER;
	return cost;
}

static struct cost add(struct cost x, struct cost y)
{
	return (struct cost) { .back = x.back + y.back, .moved = x.moved + y.moved };
}

static bool is_less(struct cost x, struct cost y)
{
	return x.back != y.back ? x.back < y.back : x.moved < y.moved;
}

/* The time of the last record; 0 at the beginning. */
static uint64_t exact_last(const struct exact *exact, size_t ordered, size_t logged, bool of_log)
{
	if (of_log && logged > 0)
		return exact->logged[logged - 1].time;
	if (!of_log && ordered > 0)
		return ordered_time(exact, ordered - 1);
	return exact->merge.place + ordered > 0
		       ? aligner_time(exact->aligner, exact->merge.place + ordered - 1)
		       : 0;
}

/* Whether the last record of the order and the next one are tied. */
static bool is_tied(const struct exact *exact, size_t ordered)
{
	size_t next = exact->merge.place + ordered;

	return next > 0 && exact->aligner->order[next - 1].tied;
}

/* What it costs to have a record of the log next. */
static struct cost log_next(const struct exact *exact, size_t ordered, size_t logged, bool of_log)
{
	struct cost cost;
	uint64_t time;

	if (logged == exact->logged_count)
		return impossible;
	time = exact->logged[logged].time;
	cost = add(cost_of(exact, exact_last(exact, ordered, logged, of_log), time),
		   *exact_cost(exact, ordered, logged + 1, true));
	/* what two witnesses of one transition are between is of their time */
	if (is_tied(exact, ordered) &&
	    account_distance(time, exact_last(exact, ordered, logged, false)) >
		    exact->aligner->account->window)
		cost.back++;
	return cost;
}

/* What it costs to have a record of the order next. */
static struct cost order_next(const struct exact *exact, size_t ordered, size_t logged, bool of_log)
{
	if (ordered == exact->ordered_count)
		return impossible;
	return add(cost_of(exact, exact_last(exact, ordered, logged, of_log),
			   ordered_time(exact, ordered)),
		   *exact_cost(exact, ordered + 1, logged, false));
}

/* What it costs that the stretch ends here. */
static struct cost cost_at_end(const struct exact *exact, bool of_log)
{
	size_t end = exact->merge.place_end;

	if (end == exact->aligner->count)
		return (struct cost) { 0 };
	return cost_of(exact, exact_last(exact, exact->ordered_count, exact->logged_count, of_log),
		       aligner_time(exact->aligner, end));
}

static void find_exact_costs(const struct exact *exact)
{
	for (size_t ordered = exact->ordered_count + 1; ordered-- > 0;)
		for (size_t logged = exact->logged_count + 1; logged-- > 0;)
			for (unsigned of_log = 0; of_log < 2; of_log++) {
				struct cost x = log_next(exact, ordered, logged, of_log);
				struct cost y = order_next(exact, ordered, logged, of_log);

				if (ordered == exact->ordered_count &&
				    logged == exact->logged_count)
					x = cost_at_end(exact, of_log);
				*exact_cost(exact, ordered, logged, of_log) = is_less(x, y) ? x : y;
			}
}

bool merge_is_short(struct merge merge)
{
	size_t ordered = merge.place_end - merge.place, logged = merge.index_end - merge.index;

	return ordered < EXACT_MAX && (ordered + 1) * (logged + 1) <= EXACT_MAX;
}

int merge_exactly(const struct aligner *aligner, unsigned log, struct merge merge,
		  struct account_ref *list, size_t *count)
{
	struct exact exact = {
		.aligner = aligner,
		.merge = merge,
		.logged = aligner->account->logs[log].list + merge.index,
		.ordered_count = merge.place_end - merge.place,
		.logged_count = merge.index_end - merge.index,
	};
	bool of_log = false;

	exact.costs = malloc((exact.ordered_count + 1) * (exact.logged_count + 1) * 2 *
			     sizeof *exact.costs);
	if (!exact.costs)
		return -ENOMEM;
	find_exact_costs(&exact);
	for (size_t ordered = 0, logged = 0;
	     ordered < exact.ordered_count || logged < exact.logged_count;) {
		struct cost x = log_next(&exact, ordered, logged, of_log);
		struct cost y = order_next(&exact, ordered, logged, of_log);

		of_log = is_less(x, y) || (!is_less(y, x) && exact.logged[logged].time <
								     ordered_time(&exact, ordered));
		if (of_log)
			merge_append(list, count, log, merge.index + logged++);
		else
			list[(*count)++] = aligner->order[merge.place + ordered++];
	}
	free(exact.costs);
	return 0;
}
