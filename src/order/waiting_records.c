/* SPDX-License-Identifier: MIT */
#include "order/waiting_records.h"

#include <errno.h>
#include <stdlib.h>

#define HEAP_MIN 8U

/* ---- heaps ---- */

static bool is_before(const struct waiting_record *a, const struct waiting_record *b)
{
	if (a->number != b->number)
		return a->number < b->number;
	return a->arrival < b->arrival;
}

static void heap_set(struct heap *heap, enum heap_kind order, uint32_t at,
		     struct waiting_record *waiting)
{
	heap->items[at] = waiting;
	waiting->at[order] = at;
}

/* Moves @waiting up from @at to its place. */
static void heap_rise(struct heap *heap, enum heap_kind order, uint32_t at,
		      struct waiting_record *waiting)
{
	while (at > 0 && is_before(waiting, heap->items[(at - 1) / 2])) {
		heap_set(heap, order, at, heap->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	heap_set(heap, order, at, waiting);
}

static void heap_sink(struct heap *heap, enum heap_kind order, uint32_t at,
		      struct waiting_record *waiting)
{
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < heap->count &&
		    is_before(heap->items[child + 1], heap->items[child]))
			child++;
		if (child >= heap->count || !is_before(heap->items[child], waiting))
			break;
		heap_set(heap, order, at, heap->items[child]);
		at = child;
	}
	heap_set(heap, order, at, waiting);
}

static int heap_reserve(struct heap *heap)
{
	uint32_t capacity = heap->capacity ? heap->capacity * 2 : HEAP_MIN;
	struct waiting_record **items;

	if (heap->count < heap->capacity)
		return 0;
	items = realloc(heap->items, capacity * sizeof(struct waiting_record *));
	if (!items)
		return -ENOMEM;
	heap->items = items;
	heap->capacity = capacity;
	return 0;
}

void heap_free(struct heap *heap)
{
	free(heap->items);
	*heap = (struct heap) { 0 };
}

static void heap_add(struct heap *heap, enum heap_kind order, struct waiting_record *waiting)
{
	heap_rise(heap, order, heap->count++, waiting);
}

static void heap_remove(struct heap *heap, enum heap_kind order,
			const struct waiting_record *waiting)
{
	struct waiting_record *last = heap->items[--heap->count];
	uint32_t at = waiting->at[order];

	if (last != waiting) {
		if (is_before(last, waiting))
			heap_rise(heap, order, at, last);
		else
			heap_sink(heap, order, at, last);
	}
	/* there may be many streams, and each may have been large once */
	if (heap->count == 0 && heap->capacity > HEAP_MIN)
		heap_free(heap);
}

bool heap_has(const struct heap *heap, uint64_t number)
{
	uint32_t at = 0;

	while (at < heap->count) {
		if (heap->items[at]->number == number)
			return true;
		if (heap->items[at]->number < number && 2 * at + 1 < heap->count) {
			at = 2 * at + 1;
			continue;
		}
		/* go up from the last child to the next one that has a sibling */
		while (at > 0 && (at % 2 == 0 || at + 1 >= heap->count))
			at = (at - 1) / 2;
		if (at == 0)
			break;
		at++;
	}
	return false;
}

int heap_copy(const struct heap *from, struct heap *to, enum heap_kind order)
{
	for (uint32_t i = 0; i < from->count; i++) {
		if (heap_reserve(to) < 0)
			return -ENOMEM;
		heap_add(to, order, from->items[i]);
	}
	return 0;
}

/* ---- the buffer ---- */

int buffer_insert(struct reorder_buffer *buffer, struct record_heaps heaps,
		  struct waiting_record *waiting)
{
	heaps.heaps[HEAP_OF_ALL] = &buffer->all;
	for (unsigned order = 0; order < HEAP_KINDS; order++)
		if (heaps.heaps[order] && heap_reserve(heaps.heaps[order]) < 0)
			return -ENOMEM;
	for (unsigned order = 0; order < HEAP_KINDS; order++)
		if (heaps.heaps[order])
			heap_add(heaps.heaps[order], (enum heap_kind)order, waiting);
	waiting->newer = NULL;
	waiting->older = buffer->newest;
	*(waiting->older ? &waiting->older->newer : &buffer->oldest) = waiting;
	buffer->newest = waiting;
	buffer->bytes += waiting->size;
	return 0;
}

static int buffer_copy(struct reorder_buffer *buffer, struct record_heaps heaps,
		       struct waiting_record from, const struct record *record)
{
	size_t size = sizeof(struct waiting_record) + record_texts_size(record);
	struct waiting_record *waiting = malloc(size);

	if (!waiting)
		return -ENOMEM;
	*waiting = from;
	waiting->record = *record;
	waiting->arrival = buffer->arrivals++;
	waiting->size = size;
	record_keep(&waiting->record, waiting->texts);
	if (buffer_insert(buffer, heaps, waiting) < 0) {
		free(waiting);
		return -ENOMEM;
	}
	return 0;
}

