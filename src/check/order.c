/* SPDX-License-Identifier: MIT */
#include "check/order.h"

#include <errno.h>
#include <stdlib.h>

#define NO_HOST UINT32_MAX

void order_init(struct order *order, struct checker *checker)
{
	order->checker = checker;
}

/* Forgets the log. */
static void order_clear(struct order *order)
{
	held_free(&order->held);
	for (struct held *held = order->passed, *newer; held; held = newer) {
		newer = held->newer;
		free(held);
	}
	order->passed = NULL;
	order->batch.count = 0;
	order->seen = false;
	order->boots = 0;
	order->numbering = (struct numbering) { 0 };
	order->next_decision = 0;
}

/* ---- on the way to the checker ---- */

static int order_flush(struct order *order)
{
	int r = order->checker->stopped;

	order->checker->known = order->batch.count;
	if (r >= 0 && order->batch.count > 0)
		r = checker_batch(order->checker, &order->batch);
	order->batch.count = 0;
	for (struct held *held = order->passed, *newer; held; held = newer) {
		newer = held->newer;
		free(held);
	}
	order->passed = NULL;
	return r;
}

/* Whether the record is about every host. */
static bool is_for_all(const struct record *record)
{
	return record->kind == RECORD_MARKER && !record_has(record, KEY_HOST);
}

/* The next numbers may begin anew: of all hosts, or of that one. */
static void order_restart(struct order *order, const struct record *record, struct host *host)
{
	host->numbers.restarts = true;
	if (!is_for_all(record))
		return;
	host->arrived_boots = ++order->boots;
	order->numbering.restarts = true;
}

static int order_find(struct order *order, const struct record *record, uint32_t *ret_number)
{
	int r = host_find(order->checker, record, ret_number);
	struct host *host;

	if (r < 0)
		return r;
	host = &order->checker->hosts.hosts[*ret_number];
	if (host->arrived_boots != order->boots)
		host->numbers.restarts = true;
	host->arrived_boots = order->boots;
	return 0;
}

static bool boot_differs(const struct host *host, const struct record *record)
{
	return record_has(record, KEY_BOOT) && host->arrived_boot.data &&
	       !text_equal(host->arrived_boot, record->boot);
}

/* Follows the boots of a record of host @number that is being passed on; its seq is behind it. */
static int order_take_boot(struct order *order, const struct record *record, uint32_t number)
{
	struct host *host = &order->checker->hosts.hosts[number];
	bool boots = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;

	/* the number of a record tells by itself whether the numbers have begun anew */
	if (record_has(record, KEY_SEQ))
		host->numbers.booted |= boots;
	else if (boots || boot_differs(host, record))
		order_restart(order, record, host);
	return record_has(record, KEY_BOOT) ? host_set_text(&host->arrived_boot, record->boot) : 0;
}

static enum numbering_place order_place(const struct order *order, uint32_t number, uint64_t seq)
{
	return numbering_place(&order->numbering, &order->checker->hosts.hosts[number].numbers,
			       seq);
}

/* Notes in the record what its seq says, and goes on to it. */
static void order_take_seq(struct order *order, struct record *record, uint32_t number)
{
	struct numbering *trace = &order->numbering;
	struct numbers *numbers = &order->checker->hosts.hosts[number].numbers;
	bool by_trace = trace->kind == NUMBERING_BY_TRACE;
	enum numbering_place place = order_place(order, number, record->seq);

	record->seq_before = by_trace ? trace->seq : numbers->seq;
	record->lost = RECORDS_UNCOUNTED;
	if (place == PLACE_AHEAD) {
		record->sequel = by_trace ? SEQUEL_MISSING_ALL : SEQUEL_MISSING;
		/* what came before a late one is no part of the count */
		if (!numbers->late)
			record->lost = record->seq - record->seq_before - 1;
	}
	/* those that go on from a late one are one stretch with it */
	else if (numbers->late && record->seq == numbers->late_seq + 1)
		record->sequel = SEQUEL_NEXT;
	else if (place == PLACE_LATE)
		record->sequel = SEQUEL_LATE;
	else if (numbers->late)
		record->sequel = SEQUEL_BEHIND_LATE;
	numbering_take(trace, numbers, number, record->seq, place);
}

