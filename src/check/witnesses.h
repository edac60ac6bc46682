/* SPDX-License-Identifier: MIT */
/* The witnesses of findings and steps, while an account is judged. */
#ifndef CHECK_WITNESSES_H
#define CHECK_WITNESSES_H

#include "account/account.h"

/* More are not listed. */
#define WITNESSES_MAX 64U

/* The account that is being judged. The line of a record that is made from it is the number of its
 * item, from 1. */
struct judged_account {
	const struct account *account;
	struct sessionlint_witness witnesses[WITNESSES_MAX];
};

/* Fills in the witnesses of item @line: how many. */
unsigned witnesses_list(struct judged_account *judged, uint64_t line);

/* Whether no log shows item @line, which is a transition. */
bool witnesses_none(const struct judged_account *judged, uint64_t line);

/* The witness that stands for an item: that of the session manager, which names the user, or the
 * first. A place in the account's order. */
uint32_t witness_of(const struct account *account, const struct account_item *item);

#endif
