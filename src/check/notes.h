/* SPDX-License-Identifier: MIT */
/*
 * Notes on gaps and times in a log of Windows, which matter only where the log holds records of
 * sessions: they are kept until one comes, and dropped if none does.
 */
#ifndef CHECK_NOTES_H
#define CHECK_NOTES_H

#include "sessionlint.h"

/* So many are kept, the last ones. */
#define NOTES_MAX 256U

struct note;

struct notes {
	struct note *first, **end;
	unsigned count;
	uint64_t omitted;
	bool passing; /* nothing is kept back */
};

/* Begins a log; with @keep, notes are kept back. What was kept of another log is dropped. */
void notes_begin(struct notes *notes, bool keep);
void notes_free(struct notes *notes);

/* Holds @finding back if it is such a note: returns 1, otherwise 0; or -ENOMEM. */
int notes_keep(struct notes *notes, const struct sessionlint_finding *finding);

/* The first that was kept back, or NULL; and drops it. */
struct sessionlint_finding *notes_first(struct notes *notes);
void notes_drop_first(struct notes *notes);

#endif
