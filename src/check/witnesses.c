/* SPDX-License-Identifier: MIT */
#include "check/witnesses.h"

unsigned witnesses_list(struct judged_account *judged, uint64_t line)
{
	const struct account *account = judged->account;
	const struct account_item *item;
	const uint32_t *places;
	unsigned count;

	if (line == 0 || line > account->item_count)
		return 0;
	item = account_item(account, (size_t)(line - 1));
	places = account_witnesses(account, item);
	count = item->count < WITNESSES_MAX ? item->count : WITNESSES_MAX;
	for (unsigned i = 0; i < count; i++) {
		const struct account_record *record = account_place(account, places[i]);

		judged->witnesses[i] = (struct sessionlint_witness) {
			.source = account_source_of(
				(enum account_log)account->order.list[places[i]].log),
			.file = account->files[account_details(account, record).file].name,
			.line = record->line,
			.offset = record->offset,
			.time = record->time,
		};
	}
	return count;
}

bool witnesses_none(const struct judged_account *judged, uint64_t line)
{
	return line > 0 && line <= judged->account->item_count &&
	       account_item(judged->account, (size_t)(line - 1))->count == 0;
}

uint32_t witness_of(const struct account *account, const struct account_item *item)
{
	const uint32_t *places = account_witnesses(account, item);

	if (item->count == 0)
		return item->place;
	for (unsigned i = 0; item->kind != ACCOUNT_ITEM_CONTRADICTION && i < item->count; i++)
		if (account->order.list[places[i]].log == ACCOUNT_LOG_LSM)
			return places[i];
	return places[0];
}
