/* SPDX-License-Identifier: MIT */
/*
 * Replaces names in records before anything else sees them, so that no finding, step or annotation
 * can have an original one.
 */
#ifndef CHECK_ANONYMOUS_H
#define CHECK_ANONYMOUS_H

#include "base/table.h"
#include "trace/record.h"

struct anonymous {
	struct table table; /* of the names so far */
	struct arena arena; /* owns them and their replacements */
	char *key;          /* room to look one up */
	size_t key_room;
	uint32_t counts[8]; /* by kind of name */
};

void anonymous_init(struct anonymous *anonymous);
void anonymous_free(struct anonymous *anonymous);

/* Replaces hosts, boots, users, domains, addresses, clients and free texts of the records in
 * @batch. The replacements live as long as @anonymous. -ENOMEM. */
int anonymous_batch(struct anonymous *anonymous, struct batch *batch);

#endif
