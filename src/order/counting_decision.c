/* SPDX-License-Identifier: MIT */
#include "order/counting_decision.h"

#include "order/window.h"

/* Up to this many records are cheap enough to examine whenever some have to be passed on. */
#define DECISION_CHEAP 128U

static uint32_t waiting_host(const struct waiting_record *waiting)
{
	return waiting->stream->host;
}

static uint32_t waiting_part(const struct waiting_record *waiting)
{
	return waiting->stream->part;
}

static unsigned hosts_weight(const struct waiting_record *one, const struct waiting_record *other)
{
	(void)one;
	(void)other;
	return 1;
}

static unsigned parts_weight(const struct waiting_record *one, const struct waiting_record *other)
{
	return streams_weight(one->stream, other->stream);
}

int order_decide_host(struct order *order, uint32_t number, bool complete)
{
	struct arrivals *arrivals = &order->names.hosts[number].arrivals;
	struct whole *whole = arrivals->whole;
	struct heap_question question = {
		.part = waiting_part,
		.weight = parts_weight,
		.since = UINT64_MAX,
		.complete = complete,
	};
	const struct boots *boots = arrivals->waiting;
	const struct waiting_record *first;
	int r;

	if (!whole || whole->counting.parts != PARTS_UNKNOWN || whole->decision == order->decisions)
		return 0;
	whole->decision = order->decisions;
	/* repeated numbers can be from another boot */
	if (boots && boots->reversed)
		question.since = boots->list[1].since;
	first = heap_first(&whole->heap);
	if (first && first->arrival < question.since &&
	    counting_agrees(&whole->counting, first->stream->part, first->number))
		question.agreement = streams_weight(stream_of_part(arrivals, whole->counting.last),
						    first->stream);
	r = heap_learn(&whole->heap, &question, &whole->counting);
	if (r < 0 || whole->counting.parts != PARTS_APART)
		return r;
	return order_split(order, number);
}

static int order_decide_trace(struct order *order, bool complete)
{
	struct counting *trace = &order->trace;
	const struct waiting_record *first = heap_first(&order->buffer.all);
	struct heap_question question = {
		.part = waiting_host,
		.weight = hosts_weight,
		.since = UINT64_MAX,
		.complete = complete,
	};

	if (trace->parts != PARTS_UNKNOWN || order->hosts < 2 || !first)
		return 0;
	question.agreement = counting_agrees(trace, first->stream->host, first->number);
	return heap_learn(&order->buffer.all, &question, trace);
}

int order_decide(struct order *order, enum decision when)
{
	struct reorder_buffer *buffer = &order->buffer;
	bool complete = when != DECIDE_SOON;
	bool cheap = complete && buffer->all.count <= DECISION_CHEAP;
	int r;

	if (buffer->all.count == 0 ||
	    (when != DECIDE_AT_END && !cheap && buffer->arrivals < order->next_decision))
		return 0;
	order->next_decision = buffer->arrivals + buffer->all.count;
	order->decisions++;
	r = order_decide_trace(order, complete);
	for (const struct waiting_record *waiting = buffer->oldest; r >= 0 && waiting;
	     waiting = waiting->newer)
		r = order_decide_host(order, waiting->stream->host, complete);
	return r;
}
