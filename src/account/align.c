/* SPDX-License-Identifier: MIT */
/*
 * Puts the records of all logs into one order that keeps the order of each log.
 *
 * Records of two logs that witness the same transition have times that differ by less than the
 * window, whatever the clock did before: such pairs are anchors. The longest chain of anchors, in
 * which both logs move forward, holds the two logs together; between two anchors records are
 * merged by time. A log is merged into those that were merged before it.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "account/aligner.h"
#include "account/internal.h"
#include "base/array.h"

static int align_log(struct aligner *aligner, unsigned log)
{
	/* the session of a winlogon process may be known from one of its records only */
	bool likely = log == ACCOUNT_LOG_WINLOGON;
	size_t anchors = 0;
	int r = 0;

	if (aligner->account->logs[log].count == 0)
		return 0;
	if (aligner->count > 0)
		r = aligner_find_chain(aligner, log, likely, &anchors);
	return r < 0 ? r : aligner_merge(aligner, log, anchors);
}

static int add_jump(struct account *account, uint32_t place, uint64_t size)
{
	struct account_jump *jumps = array_grow(account->jumps, account->jump_count,
						&account->jump_capacity, sizeof *jumps);

	if (!jumps)
		return -ENOMEM;
	account->jumps = jumps;
	jumps[account->jump_count++] = (struct account_jump) { .place = place, .size = size };
	return 0;
}

/* Straightens the clock: where it ran backward, all later times are moved forward. */
static int straighten_times(struct account *account)
{
	struct account_order *order = &account->order;
	uint64_t latest = 0, moved = 0;

	for (size_t place = 0; place < order->count; place++) {
		const struct account_record *record = account_place(account, (uint32_t)place);

		if (record->time + account->window < latest && !(record->flags & ACCOUNT_UNTIMED)) {
			int r = add_jump(account, (uint32_t)place, latest - record->time);

			if (r < 0)
				return r;
			moved += latest - record->time;
			latest = record->time;
		} else if (record->time > latest) {
			latest = record->time;
		}
		order->times[place] = (int64_t)(record->time + moved);
	}
	return 0;
}

static int number_places(struct account *account)
{
	struct account_order *order = &account->order;

	order->times = malloc((order->count + 1) * sizeof *order->times);
	if (!order->times)
		return -ENOMEM;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		order->places[log] =
			malloc((account->logs[log].count + 1) * sizeof *order->places[log]);
		if (!order->places[log])
			return -ENOMEM;
	}
	for (size_t place = 0; place < order->count; place++) {
		struct account_ref ref = order->list[place];

		order->places[ref.log][ref.index] = (uint32_t)place;
	}
	return straighten_times(account);
}

int account_align(struct account *account)
{
	struct aligner aligner = { .account = account };
	int r = 0;

	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++)
		r = align_log(&aligner, log);
	account->order.list = aligner.order;
	account->order.count = aligner.count;
	free(aligner.keyed);
	free(aligner.anchors);
	free(aligner.best);
	return r < 0 ? r : number_places(account);
}
