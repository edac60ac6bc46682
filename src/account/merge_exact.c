/* SPDX-License-Identifier: MIT */
/*
 * Merges a stretch in which the clock is set back in the best way of all. That takes the product of
 * the numbers of records, so it is for short stretches; there are anchors close to most records.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account/aligner.h"
#include "account/internal.h"

/* The maximum product of the two numbers of records. */
#define EXACT_MAX ((size_t)1 << 16)

/* What a way to merge costs: what is first counts more than all that follows. */
struct cost {
	uint64_t wrong; /* records that another log lacks, though it is complete there, and boots
			   while a winlogon was alive */
	uint64_t back;  /* how often the clock is set back */
	uint64_t apart; /* neighbors, by the clock: see how_far() */
};

/* Neighbors out of order, by less than the window, are as bad as those 1024 times as far apart. */
#define DISORDER (10 * OCTAVE)
#define OCTAVE   UINT64_C(16)

static const struct cost impossible = { UINT64_MAX, UINT64_MAX, UINT64_MAX };

/* The cheapest ways to merge what is left of a stretch, by how many records of the order and of the
 * log come before it, and by which of the two came last. */
struct exact {
	const struct aligner *aligner;
	struct merge merge;
	const struct account_record *logged; /* the records of the log */
	size_t ordered_count, logged_count;
	struct cost *costs;
	/* by how many records of the order come before: how many of each log come before */
	uint32_t (*before)[ACCOUNT_LOGS];
	uint8_t shown[MODEL_EVENTS]; /* bit n: log n shows all transitions by the event */
	unsigned log;                /* the one that is merged */
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

/* The distance of two neighbors on a scale of octaves: what happens on a machine comes in bursts,
 * so it matters more whether a record is a minute or an hour from the next one than whether it is a
 * month or two. What is within the window is close. */
static uint64_t how_far(uint64_t distance, uint64_t window)
{
	uint64_t value = distance + window + OCTAVE;
	unsigned top = 63U - (unsigned)__builtin_clzll(value);

	return top * OCTAVE + (value >> (top - 4) & (OCTAVE - 1));
}

/* What it costs that the clock moves from one record to the next: @before is 0 at the beginning.
 * Records that are a little out of order are common, and a clock that is set back is rare. */
static struct cost cost_of(const struct exact *exact, uint64_t before, uint64_t time)
{
	uint64_t window = exact->aligner->account->window;
	uint64_t distance = account_distance(before, time);
	struct cost cost = { 0 };

