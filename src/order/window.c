/* SPDX-License-Identifier: MIT */
#include "order/window.h"

#include <errno.h>
#include <stdlib.h>

/* Removes a buffered record. */
static void order_take_out(struct order *order, struct held *held)
{
	held_remove(&order->held, stream_heaps(&order->names, held->stream), held);
}

int order_split(struct order *order, uint32_t number)
{
	int r = streams_split(&order->names, number);

	/* two records of a host with the same number are two of the trace */
	order->trace.parts = PARTS_APART;
	if (r < 0)
		return r;
	order->hosts += order->names.hosts[number].arrivals.stream_count - 1;
	return order->sink.split(order->sink.userdata, number, r > 0);
}

/* Passing on a record can show that parts do not share a count. */
static int order_learn_passed(struct order *order, const struct held *held)
{
	const struct stream *stream = held->stream;
	struct whole *whole = order_arrivals(order, stream)->whole;
	const struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;

	if (order->trace.parts == PARTS_UNKNOWN)
		order->trace.parts = counting_learn(&order->trace, own, stream->host, held->number);
	if (!whole || whole->counting.parts != PARTS_UNKNOWN)
		return 0;
	whole->counting.parts = counting_learn(&whole->counting, &stream->numbers, stream->part,
					       held->number);
	return whole->counting.parts == PARTS_APART ? order_split(order, stream->host) : 0;
}

const struct heap *order_held_of_host(const struct order *order, uint32_t number)
{
	static const struct heap none;
	const struct arrivals *arrivals = &order->names.hosts[number].arrivals;

	if (arrivals->whole)
		return &arrivals->whole->held;
	return arrivals->streams ? &arrivals->streams->held : &none;
}

struct held *order_first_of_host(const struct order *order, uint32_t number)
{
	return heap_first(order_held_of_host(order, number));
}

int order_release(struct order *order, struct held *held)
{
	int r, passed;

	order_take_out(order, held);
	if (held->same_as) {
		passed = order_pass_duplicate(order, &held->record, held->same_as);
		r = 0;
	} else {
		r = order_learn_passed(order, held);
		if (held->torn_before)
			arrivals_tear(order_arrivals(order, held->stream));
		passed = order_pass(order, &held->record, held->stream, held->number);
		if (held->torn_after)
			arrivals_tear(order_arrivals(order, held->stream));
	}
	held->newer = order->passed;
	order->passed = held;
	return r < 0 ? r : passed;
}

bool order_is_ready(struct order *order, struct stream *stream, const struct record *record,
		    uint64_t number)
{
	enum numbering_place place = order_place(order, stream, number);
	const struct numbers *own = order_counts(order, stream).own;
	const struct arrivals *arrivals = order_arrivals(order, stream);
	const struct boots *boots = arrivals->waiting;

	if (order->trace.parts == PARTS_TOGETHER)
		return place == PLACE_NEXT || place == PLACE_LATE;
	/* it is unknown which boot is first */
	if (boots && boots->reversed)
		return false;
	/* the first record of another boot seems to be next, but the count may have restarted */
	if (place == PLACE_NEXT && own->has && !own->restarts &&
	    order_boot_differs(arrivals, record))
		return false;
	return place == PLACE_NEXT || place == PLACE_LATE;
}

static bool is_held_ready(struct order *order, const struct held *held)
{
	return held && order_is_ready(order, held->stream, &held->record, held->number);
}

/* The next buffered record in the finest count that @stream may have. */
static struct held *order_next(const struct order *order, const struct stream *stream)
{
	const struct whole *whole = order_arrivals(order, stream)->whole;

	if (order->trace.parts == PARTS_TOGETHER)
		return heap_first(&order->held.all);
	if (whole && whole->counting.parts == PARTS_TOGETHER)
		return heap_first(&whole->held);
	return heap_first(&stream->held);
}

int order_drain(struct order *order, struct stream *stream)
{
	int r = 0;

	while (r >= 0) {
		struct held *held = order_next(order, stream);

		if (!is_held_ready(order, held))
			held = heap_first(&order->held.all);
		if (!is_held_ready(order, held))
			break;
		stream = held->stream;
		r = order_release(order, held);
	}
	return r;
}

int order_drain_all(struct order *order)
{
	uint32_t count = 0;
	struct stream **streams;
	int r = 0;

	if (!order->held.oldest)
		return 0;
	streams = malloc(order->held.all.count * sizeof(struct stream *));
	if (!streams)
		return -ENOMEM;
	for (const struct held *held = order->held.oldest; held; held = held->newer)
		if (count == 0 || streams[count - 1] != held->stream)
			streams[count++] = held->stream;
	for (uint32_t i = 0; r >= 0 && i < count; i++)
		r = order_drain(order, streams[i]);
	free(streams);
	return r;
}

int order_release_before(struct order *order, uint32_t number, uint64_t since)
{
	struct held *held, *kept = NULL;
	int r = 0;

	while ((held = order_first_of_host(order, number))) {
		if (r >= 0 && held->arrival < since) {
			r = order_release(order, held);
			continue;
		}
		order_take_out(order, held);
		held->newer = kept;
		kept = held;
	}
	while (kept) {
		struct held_heaps heaps = stream_heaps(&order->names, kept->stream);

		held = kept;
		kept = held->newer;
		if (held_put(&order->held, heaps, held) == 0)
			continue;
		free(held);
		r = -ENOMEM;
	}
	return r;
}
