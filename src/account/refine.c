/* SPDX-License-Identifier: MIT */
/*
 * The logs are put into one order before it is known what the account of it costs. Where the clock
 * was set back, that order can be improved. A leg is what lies between two such places. As long as
 * the account gets cheaper, records at the end or the beginning of a leg are moved to another leg,
 * or become one of their own: those of one log, alone or with all that witness the same
 * transitions.
 */
#include "account/refine.h"

#include <errno.h>
#include <stdlib.h>

#include "account/explain.h"
#include "account/internal.h"
#include "account/search.h"

/* About how many records are explained at most, in all orders together; an order of more is left as
 * it is. */
#define WORK_MAX ((size_t)1 << 18)

/* So many records of a log are moved from the end of a leg at most. */
#define MOVED_MAX 256U

/* Explaining a record is so many times the work of putting it into another order. */
#define ORDER_WORK 32U

struct refiner {
	struct account *account;
	struct account_ref *order;          /* the cheapest so far, from which records are moved */
	struct account_ref *trial, *better; /* one to try, and the best of them */
	size_t count;
	struct account_cost cost, better_cost; /* of order and of better */
	/* where each leg begins, and where the last one ends: the clock is set back between two */
	uint32_t *legs;
	size_t leg_count;
	uint32_t *ties; /* by place: that of the next record of the same transition, in a circle */
	uint8_t *moved; /* by place: flags; all are clear while no log is tried */
	size_t work;    /* so far, in records explained */
	bool tried;     /* the account is not that of order */
};

/* Records to move: those of a leg that are flagged in moved[]. */
struct move {
	size_t from;  /* number of a leg */
	size_t to;    /* of the leg that they are merged with; the same: they become a leg */
	bool forward; /* from the end of the leg to a later one, not from its beginning */
	bool ties;    /* together with all witnesses of the same transitions */
};

static uint64_t time_at(const struct refiner *refiner, struct account_ref ref)
{
	return account_at(refiner->account, ref)->time;
}

/* ---- another order ---- */

struct output {
	struct refiner *refiner;
	size_t count;
	uint32_t next[ACCOUNT_LOGS]; /* numbers of the records that must follow */
	bool ordered;                /* each log is in its order */
};

static void append(struct output *output, size_t place)
{
	struct account_ref ref = output->refiner->order[place];

	output->ordered &= ref.index == output->next[ref.log];
	output->next[ref.log] = ref.index + 1;
	output->refiner->trial[output->count++] = ref;
}

/* The next place from @place on, before @end, at which records are moved or not. */
static size_t next_place(const struct refiner *refiner, size_t place, size_t end, bool moved)
{
	while (place < end && refiner->moved[place] != moved)
		place++;
	return place;
}

static void append_all(struct output *output, size_t place, size_t end, bool moved)
{
	for (; (place = next_place(output->refiner, place, end, moved)) < end; place++)
		append(output, place);
}

/* Counts the records of a leg that are moved, or that are not, by log. */
static void count_logs(const struct refiner *refiner, size_t leg, bool moved,
		       uint32_t counts[ACCOUNT_LOGS])
{
	memset(counts, 0, ACCOUNT_LOGS * sizeof *counts);
	for (size_t place = refiner->legs[leg]; place < refiner->legs[leg + 1]; place++)
		counts[refiner->order[place].log] += refiner->moved[place] == moved;
}

/* Merges the records that are moved with a leg, by time; those of one log come first or last. */
static void append_merged(struct output *output, struct move move)
{
	const struct refiner *refiner = output->refiner;
	const struct account_ref *order = refiner->order;
	size_t from = refiner->legs[move.from], from_end = refiner->legs[move.from + 1];
	size_t to = refiner->legs[move.to], to_end = refiner->legs[move.to + 1];
	uint32_t first[ACCOUNT_LOGS]; /* how many are left of those that come first */

	count_logs(refiner, move.forward ? move.from : move.to, move.forward, first);
	for (;;) {
		bool moved;

		from = next_place(refiner, from, from_end, true);
		if (from == from_end || to == to_end)
			break;
		moved = time_at(refiner, order[from]) < time_at(refiner, order[to]);
		if (move.forward && !moved)
			moved = first[order[to].log] > 0;
		else if (!move.forward && moved)
			moved = first[order[from].log] == 0;
		first[order[moved ? from : to].log] -= moved == move.forward;
		append(output, moved ? from++ : to++);
	}
	append_all(output, from, from_end, true);
	append_all(output, to, to_end, false);
}

