/* SPDX-License-Identifier: MIT */
#include "order/arrive.h"

#include "order/boots_arriving.h"
#include "order/counting_decision.h"
#include "order/wait.h"
#include "order/window.h"

uint64_t order_extend(const struct order *order, const struct stream *stream, uint64_t seq)
{
	const struct numbers *numbers = &stream->numbers;
	/* numbers from before a boot say nothing about records buffered after it */
	bool begun = numbers->has && !numbers->restarts;

	if (order->trace.parts == PARTS_TOGETHER)
		numbers = &order->trace.numbers;
	else if (!begun && stream->arrived.has)
		numbers = &stream->arrived;
	else if (!numbers->has && !order_is_apart(order))
		numbers = order->trace.numbers.has ? &order->trace.numbers : &order->arrived;
	return numbers_extend(numbers, seq);
}

int order_find(struct order *order, const struct record *record, struct stream **ret_stream,
	       uint64_t *ret_number)
{
	struct arrivals *arrivals;
	uint32_t number;
	int r = hosts_of(&order->names, record, &number);

	if (r < 0)
		return r;
	arrivals = &order->names.hosts[number].arrivals;
	if (!arrivals->streams)
		order_meet_host(order);
	r = streams_find(&order->names, number, record_driver(record), ret_stream);
	if (r < 0)
		return r;
	if (arrivals->boots != order->boots) {
		arrivals_restart(arrivals);
		arrivals->boots = order->boots;
	}
	*ret_number = order_extend(order, *ret_stream, record->seq);
	return 0;
}

/* Whether the count of @stream started with @number and has already passed it. */
static bool has_begun(const struct stream *stream, uint64_t number)
{
	if (stream->numbers.has)
		return !stream->numbers.restarts &&
		       (stream->numbers.number > NUMBER_ZERO + 1 || stream->heap.count);
	for (uint32_t i = 0; i < stream->heap.count; i++)
		if (stream->heap.items[i]->number == number)
			return true;
	return false;
}

/* Whether the driver was unloaded and loaded again, which starts a new count: it had released
 * everything, or this record is what a driver does first. */
static bool is_reload(const struct order *order, const struct record *record,
		      const struct stream *stream, uint64_t number)
{
	const struct arrivals *arrivals = order_arrivals(order, stream);
	bool begins = record->kind == RECORD_OBJECT
			      ? record->contract->object == OBJECT_CREATED
			      : record->kind == RECORD_CALL &&
					record->contract->call == CALL_REGISTER;

	/* its host may have rebooted instead */
	if (arrivals->waiting || order_boot_differs(arrivals, record))
		return false;
	return record->seq <= 1 && stream->driver.size && (stream->released_all || begins) &&
	       order->trace.parts != PARTS_TOGETHER && !arrivals->whole &&
	       has_begun(stream, number);
}

/* Whether nothing distinguishes this boot marker from those of other boots. */
static bool is_anonymous_boot(const struct record *record)
{
	return order_is_boot(record) && !record_has(record, KEY_TIME);
}

/* Finds the line of an identical boot marker among the recent ones; 0: none. */
static uint64_t order_find_boot(const struct order *order, uint64_t hash)
{
	for (uint64_t i = 0; i < ORDER_BOOTS_APART && i < order->anonymous_count; i++) {
		const struct anonymous_boot *boot =
			&order->anonymous[(order->anonymous_count - 1 - i) % ORDER_BOOTS_APART];

		if (order->duplicates.count - boot->at > ORDER_BOOTS_APART)
			break;
		if (boot->hash == hash)
			return boot->line;
	}
	return 0;
}

/* Finds the line of an identical earlier record; 0: none. -ENOMEM. */
static int order_find_same(struct order *order, const struct record *record,
			   const struct stream *stream, uint64_t *ret_line)
{
	uint64_t hash = order_hash(order, record, stream);

	*ret_line = 0;
	if (record->kind == RECORD_MALFORMED)
		return 0;
	if (!is_anonymous_boot(record))
		return duplicates_find(&order->duplicates, hash, DUPLICATES_WINDOW, ret_line);
	*ret_line = order_find_boot(order, hash);
	return 0;
}

