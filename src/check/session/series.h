/* SPDX-License-Identifier: MIT */
/* A series of events of one host: those that simply follow are judged without a record. */
#ifndef CHECK_SESSION_SERIES_H
#define CHECK_SESSION_SERIES_H

#include "check/context.h"

/* How far a series has been judged. */
struct series_progress {
	unsigned next;   /* the first event that has not been judged */
	unsigned hashed; /* events whose slots are prefetched, if there are no guesses */
	unsigned found;  /* events whose sessions are prefetched */
	uint32_t hashes[SERIES_EVENTS];
	/* what may be their sessions, with their numbers; NULL: unknown */
	struct session *sessions[SERIES_EVENTS];
	uint32_t numbers[SERIES_EVENTS];
};

/* Judges events from progress->next on until one needs a closer look, as a record: that is then
 * progress->next. -ENOMEM, or what options.report returned. */
int series_follow(struct checker *checker, const struct series *series,
		  struct series_progress *progress);

#endif
