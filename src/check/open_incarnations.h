/* SPDX-License-Identifier: MIT */
/* The incarnations of sessions that have not ended, for observers of the steps of a run. Within
 * a log, they are identified by host, session id and source. */
#ifndef CHECK_OPEN_INCARNATIONS_H
#define CHECK_OPEN_INCARNATIONS_H

#include "base/table.h"
#include "sessionlint.h"

/* The first member of an observer's struct for an incarnation. */
struct open_incarnation {
	struct table_entry entry;
	uint32_t key[3];
};

struct open_incarnations {
	struct table table;
	size_t size; /* of the observer's struct, in bytes */
};

void open_incarnations_init(struct open_incarnations *open, size_t size);

/* Frees all open ones, after calling @release for each if not NULL. */
void open_incarnations_free(struct open_incarnations *open, void (*release)(void *incarnation));

/* The incarnation of @step, or NULL if it is not open. */
void *open_incarnation_find(const struct open_incarnations *open,
			    const struct sessionlint_step *step);

/* Opens the incarnation of @step, which must not be open yet; zeroed. NULL: no memory. */
void *open_incarnation_add(struct open_incarnations *open, const struct sessionlint_step *step);

/* Removes an incarnation, which the caller owns then. */
void open_incarnation_take(struct open_incarnations *open, void *incarnation);

/* Whether two are of the same session. */
bool open_incarnation_alike(const void *one, const void *other);

#endif
