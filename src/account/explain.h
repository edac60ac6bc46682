/* SPDX-License-Identifier: MIT */
/* The account of an order: what account_align() leaves. */
#ifndef ACCOUNT_EXPLAIN_H
#define ACCOUNT_EXPLAIN_H

#include "account/account.h"

/* Makes an account of each session, with the records in the order that they have. -ENOMEM. */
int account_explain_order(struct account *account);

/* Forgets what account_explain_order() found, but not the order. */
void account_forget(struct account *account);

/* Makes the account again, with the records in another order. -ENOMEM. */
int account_explain_again(struct account *account, const struct account_ref *order);

/* Whether an account that costs @x is cheaper than one that costs @y. */
bool account_is_cheaper(const struct account_cost *x, const struct account_cost *y);

#endif
