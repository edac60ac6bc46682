/* SPDX-License-Identifier: MIT */
#include "order/boots_arriving.h"

#include <errno.h>
#include <stdlib.h>

#include "order/boots_settle.h"
#include "order/wait.h"
#include "order/window.h"

/* Whether records of the stream, or of one that may share its count, have been passed on up to
 * @number or beyond. */
static bool is_passed(struct order *order, struct stream *stream, uint64_t number)
{
	const struct whole *whole = order_arrivals(order, stream)->whole;
	const struct numbers *own = order_counts(order, stream).own;

	if (whole && whole->counting.numbers.has && !whole->counting.numbers.restarts &&
	    number <= whole->counting.numbers.number)
		return true;
	return own->has && !own->restarts && number <= own->number;
}

/* Whether the number of a boot marker has been seen before. */
static bool is_back(struct order *order, struct stream *stream, bool own, uint64_t number)
{
	const struct whole *whole = order_arrivals(order, stream)->whole;
	const struct numbers *numbers = own ? order_counts(order, stream).own
					    : &order->trace.numbers;

	/* a boot affects every count of the host, and may be counted with them */
	if (own && whole && whole->counting.numbers.has && number <= whole->counting.numbers.number)
		return true;
	if (numbers->has)
		return number <= numbers->number;
	/* nothing has been passed on; a marker may arrive after other records of its boot */
	return heap_has(own ? order_heap_of_host(order, stream->host) : &order->buffer.all, number);
}

/* The host has a second boot: starts a list with the first one. -ENOMEM. */
static int order_begin_boots(struct order *order, const struct stream *stream)
{
	struct arrivals *arrivals = order_arrivals(order, stream);
	struct boots *boots = calloc(1, sizeof *boots);
	int r;

	if (!boots)
		return -ENOMEM;
	arrivals->waiting = boots;
	r = boots_add(boots, arrivals->boot, 0);
	for (struct stream *one = arrivals->streams; r >= 0 && one; one = one->next) {
		/* its first number is unknown */
		if (one->numbers.has && !one->numbers.restarts) {
			r = boots_take(boots, 0, one, 0);
			if (r >= 0)
				r = boots_take(boots, 0, one, one->numbers.number);
		}
		for (uint32_t i = 0; r >= 0 && i < one->heap.count; i++)
			r = boots_take(boots, 0, one, one->heap.items[i]->number);
	}
	return r;
}

/* Records from here on seem to belong to another boot, whose marker has no name. -ENOMEM. */
static int order_begin_marked(struct order *order, const struct stream *stream)
{
	struct arrivals *arrivals = order_arrivals(order, stream);
	int r = arrivals->waiting ? 0 : order_begin_boots(order, stream);

	if (r < 0)
		return r;
	arrivals->waiting->reversed = true;
	arrivals_new_era(arrivals);
	return boots_add(arrivals->waiting, (struct sessionlint_text) { 0 },
			 order->buffer.arrivals);
}

/* Handles a record that names its boot. */
static int order_follow_name(struct order *order, const struct record *record,
			     struct stream *stream, uint64_t number)
{
	struct arrivals *arrivals = order_arrivals(order, stream);
	const struct whole *whole = arrivals->whole;
	bool differs = order_boot_differs(arrivals, record), returns;
	struct boots *boots = arrivals->waiting;
	unsigned boot;
	int r = 0;

	if (!arrivals->boot.data)
		return text_set(&arrivals->boot, record->boot);
	if ((!differs && !boots) || order->trace.parts == PARTS_TOGETHER)
		return 0;
	if (arrivals->over_boots == BOOTS_GO_ON) {
		/* otherwise it would be later than the window allows */
		bool begins = differs && record->seq <= 1 && is_passed(order, stream, number);

		return begins ? order_begin_again(order, stream->host) : 0;
	}
	if (!boots)
		r = order_begin_boots(order, stream);
	if (r < 0)
		return r;
	boots = arrivals->waiting;
	boot = boots_find(boots, record->boot);
	returns = boot < boots->latest;
	if (boot == BOOTS_MAX) {
		returns = false;
		if (boots->count == BOOTS_MAX && boots->reversed)
			return order_begin_again(order, stream->host);
		if (boots->count == BOOTS_MAX)
			boots_forget(boots);
		boot = boots->count;
		r = boots_add(boots, record->boot, order->buffer.arrivals);
		if (r >= 0 && is_passed(order, stream, number))
			return order_begin_again(order, stream->host);
	}
	boots->latest = boot;
	if (r >= 0)
		r = boots_take(boots, boot, stream, number);
	if (r < 0)
		return r;
	if (boots_mixed(boots, boot, stream, whole && whole->counting.parts == PARTS_TOGETHER) ||
	    arrivals->over_boots == BOOTS_BEGIN_AGAIN)
		return order_begin_again(order, stream->host);
	if (!returns)
		return 0;
	arrivals->over_boots = BOOTS_GO_ON;
	arrivals->waiting = NULL;
	boots_free(boots);
	return order_drain_all(order);
}

/* Whether records with larger numbers are buffered, and none with a smaller one, unless the count
 * has wrapped. */
static bool is_before_waiting(const struct heap *heap, uint64_t number, uint64_t seq)
{
	bool larger = false, smaller = false, wrapped = false;

	for (uint32_t i = 0; i < heap->count; i++) {
		uint64_t other = heap->items[i]->number;

		larger |= other > number;
		smaller |= other < number;
		wrapped |= other < number - seq;
	}
	return larger && (!smaller || wrapped);
}

