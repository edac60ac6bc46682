/* SPDX-License-Identifier: MIT */
#include "order/order.h"

#include "base/seed.h"
#include "order/arrive.h"
#include "order/boots_arriving.h"
#include "order/by_time.h"
#include "order/fast_path.h"
#include "order/wait.h"
#include "order/window.h"

int order_init(struct order *order, const struct order_sink *sink, const struct log_files *files)
{
	*order = (struct order) { .sink = *sink, .files = files };
	duplicates_init(&order->duplicates, random_seed());
	return hosts_init(&order->names);
}

void order_free(struct order *order)
{
	hosts_free(&order->names);
}

void order_begin(struct order *order, bool windows_log, uint64_t reorder)
{
	order->reorder = reorder;
	order->windows_log = windows_log;
	order->stopped = 0;
}

void order_clear(struct order *order)
{
	order_drop_passed(order);
	buffer_free(&order->buffer);
	buffer_free(&order->timed);
	arena_free(&order->batch.arena);
	duplicates_free(&order->duplicates);
	order->anonymous_count = 0;
	order->seen = order->disorder = false;
	order->boots = order->lost_pending = order->lost_alone = 0;
	order->decisions = order->next_decision = 0;
	order->arrived = (struct numbers) { 0 };
	order->hosts = order->zeros = 0;
	order->in_order = 0;
	order->base = BASE_UNKNOWN;
	order->trace = (struct counting) { 0 };
	duplicates_init(&order->duplicates, random_seed());
	hosts_clear(&order->names);
}

/* Whether a host has no others of its name, among which records of drivers choose. */
static inline bool is_alone(const struct host_name *host)
{
	return !host->split && !host->arrivals.split_off;
}

/* Whether a session record clearly names the same host as one before it, whose host is @host. */
static inline bool shares_host(const struct host_name *host, const struct record *before,
			       const struct record *record)
{
	return record_is_of_session(record) &&
	       !((before->flags | record->flags) & (RECORD_HOST_IS_LABEL | RECORD_OF_CHANNEL)) &&
	       ((!before->contract && !record->contract) || is_alone(host)) &&
	       text_equal(before->host, record->host);
}

/* Passes on or buffers a record. */
static int order_put(struct order *order, const struct record *record)
{
	struct stream *stream;
	uint64_t number, same;
	struct record_place place = { .host = NO_HOST };
	int r, now;

	if (reorder_takes(order, record)) {
		r = order_unnumbered(order, record, &place.host);
		return r < 0 ? r : reorder_put(order, record);
	}
	r = reorder_stop(order, record);
	if (r < 0)
		return r;
	if (!record_has(record, KEY_SEQ)) {
		r = order_unnumbered(order, record, &place.host);
		return r < 0 ? r : order_pass_unnumbered(order, record, &place);
	}
	r = order_find(order, record, &stream, &number);
	if (r == 0)
		r = order_recognize(order, record, stream, number, &same);
	if (r != 0)
		return r < 0 ? r : 0;
	if (same)
		return order_hold(order, record, stream, number, same);
	number = order_extend(order, stream, record->seq);
	now = order_follow_boot(order, record, stream, number);
	if (now < 0)
		return now;
	r = order_arrive(order, record, stream, number);
	if (r < 0)
		return r;
	if (!now && !order_is_ready(order, stream, record, number))
		return order_hold(order, record, stream, number, 0);
	r = order_pass(order, record, stream, number);
	if (now > 1)
		order_mark_gap(order);
	return r < 0 ? r : order_drain(order, stream);
}

/* Finds the hosts of records that need no ordering. */
static int order_find_hosts(struct order *order, struct batch *batch)
{
	int r = 0;

	for (unsigned i = 0; r >= 0 && i < batch->count; i++) {
		const struct record *record = &batch->records[i];
		struct record_place *place = &batch->places[i];

		if (i > 0 && place[-1].host != NO_HOST &&
		    shares_host(&order->names.hosts[place[-1].host], record - 1, record))
			place->host = place[-1].host;
		else
			r = order_find_host(order, record, &place->host);
	}
	return r;
}

static bool is_numbered(const struct batch *batch)
{
	uint64_t keys = 0;

	for (unsigned i = 0; i < batch->count; i++)
		keys |= batch->records[i].keys;
	return keys & KEY_BIT(KEY_SEQ);
}

/* A series has one host, and no numbers. */
static int order_series(struct order *order, struct batch *batch)
{
	int r = order_find_host(order, &batch->series.like, &batch->series.host);

	return r < 0 ? r : order_deliver(order, batch);
}

static int order_take(struct order *order, struct batch *batch)
{
	unsigned count = batch->count, i;
	int r, flushed;

	if (batch_is_series(batch))
		return order_series(order, batch);
	if (order_is_direct(order) && !is_numbered(batch)) {
		r = order_find_hosts(order, batch);
		return r < 0 ? r : order_deliver(order, batch);
	}
	order->seen = true;
	r = order_fast_path(order, batch, &i);
	if (r >= 0 && i > 0) {
		batch->count = i;
		r = order_deliver(order, batch);
		batch->count = count;
	}
	for (; r >= 0 && i < count; i++)
		r = order_put(order, &batch->records[i]);
	/* also after a failure: the texts of the rest are in the reader's buffer */
	flushed = order_flush(order);
	return r < 0 ? r : flushed;
}

int order_batch(struct order *order, struct batch *batch)
{
	int r = order_take(order, batch);

	/* what waits may be in pieces: nothing more is passed on */
	if (r < 0)
		order->stopped = r;
	return r;
}

int order_end(struct order *order)
{
	int r = order->stopped;

	if (r >= 0)
		r = reorder_end(order);
	if (r >= 0)
		r = order_release_all(order, DECIDE_AT_END);
	if (r >= 0)
		r = order_flush(order);
	return r < 0 ? r : 0;
}