int buffer_add_numbered(struct reorder_buffer *buffer, struct record_heaps heaps,
			struct stream *stream, const struct record *record, uint64_t number)
{
	return buffer_copy(buffer, heaps,
			   (struct waiting_record) { .stream = stream, .number = number }, record);
}

int buffer_add(struct reorder_buffer *buffer, struct record_heaps heaps, uint32_t host,
	       const struct record *record)
{
	return buffer_copy(buffer, heaps,
			   (struct waiting_record) { .host = host, .number = record->time },
			   record);
}

void buffer_remove(struct reorder_buffer *buffer, struct record_heaps heaps,
		   struct waiting_record *waiting)
{
	heaps.heaps[HEAP_OF_ALL] = &buffer->all;
	for (unsigned order = 0; order < HEAP_KINDS; order++)
		if (heaps.heaps[order])
			heap_remove(heaps.heaps[order], (enum heap_kind)order, waiting);
	*(waiting->older ? &waiting->older->newer : &buffer->oldest) = waiting->newer;
	*(waiting->newer ? &waiting->newer->older : &buffer->newest) = waiting->older;
	buffer->bytes -= waiting->size;
}

/* The index of the smallest of @count candidates. */
static unsigned first_of(struct waiting_record *const candidates[], unsigned count)
{
	unsigned first = 0;

	for (unsigned i = 1; i < count; i++)
		if (is_before(candidates[i], candidates[first]))
			first = i;
	return first;
}

bool heap_has_run(const struct heap *heap, enum heap_kind order, uint64_t number)
{
	/* the next record is always a child of an earlier one */
	struct waiting_record *candidates[RUN_LENGTH + 1];
	unsigned count = 1;

	if (heap->count < RUN_LENGTH)
		return false;
	candidates[0] = heap->items[0];
	for (unsigned i = 0; i < RUN_LENGTH; i++) {
		unsigned first = first_of(candidates, count);
		struct waiting_record *waiting = candidates[first];
		uint32_t child = 2 * waiting->at[order] + 1;

		if (waiting->number != number + i)
			return false;
		candidates[first] = candidates[--count];
		for (uint32_t end = child + 2; child < end && child < heap->count; child++)
			candidates[count++] = heap->items[child];
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	const struct waiting_record *const *x = a, *const *y = b;

	return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

void waiting_sort(struct waiting_record *list[], uint32_t count)
{
	qsort(list, count, sizeof(struct waiting_record *), by_number);
}

/* Parts that share a count never have the same number, and numbers that often continue from part
 * to part are one count. After a gap that may still be filled, neighbours prove nothing. */
static enum counting_parts parts_of(struct waiting_record *const sorted[], uint32_t count,
				    const struct heap_question *question,
				    const struct numbers *numbers, struct evidence *evidence)
{
	uint64_t next = numbers->has ? numbers->number + 1 : NUMBER_ZERO + 1;
	bool whole = question->complete || sorted[0]->number <= next;

	evidence->agreements += question->agreement;
	if (whole && numbers->has && !numbers->restarts && sorted[0]->number > next)
		evidence_hole(evidence);
	for (uint32_t i = 1; i < count; i++) {
		const struct waiting_record *before = sorted[i - 1], *waiting = sorted[i];
		bool same = question->part(before) == question->part(waiting);

		if (waiting->number == before->number && !same)
			return PARTS_APART;
		if (waiting->number > before->number + 1) {
			whole &= question->complete;
			if (whole)
				evidence_hole(evidence);
		} else if (whole && !same) {
			evidence->agreements += question->weight(before, waiting);
		}
	}
	if (!question->complete && evidence->agreements < COUNTING_AGREEMENTS_SOON)
		return PARTS_UNKNOWN;
	return evidence_is_enough(evidence) ? PARTS_TOGETHER : PARTS_UNKNOWN;
}

int heap_learn(const struct heap *heap, const struct heap_question *question,
	       struct counting *counting)
{
	struct evidence evidence = counting->evidence;
	struct waiting_record **sorted;
	uint32_t count = 0;

	if (heap->count == 0)
		return 0;
	sorted = malloc(heap->count * sizeof(struct waiting_record *));
	if (!sorted)
		return -ENOMEM;
	for (uint32_t i = 0; i < heap->count; i++)
		if (heap->items[i]->arrival < question->since)
			sorted[count++] = heap->items[i];
	waiting_sort(sorted, count);
	if (count > 0)
		counting->parts = parts_of(sorted, count, question, &counting->numbers, &evidence);
	/* agreements are counted again when they are passed on, but holes are not */
	counting->evidence.holes = evidence.holes;
	free(sorted);
	return 0;
}

void buffer_free(struct reorder_buffer *buffer)
{
	for (struct waiting_record *waiting = buffer->oldest, *newer; waiting; waiting = newer) {
		newer = waiting->newer;
		free(waiting);
	}
	heap_free(&buffer->all);
	*buffer = (struct reorder_buffer) { 0 };
}
