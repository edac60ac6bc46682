/* SPDX-License-Identifier: MIT */
/* The account of an order: what account_align() leaves. */
#ifndef ACCOUNT_EXPLAIN_H
#define ACCOUNT_EXPLAIN_H

#include "account/account.h"

/* Makes an account of each session. -ENOMEM. */
int account_explain_order(struct account *account);

/* Forgets what account_explain_order() found, but not the order. */
void account_forget(struct account *account);

/* An account that costs @x rather than one with @y. */
bool account_is_cheaper(const struct account_cost *x, const struct account_cost *y);

#endif
