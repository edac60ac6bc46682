/* SPDX-License-Identifier: MIT */
/* Buffered records, found by smallest number of all, of each host with several streams, and of
 * each stream, and by how long they have waited. Adding and removing take logarithmic time. */
#ifndef ORDER_WAITING_RECORDS_H
#define ORDER_WAITING_RECORDS_H

#include "order/sequence_numbers.h"
#include "trace/record.h"

struct stream;

enum heap_kind {
	HEAP_OF_STREAM,
	HEAP_OF_HOST, /* if it has several streams */
	HEAP_OF_ALL,
#define HEAP_KINDS 3
};

struct waiting_record {
	struct record record;  /* owns its texts */
	struct stream *stream; /* NULL: waits by time, */
	uint32_t host;         /* as a record of this host */
	uint64_t number;       /* numbers_extend() of its seq, or the time */
	uint64_t arrival;
	size_t size;                /* including texts */
	uint64_t same_as;           /* line of a record that it may duplicate */
	bool gap_before, gap_after; /* an unknown number of records is missing there */
	uint32_t at[HEAP_KINDS];    /* index in each heap */
	struct waiting_record *older, *newer;
	_Alignas(max_align_t) char texts[];
};

/* The smallest is first; the children of i are 2i + 1 and 2i + 2. */
struct heap {
	struct waiting_record **items;
	uint32_t count, capacity;
};

/* The heaps that contain a record of a stream. */
struct record_heaps {
	struct heap *heaps[HEAP_KINDS]; /* NULL: none */
};

struct reorder_buffer {
	struct heap all;
	struct waiting_record *oldest, *newest;
	uint64_t arrivals;
	size_t bytes;
};

/* The max size of the window. */
#define ORDER_WINDOW 16384U
#define ORDER_BYTES  ((size_t)64 << 20)

static inline bool buffer_is_full(const struct reorder_buffer *buffer)
{
	return buffer->all.count > ORDER_WINDOW || buffer->bytes > ORDER_BYTES;
}

/* Buffers a copy of @record in @heaps, of @stream by number, or of @host by time. -ENOMEM. */
int buffer_add_numbered(struct reorder_buffer *buffer, struct record_heaps heaps,
			struct stream *stream, const struct record *record, uint64_t number);
int buffer_add(struct reorder_buffer *buffer, struct record_heaps heaps, uint32_t host,
	       const struct record *record);

/* Removes a record. The caller owns it then, to free() it or put it back. */
void buffer_remove(struct reorder_buffer *buffer, struct record_heaps heaps,
		   struct waiting_record *waiting);

/* Puts a record back. -ENOMEM: the caller still owns it. */
int buffer_insert(struct reorder_buffer *buffer, struct record_heaps heaps,
		  struct waiting_record *waiting);

/* The record with the smallest number, or NULL. */
static inline struct waiting_record *heap_first(const struct heap *heap)
{
	return heap->count ? heap->items[0] : NULL;
}

/* Whether a record has that number. Only looks at smaller ones. */
bool heap_has(const struct heap *heap, uint64_t number);

/* Sorts records by number. */
void waiting_sort(struct waiting_record *list[], uint32_t count);

/* Adds all records of @from to the empty heap @to. -ENOMEM. */
int heap_copy(const struct heap *from, struct heap *to, enum heap_kind order);

void heap_free(struct heap *heap);

#define RUN_LENGTH 16

/* Whether the first RUN_LENGTH records of a heap continue from @number without gaps or repeated
 * numbers. */
bool heap_has_run(const struct heap *heap, enum heap_kind order, uint64_t number);

/* What to find out about the parts of a whole. */
struct heap_question {
	uint32_t (*part)(const struct waiting_record *waiting);
	/* the weight of one continuing from the other */
	unsigned (*weight)(const struct waiting_record *one, const struct waiting_record *other);
	unsigned agreement; /* the weight of the first record continuing from those passed on */
	uint64_t since;     /* records that arrived later can belong to another count */
	bool complete;      /* no more records will arrive between these */
};

/* Decides from all records in a heap whether the parts of a whole share a count. -ENOMEM. */
int heap_learn(const struct heap *heap, const struct heap_question *question,
	       struct counting *counting);

/* Frees all buffered records; the caller frees the heaps of streams and hosts. */
void buffer_free(struct reorder_buffer *buffer);

#endif
