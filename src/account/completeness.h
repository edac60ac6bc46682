/* SPDX-License-Identifier: MIT */
/* Where a log of the machine is present and complete, so that what it lacks did not happen. */
#ifndef ACCOUNT_COMPLETENESS_H
#define ACCOUNT_COMPLETENESS_H

#include "account/account.h"

/* Finds out where each log is complete, after the boots are known. -ENOMEM. */
int completeness_init(struct account *account);
void completeness_free(struct account *account);

/* The logs, bit n for log n, that are complete between two times, as of account->order, and for
 * @margin before and after them, in 100 ns. */
unsigned completeness_between(const struct account *account, int64_t first, int64_t last,
			      uint64_t margin);

#endif
