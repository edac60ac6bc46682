/* SPDX-License-Identifier: MIT */
/* Notes on gaps and times in a Windows log matter only if it contains session records: they are
 * held back until the first one, and dropped if there is none. */
#ifndef CHECK_NOTES_H
#define CHECK_NOTES_H

#include "sessionlint.h"

/* Only the last ones are stored. */
#define NOTES_MAX 256U

struct note;

struct notes {
	struct note *first, **end;
	unsigned count;
	uint64_t omitted;
	bool passing; /* notes are not held back */
};

/* Starts a log; @keep: hold notes back. Drops those of the previous log. */
void notes_begin(struct notes *notes, bool keep);
void notes_free(struct notes *notes);

/* Holds @finding back if it is such a note: returns 1, otherwise 0; or -ENOMEM. */
int notes_keep(struct notes *notes, const struct sessionlint_finding *finding);

/* The first note held back, or NULL; and removes it. */
struct sessionlint_finding *notes_first(struct notes *notes);
void notes_drop_first(struct notes *notes);

#endif
