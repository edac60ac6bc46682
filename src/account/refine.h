/* SPDX-License-Identifier: MIT */
#ifndef ACCOUNT_REFINE_H
#define ACCOUNT_REFINE_H

#include "account/account.h"

/* Looks for a cheaper account: one with records of some log on the other side of a place at which
 * the clock was set back. -ENOMEM. */
int account_refine(struct account *account);

#endif
