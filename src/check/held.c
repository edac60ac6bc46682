/* SPDX-License-Identifier: MIT */
#include "check/held.h"

#include <errno.h>
#include <stdlib.h>

#define HEAP_LEAST 8U

/* ---- heaps ---- */

static bool is_before(const struct held *a, const struct held *b)
{
	if (a->record.seq != b->record.seq)
		return a->record.seq < b->record.seq;
	return a->arrival < b->arrival;
}

static void heap_set(struct heap *heap, enum held_order order, uint32_t at, struct held *held)
{
	heap->items[at] = held;
	held->at[order] = at;
}

/* Lets @held rise from @at to where it belongs. */
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
	uint32_t capacity = heap->capacity ? heap->capacity * 2 : HEAP_LEAST;
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
	if (heap->count > 0 || heap->capacity <= HEAP_LEAST)
		return;
	/* there may be many hosts, and each of them may have filled the window once */
	free(heap->items);
	*heap = (struct heap) { 0 };
}

/* ---- all of them ---- */

static int hosts_reserve(struct held_records *records, uint32_t host)
{
	uint32_t count = records->host_count ? records->host_count : 8;
	struct heap *hosts;

	if (host < records->host_count)
		return 0;
	while (count <= host)
		count *= 2;
	hosts = realloc(records->hosts, count * sizeof *hosts);
	if (!hosts)
		return -ENOMEM;
	memset(hosts + records->host_count, 0, (count - records->host_count) * sizeof *hosts);
	records->hosts = hosts;
	records->host_count = count;
	return 0;
}

int held_put(struct held_records *records, struct held *held)
{
	struct heap *host;

	if (hosts_reserve(records, held->host) < 0)
		return -ENOMEM;
	host = &records->hosts[held->host];
	if (heap_reserve(host) < 0 || heap_reserve(&records->all) < 0)
		return -ENOMEM;
	heap_rise(host, HELD_OF_HOST, host->count++, held);
	heap_rise(&records->all, HELD_OF_ALL, records->all.count++, held);
	held->newer = NULL;
	held->older = records->newest;
	*(held->older ? &held->older->newer : &records->oldest) = held;
	records->newest = held;
	records->bytes += held->size;
	return 0;
}

int held_add(struct held_records *records, uint32_t host, const struct record *record)
{
	size_t size = sizeof(struct held) + record_texts_size(record);
	struct held *held = malloc(size);

	if (!held)
		return -ENOMEM;
	*held = (struct held) {
		.record = *record,
		.host = host,
		.arrival = records->arrivals++,
		.size = size,
	};
	record_keep(&held->record, held->texts);
	if (held_put(records, held) < 0) {
		free(held);
		return -ENOMEM;
	}
	return 0;
}

void held_remove(struct held_records *records, struct held *held)
{
	heap_remove(&records->hosts[held->host], HELD_OF_HOST, held);
	heap_remove(&records->all, HELD_OF_ALL, held);
	*(held->older ? &held->older->newer : &records->oldest) = held->newer;
	*(held->newer ? &held->newer->older : &records->newest) = held->older;
	records->bytes -= held->size;
}

struct held *held_first(const struct held_records *records)
{
	return records->all.count ? records->all.items[0] : NULL;
}

struct held *held_first_of_host(const struct held_records *records, uint32_t host)
{
	if (host >= records->host_count || records->hosts[host].count == 0)
		return NULL;
	return records->hosts[host].items[0];
}

/* The place of the least of @count candidates. */
static unsigned least_of(struct held *const candidates[], unsigned count)
{
	unsigned least = 0;

	for (unsigned i = 1; i < count; i++)
		if (is_before(candidates[i], candidates[least]))
			least = i;
	return least;
}

unsigned held_run_hosts(const struct heap *heap, enum held_order order, uint64_t seq)
{
	/* whatever comes next is a child of what has come */
	struct held *candidates[HELD_RUN + 1];
	unsigned count = 1, hosts = 1;

	if (heap->count < HELD_RUN)
		return 0;
	candidates[0] = heap->items[0];
	for (unsigned i = 0; i < HELD_RUN; i++) {
		unsigned least = least_of(candidates, count);
		struct held *held = candidates[least];
		uint32_t child = 2 * held->at[order] + 1;

		if (held->record.seq != seq + i)
			return 0;
		if (held->host != heap->items[0]->host)
			hosts = 2;
		candidates[least] = candidates[--count];
		for (uint32_t end = child + 2; child < end && child < heap->count; child++)
			candidates[count++] = heap->items[child];
	}
	return hosts;
}

static int by_seq(const void *a, const void *b)
{
	const struct held *const *x = a, *const *y = b;

	return ((*x)->record.seq > (*y)->record.seq) - ((*x)->record.seq < (*y)->record.seq);
}

/*
 * Two hosts never have the same number if seq counts the records of the trace, and what goes on
 * from one host to the other and back again is one numbering.
 */
static enum numbering_kind kind_of_held(const struct numbering *trace, struct held *const sorted[],
					uint32_t count)
{
	uint64_t seq = trace->seq;
	uint32_t host = trace->has ? trace->host : sorted[0]->host;
	unsigned changes = 0;

	for (uint32_t i = 0; i < count; i++) {
		const struct held *held = sorted[i];

		if (held->host != host && held->record.seq == seq)
			return NUMBERING_BY_HOST;
		changes += held->host != host && held->record.seq == seq + 1;
		seq = held->record.seq;
		host = held->host;
	}
	return changes > 1 ? NUMBERING_BY_TRACE : NUMBERING_UNKNOWN;
}

int held_find_kind(const struct held_records *records, const struct numbering *trace,
		   enum numbering_kind *ret_kind)
{
	uint32_t count = records->all.count;
	struct held **sorted;

	if (count == 0)
		return 0;
	sorted = malloc(count * sizeof(struct held *));
	if (!sorted)
		return -ENOMEM;
	memcpy(sorted, records->all.items, count * sizeof(struct held *));
	qsort(sorted, count, sizeof(struct held *), by_seq);
	*ret_kind = kind_of_held(trace, sorted, count);
	free(sorted);
	return 0;
}

void held_free(struct held_records *records)
{
	for (struct held *held = records->oldest, *newer; held; held = newer) {
		newer = held->newer;
		free(held);
	}
	for (uint32_t i = 0; i < records->host_count; i++)
		free(records->hosts[i].items);
	free(records->hosts);
	free(records->all.items);
	*records = (struct held_records) { 0 };
}