/* Passes on a record, which is copied; its texts are not. */
static int order_pass(struct order *order, const struct record *record, uint32_t number)
{
	struct record *copy;
	int r = 0, taken;

	if (order->batch.count == BATCH_RECORDS)
		r = order_flush(order);
	order->checker->prepared[order->batch.count].host = number;
	copy = &order->batch.records[order->batch.count++];
	*copy = *record;
	if (number == NO_HOST)
		return r;
	if (record_has(record, KEY_SEQ))
		order_take_seq(order, copy, number);
	taken = order_take_boot(order, record, number);
	return r < 0 ? r : taken;
}

/* ---- what is held ---- */

/* Passes on a record that was held; its texts live until the checker has seen it. */
static int order_release(struct order *order, struct held *held)
{
	int r;

	held_remove(&order->held, held);
	r = order_pass(order, &held->record, held->host);
	held->newer = order->passed;
	order->passed = held;
	return r;
}

static bool is_ready(const struct order *order, uint32_t number, const struct record *record)
{
	const struct host *host = &order->checker->hosts.hosts[number];
	enum numbering_place place = numbering_place(&order->numbering, &host->numbers,
						     record->seq);

	/* the first of another boot seems to go on, but its numbers may have begun anew */
	if (place == PLACE_NEXT && order->numbering.kind != NUMBERING_BY_TRACE &&
	    boot_differs(host, record))
		return record->seq <= 1;
	return place == PLACE_NEXT || place == PLACE_LATE;
}

/* Passes on what has waited for a record of host @number. */
static int order_drain(struct order *order, uint32_t number)
{
	int r = 0;

	while (r >= 0) {
		struct held *held = held_first_of_host(&order->held, number);

		if (!held || !is_ready(order, number, &held->record))
			held = held_first(&order->held);
		if (!held || !is_ready(order, held->host, &held->record))
			break;
		number = held->host;
		r = order_release(order, held);
	}
	return r;
}

/*
 * Finds what seq counts from all that is held, because some of that has to be passed on now. The
 * cost is shared by the records that have come since it was found out last.
 */
static int order_decide(struct order *order, bool at_end)
{
	struct held_records *records = &order->held;
	const struct numbering *trace = &order->numbering;
	uint32_t count = records->all.count;

	if (trace->kind == NUMBERING_BY_HOST &&
	    held_run_hosts(&records->all, HELD_OF_ALL, trace->seq + 1) > 1)
		order->numbering.kind = NUMBERING_BY_TRACE;
	if (trace->kind != NUMBERING_UNKNOWN || order->checker->hosts.count < 2 || count == 0 ||
	    (!at_end && records->arrivals < order->next_decision))
		return 0;
	order->next_decision = records->arrivals + count;
	return held_find_kind(records, trace, &order->numbering.kind);
}

/* The one to pass on if it cannot be helped: whoever has waited longest must not wait longer. */
static struct held *order_least(const struct order *order)
{
	const struct held *oldest = order->held.oldest;

	if (!oldest || order->numbering.kind != NUMBERING_BY_HOST)
		return held_first(&order->held);
	return held_first_of_host(&order->held, oldest->host);
}

static int order_release_all(struct order *order, bool at_end)
{
	int r = order_decide(order, at_end);

	while (r >= 0 && order->held.oldest)
		r = order_release(order, order_least(order));
	return r;
}

/* Passes on what is held of host @number, and what seq puts before that. */
static int order_release_host(struct order *order, uint32_t number)
{
	int r;

	if (!held_first_of_host(&order->held, number))
		return 0;
	r = order_decide(order, false);
	while (r >= 0 && held_first_of_host(&order->held, number))
		r = order_release(order, order->numbering.kind == NUMBERING_BY_HOST
						 ? held_first_of_host(&order->held, number)
						 : held_first(&order->held));
	return r < 0 ? r : order_drain(order, number);
}

