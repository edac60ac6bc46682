/* SPDX-License-Identifier: MIT */
/*
 * Records that wait for others: found by the least number of all, of each host that has several
 * streams, and of each stream, and by how long they have waited. To add and to remove one costs
 * the logarithm of how many there are.
 */
#ifndef ORDER_WAITING_RECORDS_H
#define ORDER_WAITING_RECORDS_H

#include "order/sequence_numbers.h"
#include "trace/record.h"

struct stream;

enum held_order {
	HELD_OF_STREAM,
	HELD_OF_HOST, /* where that has several */
	HELD_OF_ALL,
#define HELD_ORDERS 3
};

struct held {
	struct record record;  /* its texts are its own */
	struct stream *stream; /* NULL: it waits by its time, */
	uint32_t host;         /* and is of this host */
	uint64_t number;       /* numbers_extend() of its seq, or the time */
	uint64_t arrival;
	size_t size;      /* with its texts */
	uint64_t same_as; /* the line of a record that says the same: it may be that one */
	bool torn_before, torn_after; /* nobody knows what is missing there */
	uint32_t at[HELD_ORDERS];     /* where it lies in its heaps */
	struct held *older, *newer;
	_Alignas(max_align_t) char texts[];
};

/* The least is the first; the children of i are 2i + 1 and 2i + 2. */
struct heap {
	struct held **items;
	uint32_t count, capacity;
};

/* Where a record of a stream lies. */
struct held_heaps {
	struct heap *heaps[HELD_ORDERS]; /* NULL: none */
};

struct held_records {
	struct heap all;
	struct held *oldest, *newest;
	uint64_t arrivals;
	size_t bytes;
};

/* What is held at most. */
#define ORDER_WINDOW 16384U
#define ORDER_BYTES  ((size_t)64 << 20)

static inline bool held_is_too_much(const struct held_records *records)
{
	return records->all.count > ORDER_WINDOW || records->bytes > ORDER_BYTES;
}

/* Holds a copy of @record, of @stream or of @host by its time, whose heaps are @heaps. -ENOMEM. */
int held_add_numbered(struct held_records *records, struct held_heaps heaps, struct stream *stream,
		      const struct record *record, uint64_t number);
int held_add(struct held_records *records, struct held_heaps heaps, uint32_t host,
	     const struct record *record);

/* Takes one out. It is the caller's then, to free() or to put back. */
void held_remove(struct held_records *records, struct held_heaps heaps, struct held *held);

/* Puts one in. -ENOMEM: it is still the caller's. */
int held_put(struct held_records *records, struct held_heaps heaps, struct held *held);

/* The one with the smallest number, or NULL. */
static inline struct held *heap_first(const struct heap *heap)
{
	return heap->count ? heap->items[0] : NULL;
}

/* Whether one has that number. Only those with lower ones are looked at. */
bool heap_has(const struct heap *heap, uint64_t number);

/* Puts them in the order of their numbers. */
void held_sort(struct held *list[], uint32_t count);

/* Puts all that @from has into @to as well, which is empty. -ENOMEM. */
int heap_copy(const struct heap *from, struct heap *to, enum held_order order);

void heap_free(struct heap *heap);

#define HELD_RUN 16

/* Whether the first HELD_RUN of a heap go on from @number one by one, and each number is there
 * once. */
bool heap_has_run(const struct heap *heap, enum held_order order, uint64_t number);

/* What is to be found out about the parts of a whole. */
struct heap_question {
	uint32_t (*part)(const struct held *held);
	/* how much it says that one goes on from the other */
	unsigned (*weight)(const struct held *one, const struct held *other);
	unsigned agreement; /* how much it says that the first goes on from what there was before */
	uint64_t since;     /* what has arrived since then can be of another count */
	bool complete;      /* what has not arrived does not arrive any more */
};

/* Finds what the parts of a whole do, judging by all that its heap holds. -ENOMEM. */
int heap_learn(const struct heap *heap, const struct heap_question *question,
	       struct counting *counting);

/* Drops all that is held; the heaps of streams and hosts are the caller's to free. */
void held_free(struct held_records *records);

#endif
