/* SPDX-License-Identifier: MIT */
#include "order/wait.h"

#include "order/boots_settle.h"
#include "order/window.h"

/* Min number of buffered records for deciding what seq counts. */
#define DECISION_MIN 8U

/* The record to pass on when one must be: the one that has waited longest, or an earlier one of its
 * host, since the host's streams may share a count. */
static struct waiting_record *order_next_to_release(const struct order *order)
{
	struct waiting_record *oldest = order->buffer.oldest;

	return oldest && order_is_apart(order) ? order_first_of_host(order, oldest->stream->host)
					       : heap_first(&order->buffer.all);
}

int order_release_all(struct order *order, enum decision when)
{
	int r = order_decide(order, when);

	while (r >= 0 && order->buffer.oldest) {
		r = order_settle_boots(order, order_next_to_release(order)->stream->host);
		if (r >= 0 && order->buffer.oldest)
			r = order_release(order, order_next_to_release(order));
	}
	return r;
}

int order_release_host(struct order *order, uint32_t number)
{
	struct waiting_record *waiting = order_first_of_host(order, number);
	struct stream *stream;
	int r;

	if (!waiting)
		return 0;
	stream = waiting->stream;
	r = order_decide(order, DECIDE_NOW);
	if (r >= 0)
		r = order_settle_boots(order, number);
	while (r >= 0 && (waiting = order_first_of_host(order, number)))
		r = order_release(order,
				  order_is_apart(order) ? waiting : heap_first(&order->buffer.all));
	return r < 0 ? r : order_drain(order, stream);
}

int order_release_name(struct order *order, uint32_t number)
{
	const struct hosts *hosts = &order->names;
	uint32_t other = number;
	int r;

	do {
		r = order_release_host(order, other);
		other = host_next_of_name(hosts, other);
	} while (r >= 0 && other != number);
	return r;
}

/* Passes on a buffered record, and those that have waited for it. */
static int order_release_on(struct order *order, struct waiting_record *waiting)
{
	struct stream *stream = waiting->stream;
	int r = order_release(order, waiting);

	return r < 0 ? r : order_drain(order, stream);
}

/* A whole run that continues from the last record passed on, without gaps or repeated numbers,
 * is not a coincidence: a boot did not restart the count, or the hosts share it. */
static int order_release_run(struct order *order, struct stream *stream)
{
	const struct whole *whole = order_arrivals(order, stream)->whole;
	struct order_counts counts = order_counts(order, stream);
	const struct numbers *trace = &order->trace.numbers;
	enum heap_kind of = HEAP_OF_STREAM;
	const struct heap *heap = &stream->heap;

	if (whole && counts.own == &whole->counting.numbers) {
		of = HEAP_OF_HOST;
		heap = &whole->heap;
	}
	if (!counts.of_trace && counts.own->has && heap->count % RUN_LENGTH == 0 &&
	    heap_has_run(heap, of, counts.own->number + 1))
		return order_release_on(order, heap_first(heap));
	heap = &order->buffer.all;
	if (order_is_apart(order) || !trace->has || heap->count % RUN_LENGTH > 0 ||
	    !heap_has_run(heap, HEAP_OF_ALL, trace->number + 1))
		return 0;
	return order_release_on(order, heap_first(heap));
}

/* Decides what seq counts, and passes on records that have waited for that. */
static int order_learn(struct order *order)
{
	enum counting_parts before = order->trace.parts;
	uint64_t decision = order->next_decision;
	int r;

	if (order->buffer.all.count < DECISION_MIN)
		return 0;
	r = order_decide(order, DECIDE_SOON);
	if (r < 0 || decision == order->next_decision)
		return r;
	return order->trace.parts == before && before != PARTS_UNKNOWN ? 0 : order_drain_all(order);
}

int order_hold(struct order *order, const struct record *record, struct stream *stream,
	       uint64_t number, uint64_t same_as)
{
	struct reorder_buffer *buffer = &order->buffer;
	int r = buffer_add_numbered(buffer, stream_heaps(&order->names, stream), stream, record,
				    number);

	if (r >= 0)
		buffer->newest->same_as = same_as;
	if (r >= 0)
		r = order_learn(order);
	if (r >= 0)
		r = order_release_run(order, stream);
	while (r >= 0 && buffer_is_full(buffer)) {
		r = order_decide(order, DECIDE_NOW);
		if (r >= 0)
			r = order_settle_boots(order, order_next_to_release(order)->stream->host);
		if (r >= 0 && buffer_is_full(buffer))
			r = order_release_on(order, order_next_to_release(order));
	}
	return r;
}

int order_unnumbered(struct order *order, const struct record *record, uint32_t *ret_host)
{
	bool boots = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;
	bool everything = record->kind == RECORD_MALFORMED || !record_has(record, KEY_HOST);
	int r = 0;

	*ret_host = NO_HOST;
	if (order->buffer.oldest && everything)
		r = order_release_all(order, DECIDE_NOW);
	if (r < 0 || record->kind == RECORD_MALFORMED)
		return r;
	if (!order->buffer.oldest && !boots && !record_has(record, KEY_BOOT))
		return 0;
	r = hosts_of(&order->names, record, ret_host);
	return r < 0 ? r : order_release_name(order, *ret_host);
}