/* Handles a boot marker without a name whose number is new. */
static int order_follow_marker(struct order *order, const struct record *record,
			       struct stream *stream, uint64_t number)
{
	struct arrivals *arrivals = order_arrivals(order, stream);
	int r = 0;

	if (record->seq > 1 || arrivals->over_boots == BOOTS_GO_ON ||
	    (order_is_for_all(record) && order->hosts > 1) ||
	    !is_before_waiting(order_heap_of_host(order, stream->host), number, record->seq))
		return 0;
	if (!arrivals->waiting || arrivals->waiting->count < BOOTS_MAX)
		r = order_begin_marked(order, stream);
	if (r < 0)
		return r;
	return arrivals->over_boots == BOOTS_BEGIN_AGAIN ? order_begin_again(order, stream->host)
							 : 0;
}

void order_mark_gap(struct order *order)
{
	for (uint32_t i = 0; i < order->names.count; i++)
		arrivals_mark_gap(&order->names.hosts[i].arrivals);
}

/* A marker of all hosts came late, or once more, or all of them have started again: it stays
 * unknown what happened before the next records. Returns 1. -ENOMEM. */
static int order_leave_all_open(struct order *order)
{
	int r = order_release_all(order, DECIDE_NOW);

	for (uint32_t i = 0; i < order->names.count; i++)
		arrivals_restart(&order->names.hosts[i].arrivals);
	order->trace.numbers.restarts = true;
	order_mark_gap(order);
	return r < 0 ? r : 1;
}

int order_follow_same(struct order *order, const struct record *record, struct stream *stream,
		      uint64_t line)
{
	struct arrivals *arrivals = order_arrivals(order, stream);
	int r;

	if (record->seq > 1 || arrivals->over_boots == BOOTS_GO_ON ||
	    duplicates_newest(&order->duplicates) == line)
		return 1;
	if (order_is_for_all(record) && order->hosts > 1)
		return order_leave_all_open(order);
	if (order->trace.parts == PARTS_TOGETHER)
		return 1;
	/* there is no room for another boot */
	if (arrivals->waiting && arrivals->waiting->count == BOOTS_MAX)
		return order_begin_again(order, stream->host);
	r = order_begin_marked(order, stream);
	if (r >= 0)
		arrivals->waiting->repeated = true;
	return r;
}

/* Whether a record with that number, of @stream or of one that may share its count, was buffered
 * before @since. */
static bool is_waiting_since(const struct order *order, const struct stream *stream,
			     uint64_t number, uint64_t since)
{
	const struct heap *heap = order_heap_of_host(order, stream->host);

	for (uint32_t i = 0; i < heap->count; i++)
		if (heap->items[i]->number == number && heap->items[i]->arrival < since)
			return true;
	return false;
}

/* Handles a record that names no boot: if its number also arrived before the last marker, that
 * was another boot. */
static int order_follow_nameless(struct order *order, struct stream *stream, uint64_t number)
{
	struct boots *boots = order_arrivals(order, stream)->waiting;
	unsigned last;

	if (!boots || boots->list[boots->count - 1].name.data)
		return 0;
	last = boots->count - 1;
	if (is_passed(order, stream, number) ||
	    (boots_reach(boots, last, number) &&
	     is_waiting_since(order, stream, number, boots->list[last].since)))
		return order_begin_again(order, stream->host);
	return boots_take(boots, last, stream, number);
}

/* Whether the record names a boot that records have already arrived of. */
static bool is_of_known_boot(const struct arrivals *arrivals, const struct record *record)
{
	if (!record_has(record, KEY_BOOT))
		return false;
	if (arrivals->waiting)
		return boots_find(arrivals->waiting, record->boot) != BOOTS_MAX;
	return arrivals->boot.data && text_equal(arrivals->boot, record->boot);
}

int order_follow_boot(struct order *order, const struct record *record, struct stream *stream,
		      uint64_t number)
{
	bool marker = record->kind == RECORD_MARKER, all = order_is_for_all(record);
	bool boots = marker && record->marker == MARKER_BOOT, own = !all || order_is_apart(order);
	int r = 0;

	/* a marker that comes after others of its boot begins none */
	if (boots && ((all && order_is_apart(order)) ||
		      (!is_of_known_boot(order_arrivals(order, stream), record) &&
		       is_back(order, stream, own, number)))) {
		r = order_begin_again(order, stream->host);
		if (r >= 0)
			r = all ? order_release_all(order, DECIDE_NOW)
				: order_release_name(order, stream->host);
		order_restart(order, record, stream->host);
		return r < 0 ? r : 1;
	}
	/* it is late, or counts begin again */
	if (boots && all && order->hosts > 1 && record->seq <= 1 &&
	    is_before_waiting(&order->buffer.all, number, record->seq)) {
		r = order_leave_all_open(order);
		order_restart(order, record, stream->host);
		return r < 0 ? r : 2;
	}
	if (all && order_is_apart(order)) {
		r = order_release_all(order, DECIDE_NOW);
		return r < 0 ? r : 1;
	}
	if (record_has(record, KEY_BOOT))
		r = order_follow_name(order, record, stream, number);
	else if (boots)
		r = order_follow_marker(order, record, stream, number);
	else
		r = order_follow_nameless(order, stream, number);
	return r < 0 ? r : 0;
}
