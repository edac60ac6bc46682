/* SPDX-License-Identifier: MIT */
/* A series of events of one host: those that simply follow are judged without a record. */
#ifndef CHECK_SESSION_SERIES_H
#define CHECK_SESSION_SERIES_H

#include "check/context.h"

/* How far a series has been judged. */
struct series_progress {
	unsigned next;                   /* the first event that has not been judged */
	unsigned hashed;                 /* events whose slots are prefetched */
	unsigned found;                  /* events whose sessions are prefetched */
	uint32_t hashes[SERIES_EVENTS];  /* of their sessions */
	uint32_t numbers[SERIES_EVENTS]; /* of sessions with these hashes; SESSION_NONE: none yet */
};

/*
 * Judges events from progress->next on until one needs a closer look, as a record: that is then
 * progress->next, and series_hash() is the hash of its session. -ENOMEM, or what options.report
 * returned.
 */
int series_follow(struct checker *checker, const struct series *series,
		  struct series_progress *progress);

static inline uint32_t series_hash(const struct series_progress *progress)
{
	return progress->hashes[progress->next];
}

#endif
