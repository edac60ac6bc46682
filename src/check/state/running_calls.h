/* SPDX-License-Identifier: MIT */
/* Calls and callbacks that have begun but not ended, from records with a phase. */
#ifndef CHECK_STATE_RUNNING_CALLS_H
#define CHECK_STATE_RUNNING_CALLS_H

#include "check/state/registrations.h"

/* The max number for each driver, and their size; beyond that the oldest is forgotten. */
#define RUNNING_OF_DRIVER 256U
#define RUNNING_BYTES     (256U << 10)

/* The handles that match an end with its begin. */
enum running_handle {
	RUNNING_IO,
	RUNNING_CONTEXT,
	RUNNING_SESSION_OBJECT,
	RUNNING_REGISTRATION,
	RUNNING_HANDLES,
};

struct running {
	struct running *next;             /* next one to begin, of the driver */
	struct record record;             /* its begin; texts are in the same allocation */
	uint64_t hashes[RUNNING_HANDLES]; /* 0: not in the record */
	size_t size;                      /* of the allocation */
	uint64_t at;                      /* drivers->now */
	uint32_t serial;                  /* of its registration; 0: none */
	bool outlived; /* a callback whose registration has ended, which was checked already */
};

/* Notes that the call or callback of @record has begun; @now: drivers->now. -ENOMEM. */
int running_begin(struct driver *driver, const struct record *record, uint64_t now,
		  uint32_t serial);

/* Removes and returns the call or callback that @record ends; NULL: its begin is not in the
 * trace. The caller frees it. */
struct running *running_end(struct driver *driver, const struct record *record);

/* Adds to @record, the end of a call, what is only in its begin, using @contract as storage. */
void running_merge(const struct running *running, struct record *record, struct contract *contract);

/* Forgets all running calls; or only callbacks, whose ends may be lost. */
void running_forget(struct driver *driver);
void running_forget_callbacks(struct driver *driver);

#endif
