/* SPDX-License-Identifier: MIT */
#include "order/by_time.h"

#include <errno.h>
#include <stdlib.h>

/* A single record can be late; this many in a row mean that the clock was set back. */
#define LATE_MAX 16U

bool reorder_takes(const struct order *order, const struct record *record)
{
	return order->reorder && !order->windows_log && record_has(record, KEY_TIME) &&
	       !record_has(record, KEY_SEQ) && record->kind != RECORD_MALFORMED &&
	       !order_is_for_all(record);
}

static struct arrivals *arrivals_of(const struct order *order, uint32_t host)
{
	return &order->names.hosts[host].arrivals;
}

static struct record_heaps heaps_of(struct arrivals *arrivals)
{
	return (struct record_heaps) { .heaps = { [HEAP_OF_STREAM] = &arrivals->timed } };
}

/* Passes on the buffered record of a host with the earliest time. */
static int reorder_release(struct order *order, uint32_t host)
{
	struct arrivals *arrivals = arrivals_of(order, host);
	struct record_place place = { .host = host };
	struct waiting_record *waiting = heap_first(&arrivals->timed);
	int r;

	buffer_remove(&order->timed, heaps_of(arrivals), waiting);
	arrivals->passed_time = waiting->record.time;
	arrivals->has_passed = true;
	if (arrivals->untimely) {
		place.sequel = SEQUEL_AFTER_LATE;
		place.lost = RECORDS_UNCOUNTED;
	}
	arrivals->untimely = false;
	r = order_pass_unnumbered(order, &waiting->record, &place);
	waiting->newer = order->passed;
	order->passed = waiting;
	return r;
}

static int reorder_release_host(struct order *order, uint32_t host)
{
	int r = 0;

	while (r >= 0 && arrivals_of(order, host)->timed.count)
		r = reorder_release(order, host);
	return r;
}

int reorder_end(struct order *order)
{
	int r = 0;

	while (r >= 0 && order->timed.oldest)
		r = reorder_release_host(order, order->timed.oldest->host);
	return r;
}

int reorder_stop(struct order *order, const struct record *record)
{
	uint32_t host;
	int r;

	if (!order->timed.oldest)
		return 0;
	if (record->kind == RECORD_MALFORMED || !record_has(record, KEY_HOST))
		return reorder_end(order);
	r = hosts_of(&order->names, record, &host);
	return r < 0 ? r : reorder_release_host(order, host);
}

/* Whether a late record only affects its session, not the whole host. */
static bool is_of_session(const struct record *record)
{
	return record->kind == RECORD_EVENT || record->kind == RECORD_STATE;
}

/* Passes on a record that arrived too late for its time. */
static int reorder_pass_late(struct order *order, const struct record *record, uint32_t host)
{
	const struct record_place place = {
		.host = host,
		.sequel = SEQUEL_UNTIMELY,
		.lost = RECORDS_UNCOUNTED,
	};
	struct record late = *record;

	/* it may belong to the previous boot */
	late.keys &= ~KEY_BIT(KEY_BOOT);
	arrivals_of(order, host)->untimely |= !is_of_session(record);
	return order_pass_unnumbered(order, &late, &place);
}

/* Whether the record is from another boot than the last records passed on. */
static bool is_new_boot(const struct arrivals *arrivals, const struct record *record)
{
	return order_boot_differs(arrivals, record) &&
	       !(arrivals->boot_before.data && text_equal(arrivals->boot_before, record->boot));
}

/* Whether a record of @host is too late, other than because the clock was set back. */
static bool is_late(struct arrivals *arrivals, const struct record *record)
{
	bool boots = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;

	if (!arrivals->has_passed || record->time >= arrivals->passed_time) {
		arrivals->late_count = 0;
		return false;
	}
	if (!boots && !is_new_boot(arrivals, record) && ++arrivals->late_count < LATE_MAX)
		return true;
	arrivals->late_count = 0;
	return false;
}

int reorder_put(struct order *order, const struct record *record)
{
	uint64_t window = order->reorder;
	struct arrivals *arrivals;
	uint32_t host;
	int r = hosts_of(&order->names, record, &host);

	if (r < 0)
		return r;
	if (is_late(arrivals_of(order, host), record))
		return reorder_pass_late(order, record, host);
	arrivals = arrivals_of(order, host);
	/* the clock was set back: the buffered records are from before that */
	if (arrivals->has_passed && record->time < arrivals->passed_time) {
		r = reorder_release_host(order, host);
		arrivals = arrivals_of(order, host);
		arrivals->has_passed = false;
		arrivals->latest = 0;
	}
	if (r >= 0)
		r = buffer_add(&order->timed, heaps_of(arrivals), host, record);
	if (r >= 0 && record->time > arrivals->latest)
		arrivals->latest = record->time;
	while (r >= 0 && arrivals_of(order, host)->timed.count &&
	       arrivals_of(order, host)->latest -
			       heap_first(&arrivals_of(order, host)->timed)->record.time >=
		       window)
		r = reorder_release(order, host);
	while (r >= 0 && buffer_is_full(&order->timed))
		r = reorder_release(order, order->timed.oldest->host);
	return r;
}
