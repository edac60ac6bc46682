/* SPDX-License-Identifier: MIT */
#include "account/completeness.h"

#include <errno.h>
#include <stdlib.h>

void completeness_free(struct account *account)
{
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		free(account->complete[log].gaps);
	free(account->shutdowns);
}

static int64_t time_of(const struct account *account, unsigned log, size_t index)
{
	return account_time(account, account->order.places[log][index]);
}

/* Lets neither end of a gap be later than that of the next one: times can run backward by less
 * than the window. */
static void sort_ends(struct account_extent *extent)
{
	for (size_t i = 1; i < extent->gap_count; i++)
		if (extent->gaps[i].after < extent->gaps[i - 1].after)
			extent->gaps[i].after = extent->gaps[i - 1].after;
	for (size_t i = extent->gap_count; i > 1; i--)
		if (extent->gaps[i - 2].before > extent->gaps[i - 1].before)
			extent->gaps[i - 2].before = extent->gaps[i - 1].before;
}

static int find_gaps(struct account *account, unsigned number)
{
	const struct account_records *log = &account->logs[number];
	struct account_extent *extent = &account->complete[number];
	size_t count = 0;

	if (log->count == 0)
		return 0;
	extent->first = time_of(account, number, 0);
	extent->last = time_of(account, number, log->count - 1);
	for (size_t i = 1; i < log->count; i++)
		count += log->list[i].flags & ACCOUNT_AFTER_GAP;
	extent->gaps = malloc((count + 1) * sizeof *extent->gaps);
	if (!extent->gaps)
		return -ENOMEM;
	for (size_t i = 1; i < log->count; i++)
		if (log->list[i].flags & ACCOUNT_AFTER_GAP)
			extent->gaps[extent->gap_count++] = (struct account_gap) {
				.before = time_of(account, number, i - 1),
				.after = time_of(account, number, i),
			};
	sort_ends(extent);
	return 0;
}

int completeness_init(struct account *account)
{
	int r = 0;

	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++)
		r = find_gaps(account, log);
	if (r < 0)
		return r;
	account->shutdowns = malloc((account->boots + 1) * sizeof *account->shutdowns);
	if (!account->shutdowns)
		return -ENOMEM;
	for (size_t boot = 0; boot <= account->boots; boot++)
		account->shutdowns[boot] = ACCOUNT_NONE;
	for (uint32_t place = 0; place < account->order.count; place++) {
		const struct account_record *record = account_place(account, place);

		if (record->kind == ACCOUNT_SHUTDOWN &&
		    account->shutdowns[record->boot] == ACCOUNT_NONE)
			account->shutdowns[record->boot] = place;
	}
	return 0;
}

/* Whether the log has a gap that touches the stretch. */
static bool has_gap(const struct account_extent *extent, int64_t first, int64_t last)
{
	size_t low = 0, high = extent->gap_count;

	/* the first gap that ends at or after the stretch begins */
	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (extent->gaps[middle].after < first)
			low = middle + 1;
		else
			high = middle;
	}
	return low < extent->gap_count && extent->gaps[low].before <= last;
}

unsigned completeness_between(const struct account *account, int64_t first, int64_t last,
			      uint64_t margin)
{
	unsigned logs = 0;

	first -= (int64_t)margin;
	last += (int64_t)margin;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		const struct account_extent *extent = &account->complete[log];

		if (account->logs[log].count > 0 && extent->first <= first &&
		    extent->last >= last && !has_gap(extent, first, last))
			logs |= 1U << log;
	}
	return logs;
}