/* Remembers a record that has arrived. Boot markers are remembered separately: all of them can
 * be identical. */
static int order_note(struct order *order, const struct record *record, struct stream *stream)
{
	struct duplicates *duplicates = &order->duplicates;

	if (!is_anonymous_boot(record))
		return order_remember(order, record, stream);
	order->anonymous[order->anonymous_count++ % ORDER_BOOTS_APART] = (struct anonymous_boot) {
		.hash = order_hash(order, record, stream),
		.line = record->line,
		.at = duplicates->count,
	};
	return duplicates_add(duplicates, record_hash(duplicates, record, duplicates->count),
			      record->line);
}

int order_recognize(struct order *order, const struct record *record, struct stream *stream,
		    uint64_t number, uint64_t *ret_same)
{
	uint64_t line = 0;
	bool reload;
	int r = 0;

	*ret_same = 0;

	/* a count that starts again belongs to the driver alone: decide now */
	if (record->seq <= 1 && stream->driver.size && has_begun(stream, number)) {
		order->decisions++;
		r = order_decide_host(order, stream->host, false);
	}
	if (r < 0)
		return r;
	reload = is_reload(order, record, stream, number);

	/* without times, a driver's records are the same after each load */
	if (!reload || !stream->released_all || record_has(record, KEY_TIME)) {
		r = order_find_same(order, record, stream, &line);
		if (r == 0 && line) {
			r = 1;
			if (is_anonymous_boot(record) && !record_has(record, KEY_BOOT))
				r = order_follow_same(order, record, stream, line);
			if (r < 0)
				return r;
			if (r == 0 && order_arrivals(order, stream)->waiting)
				*ret_same = line;
		}
		if (r == 1) {
			r = order_pass_duplicate(order, record, line);
			return r < 0 ? r : 1;
		}
	}
	if (r >= 0 && reload) {
		bool gap_before;

		r = order_release_host(order, stream->host);
		gap_before = !stream->released_all;
		arrivals_restart(order_arrivals(order, stream));
		stream->gap_before = gap_before;
	}
	return r < 0 ? r : order_note(order, record, stream);
}

void order_watch(struct order *order, struct stream *stream, uint64_t number, uint64_t seq)
{
	const struct numbers *arrived = &stream->arrived;
	bool goes_on = arrived->has ? number == arrived->number + 1 : number - NUMBER_ZERO <= 1;

	if (order->base != BASE_UNKNOWN && stream->numbers.has && !stream->numbers.restarts)
		return;
	goes_on |= order->arrived.has && number == order->arrived.number + 1;
	order->disorder |= !goes_on;
	order->in_order++;
	/* a count that has wrapped does not begin with 0, which may only show after that */
	if (number < NUMBER_ZERO) {
		order->zeros -= stream->zero;
		stream->zero = false;
		stream->wraps = true;
	} else if (number == NUMBER_ZERO && !stream->zero && !stream->wraps) {
		stream->zero = true;
		order->zeros++;
	}
	numbers_take(&stream->arrived, number, seq);
	numbers_take(&order->arrived, number, seq);
	if (order->base != BASE_UNKNOWN)
		return;
	if (!order->disorder && order->in_order >= ORDER_RUN)
		order->base = order->zeros ? BASE_ZERO : BASE_ONE;
}

int order_arrive(struct order *order, const struct record *record, struct stream *stream,
		 uint64_t number)
{
	struct whole *whole = order_arrivals(order, stream)->whole;
	const struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;
	enum counting_parts trace = order->trace.parts, parts;
	enum order_base base = order->base;
	bool changed;
	int r = 0;

	order_watch(order, stream, number, record->seq);
	order->trace.parts = counting_learn(&order->trace, own, stream->host, number);
	changed = base != order->base || trace != order->trace.parts;
	if (whole) {
		parts = counting_learn(&whole->counting, &stream->numbers, stream->part, number);
		changed |= parts != whole->counting.parts;
		whole->counting.parts = parts;
		if (parts == PARTS_APART)
			r = order_split(order, stream->host);
	}
	return r < 0 || !changed ? r : order_drain_all(order);
}
