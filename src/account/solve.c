/* SPDX-License-Identifier: MIT */
/*
 * The steps of an account. Logs are put into one order one after the other, so where the clock was
 * set back, two that are merged early can agree in an order that the others show to be wrong. If
 * something is wrong with the account, each other log is tried as the first one, and the cheapest
 * account is kept.
 */
#include <stdlib.h>

#include "account/annotations.h"
#include "account/completeness.h"
#include "account/internal.h"

/* Makes an account of each session, with @first as the first log of the order. */
static int explain(struct account *account, unsigned first)
{
	int r = account_align(account, first);

	if (r == 0)
		r = account_find_boots(account);
	if (r == 0)
		r = completeness_init(account);
	if (r == 0)
		r = account_find_computers(account);
	if (r == 0)
		r = account_name_winlogons(account);
	/* they are of no use any more */
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		free(account->order.places[log]);
		account->order.places[log] = NULL;
	}
	if (r == 0)
		r = account_add_machine_items(account);
	return r < 0 ? r : account_explain_sessions(account);
}

/* Forgets what explain() found. */
static void forget(struct account *account)
{
	const struct account_records *winlogon = &account->logs[ACCOUNT_LOG_WINLOGON];

	free(account->order.list);
	free(account->begins);
	completeness_free(account);
	account->order.list = NULL;
	account->begins = account->shutdowns = NULL;
	memset(account->complete, 0, sizeof account->complete);
	account->jump_count = account->item_count = account->subject_count = 0;
	account->witness_count = account->conflict_count = 0;
	for (size_t i = 0; i < winlogon->count; i++) {
		winlogon->list[i].session = ACCOUNT_NONE;
		winlogon->list[i].flags &= (uint8_t)~ACCOUNT_UNNAMED;
	}
}

/* An account with @x rather than with @y: what is first in the struct counts most. */
static bool is_cheaper(const struct account_cost *x, const struct account_cost *y)
{
	if (x->left_out != y->left_out)
		return x->left_out < y->left_out;
	if (x->missing != y->missing)
		return x->missing < y->missing;
	return x->jumps != y->jumps ? x->jumps < y->jumps : x->unlikely < y->unlikely;
}

static int explain_best(struct account *account)
{
	unsigned best = 0, last = 0;
	int r = explain(account, 0);
	struct account_cost cost = account->cost;

	if (r < 0 || (cost.left_out == 0 && cost.missing == 0) || !account_was_set_back(account))
		return r;
	for (unsigned first = 1; r == 0 && first < ACCOUNT_LOGS; first++) {
		if (account->logs[first].count == 0)
			continue;
		forget(account);
		r = explain(account, first);
		last = first;
		if (is_cheaper(&account->cost, &cost)) {
			best = first;
			cost = account->cost;
		}
	}
	if (r < 0 || best == last)
		return r;
	forget(account);
	return explain(account, best);
}

int account_solve(struct account *account)
{
	int r = account_sort_files(account);

	account_sort_persons(account);
	if (r == 0)
		r = explain_best(account);
	if (r == 0)
		r = account_place_annotations(account);
	return r < 0 ? r : account_sort_items(account);
}
