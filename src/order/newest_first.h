/* SPDX-License-Identifier: MIT */
/* Detects text that is newest first, as many tools export events. Nothing can be checked before
 * that is known, so the first records wait, usually until the second time. */
#ifndef ORDER_NEWEST_FIRST_H
#define ORDER_NEWEST_FIRST_H

#include "check/checker.h"

/* At most this many records wait, with at most this many bytes. */
#define DIRECTION_RECORDS BATCH_RECORDS
#define DIRECTION_BYTES   ((size_t)1 << 20)

/* One time that goes back may be a clock set back. Three, with none that goes forward, are not. */
#define DIRECTION_FALLS 3

#define DIRECTION_HOSTS 16

enum direction_is {
	DIRECTION_UNKNOWN,
	DIRECTION_FORWARD, /* or undecidable */
	DIRECTION_BACKWARD,
};

struct direction_host {
	uint64_t hash;         /* of the name */
	uint64_t newest, last; /* times of its records; UINT64_MAX: none yet */
};

struct direction {
	enum direction_is is;
	uint64_t disorder;  /* how far times may be out of order, in 100 ns */
	unsigned falls;     /* records older than the previous one of their host */
	struct place first; /* of the falls */
	unsigned host_count;
	struct direction_host hosts[DIRECTION_HOSTS];

	struct batch waiting; /* waiting records, with copies of their texts */
	size_t bytes;
};

/* Starts a log whose times may be out of order by @disorder. */
void direction_begin(struct direction *direction, uint64_t disorder);
void direction_free(struct direction *direction);

/* Examines the next records. A record with a seq is ordered by that; a record without a time is
 * no reason to doubt the order of the file. */
void direction_look(struct direction *direction, const struct batch *batch);

/* There are no more records. */
void direction_end(struct direction *direction);

/* Buffers the records of @batch. -ENOSPC: too many; -ENOMEM. */
int direction_store(struct direction *direction, const struct batch *batch);

#endif
