/* SPDX-License-Identifier: MIT */
/*
 * The incarnations of sessions that have not ended, for whoever observes the steps of a run. What
 * tells one from the others of a log is its host, its session id and its source.
 */
#ifndef CHECK_OPEN_INCARNATIONS_H
#define CHECK_OPEN_INCARNATIONS_H

#include "base/table.h"
#include "sessionlint.h"

/* The first member of what an observer keeps of one. */
struct open_incarnation {
	struct table_entry entry;
	uint32_t key[3];
};

struct open_incarnations {
	struct table table;
	size_t size; /* of what is kept of one, in bytes */
};

void open_incarnations_init(struct open_incarnations *open, size_t size);

/* Frees all that are open, with @release before each if that is not NULL. */
void open_incarnations_free(struct open_incarnations *open, void (*release)(void *incarnation));

/* The one that @step is of; NULL: it is not open. */
void *open_incarnation_find(const struct open_incarnations *open,
			    const struct sessionlint_step *step);

/* Opens the one that @step is of, which must not be open; zeroed. NULL: there is no memory. */
void *open_incarnation_add(struct open_incarnations *open, const struct sessionlint_step *step);

/* Takes one out, which is the caller's from now on. */
void open_incarnation_take(struct open_incarnations *open, void *incarnation);

/* Whether two are of one session. */
bool open_incarnation_alike(const void *one, const void *other);

#endif