/* Makes the order after a move; false: a log would not be in its order. */
static bool make_trial(struct refiner *refiner, struct move move)
{
	struct output output = { .refiner = refiner, .ordered = true };

	for (size_t leg = 0; leg < refiner->leg_count; leg++) {
		size_t first = refiner->legs[leg], end = refiner->legs[leg + 1];
		bool divided = leg == move.from && leg == move.to;

		if (leg == move.to && !divided) {
			append_merged(&output, move);
			continue;
		}
		if (divided && !move.forward)
			append_all(&output, first, end, true);
		append_all(&output, first, end, false);
		if (divided && move.forward)
			append_all(&output, first, end, true);
	}
	refiner->work += refiner->count / ORDER_WORK + 1;
	return output.ordered;
}

/* Counts how often the clock runs backward in the order to try. */
static uint64_t count_jumps(const struct refiner *refiner)
{
	uint64_t latest = 0, jumps = 0;

	for (size_t i = 0; i < refiner->count; i++) {
		uint64_t time = time_at(refiner, refiner->trial[i]);
		bool back = time + refiner->account->window < latest;

		jumps += back;
		if (back || time > latest)
			latest = time;
	}
	return jumps;
}

/* ---- whether it is cheaper ---- */

/* Whether it is cheaper by about an unseen transition at least: smaller differences say little
 * about the side that a record belongs on. */
static bool is_clearly_cheaper(const struct account_cost *x, const struct account_cost *y)
{
	struct account_cost more = *x;

	more.unlikely += COST_UNSEEN / 2;
	return account_is_cheaper(&more, y);
}

/* Notes which records witness one transition. */
static void find_ties(struct refiner *refiner)
{
	const struct account *account = refiner->account;

	for (uint32_t place = 0; place < refiner->count; place++)
		refiner->ties[place] = place;
	for (size_t i = 0; i < account->item_count; i++) {
		const struct account_item *item = &account->items[i];
		const uint32_t *places = account_witnesses(account, item);

		if (item->kind != ACCOUNT_ITEM_TRANSITION)
			continue;
		for (unsigned j = 0; j < item->count; j++)
			refiner->ties[places[j]] = places[(j + 1) % item->count];
	}
}

/* Takes the order of the account as the best so far. -ENOMEM. */
static int accept(struct refiner *refiner)
{
	const struct account *account = refiner->account;
	uint32_t *legs = realloc(refiner->legs, (account->jump_count + 2) * sizeof *legs);

	if (!legs)
		return -ENOMEM;
	refiner->legs = legs;
	memcpy(refiner->order, account->order.list, refiner->count * sizeof *refiner->order);
	refiner->cost = account->cost;
	refiner->tried = false;
	refiner->leg_count = account->jump_count + 1;
	legs[0] = 0;
	for (size_t i = 0; i < account->jump_count; i++)
		legs[i + 1] = account->jumps[i].place;
	legs[refiner->leg_count] = (uint32_t)refiner->count;
	find_ties(refiner);
	return 0;
}

static int explain_order(struct refiner *refiner, const struct account_ref *order)
{
	refiner->work += refiner->count;
	refiner->tried = true;
	return account_explain_again(refiner->account, order);
}

/* Tries a move, and notes the order if the account is cheaper with it. -ENOMEM. */
static int try_move(struct refiner *refiner, struct move move)
{
	const struct account_cost *cost = &refiner->cost;
	/* where something is wrong, the clock may have been set back once more */
	bool more = (cost->left_out > 0 || cost->missing > 0) && move.ties && move.forward;
	int r;

	if (refiner->work > WORK_MAX || !make_trial(refiner, move) ||
	    count_jumps(refiner) > cost->jumps + more)
		return 0;
	r = explain_order(refiner, refiner->trial);
	if (r == 0 && is_clearly_cheaper(&refiner->account->cost, cost) &&
	    account_is_cheaper(&refiner->account->cost, &refiner->better_cost)) {
		memcpy(refiner->better, refiner->trial, refiner->count * sizeof *refiner->trial);
		refiner->better_cost = refiner->account->cost;
	}
	return r;
}

/* ---- moves ---- */

