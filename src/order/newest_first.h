/* SPDX-License-Identifier: MIT */
/*
 * Whether a text is newest first, as many tools export events. That has to be known before anything
 * is judged, so the first records wait for it: for the second time, mostly.
 */
#ifndef ORDER_NEWEST_FIRST_H
#define ORDER_NEWEST_FIRST_H

#include "check/checker.h"

/* So many records wait at most, with so many bytes. */
#define DIRECTION_RECORDS BATCH_RECORDS
#define DIRECTION_BYTES   ((size_t)1 << 20)

/* A clock that is set back is no newest record. Three times and never forward is no clock. */
#define DIRECTION_FALLS 3

#define DIRECTION_HOSTS 16

enum direction_is {
	DIRECTION_UNKNOWN,
	DIRECTION_FORWARD, /* or there is no telling */
	DIRECTION_BACKWARD,
};

struct direction_host {
	uint64_t hash;         /* of its name */
	uint64_t newest, last; /* times of its records; UINT64_MAX: there has been none */
};

struct direction {
	enum direction_is is;
	uint64_t disorder;  /* by so much times may be out of order, in 100 ns */
	unsigned falls;     /* records that are older than the one before, of their host */
	struct place first; /* of them */
	unsigned host_count;
	struct direction_host hosts[DIRECTION_HOSTS];

	struct batch held; /* records that wait, with texts of their own */
	size_t bytes;
};

/* Begins with a log, whose times may be out of order by @disorder. */
void direction_begin(struct direction *direction, uint64_t disorder);
void direction_free(struct direction *direction);

/*
 * Looks at the next records. Where one has a seq, that decides the order, and where one has no
 * time, nothing speaks against the order that they are in.
 */
void direction_look(struct direction *direction, const struct batch *batch);

/* No more records come. */
void direction_end(struct direction *direction);

/* Holds the records of @batch. -ENOSPC: they are too many; -ENOMEM. */
int direction_hold(struct direction *direction, const struct batch *batch);

#endif