/* Passes on what is held of earlier boots of host @number. */
static int order_release_boots(struct order *order, uint32_t number, struct sessionlint_text boot)
{
	struct held *held, *kept = NULL;
	int r = 0;

	while ((held = held_first_of_host(&order->held, number))) {
		if (r >= 0 && (!record_has(&held->record, KEY_BOOT) ||
			       !text_equal(held->record.boot, boot))) {
			r = order_release(order, held);
			continue;
		}
		held_remove(&order->held, held);
		held->newer = kept;
		kept = held;
	}
	while (kept) {
		held = kept;
		kept = held->newer;
		if (held_put(&order->held, held) == 0)
			continue;
		free(held);
		r = -ENOMEM;
	}
	return r;
}

static bool is_too_much(const struct held_records *records)
{
	return records->all.count > ORDER_WINDOW || records->bytes > ORDER_BYTES;
}

/* Passes on a record that was held, and what has waited for it. */
static int order_release_on(struct order *order, struct held *held)
{
	uint32_t number = held->host;
	int r = order_release(order, held);

	return r < 0 ? r : order_drain(order, number);
}

/*
 * A whole run that goes on from what was passed on last, with nothing missing and nothing there
 * twice, is no coincidence: it shows what seq counts, or that a boot did not begin it anew.
 */
static int order_release_run(struct order *order, uint32_t number)
{
	const struct held_records *records = &order->held;
	const struct numbering *trace = &order->numbering;
	const struct numbers *numbers = &order->checker->hosts.hosts[number].numbers;
	const struct heap *own = &records->hosts[number];
	struct held *first = held_first(records);
	unsigned hosts;

	if (trace->kind != NUMBERING_BY_TRACE && numbers->has && own->count % HELD_RUN == 0 &&
	    held_run_hosts(own, HELD_OF_HOST, numbers->seq + 1) > 0)
		return order_release_on(order, own->items[0]);
	if (trace->kind == NUMBERING_BY_HOST || !trace->has || records->all.count % HELD_RUN > 0)
		return 0;
	hosts = held_run_hosts(&records->all, HELD_OF_ALL, trace->seq + 1);
	if (hosts > 1 || (hosts > 0 && order->checker->hosts.hosts[first->host].numbers.has))
		order->numbering.kind = NUMBERING_BY_TRACE;
	return hosts > 0 ? order_release_on(order, first) : 0;
}

/* Holds a record of host @number, and passes others on if the window is full. */
static int order_hold(struct order *order, const struct record *record, uint32_t number)
{
	struct held_records *records = &order->held;
	int r = held_add(records, number, record);

	if (r >= 0)
		r = order_release_run(order, number);
	while (r >= 0 && is_too_much(records)) {
		r = order_decide(order, false);
		if (r >= 0)
			r = order_release_on(order, order_least(order));
	}
	return r;
}

/* ---- what arrives ---- */

/*
 * Follows the boots of the host. Numbers that begin anew leave what is held behind. Returns 1 if
 * the record must not wait.
 */
static int order_follow_boot(struct order *order, const struct record *record, uint32_t number)
{
	struct host *host = &order->checker->hosts.hosts[number];
	const struct numbering *trace = &order->numbering;
	bool marker = record->kind == RECORD_MARKER, all = is_for_all(record);
	bool by_host = trace->kind == NUMBERING_BY_HOST;
	bool back = all && !by_host ? !trace->has || record->seq <= trace->seq
				    : !host->numbers.has || record->seq <= host->numbers.seq;
	int r = 0;

	if (marker && record->marker == MARKER_BOOT && (back || (all && by_host))) {
		r = all ? order_release_all(order, false) : order_release_host(order, number);
		order_restart(order, record, &order->checker->hosts.hosts[number]);
		return r < 0 ? r : 1;
	}
	if (all && by_host) {
		r = order_release_all(order, false);
		return r < 0 ? r : 1;
	}
	if (back && boot_differs(host, record)) {
		r = order_release_boots(order, number, record->boot);
		/* the checker may have met hosts, which moves them */
		host = &order->checker->hosts.hosts[number];
		host->numbers.restarts = true;
	}
	if (r >= 0 && record_has(record, KEY_BOOT) && (back || !host->arrived_boot.data))
		r = host_set_text(&host->arrived_boot, record->boot);
	return r < 0 ? r : 0;
}