	if (before == 0)
		return cost;
	cost.apart = how_far(distance, window);
	if (time < before && distance > window)
		cost.back = 1;
	else if (time < before)
		cost.apart += DISORDER;
	return cost;
}

static struct cost add(struct cost x, struct cost y)
{
	return (struct cost) {
		.wrong = x.wrong + y.wrong,
		.back = x.back + y.back,
		.apart = x.apart + y.apart,
	};
}

static bool is_less(struct cost x, struct cost y)
{
	if (x.wrong != y.wrong)
		return x.wrong < y.wrong;
	return x.back != y.back ? x.back < y.back : x.apart < y.apart;
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

/* Whether the log with that number has records well before and after @time and lacks none between
 * them: @before is how many come before. */
static bool is_complete(const struct exact *exact, unsigned number, size_t before, uint64_t time)
{
	const struct account *account = exact->aligner->account;
	const struct account_records *log = &account->logs[number];

	if (before == 0 || before >= log->count || log->list[before].flags & ACCOUNT_AFTER_GAP ||
	    log->list[before - 1].kind == ACCOUNT_SHUTDOWN)
		return false;
	return account_distance(log->list[before - 1].time, time) > account->window &&
	       account_distance(log->list[before].time, time) > account->window;
}

/* Whether a record of the stretch shows a transition that the log with that number would show too.
 * It has no record of it: the stretch has no anchors. */
static bool is_missing(const struct exact *exact, const struct account_record *record,
		       unsigned number, size_t before)
{
	return record->kind == ACCOUNT_EVENT && exact->shown[record->event] >> number & 1 &&
	       is_complete(exact, number, before, record->time);
}

/* Whether a record is the kernel's mark of a boot, and a winlogon was alive before and after it.
 * @before: how many records of the winlogons' log come before. That of the session manager can come
 * after the first winlogon. */
static bool is_boot_of_alive(const struct exact *exact, unsigned log,
			     const struct account_record *record, size_t before)
{
	return log == ACCOUNT_LOG_SYSTEM && record->kind == ACCOUNT_BOOT && exact->aligner->alive &&
	       exact->aligner->alive[before] > 0;
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
	cost.wrong += is_boot_of_alive(exact, exact->log, &exact->logged[logged],
				       exact->before[ordered][ACCOUNT_LOG_WINLOGON]);
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		if (log != exact->log)
			cost.wrong += is_missing(exact, &exact->logged[logged], log,
						 exact->before[ordered][log]);
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
	const struct aligner *aligner = exact->aligner;
	const struct account_record *record;
	struct account_ref ref;
	struct cost cost;

	if (ordered == exact->ordered_count)
		return impossible;
	cost = add(cost_of(exact, exact_last(exact, ordered, logged, of_log),
			   ordered_time(exact, ordered)),
		   *exact_cost(exact, ordered + 1, logged, false));
	ref = aligner->order[exact->merge.place + ordered];
	record = account_at(aligner->account, ref);
	cost.wrong += is_missing(exact, record, exact->log, exact->merge.index + logged);
	if (exact->log == ACCOUNT_LOG_WINLOGON)
		cost.wrong += is_boot_of_alive(exact, ref.log, record, exact->merge.index + logged);
	return cost;
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

/* Finds out which logs show all transitions by which events, of those that name the session. */
static void find_shown(struct exact *exact)
{
	const struct account_visibility *visibility = &exact->aligner->account->visibility;

	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
		exact->shown[event] = ACCOUNT_LOGS_RELIABLE;
		for (unsigned state = 1; state <= MODEL_STATES; state++)
			if (visibility->next[event][state])
				exact->shown[event] &= visibility->must[event][state];
	}
}

/* Counts the records of each log before each record of the stretch. -ENOMEM. */
static int count_before(struct exact *exact, struct aligner *aligner)
{
	const struct account_ref *order = aligner->order;
	const struct merge *merge = &exact->merge;

	exact->before = calloc(exact->ordered_count + 1, sizeof *exact->before);
	if (!exact->before)
		return -ENOMEM;
	for (; aligner->passed < merge->place; aligner->passed++)
		aligner->passed_of[order[aligner->passed].log]++;
	memcpy(exact->before[0], aligner->passed_of, sizeof exact->before[0]);
	for (size_t i = 0; i < exact->ordered_count; i++) {
		memcpy(exact->before[i + 1], exact->before[i], sizeof *exact->before);
		exact->before[i + 1][order[merge->place + i].log]++;
	}
	return 0;
}

bool merge_is_short(struct merge merge)
{
	size_t ordered = merge.place_end - merge.place, logged = merge.index_end - merge.index;

	return ordered < EXACT_MAX && (ordered + 1) * (logged + 1) <= EXACT_MAX;
}

/* Appends the records of the stretch to the list, in the cheapest way. */
static void append_cheapest(const struct exact *exact, struct account_ref *list, size_t *count)
{
	bool of_log = false;

	for (size_t ordered = 0, logged = 0;
	     ordered < exact->ordered_count || logged < exact->logged_count;) {
		struct cost x = log_next(exact, ordered, logged, of_log);
		struct cost y = order_next(exact, ordered, logged, of_log);

		of_log = is_less(x, y) || (!is_less(y, x) && exact->logged[logged].time <
								     ordered_time(exact, ordered));
		if (of_log)
			merge_append(list, count, exact->log, exact->merge.index + logged++);
		else
			list[(*count)++] = exact->aligner->order[exact->merge.place + ordered++];
	}
}

int merge_exactly(struct aligner *aligner, unsigned log, struct merge merge,
		  struct account_ref *list, size_t *count)
{
	struct exact exact = {
		.aligner = aligner,
		.merge = merge,
		.logged = aligner->account->logs[log].list + merge.index,
		.ordered_count = merge.place_end - merge.place,
		.logged_count = merge.index_end - merge.index,
		.log = log,
	};
	int r = count_before(&exact, aligner);

	find_shown(&exact);
	exact.costs = malloc((exact.ordered_count + 1) * (exact.logged_count + 1) * 2 *
			     sizeof *exact.costs);
	if (!exact.costs)
		r = -ENOMEM;
	if (r == 0) {
		find_exact_costs(&exact);
		append_cheapest(&exact, list, count);
	}
	free(exact.before);
	free(exact.costs);
	return r;
}
