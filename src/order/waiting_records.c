/* SPDX-License-Identifier: MIT */
#include "order/waiting_records.h"

#include <errno.h>
#include <stdlib.h>

#define HEAP_MIN 8U

/* ---- heaps ---- */

static bool is_before(const struct held *a, const struct held *b)
{
	if (a->number != b->number)
		return a->number < b->number;
	return a->arrival < b->arrival;
}

static void heap_set(struct heap *heap, enum held_order order, uint32_t at, struct held *held)
{
	heap->items[at] = held;
	held->at[order] = at;
}

/* Moves @held up from @at to its place. */
static void heap_rise(struct heap *heap, enum held_order order, uint32_t at, struct held *held)
{
	while (at > 0 && is_before(held, heap->items[(at - 1) / 2])) {
		heap_set(heap, order, at, heap->items[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
	heap_set(heap, order, at, held);
}

static void heap_sink(struct heap *heap, enum held_order order, uint32_t at, struct held *held)
{
	for (;;) {
		uint32_t child = 2 * at + 1;

		if (child + 1 < heap->count &&
		    is_before(heap->items[child + 1], heap->items[child]))
			child++;
		if (child >= heap->count || !is_before(heap->items[child], held))
			break;
		heap_set(heap, order, at, heap->items[child]);
		at = child;
	}
	heap_set(heap, order, at, held);
}

static int heap_reserve(struct heap *heap)
{
	uint32_t capacity = heap->capacity ? heap->capacity * 2 : HEAP_MIN;
	struct held **items;

	if (heap->count < heap->capacity)
		return 0;
	items = realloc(heap->items, capacity * sizeof(struct held *));
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

static void heap_add(struct heap *heap, enum held_order order, struct held *held)
{
	heap_rise(heap, order, heap->count++, held);
}

static void heap_remove(struct heap *heap, enum held_order order, const struct held *held)
{
	struct held *last = heap->items[--heap->count];
	uint32_t at = held->at[order];

	if (last != held) {
		if (is_before(last, held))
			heap_rise(heap, order, at, last);
		else
			heap_sink(heap, order, at, last);
	}
	/* there may be many streams, and each may have filled the window once */
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

int heap_copy(const struct heap *from, struct heap *to, enum held_order order)
{
	for (uint32_t i = 0; i < from->count; i++) {
		if (heap_reserve(to) < 0)
			return -ENOMEM;
		heap_add(to, order, from->items[i]);
	}
	return 0;
}

/* ---- all of them ---- */

int held_put(struct held_records *records, struct held_heaps heaps, struct held *held)
{
	heaps.heaps[HELD_OF_ALL] = &records->all;
	for (unsigned order = 0; order < HELD_ORDERS; order++)
		if (heaps.heaps[order] && heap_reserve(heaps.heaps[order]) < 0)
			return -ENOMEM;
	for (unsigned order = 0; order < HELD_ORDERS; order++)
		if (heaps.heaps[order])
			heap_add(heaps.heaps[order], (enum held_order)order, held);
	held->newer = NULL;
	held->older = records->newest;
	*(held->older ? &held->older->newer : &records->oldest) = held;
	records->newest = held;
	records->bytes += held->size;
	return 0;
}

static int held_copy(struct held_records *records, struct held_heaps heaps, struct held from,
		     const struct record *record)
{
	size_t size = sizeof(struct held) + record_texts_size(record);
	struct held *held = malloc(size);

	if (!held)
		return -ENOMEM;
	*held = from;
	held->record = *record;
	held->arrival = records->arrivals++;
	held->size = size;
	record_keep(&held->record, held->texts);
	if (held_put(records, heaps, held) < 0) {
		free(held);
		return -ENOMEM;
	}
	return 0;
}

int held_add_numbered(struct held_records *records, struct held_heaps heaps, struct stream *stream,
		      const struct record *record, uint64_t number)
{
	return held_copy(records, heaps, (struct held) { .stream = stream, .number = number },
			 record);
}

int held_add(struct held_records *records, struct held_heaps heaps, uint32_t host,
	     const struct record *record)
{
	return held_copy(records, heaps, (struct held) { .host = host, .number = record->time },
			 record);
}

void held_remove(struct held_records *records, struct held_heaps heaps, struct held *held)
{
	heaps.heaps[HELD_OF_ALL] = &records->all;
	for (unsigned order = 0; order < HELD_ORDERS; order++)
		if (heaps.heaps[order])
			heap_remove(heaps.heaps[order], (enum held_order)order, held);
	*(held->older ? &held->older->newer : &records->oldest) = held->newer;
	*(held->newer ? &held->newer->older : &records->newest) = held->older;
	records->bytes -= held->size;
}

/* The index of the smallest of @count candidates. */
static unsigned first_of(struct held *const candidates[], unsigned count)
{
	unsigned first = 0;

	for (unsigned i = 1; i < count; i++)
		if (is_before(candidates[i], candidates[first]))
			first = i;
	return first;
}

bool heap_has_run(const struct heap *heap, enum held_order order, uint64_t number)
{
	/* the next record is always a child of an earlier one */
	struct held *candidates[HELD_RUN + 1];
	unsigned count = 1;

	if (heap->count < HELD_RUN)
		return false;
	candidates[0] = heap->items[0];
	for (unsigned i = 0; i < HELD_RUN; i++) {
		unsigned first = first_of(candidates, count);
		struct held *held = candidates[first];
		uint32_t child = 2 * held->at[order] + 1;

		if (held->number != number + i)
			return false;
		candidates[first] = candidates[--count];
		for (uint32_t end = child + 2; child < end && child < heap->count; child++)
			candidates[count++] = heap->items[child];
	}
	return true;
}

static int by_number(const void *a, const void *b)
{
	const struct held *const *x = a, *const *y = b;

	return ((*x)->number > (*y)->number) - ((*x)->number < (*y)->number);
}

void held_sort(struct held *list[], uint32_t count)
{
	qsort(list, count, sizeof(struct held *), by_number);
}

/* Parts that share a count never have the same number, and numbers that often continue from part
 * to part are one count. After a gap that may still be filled, neighbours prove nothing. */
static enum counting_parts parts_of(struct held *const sorted[], uint32_t count,
				    const struct heap_question *question,
				    const struct numbers *numbers, struct evidence *evidence)
{
	uint64_t next = numbers->has ? numbers->number + 1 : NUMBER_ZERO + 1;
	bool whole = question->complete || sorted[0]->number <= next;

	evidence->agreements += question->agreement;
	if (whole && numbers->has && !numbers->restarts && sorted[0]->number > next)
		evidence_hole(evidence);
	for (uint32_t i = 1; i < count; i++) {
		const struct held *before = sorted[i - 1], *held = sorted[i];
		bool same = question->part(before) == question->part(held);

		if (held->number == before->number && !same)
			return PARTS_APART;
		if (held->number > before->number + 1) {
			whole &= question->complete;
			if (whole)
				evidence_hole(evidence);
		} else if (whole && !same) {
			evidence->agreements += question->weight(before, held);
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
	struct held **sorted;
	uint32_t count = 0;

	if (heap->count == 0)
		return 0;
	sorted = malloc(heap->count * sizeof(struct held *));
	if (!sorted)
		return -ENOMEM;
	for (uint32_t i = 0; i < heap->count; i++)
		if (heap->items[i]->arrival < question->since)
			sorted[count++] = heap->items[i];
	held_sort(sorted, count);
	if (count > 0)
		counting->parts = parts_of(sorted, count, question, &counting->numbers, &evidence);
	/* agreements are counted again when they are passed on, but holes are not */
	counting->evidence.holes = evidence.holes;
	free(sorted);
	return 0;
}

void held_free(struct held_records *records)
{
	for (struct held *held = records->oldest, *newer; held; held = newer) {
		newer = held->newer;
		free(held);
	}
	heap_free(&records->all);
	*records = (struct held_records) { 0 };
}
