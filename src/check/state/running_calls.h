/* SPDX-License-Identifier: MIT */
/*
 * Calls and callbacks of which the trace has shown the begin and not yet the end: records with a
 * phase.
 */
#ifndef CHECK_STATE_RUNNING_CALLS_H
#define CHECK_STATE_RUNNING_CALLS_H

#include "check/state/registrations.h"

/* So many of a driver are followed, with so many bytes; then the oldest is forgotten. */
#define RUNNING_OF_DRIVER 256U
#define RUNNING_BYTES     (256U << 10)

/* The handles by which an end finds its begin. */
enum running_handle {
	RUNNING_IO,
	RUNNING_CONTEXT,
	RUNNING_SESSION_OBJECT,
	RUNNING_REGISTRATION,
	RUNNING_HANDLES,
};

struct running {
	struct running *next; /* of the driver: what began later */
	struct record record; /* with which it began; its texts are in the same allocation */
	uint64_t hashes[RUNNING_HANDLES]; /* 0: the record does not have it */
	size_t size;                      /* of the allocation */
	uint64_t at;                      /* drivers->now */
	uint32_t serial;                  /* of the registration that it is about; 0: none */
	bool outlived; /* a callback: its registration has ended, which has been judged */
};

/* Remembers that the call, or the callback, of @record has begun; @now: drivers->now. -ENOMEM. */
int running_begin(struct driver *driver, const struct record *record, uint64_t now,
		  uint32_t serial);

/* What @record is the end of, taken from those that run; NULL: its begin was not shown. The
 * caller frees it. */
struct running *running_end(struct driver *driver, const struct record *record);

/* Adds to @record, the end of a call, what only its begin says; @contract is room for that. */
void running_merge(const struct running *running, struct record *record, struct contract *contract);

/* Forgets what runs; or of that the callbacks, whose ends may be lost. */
void running_forget(struct driver *driver);
void running_forget_callbacks(struct driver *driver);

#endif
