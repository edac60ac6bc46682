/* SPDX-License-Identifier: MIT */
/* Buffered records, found by smallest number of all, of each host with several streams, and of
 * each stream, and by how long they have waited. Adding and removing take logarithmic time. */
#ifndef ORDER_WAITING_RECORDS_H
#define ORDER_WAITING_RECORDS_H

#include "order/sequence_numbers.h"
#include "trace/record.h"

struct stream;

enum held_order {
	HELD_OF_STREAM,
	HELD_OF_HOST, /* if it has several streams */
	HELD_OF_ALL,
#define HELD_ORDERS 3
};

struct held {
	struct record record;  /* owns its texts */
	struct stream *stream; /* NULL: waits by time, */
	uint32_t host;         /* as a record of this host */
	uint64_t number;       /* numbers_extend() of its seq, or the time */
	uint64_t arrival;
	size_t size;                  /* including texts */
	uint64_t same_as;             /* line of a record that it may duplicate */
	bool torn_before, torn_after; /* an unknown number of records is missing there */
	uint32_t at[HELD_ORDERS];     /* index in each heap */
	struct held *older, *newer;
	_Alignas(max_align_t) char texts[];
};

/* The smallest is first; the children of i are 2i + 1 and 2i + 2. */
struct heap {
	struct held **items;
	uint32_t count, capacity;
};

/* The heaps that contain a record of a stream. */
struct held_heaps {
	struct heap *heaps[HELD_ORDERS]; /* NULL: none */
};

struct held_records {
	struct heap all;
	struct held *oldest, *newest;
	uint64_t arrivals;
	size_t bytes;
};

/* The max size of the window. */
#define ORDER_WINDOW 16384U
#define ORDER_BYTES  ((size_t)64 << 20)

static inline bool held_is_too_much(const struct held_records *records)
{
	return records->all.count > ORDER_WINDOW || records->bytes > ORDER_BYTES;
}

/* Buffers a copy of @record in @heaps, of @stream by number, or of @host by time. -ENOMEM. */
int held_add_numbered(struct held_records *records, struct held_heaps heaps, struct stream *stream,
		      const struct record *record, uint64_t number);
int held_add(struct held_records *records, struct held_heaps heaps, uint32_t host,
	     const struct record *record);

/* Removes a record. The caller owns it then, to free() it or put it back. */
void held_remove(struct held_records *records, struct held_heaps heaps, struct held *held);

/* Puts a record back. -ENOMEM: the caller still owns it. */
int held_put(struct held_records *records, struct held_heaps heaps, struct held *held);

/* The record with the smallest number, or NULL. */
static inline struct held *heap_first(const struct heap *heap)
{
	return heap->count ? heap->items[0] : NULL;
}

/* Whether a record has that number. Only looks at smaller ones. */
bool heap_has(const struct heap *heap, uint64_t number);

/* Sorts records by number. */
void held_sort(struct held *list[], uint32_t count);

/* Adds all records of @from to the empty heap @to. -ENOMEM. */
int heap_copy(const struct heap *from, struct heap *to, enum held_order order);

void heap_free(struct heap *heap);

#define HELD_RUN 16

/* Whether the first HELD_RUN records of a heap continue from @number without gaps or repeated
 * numbers. */
bool heap_has_run(const struct heap *heap, enum held_order order, uint64_t number);

/* What to find out about the parts of a whole. */
struct heap_question {
	uint32_t (*part)(const struct held *held);
	/* the weight of one continuing from the other */
	unsigned (*weight)(const struct held *one, const struct held *other);
	unsigned agreement; /* the weight of the first record continuing from those passed on */
	uint64_t since;     /* records that arrived later can belong to another count */
	bool complete;      /* no more records will arrive between these */
};

/* Decides from all records in a heap whether the parts of a whole share a count. -ENOMEM. */
int heap_learn(const struct heap *heap, const struct heap_question *question,
	       struct counting *counting);

/* Frees all buffered records; the caller frees the heaps of streams and hosts. */
void held_free(struct held_records *records);

#endif
