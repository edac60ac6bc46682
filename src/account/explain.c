/* SPDX-License-Identifier: MIT */
#include "account/explain.h"

#include <stdlib.h>

#include "account/completeness.h"
#include "account/internal.h"
#include "account/search.h"

/* Adds the cost of a clock that was set between two witnesses of one transition: that is possible,
 * but more likely the order is wrong. */
static void add_torn(struct account *account)
{
	for (size_t i = 0; i < account->item_count; i++) {
		const struct account_item *item = &account->items[i];
		const uint32_t *places = account_witnesses(account, item);

		if (item->kind != ACCOUNT_ITEM_TRANSITION)
			continue;
		for (unsigned j = 1; j < item->count; j++)
			if (account_distance(account_place(account, places[0])->time,
					     account_place(account, places[j])->time) >
			    account->window)
				account->cost.unlikely += COST_LATE;
	}
}

int account_explain_order(struct account *account)
{
	int r = account_number_places(account);

	if (r == 0)
		r = account_find_boots(account);
	if (r == 0)
		r = completeness_init(account);
	if (r == 0)
		r = account_find_computers(account);
	if (r == 0)
		r = account_name_winlogons(account);
	/* nothing else needs the places */
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		free(account->order.places[log]);
		account->order.places[log] = NULL;
	}
	if (r == 0)
		r = account_add_machine_items(account);
	if (r == 0)
		r = account_explain_sessions(account);
	if (r == 0 && account->jump_count > 0)
		add_torn(account);
	return r;
}

void account_forget(struct account *account)
{
	const struct account_records *winlogon = &account->logs[ACCOUNT_LOG_WINLOGON];

	free(account->begins);
	completeness_free(account);
	account->begins = account->shutdowns = NULL;
	memset(account->complete, 0, sizeof account->complete);
	account->jump_count = account->item_count = account->subject_count = 0;
	account->witness_count = account->conflict_count = 0;
	for (size_t i = 0; i < winlogon->count; i++) {
		winlogon->list[i].session = ACCOUNT_NONE;
		winlogon->list[i].flags &= (uint8_t)~ACCOUNT_UNNAMED;
	}
}

int account_explain_again(struct account *account, const struct account_ref *order)
{
	account_forget(account);
	memcpy(account->order.list, order, account->order.count * sizeof *order);
	return account_explain_order(account);
}

bool account_is_cheaper(const struct account_cost *x, const struct account_cost *y)
{
	if (x->left_out != y->left_out)
		return x->left_out < y->left_out;
	if (x->missing != y->missing)
		return x->missing < y->missing;
	return x->jumps != y->jumps ? x->jumps < y->jumps : x->unlikely < y->unlikely;
}
