/* SPDX-License-Identifier: MIT */
/* What the logs of a machine say besides transitions, and where that is among them. */
#ifndef ACCOUNT_ANNOTATIONS_H
#define ACCOUNT_ANNOTATIONS_H

#include "account/account.h"
#include "trace/annotation.h"

/* An annotation, as it was read. */
struct account_annotation {
	uint64_t time, line, offset, logon_id;
	uint32_t session; /* or ACCOUNT_NONE */
	uint32_t file, event_id, reason;
	uint32_t user, address, host, domain, client; /* numbers in names */
	uint32_t place; /* of the last record before it; found by account_place_annotations() */
	uint32_t boot;
	uint8_t kind; /* enum annotation_kind */
};

/* Stores an annotation of the file begun last. -ENOMEM. */
int account_add_annotation(struct account *account, const struct record *record);

/* Learns from an annotation who has which SID. -ENOMEM. */
int account_learn_person(struct account *account, const struct record *record);

/* Finds where annotations are, and whose session they are about: account->between. They are not
 * items: whether they are kept must not change the numbers of those. -ENOMEM. */
int account_place_annotations(struct account *account);

/* Whether annotation @number, in the order of account->between, comes before @item. */
bool account_annotation_precedes(const struct account *account, size_t number,
				 const struct account_item *item);

/* The annotation of @kind about the session of @item that is nearest to it, within the window;
 * NULL: not found. */
const struct account_annotation *account_annotation_near(const struct account *account,
							 const struct account_item *item,
							 enum annotation_kind kind);

#endif