/*
 * A record without a number keeps its place: whatever came before it goes before it. Finds its
 * host if that has to be followed, otherwise NO_HOST.
 */
static int order_unnumbered(struct order *order, const struct record *record, uint32_t *ret_number)
{
	bool boots = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;
	bool everything = record->kind == RECORD_MALFORMED || !record_has(record, KEY_HOST);
	int r = 0;

	*ret_number = NO_HOST;
	if (order->held.oldest && everything)
		r = order_release_all(order, false);
	if (r < 0 || record->kind == RECORD_MALFORMED)
		return r;
	if (!order->held.oldest && !boots && !record_has(record, KEY_BOOT))
		return 0;
	r = order_find(order, record, ret_number);
	return r < 0 ? r : order_release_host(order, *ret_number);
}

/* Takes a record that can be passed on as it comes while nothing is held. Returns 1; 0 if it
 * cannot. */
static int order_straight(struct order *order, const struct record *record, uint32_t *ret_number)
{
	struct numbering *trace = &order->numbering;
	struct host *host;
	uint32_t number;
	int r;

	if (!record_has(record, KEY_SEQ)) {
		r = order_unnumbered(order, record, &number);
		if (r >= 0 && number != NO_HOST)
			r = order_take_boot(order, record, number);
		return r < 0 ? r : 1;
	}
	r = order_find(order, record, ret_number);
	if (r < 0)
		return r;
	number = *ret_number;
	host = &order->checker->hosts.hosts[number];
	if (record->kind != RECORD_MARKER &&
	    (!record_has(record, KEY_BOOT) || text_equal(host->arrived_boot, record->boot)) &&
	    numbering_go_on(trace, &host->numbers, number, record->seq))
		return 1;
	if (record->kind == RECORD_MARKER || host->numbers.late ||
	    order_place(order, number, record->seq) != PLACE_NEXT ||
	    numbering_learn(trace, &host->numbers, number, record->seq) != trace->kind ||
	    !is_ready(order, number, record))
		return 0;
	numbering_take(trace, &host->numbers, number, record->seq, PLACE_NEXT);
	r = order_take_boot(order, record, number);
	return r < 0 ? r : 1;
}

/* Passes on a record, or holds it. */
static int order_put(struct order *order, const struct record *record)
{
	const struct numbers *numbers;
	uint32_t number;
	int r, now;

	if (!record_has(record, KEY_SEQ)) {
		r = order_unnumbered(order, record, &number);
		return r < 0 ? r : order_pass(order, record, number);
	}
	r = order_find(order, record, &number);
	if (r < 0)
		return r;
	now = order_follow_boot(order, record, number);
	if (now < 0)
		return now;
	numbers = &order->checker->hosts.hosts[number].numbers;
	order->numbering.kind = numbering_learn(&order->numbering, numbers, number, record->seq);
	if (!now && !is_ready(order, number, record))
		return order_hold(order, record, number);
	r = order_pass(order, record, number);
	return r < 0 ? r : order_drain(order, number);
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
	unsigned count = batch->count, i = 0;
	int r = 1, flushed;

	order->checker->known = 0;
	if (!order->seen && !is_numbered(batch))
		return checker_batch(order->checker, batch);
	order->seen = true;
	while (i < count && !order->held.oldest) {
		r = order_straight(order, &batch->records[i], &order->checker->prepared[i].host);
		if (r <= 0)
			break;
		i++;
	}
	if (r >= 0 && i > 0) {
		batch->count = order->checker->known = i;
		r = checker_batch(order->checker, batch);
		batch->count = count;
	}
	for (; r >= 0 && i < count; i++)
		r = order_put(order, &batch->records[i]);
	/* also behind a failure: what is left lies in the reader's buffer */
	flushed = order_flush(order);
	return r < 0 ? r : flushed;
}

int order_end(struct order *order)
{
	int r = order->checker->stopped;

	if (r >= 0)
		r = order_release_all(order, true);
	if (r >= 0)
		r = order_flush(order);
	order_clear(order);
	return r < 0 ? r : 0;
}
