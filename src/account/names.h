/* SPDX-License-Identifier: MIT */
/* Texts that many records share, each stored once and known by a number. */
#ifndef ACCOUNT_NAMES_H
#define ACCOUNT_NAMES_H

#include "base/arena.h"
#include "base/table.h"

struct account_names {
	struct table table;
	struct arena arena;
	struct account_name **list; /* by number - 1 */
	size_t count, capacity;
};

void account_names_init(struct account_names *names);
void account_names_free(struct account_names *names);

/* The number of @text, from 1; 0 if it is empty. -ENOMEM. */
int account_names_number(struct account_names *names, struct sessionlint_text text,
			 uint32_t *ret_number);

/* The numbers of several texts, one by one. -ENOMEM. */
struct account_naming {
	struct sessionlint_text text;
	uint32_t *ret_number;
};
int account_names_numbers(struct account_names *names, const struct account_naming *list,
			  unsigned count);

/* The text with that number, as long as the names live; no data for 0. */
struct sessionlint_text account_names_text(const struct account_names *names, uint32_t number);

#endif
