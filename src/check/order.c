/* SPDX-License-Identifier: MIT */
#include "check/order.h"

#include "base/seed.h"
#include "check/order_arrive.h"
#include "check/order_boots.h"
#include "check/order_straight.h"
#include "check/order_wait.h"
#include "check/order_window.h"
#include "check/reorder.h"

void order_init(struct order *order, struct checker *checker)
{
	order->checker = checker;
	duplicates_init(&order->duplicates, random_seed());
}

/* Forgets the log. */
static void order_clear(struct order *order)
{
	struct checker *checker = order->checker;

	order_drop_passed(order);
	held_free(&order->held);
	held_free(&order->timed);
	arena_free(&order->batch.arena);
	duplicates_free(&order->duplicates);
	order->bare_count = 0;
	order->seen = order->disorder = order->zero = false;
	order->boots = order->owed = order->lost_alone = 0;
	order->decisions = order->next_decision = 0;
	order->arrived = (struct numbers) { 0 };
	order->hosts = 0;
	order->in_order = 0;
	order->base = BASE_UNKNOWN;
	order->trace = (struct counting) { 0 };
	order_init(order, checker);
}

/* Passes on a record, or holds it. */
static int order_put(struct order *order, const struct record *record)
{
	struct stream *stream;
	uint64_t number, same;
	uint32_t host;
	int r, now;

	if (reorder_takes(order, record)) {
		r = order_unnumbered(order, record, &host);
		return r < 0 ? r : reorder_put(order, record);
	}
	r = reorder_stop(order, record);
	if (r < 0)
		return r;
	if (!record_has(record, KEY_SEQ)) {
		r = order_unnumbered(order, record, &host);
		return r < 0 ? r : order_pass_unnumbered(order, record, host);
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
	return r < 0 ? r : order_drain(order, stream);
}

static bool is_numbered(const struct batch *batch)
{
	uint64_t keys = 0;

	for (unsigned i = 0; i < batch->count; i++)
		keys |= batch->records[i].keys;
	return keys & KEY_BIT(KEY_SEQ);
}

int order_batch(struct order *order, struct batch *batch)
{
	unsigned count = batch->count, i;
	int r, flushed;

	order->checker->known = 0;
	if (!order->checker->options.reorder && !order->seen && !is_numbered(batch))
		return checker_batch(order->checker, batch);
	order->seen = true;
	r = order_straight_batch(order, batch, &i);
	if (r >= 0 && i > 0) {
		batch->count = order->checker->known = i;
		r = checker_batch(order->checker, batch);
		batch->count = count;
	}
	for (; r >= 0 && i < count; i++)
		r = order_put(order, &batch->records[i]);
	/* also after a failure: what is left lies in the reader's buffer */
	flushed = order_flush(order);
	return r < 0 ? r : flushed;
}

int order_end(struct order *order)
{
	int r = order->checker->stopped;

	if (r >= 0)
		r = reorder_end(order);
	if (r >= 0)
		r = order_release_all(order, DECIDE_AT_END);
	if (r >= 0)
		r = order_flush(order);
	order_clear(order);
	return r < 0 ? r : 0;
}
