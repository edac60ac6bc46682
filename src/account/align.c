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

/* Merges a log into the order so far. @likely: the session of some of its records, or of those in
 * the order, may be known from other records only. */
static int align_log(struct aligner *aligner, unsigned log, bool likely)
{
	size_t anchors = 0;
	int r = 0;

	if (aligner->account->logs[log].count == 0)
		return 0;
	if (aligner->count > 0)
		r = aligner_find_chain(aligner, log, likely, &anchors);
	return r < 0 ? r : aligner_merge(aligner, log, anchors);
}

bool account_was_set_back(const struct account *account)
{
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		if (log_runs_back(account, log, 0, account->logs[log].count))
			return true;
	return false;
}

/* Takes a log out of the order. */
static void take_out(struct aligner *aligner, unsigned log)
{
	size_t kept = 0;

	for (size_t place = 0; place < aligner->count; place++) {
		struct account_ref ref = aligner->order[place];

		if (ref.log != log)
			aligner->order[kept++] = ref;
		else if (kept > 0 && !ref.tied)
			aligner->order[kept - 1].tied = 0;
	}
	aligner->count = kept;
}

/* Merges each log once more, now that all others are there: where the clock was set back, two logs
 * alone can agree in an order that a third one shows to be wrong. */
static int align_again(struct aligner *aligner)
{
	int r = 0;

	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++) {
		take_out(aligner, log);
		r = align_log(aligner, log, true);
	}
	return r;
}

/*
 * How much time passes at a jump, as far as is known: enough that what comes after it is not taken
 * for something earlier, little enough that one transition can have witnesses on both sides.
 */
static uint64_t jump_apart(const struct account *account)
{
	uint64_t half = account->window / 2;

	return half < ACCOUNT_LOGON_APART ? half : ACCOUNT_LOGON_APART + 1;
}

static int add_jump(struct account *account, uint32_t place, uint64_t size)
{
	uint64_t before = account->jump_count > 0 ? account->jumps[account->jump_count - 1].moved
						  : 0;
	struct account_jump *jumps = array_grow(account->jumps, account->jump_count,
						&account->jump_capacity, sizeof *jumps);

	if (!jumps)
		return -ENOMEM;
	account->jumps = jumps;
	jumps[account->jump_count++] = (struct account_jump) {
		.place = place,
		.size = size,
		.moved = before + size + jump_apart(account),
	};
	return 0;
}

/* Finds where the clock runs backward. */
static int find_jumps(struct account *account)
{
	uint64_t latest = 0;

	for (size_t place = 0; place < account->order.count; place++) {
		const struct account_record *record = account_place(account, (uint32_t)place);

		if (record->time + account->window < latest && !(record->flags & ACCOUNT_UNTIMED)) {
			int r = add_jump(account, (uint32_t)place, latest - record->time);

			if (r < 0)
				return r;
			latest = record->time;
		} else if (record->time > latest) {
			latest = record->time;
		}
	}
	return 0;
}

int account_number_places(struct account *account)
{
	struct account_order *order = &account->order;

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
	return find_jumps(account);
}

/* Merges all logs, @first as the first one. The session of a winlogon is known from other logs. */
static int align_all(struct aligner *aligner, unsigned first)
{
	bool likely = first == ACCOUNT_LOG_WINLOGON;
	int r = align_log(aligner, first, false);

	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++)
		if (log != first)
			r = align_log(aligner, log, likely || log == ACCOUNT_LOG_WINLOGON);
	return r;
}

int account_align(struct account *account, unsigned first)
{
	struct aligner aligner = { .account = account };
	int r = 0;
	bool set_back = account_was_set_back(account);

	account_names_init(&aligner.keys);
	if (set_back)
		r = aligner_find_alive(&aligner);
	if (r == 0)
		r = align_all(&aligner, first);
	if (r == 0 && set_back)
		r = align_again(&aligner);
	account->order.list = aligner.order;
	account->order.count = aligner.count;
	account_names_free(&aligner.keys);
	free(aligner.groups);
	free(aligner.keyed);
	free(aligner.anchors);
	free(aligner.best);
	free(aligner.alive);
	return r;
}
