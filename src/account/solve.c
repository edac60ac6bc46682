/* SPDX-License-Identifier: MIT */
/*
 * The steps of an account. Logs are merged into one order one by one. Where the clock was set back,
 * two that are merged early can agree in an order that the others show to be wrong: then each log
 * is tried as the first one, each order is refined, and the cheapest account is kept.
 */
#include <errno.h>
#include <stdlib.h>

#include "account/annotations.h"
#include "account/explain.h"
#include "account/internal.h"
#include "account/refine.h"
#include "account/search.h"

/* If so many things are wrong, the clock was probably set back where no log shows it. A single
 * record in the wrong place accounts for four: it is missing, two other logs lack it where it is,
 * and a session ends with its user logged on. */
#define WRONG_TOGETHER 5U

/* With more records than that, other logs are tried as the first one only if something is wrong. */
#define MANY_RECORDS ((size_t)1 << 16)

/* Makes an account of each session, with @first as the first log of the order. */
static int explain(struct account *account, unsigned first)
{
	int r = account_align(account, first);

	return r < 0 ? r : account_explain_order(account);
}

/* Whether a cheaper account is worth looking for: the clock was set back in some log, or so much is
 * wrong that it may have been set back where no log alone shows it. */
static bool can_be_cheaper(const struct account *account)
{
	const struct account_cost *cost = &account->cost;
	uint64_t implied = COST_IMPLIED / COST_MISSING;

	if (account_was_set_back(account))
		return true;
	/* no order makes the logs of two computers fit */
	for (size_t i = 0; i < account->item_count; i++)
		if (account->items[i].kind == ACCOUNT_ITEM_COMPUTER)
			return false;
	return cost->left_out + cost->missing / implied + cost->missing % implied >= WRONG_TOGETHER;
}

/* Keeps a copy of the order in *best. -ENOMEM. */
static int keep_order(const struct account *account, struct account_ref **best)
{
	size_t size = account->order.count * sizeof **best;
	struct account_ref *copy = realloc(*best, size + 1);

	if (!copy)
		return -ENOMEM;
	memcpy(copy, account->order.list, size);
	*best = copy;
	return 0;
}

/* Tries the other logs as the first one, after that of number 0. *best: the order of the cheapest
 * account. */
static int try_others(struct account *account, struct account_ref **best)
{
	struct account_cost cost = account->cost;
	int r = keep_order(account, best);

	for (unsigned first = 1; r == 0 && first < ACCOUNT_LOGS; first++) {
		if (account->logs[first].count == 0)
			continue;
		account_forget(account);
		free(account->order.list);
		r = explain(account, first);
		if (r == 0)
			r = account_refine(account);
		if (r < 0 || !account_is_cheaper(&account->cost, &cost))
			continue;
		cost = account->cost;
		r = keep_order(account, best);
	}
	return r;
}

static int explain_best(struct account *account)
{
	struct account_ref *best = NULL;
	int r = explain(account, 0);

	if (r < 0 || !can_be_cheaper(account))
		return r;
	r = account_refine(account);
	if (r < 0 || !account_was_set_back(account) ||
	    (account->order.count > MANY_RECORDS && account->cost.left_out == 0 &&
	     account->cost.missing == 0))
		return r;
	r = try_others(account, &best);
	if (r == 0)
		r = account_explain_again(account, best);
	free(best);
	return r;
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
