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

/* Notes the gaps of a log: each is the place of the record after it. */
static int find_gaps(struct account *account, unsigned number)
{
	const struct account_records *log = &account->logs[number];
	struct account_extent *extent = &account->complete[number];
	size_t count = 0;

	if (log->count == 0)
		return 0;
	extent->first = account->order.places[number][0];
	extent->last = account->order.places[number][log->count - 1];
	for (size_t i = 1; i < log->count; i++)
		count += log->list[i].flags & ACCOUNT_AFTER_GAP;
	extent->gaps = malloc((count + 1) * sizeof *extent->gaps);
	if (!extent->gaps)
		return -ENOMEM;
	for (size_t i = 1; i < log->count; i++)
		if (log->list[i].flags & ACCOUNT_AFTER_GAP)
			extent->gaps[extent->gap_count++] = (struct account_gap) {
				.before = account->order.places[number][i - 1],
				.after = account->order.places[number][i],
			};
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
static bool has_gap(const struct account_extent *extent, uint32_t first, uint32_t last)
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

unsigned completeness_between(const struct account *account, uint32_t first, uint32_t last)
{
	unsigned logs = 0;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		const struct account_extent *extent = &account->complete[log];

		if (account->logs[log].count > 0 && extent->first <= first &&
		    extent->last >= last && !has_gap(extent, first, last))
			logs |= 1U << log;
	}
	return logs;
}

bool completeness_shut(const struct account *account, uint32_t place)
{
	return place >= account->shutdowns[account_place(account, place)->boot];
}
