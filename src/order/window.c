/* SPDX-License-Identifier: MIT */
#include "order/window.h"

#include <errno.h>
#include <stdlib.h>

/* Removes a buffered record. */
static void order_take_out(struct order *order, struct waiting_record *waiting)
{
	buffer_remove(&order->buffer, stream_heaps(&order->names, waiting->stream), waiting);
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
static int order_learn_passed(struct order *order, const struct waiting_record *waiting)
{
	const struct stream *stream = waiting->stream;
	struct whole *whole = order_arrivals(order, stream)->whole;
	const struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;

	if (order->trace.parts == PARTS_UNKNOWN)
		order->trace.parts = counting_learn(&order->trace, own, stream->host,
						    waiting->number);
	if (!whole || whole->counting.parts != PARTS_UNKNOWN)
		return 0;
	whole->counting.parts = counting_learn(&whole->counting, &stream->numbers, stream->part,
					       waiting->number);
	return whole->counting.parts == PARTS_APART ? order_split(order, stream->host) : 0;
}

const struct heap *order_heap_of_host(const struct order *order, uint32_t number)
{
	static const struct heap none;
	const struct arrivals *arrivals = &order->names.hosts[number].arrivals;

	if (arrivals->whole)
		return &arrivals->whole->heap;
	return arrivals->streams ? &arrivals->streams->heap : &none;
}

struct waiting_record *order_first_of_host(const struct order *order, uint32_t number)
{
	return heap_first(order_heap_of_host(order, number));
}

int order_release(struct order *order, struct waiting_record *waiting)
{
	int r, passed;

	order_take_out(order, waiting);
	if (waiting->same_as) {
		passed = order_pass_duplicate(order, &waiting->record, waiting->same_as);
		r = 0;
	} else {
		r = order_learn_passed(order, waiting);
		if (waiting->gap_before)
			arrivals_mark_gap(order_arrivals(order, waiting->stream));
		passed = order_pass(order, &waiting->record, waiting->stream, waiting->number);
		if (waiting->gap_after)
			arrivals_mark_gap(order_arrivals(order, waiting->stream));
	}
	waiting->newer = order->passed;
	order->passed = waiting;
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

static bool is_waiting_ready(struct order *order, const struct waiting_record *waiting)
{
	return waiting && order_is_ready(order, waiting->stream, &waiting->record, waiting->number);
}

int order_drain(struct order *order, struct stream *stream)
{
	int r = 0;

	while (r >= 0) {
		struct waiting_record *waiting = order_next(order, stream);

		if (!is_waiting_ready(order, waiting))
			waiting = heap_first(&order->buffer.all);
		if (!is_waiting_ready(order, waiting))
			break;
		stream = waiting->stream;
		r = order_release(order, waiting);
	}
	return r;
}

int order_drain_all(struct order *order)
{
	uint32_t count = 0;
	struct stream **streams;
	int r = 0;

	if (!order->buffer.oldest)
		return 0;
	streams = malloc(order->buffer.all.count * sizeof(struct stream *));
	if (!streams)
		return -ENOMEM;
	for (const struct waiting_record *waiting = order->buffer.oldest; waiting;
	     waiting = waiting->newer)
		if (count == 0 || streams[count - 1] != waiting->stream)
			streams[count++] = waiting->stream;
	for (uint32_t i = 0; r >= 0 && i < count; i++)
		r = order_drain(order, streams[i]);
	free(streams);
	return r;
}

int order_release_before(struct order *order, uint32_t number, uint64_t since)
{
	struct waiting_record *waiting, *later = NULL;
	int r = 0;

	while ((waiting = order_first_of_host(order, number))) {
		if (r >= 0 && waiting->arrival < since) {
			r = order_release(order, waiting);
			continue;
		}
		order_take_out(order, waiting);
		waiting->newer = later;
		later = waiting;
	}
	while (later) {
		struct record_heaps heaps = stream_heaps(&order->names, later->stream);

		waiting = later;
		later = waiting->newer;
		if (buffer_insert(&order->buffer, heaps, waiting) == 0)
			continue;
		free(waiting);
		r = -ENOMEM;
	}
	return r;
}
