/* SPDX-License-Identifier: MIT */
/*
 * Records that wait for others: found by the least seq of all and of each host, and by how long
 * they have waited. To add and to remove one costs the logarithm of how many there are.
 */
#ifndef CHECK_HELD_H
#define CHECK_HELD_H

#include "check/numbering.h"
#include "trace/record.h"

enum held_order {
	HELD_OF_HOST,
	HELD_OF_ALL,
#define HELD_ORDERS 2
};

struct held {
	struct record record; /* its texts are its own */
	uint32_t host;
	uint64_t arrival;
	size_t size;              /* with its texts */
	uint32_t at[HELD_ORDERS]; /* where it lies in its heaps */
	struct held *older, *newer;
	_Alignas(max_align_t) char texts[];
};

/* The least is the first; the children of i are 2i + 1 and 2i + 2. */
struct heap {
	struct held **items;
	uint32_t count, capacity;
};

struct held_records {
	struct heap all;
	struct heap *hosts; /* by number of host */
	uint32_t host_count;
	struct held *oldest, *newest;
	uint64_t arrivals;
	size_t bytes;
};

/* Holds a copy of @record, of host number @host. -ENOMEM. */
int held_add(struct held_records *records, uint32_t host, const struct record *record);

/* Takes one out. It is the caller's then, to free() or to put back. */
void held_remove(struct held_records *records, struct held *held);

/* Puts one in. -ENOMEM: it is still the caller's. */
int held_put(struct held_records *records, struct held *held);

/* The one with the least seq, of all or of a host; NULL if there is none. */
struct held *held_first(const struct held_records *records);
struct held *held_first_of_host(const struct held_records *records, uint32_t host);

#define HELD_RUN 16

/*
 * Of how many hosts the first HELD_RUN of a heap are, if they go on from @seq one by one and each
 * number is there once: 1, or 2 for two or more; otherwise 0.
 */
unsigned held_run_hosts(const struct heap *heap, enum held_order order, uint64_t seq);

/* What seq counts, judging by all that is held behind @trace; @ret_kind is left alone if nothing
 * is. -ENOMEM. */
int held_find_kind(const struct held_records *records, const struct numbering *trace,
		   enum numbering_kind *ret_kind);

/* Drops all that is held, and the memory. */
void held_free(struct held_records *records);

#endif