/* Flags the records of a leg that are moved: those from the bound of their log on, or those before
 * it. With ties, bounds move until all witnesses of each transition are on one side. */
static void flag(struct refiner *refiner, struct move move, uint32_t bounds[ACCOUNT_LOGS])
{
	uint32_t first = refiner->legs[move.from], end = refiner->legs[move.from + 1];
	bool changed = true;

	while (changed) {
		changed = false;
		refiner->work += (end - first) / ORDER_WORK + 1;
		for (uint32_t at = first; at < end; at++) {
			uint32_t bound = bounds[refiner->order[at].log], tied = refiner->ties[at];
			uint32_t *other = &bounds[refiner->order[tied].log];

			refiner->moved[at] = move.forward ? at >= bound : at < bound;
			if (!refiner->moved[at] || !move.ties || tied < first || tied >= end ||
			    (move.forward ? tied >= *other : tied < *other))
				continue;
			*other = move.forward ? tied : tied + 1;
			changed = true;
		}
	}
}

/* Tries to move what is flagged to each leg on that side. */
static int try_legs(struct refiner *refiner, struct move move)
{
	int r = try_move(refiner, move);

	if (move.forward)
		while (r == 0 && ++move.to < refiner->leg_count)
			r = try_move(refiner, move);
	else
		while (r == 0 && move.to-- > 0)
			r = try_move(refiner, move);
	return r;
}

/* Tries to move records of a log from the end or the beginning of a leg, one more each time. */
static int try_log(struct refiner *refiner, struct move move, unsigned log)
{
	uint32_t first = refiner->legs[move.from], end = refiner->legs[move.from + 1];
	uint32_t bounds[ACCOUNT_LOGS];
	unsigned moved = 0;
	int r = 0;

	for (unsigned i = 0; i < ACCOUNT_LOGS; i++)
		bounds[i] = move.forward ? end : first;
	for (uint32_t i = first;
	     r == 0 && i < end && moved < MOVED_MAX && refiner->work <= WORK_MAX; i++) {
		uint32_t place = move.forward ? end - 1 - (i - first) : i;

		if (refiner->order[place].log != log || refiner->moved[place])
			continue;
		bounds[log] = move.forward ? place : place + 1;
		flag(refiner, move, bounds);
		moved++;
		r = try_legs(refiner, move);
	}
	memset(refiner->moved + first, 0, end - first);
	return r;
}

/* Tries all moves. -ENOMEM. */
static int try_all(struct refiner *refiner)
{
	int r = 0;

	for (size_t leg = 0; r == 0 && leg < refiner->leg_count; leg++)
		for (unsigned way = 0; r == 0 && way < 4 * ACCOUNT_LOGS; way++)
			r = try_log(refiner,
				    (struct move) { .from = leg,
						    .to = leg,
						    .forward = way & 1,
						    .ties = way & 2 },
				    way / 4);
	return r;
}

/* Moves records as long as the account gets cheaper. -ENOMEM. */
static int refine(struct refiner *refiner)
{
	int r = accept(refiner);

	while (r == 0) {
		refiner->better_cost = refiner->cost;
		r = try_all(refiner);
		if (r < 0 || !account_is_cheaper(&refiner->better_cost, &refiner->cost))
			break;
		r = explain_order(refiner, refiner->better);
		if (r == 0)
			r = accept(refiner);
	}
	return r == 0 && refiner->tried ? explain_order(refiner, refiner->order) : r;
}

int account_refine(struct account *account)
{
	size_t count = account->order.count;
	struct refiner refiner = { .account = account, .count = count };
	int r = -ENOMEM;

	if (count > WORK_MAX)
		return 0;
	refiner.order = malloc((count + 1) * sizeof *refiner.order);
	refiner.trial = malloc((count + 1) * sizeof *refiner.trial);
	refiner.better = malloc((count + 1) * sizeof *refiner.better);
	refiner.ties = malloc((count + 1) * sizeof *refiner.ties);
	refiner.moved = calloc(count + 1, 1);
	if (refiner.order && refiner.trial && refiner.better && refiner.ties && refiner.moved)
		r = refine(&refiner);
	free(refiner.order);
	free(refiner.trial);
	free(refiner.better);
	free(refiner.ties);
	free(refiner.moved);
	free(refiner.legs);
	return r;
}
