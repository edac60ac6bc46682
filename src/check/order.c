/* SPDX-License-Identifier: MIT */
#include "check/order.h"

#include <errno.h>
#include <stdlib.h>

#include "base/seed.h"
#include "check/reorder.h"

/* From how many held records on it is asked what seq counts. */
#define DECISION_LEAST 8U

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

static bool is_apart(const struct order *order)
{
	return order->trace.parts == PARTS_APART;
}

/* ---- what is held ---- */

/* Takes out a record that was held. */
static void order_take_out(struct order *order, struct held *held)
{
	held_remove(&order->held, stream_heaps(&order->checker->hosts, held->stream), held);
}

/* The streams of a host count apart: they have no order among each other, and each of them is
 * judged by itself from now on. */
static int order_split(struct order *order, uint32_t number)
{
	struct checker *checker = order->checker;
	int r = streams_split(&checker->hosts, number);

	/* two of a host with one number are two of the trace */
	order->trace.parts = PARTS_APART;
	if (r < 0)
		return r;
	order->hosts += checker->hosts.hosts[number].arrivals.stream_count - 1;
	/* records of all of them have been taken for those of one */
	if (r > 0)
		host_lose(checker, &checker->hosts.hosts[number], RECORDS_UNCOUNTED);
	return 0;
}

/* What is passed on can show that parts count apart, of which that was not known yet. */
static int order_learn_passed(struct order *order, const struct held *held)
{
	const struct stream *stream = held->stream;
	struct whole *whole = order_host(order, stream)->arrivals.whole;
	const struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;

	if (order->trace.parts == PARTS_UNKNOWN)
		order->trace.parts = counting_learn(&order->trace, own, stream->host, held->number);
	if (!whole || whole->counting.parts != PARTS_UNKNOWN)
		return 0;
	whole->counting.parts = counting_learn(&whole->counting, &stream->numbers, stream->part,
					       held->number);
	return whole->counting.parts == PARTS_APART ? order_split(order, stream->host) : 0;
}

/* The next record that is held of a host; NULL if there is none. */
static struct held *order_first_of_host(const struct order *order, uint32_t number)
{
	const struct arrivals *arrivals = &order->checker->hosts.hosts[number].arrivals;

	if (arrivals->whole)
		return heap_first(&arrivals->whole->held);
	return arrivals->streams ? heap_first(&arrivals->streams->held) : NULL;
}

/* Passes on a record that was held; its texts live until the checker has seen it. */
static int order_release(struct order *order, struct held *held)
{
	int r, passed;

	order_take_out(order, held);
	if (held->same_as) {
		passed = order_pass_duplicate(order, &held->record, held->same_as);
		r = 0;
	} else {
		r = order_learn_passed(order, held);
		if (held->torn_before)
			arrivals_tear(&order_host(order, held->stream)->arrivals);
		passed = order_pass(order, &held->record, held->stream, held->number);
		if (held->torn_after)
			arrivals_tear(&order_host(order, held->stream)->arrivals);
	}
	held->newer = order->passed;
	order->passed = held;
	return r < 0 ? r : passed;
}

static bool is_ready(struct order *order, struct stream *stream, const struct record *record,
		     uint64_t number)
{
	enum numbering_place place = order_place(order, stream, number);
	const struct numbers *own = order_counts(order, stream).own;
	const struct host *host = order_host(order, stream);
	const struct boots *boots = host->arrivals.waiting;

	if (order->trace.parts == PARTS_TOGETHER)
		return place == PLACE_NEXT || place == PLACE_LATE;
	/* which boot is the first is not known */
	if (boots && boots->reversed)
		return false;
	/* the first of another boot seems to go on, but its numbers may have begun again */
	if (place == PLACE_NEXT && own->has && !own->restarts && order_boot_differs(host, record))
		return false;
	return place == PLACE_NEXT || place == PLACE_LATE;
}

static bool is_held_ready(struct order *order, const struct held *held)
{
	return held && is_ready(order, held->stream, &held->record, held->number);
}

/* The held record that comes next by the finest count that @stream can have. */
static struct held *order_next(const struct order *order, const struct stream *stream)
{
	const struct whole *whole = order_host(order, stream)->arrivals.whole;

	if (order->trace.parts == PARTS_TOGETHER)
		return heap_first(&order->held.all);
	if (whole && whole->counting.parts == PARTS_TOGETHER)
		return heap_first(&whole->held);
	return heap_first(&stream->held);
}

/* Passes on what has waited for a record of @stream. */
static int order_drain(struct order *order, struct stream *stream)
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

/* The same after it was found out what seq counts: any stream can have waited for that. -ENOMEM. */
static int order_drain_all(struct order *order)
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

/* ---- what seq counts ---- */

static uint32_t held_host(const struct held *held)
{
	return held->stream->host;
}

static uint32_t held_part(const struct held *held)
{
	return held->stream->part;
}

static unsigned hosts_weight(const struct held *one, const struct held *other)
{
	(void)one;
	(void)other;
	return 1;
}

static unsigned parts_weight(const struct held *one, const struct held *other)
{
	return streams_weight(one->stream, other->stream);
}

static uint64_t counting_next(const struct counting *counting)
{
	return counting->numbers.has ? counting->numbers.number + 1 : NUMBER_ZERO + 1;
}

/* Finds what the streams of a host do from what is held of it. */
static int order_decide_host(struct order *order, uint32_t number, bool complete)
{
	struct arrivals *arrivals = &order->checker->hosts.hosts[number].arrivals;
	struct whole *whole = arrivals->whole;
	struct heap_question question = {
		.part = held_part,
		.weight = parts_weight,
		.since = UINT64_MAX,
		.complete = complete,
	};
	const struct boots *boots = arrivals->waiting;
	const struct held *first;
	int r;

	if (!whole || whole->counting.parts != PARTS_UNKNOWN || whole->decision == order->decisions)
		return 0;
	whole->decision = order->decisions;
	/* numbers that are there again can be those of another boot */
	if (boots && boots->reversed)
		question.since = boots->list[1].since;
	first = heap_first(&whole->held);
	question.next = counting_next(&whole->counting);
	question.agreements = whole->counting.agreements;
	if (first && first->arrival < question.since &&
	    counting_agrees(&whole->counting, first->stream->part, first->number))
		question.agreements += streams_weight(
			stream_of_part(arrivals, whole->counting.last), first->stream);
	r = heap_learn(&whole->held, &question, &whole->counting.parts);
	if (r < 0 || whole->counting.parts != PARTS_APART)
		return r;
	return order_split(order, number);
}

static int order_decide_trace(struct order *order, bool complete)
{
	struct counting *trace = &order->trace;
	const struct held *first = heap_first(&order->held.all);
	struct heap_question question = {
		.part = held_host,
		.weight = hosts_weight,
		.agreements = trace->agreements,
		.next = counting_next(trace),
		.since = UINT64_MAX,
		.complete = complete,
	};

	if (trace->parts != PARTS_UNKNOWN || order->hosts < 2 || !first)
		return 0;
	question.agreements += counting_agrees(trace, first->stream->host, first->number);
	return heap_learn(&order->held.all, &question, &trace->parts);
}

/*
 * Finds what seq counts from all that is held, because some of that has to be passed on now, or may
 * be. The cost is shared by the records that have come since it was found out last, but at the end.
 */
enum decision {
	DECIDE_SOON, /* more may come between what is held */
	DECIDE_NOW,
	DECIDE_AT_END,
};

static int order_decide(struct order *order, enum decision when)
{
	struct held_records *records = &order->held;
	bool complete = when != DECIDE_SOON;
	int r;

	if (records->all.count == 0 ||
	    (when != DECIDE_AT_END && records->arrivals < order->next_decision))
		return 0;
	order->next_decision = records->arrivals + records->all.count;
	order->decisions++;
	r = order_decide_trace(order, complete);
	for (const struct held *held = records->oldest; r >= 0 && held; held = held->newer)
		r = order_decide_host(order, held->stream->host, complete);
	return r;
}

/* ---- what cannot wait ---- */

/* The one to pass on if it cannot be helped: whoever has waited longest must not wait longer. The
 * streams of its host may count together. */
static struct held *order_least(const struct order *order)
{
	struct held *oldest = order->held.oldest;

	return oldest && is_apart(order) ? order_first_of_host(order, oldest->stream->host)
					 : heap_first(&order->held.all);
}

/* Passes on what is held of a host and arrived before @since. */
static int order_release_before(struct order *order, uint32_t number, uint64_t since)
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
		struct held_heaps heaps = stream_heaps(&order->checker->hosts, kept->stream);

		held = kept;
		kept = held->newer;
		if (held_put(&order->held, heaps, held) == 0)
			continue;
		free(held);
		r = -ENOMEM;
	}
	return r;
}

/* The numbers of a host begin again with each boot: passes on what is held of all but its last. */
static int order_begin_again(struct order *order, uint32_t number)
{
	struct hosts *hosts = &order->checker->hosts;
	struct boots *boots = hosts->hosts[number].arrivals.waiting;
	int r = 0;

	hosts->hosts[number].arrivals.over_boots = BOOTS_BEGIN_AGAIN;
	hosts->hosts[number].arrivals.waiting = NULL;
	for (struct held *held = order->held.oldest; boots && held; held = held->newer)
		if (held->stream->host == number)
			held->same_as = 0;
	for (unsigned i = 1; boots && r >= 0 && i < boots->count; i++) {
		r = order_release_before(order, number, boots->list[i].since);
		/* the checker may have met hosts, which moves them */
		arrivals_count_again(&hosts->hosts[number].arrivals);
		if (r >= 0 && boots->list[i].name.data)
			r = host_set_text(&hosts->hosts[number].arrivals.boot, boots->list[i].name);
	}
	boots_free(boots);
	return r < 0 ? r : 0;
}

/* How the numbers of a host that are held fit to what came before the last marker of a boot. */
struct fit {
	uint64_t low, high; /* the numbers that came before it and need not have been passed on */
	uint64_t early;     /* how many numbers came before it */
	uint64_t within;    /* how many of those from low to high are there */
	uint64_t next;      /* the first after high; 0: there is none */
	bool same;          /* the marker says the same as the one before it */
};

static struct fit order_fit(const struct order *order, uint32_t number, uint64_t since)
{
	const struct arrivals *arrivals = &order->checker->hosts.hosts[number].arrivals;
	const struct numbers *own = arrivals->whole ? &arrivals->whole->counting.numbers
						    : &arrivals->streams->numbers;
	struct fit fit = { .low = UINT64_MAX };

	for (const struct held *held = order->held.oldest; held; held = held->newer) {
		if (held->stream->host != number)
			continue;
		fit.same |= held->same_as > 0;
		fit.early += held->arrival < since;
		if (held->arrival < since && held->number > fit.high)
			fit.high = held->number;
		if (held->number < fit.low)
			fit.low = held->number;
	}
	if (own->has && !own->restarts) {
		fit.low = own->number + 1;
		fit.early += own->number - NUMBER_ZERO;
		if (fit.high < fit.low)
			fit.high = own->number;
	}
	for (const struct held *held = order->held.oldest; held; held = held->newer) {
		if (held->stream->host != number || held->same_as)
			continue;
		fit.within += held->number >= fit.low && held->number <= fit.high;
		if (held->number > fit.high && (fit.next == 0 || held->number < fit.next))
			fit.next = held->number;
	}
	return fit;
}

/*
 * It may be a coincidence that the records before a marker of a boot, and those after it, fit: what
 * happened between them is left open. -ENOMEM.
 */
static int order_leave_open(struct order *order, uint32_t number, uint64_t since, bool same)
{
	struct held **list = malloc(order->held.all.count * sizeof(struct held *));
	/* one that says the same as another comes after all that was passed on */
	bool early = same;
	uint32_t count = 0;

	if (!list)
		return -ENOMEM;
	for (struct held *held = order->held.oldest; held; held = held->newer)
		if (held->stream->host == number && !held->same_as)
			list[count++] = held;
	held_sort(list, count);
	for (uint32_t i = 0; i < count; i++) {
		list[i]->torn_before = (list[i]->arrival < since) != early;
		early = list[i]->arrival < since;
	}
	if (count == 0)
		arrivals_tear(&order->checker->hosts.hosts[number].arrivals);
	else
		list[count - 1]->torn_after = early;
	free(list);
	return 0;
}

/*
 * A marker of a boot with the number of a first record has come after larger numbers. They are of
 * the boot before; or the marker came late, or is there twice. Finds whether all that is held of
 * the host fits together without a hole, so that its numbers have not begun again. -ENOMEM.
 */
static int order_look_past(struct order *order, uint32_t number, const struct boots *boots,
			   bool *ret_fits)
{
	uint64_t since = boots->list[1].since;
	struct fit fit = order_fit(order, number, since);

	*ret_fits = boots->count == 2 && !boots->list[1].name.data &&
		    fit.within == fit.high - fit.low + 1 && !(fit.same && fit.next > fit.high + 1);
	if (!*ret_fits || (fit.early >= HELD_RUN && fit.next))
		return 0;
	return order_leave_open(order, number, since, fit.same);
}

/* What is held of a host has to be passed on. Where nothing shows whether its numbers go on from
 * one boot to the next, the boots follow each other as they have arrived. */
static int order_settle_boots(struct order *order, uint32_t number)
{
	struct arrivals *arrivals = &order->checker->hosts.hosts[number].arrivals;
	struct boots *boots = arrivals->waiting;
	bool fits;
	int r;

	if (!boots || !boots->reversed || order->trace.parts == PARTS_TOGETHER)
		return 0;
	r = order_look_past(order, number, boots, &fits);
	if (r < 0)
		return r;
	if (!fits)
		return order_begin_again(order, number);
	arrivals->waiting = NULL;
	boots_free(boots);
	return 0;
}

static int order_release_all(struct order *order, enum decision when)
{
	int r = order_decide(order, when);

	while (r >= 0 && order->held.oldest) {
		r = order_settle_boots(order, order_least(order)->stream->host);
		if (r >= 0 && order->held.oldest)
			r = order_release(order, order_least(order));
	}
	return r;
}

/* Passes on what is held of a host, and what seq puts before that. */
static int order_release_host(struct order *order, uint32_t number)
{
	struct held *held = order_first_of_host(order, number);
	struct stream *stream;
	int r;

	if (!held)
		return 0;
	stream = held->stream;
	r = order_decide(order, DECIDE_NOW);
	if (r >= 0)
		r = order_settle_boots(order, number);
	while (r >= 0 && (held = order_first_of_host(order, number)))
		r = order_release(order, is_apart(order) ? held : heap_first(&order->held.all));
	return r < 0 ? r : order_drain(order, stream);
}

/* The same of all hosts of the name: a record that names no driver is of them all. */
static int order_release_name(struct order *order, uint32_t number)
{
	const struct hosts *hosts = &order->checker->hosts;
	uint32_t other = number;
	int r;

	do {
		r = order_release_host(order, other);
		other = host_next_of_name(hosts, &hosts->hosts[other]);
	} while (r >= 0 && other != number);
	return r;
}

/* Passes on a record that was held, and what has waited for it. */
static int order_release_on(struct order *order, struct held *held)
{
	struct stream *stream = held->stream;
	int r = order_release(order, held);

	return r < 0 ? r : order_drain(order, stream);
}

/*
 * A whole run that goes on from what was passed on last, with nothing missing and nothing there
 * twice, is no coincidence: a boot did not begin the count again, or the hosts share it.
 */
static int order_release_run(struct order *order, struct stream *stream)
{
	const struct whole *whole = order_host(order, stream)->arrivals.whole;
	struct order_counts counts = order_counts(order, stream);
	const struct numbers *trace = &order->trace.numbers;
	enum held_order of = HELD_OF_STREAM;
	const struct heap *heap = &stream->held;

	if (whole && counts.own == &whole->counting.numbers) {
		of = HELD_OF_HOST;
		heap = &whole->held;
	}
	if (!counts.of_trace && counts.own->has && heap->count % HELD_RUN == 0 &&
	    heap_has_run(heap, of, counts.own->number + 1))
		return order_release_on(order, heap_first(heap));
	heap = &order->held.all;
	if (is_apart(order) || !trace->has || heap->count % HELD_RUN > 0 ||
	    !heap_has_run(heap, HELD_OF_ALL, trace->number + 1))
		return 0;
	return order_release_on(order, heap_first(heap));
}

/* Asks what seq counts, and passes on what has waited for the answer. */
static int order_learn(struct order *order)
{
	enum counting_parts before = order->trace.parts;
	uint64_t decision = order->next_decision;
	int r;

	if (order->held.all.count < DECISION_LEAST)
		return 0;
	r = order_decide(order, DECIDE_SOON);
	if (r < 0 || decision == order->next_decision)
		return r;
	return order->trace.parts == before && before != PARTS_UNKNOWN ? 0 : order_drain_all(order);
}

/* Holds a record, and passes others on if the window is full. */
static int order_hold(struct order *order, const struct record *record, struct stream *stream,
		      uint64_t number, uint64_t same_as)
{
	struct held_records *records = &order->held;
	int r = held_add_numbered(records, stream_heaps(&order->checker->hosts, stream), stream,
				  record, number);

	if (r >= 0)
		records->newest->same_as = same_as;
	if (r >= 0)
		r = order_learn(order);
	if (r >= 0)
		r = order_release_run(order, stream);
	while (r >= 0 && held_is_too_much(records)) {
		r = order_decide(order, DECIDE_NOW);
		if (r >= 0)
			r = order_settle_boots(order, order_least(order)->stream->host);
		if (r >= 0 && held_is_too_much(records))
			r = order_release_on(order, order_least(order));
	}
	return r;
}

/* ---- what arrives ---- */

/* The number of a record of @stream: where the count has wrapped, it goes on. */
static uint64_t order_extend(const struct order *order, const struct stream *stream, uint64_t seq)
{
	const struct numbers *numbers = &stream->numbers;
	/* what was passed on before a boot says nothing of what is held after it */
	bool begun = numbers->has && !numbers->restarts;

	if (order->trace.parts == PARTS_TOGETHER)
		numbers = &order->trace.numbers;
	else if (!begun && stream->arrived.has)
		numbers = &stream->arrived;
	else if (!numbers->has && !is_apart(order))
		numbers = order->trace.numbers.has ? &order->trace.numbers : &order->arrived;
	return numbers_extend(numbers, seq);
}

/* Finds the stream of a record that has a number, and what that is. -ENOMEM. */
static int order_find(struct order *order, const struct record *record, struct stream **ret_stream,
		      uint64_t *ret_number)
{
	struct hosts *hosts = &order->checker->hosts;
	struct host *host;
	uint32_t number;
	int r = host_find(order->checker, record, &number);

	if (r < 0)
		return r;
	host = &hosts->hosts[number];
	if (!host->arrivals.streams)
		order_meet_host(order);
	r = streams_find(hosts, number, record_driver(record), ret_stream);
	if (r < 0)
		return r;
	if (host->arrivals.boots != order->boots) {
		arrivals_restart(&host->arrivals);
		host->arrivals.boots = order->boots;
	}
	*ret_number = order_extend(order, *ret_stream, record->seq);
	return 0;
}

/* Whether records of the stream, or of one that may count with it, have been passed on up to
 * @number, or beyond. */
static bool is_passed(struct order *order, struct stream *stream, uint64_t number)
{
	const struct whole *whole = order_host(order, stream)->arrivals.whole;
	const struct numbers *own = order_counts(order, stream).own;

	if (whole && whole->counting.numbers.has && !whole->counting.numbers.restarts &&
	    number <= whole->counting.numbers.number)
		return true;
	return own->has && !own->restarts && number <= own->number;
}

/* Whether a marker of a boot has a number that there has been before. */
static bool is_back(struct order *order, struct stream *stream, bool own, uint64_t number)
{
	const struct whole *whole = order_host(order, stream)->arrivals.whole;
	const struct numbers *numbers = own ? order_counts(order, stream).own
					    : &order->trace.numbers;

	/* a boot is of all that count for themselves on the host, and may be counted with them */
	if (own && whole && whole->counting.numbers.has && number <= whole->counting.numbers.number)
		return true;
	if (numbers->has)
		return number <= numbers->number;
	/* nothing has been passed on; a marker may well arrive after others of its boot */
	for (const struct held *held = order->held.oldest; held; held = held->newer)
		if ((!own || held->stream->host == stream->host) && held->number == number)
			return true;
	return false;
}

/* The numbers of a host have come to another boot than its only one so far. -ENOMEM. */
static int order_begin_boots(struct order *order, const struct stream *stream)
{
	struct arrivals *arrivals = &order_host(order, stream)->arrivals;
	struct boots *boots = calloc(1, sizeof *boots);
	int r;

	if (!boots)
		return -ENOMEM;
	arrivals->waiting = boots;
	r = boots_add(boots, arrivals->boot, 0);
	for (struct stream *one = arrivals->streams; r >= 0 && one; one = one->next) {
		/* nobody knows with which number it has begun */
		if (one->numbers.has && !one->numbers.restarts) {
			r = boots_take(boots, 0, one, 0);
			if (r >= 0)
				r = boots_take(boots, 0, one, one->numbers.number);
		}
		for (uint32_t i = 0; r >= 0 && i < one->held.count; i++)
			r = boots_take(boots, 0, one, one->held.items[i]->number);
	}
	return r;
}

/* What arrives from now on is of another boot, it seems, whose marker has no name. -ENOMEM. */
static int order_begin_marked(struct order *order, const struct stream *stream)
{
	struct arrivals *arrivals = &order_host(order, stream)->arrivals;
	int r = arrivals->waiting ? 0 : order_begin_boots(order, stream);

	if (r < 0)
		return r;
	arrivals->waiting->reversed = true;
	arrivals_new_era(arrivals);
	return boots_add(arrivals->waiting, (struct sessionlint_text) { 0 }, order->held.arrivals);
}

/* Follows a record that names its boot. */
static int order_follow_name(struct order *order, const struct record *record,
			     struct stream *stream, uint64_t number)
{
	struct arrivals *arrivals = &order_host(order, stream)->arrivals;
	const struct whole *whole = arrivals->whole;
	bool differs = order_boot_differs_from(arrivals, record), returns;
	struct boots *boots = arrivals->waiting;
	unsigned boot;
	int r = 0;

	if (!arrivals->boot.data)
		return host_set_text(&arrivals->boot, record->boot);
	if ((!differs && !boots) || order->trace.parts == PARTS_TOGETHER ||
	    arrivals->over_boots == BOOTS_GO_ON)
		return 0;
	if (!boots)
		r = order_begin_boots(order, stream);
	if (r < 0)
		return r;
	boots = arrivals->waiting;
	boot = boots_find(boots, record->boot);
	returns = boot < boots->latest;
	if (boot == BOOTS_MAX) {
		returns = false;
		if (boots->count == BOOTS_MAX)
			return order_begin_again(order, stream->host);
		boot = boots->count;
		r = boots_add(boots, record->boot, order->held.arrivals);
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

/* Whether something is held of the host of @stream, and all of it has larger numbers. */
static bool is_before_held(const struct order *order, const struct stream *stream, uint64_t number)
{
	bool some = false;

	for (const struct held *held = order->held.oldest; held; held = held->newer) {
		if (held->stream->host != stream->host)
			continue;
		if (held->number <= number)
			return false;
		some = true;
	}
	return some;
}

/* Follows a marker of a boot that has no name and no number that there has been before. */
static int order_follow_marker(struct order *order, const struct record *record,
			       struct stream *stream, uint64_t number)
{
	struct arrivals *arrivals = &order_host(order, stream)->arrivals;
	int r = 0;

	if (record->seq > 1 || arrivals->over_boots == BOOTS_GO_ON ||
	    (order_is_for_all(record) && order->hosts > 1) ||
	    !is_before_held(order, stream, number))
		return 0;
	if (!arrivals->waiting || arrivals->waiting->count < BOOTS_MAX)
		r = order_begin_marked(order, stream);
	if (r < 0)
		return r;
	return arrivals->over_boots == BOOTS_BEGIN_AGAIN ? order_begin_again(order, stream->host)
							 : 0;
}

/*
 * Follows a marker of a boot that says the same as one shortly before it: the host has started
 * twice, or the marker is there twice. Returns 1 if it is there twice.
 */
static int order_follow_same(struct order *order, const struct record *record,
			     struct stream *stream, uint64_t line)
{
	struct arrivals *arrivals = &order_host(order, stream)->arrivals;

	if (record->seq > 1 || arrivals->over_boots == BOOTS_GO_ON ||
	    order->trace.parts == PARTS_TOGETHER ||
	    (order_is_for_all(record) && order->hosts > 1) ||
	    duplicates_newest(&order->duplicates) == line)
		return 1;
	/* so often it is there for so many boots */
	if (arrivals->waiting && arrivals->waiting->count == BOOTS_MAX)
		return order_begin_again(order, stream->host);
	return order_begin_marked(order, stream);
}

/* Whether a record with that number was held before @since, of @stream or of one that may count
 * with it. */
static bool is_held_since(const struct order *order, const struct stream *stream, uint64_t number,
			  uint64_t since)
{
	const struct whole *whole = order_host(order, stream)->arrivals.whole;
	const struct heap *heap = whole ? &whole->held : &stream->held;

	for (uint32_t i = 0; i < heap->count; i++)
		if (heap->items[i]->number == number && heap->items[i]->arrival < since)
			return true;
	return false;
}

/* Follows a record that names no boot: what has arrived before the last marker, and has its number,
 * is of another boot. */
static int order_follow_nameless(struct order *order, struct stream *stream, uint64_t number)
{
	const struct boots *boots = order_host(order, stream)->arrivals.waiting;

	if (!boots || boots->list[boots->count - 1].name.data)
		return 0;
	if (!is_passed(order, stream, number) &&
	    !is_held_since(order, stream, number, boots->list[boots->count - 1].since))
		return 0;
	return order_begin_again(order, stream->host);
}

/*
 * Follows the boots of the host. Numbers that begin again leave what is held behind. Returns 1 if
 * the record must not wait.
 */
static int order_follow_boot(struct order *order, const struct record *record,
			     struct stream *stream, uint64_t number)
{
	bool marker = record->kind == RECORD_MARKER, all = order_is_for_all(record);
	bool boots = marker && record->marker == MARKER_BOOT, own = !all || is_apart(order);
	int r = 0;

	if (boots && ((all && is_apart(order)) || is_back(order, stream, own, number))) {
		r = order_begin_again(order, stream->host);
		if (r >= 0)
			r = all ? order_release_all(order, DECIDE_NOW)
				: order_release_name(order, stream->host);
		order_restart(order, record, order_host(order, stream));
		return r < 0 ? r : 1;
	}
	if (all && is_apart(order)) {
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

/* Whether the count of @stream has come by @number, with which it began. */
static bool has_begun(const struct stream *stream, uint64_t number)
{
	if (stream->numbers.has)
		return !stream->numbers.restarts &&
		       (stream->numbers.number > NUMBER_ZERO + 1 || stream->held.count);
	for (uint32_t i = 0; i < stream->held.count; i++)
		if (stream->held.items[i]->number == number)
			return true;
	return false;
}

/*
 * Whether the driver of the record was unloaded and loaded again, which begins a new count: it had
 * given back what it had, or does what a driver does first.
 */
static bool is_reload(const struct order *order, const struct record *record,
		      const struct stream *stream, uint64_t number)
{
	const struct arrivals *arrivals = &order_host(order, stream)->arrivals;
	bool begins = record->kind == RECORD_OBJECT
			      ? record->contract->object == OBJECT_CREATED
			      : record->kind == RECORD_CALL &&
					record->contract->call == CALL_REGISTER;

	/* it may be its host that has started again */
	if (arrivals->waiting || order_boot_differs_from(arrivals, record))
		return false;
	return record->seq <= 1 && stream->driver.size && (stream->gone || begins) &&
	       order->trace.parts != PARTS_TOGETHER && !arrivals->whole &&
	       has_begun(stream, number);
}

/*
 * Finds the line of an earlier record that says the same; 0: there is none. A boot without a time
 * is like any other boot: one that comes long after is another. -ENOMEM.
 */
static int order_find_same(struct order *order, const struct record *record,
			   const struct stream *stream, uint64_t *ret_line)
{
	bool bare = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT &&
		    !record_has(record, KEY_TIME);

	*ret_line = 0;
	if (record->kind == RECORD_MALFORMED)
		return 0;
	return duplicates_find(&order->duplicates, order_hash(order, record, stream),
			       bare ? ORDER_BOOTS_APART : DUPLICATES_WINDOW, ret_line);
}

/* Passes over a record that there has been before, and follows a driver that was loaded again.
 * Returns 1 if the record is done with. -ENOMEM, or what options.report returned. */
static int order_recognize(struct order *order, const struct record *record, struct stream *stream,
			   uint64_t number, uint64_t *ret_same)
{
	uint64_t line = 0;
	bool reload;
	int r = 0;

	*ret_same = 0;

	/* a count that begins again is one of the driver alone: it is time to know */
	if (record->seq <= 1 && stream->driver.size && has_begun(stream, number)) {
		order->decisions++;
		r = order_decide_host(order, stream->host, false);
	}
	if (r < 0)
		return r;
	reload = is_reload(order, record, stream, number);

	/* without a time, what a driver does each time is the same */
	if (!reload || !stream->gone || record_has(record, KEY_TIME)) {
		r = order_find_same(order, record, stream, &line);
		if (r == 0 && line) {
			r = 1;
			if (order_is_boot(record))
				r = order_follow_same(order, record, stream, line);
			if (r < 0)
				return r;
			if (r == 0 && order_host(order, stream)->arrivals.waiting)
				*ret_same = line;
		}
		if (r == 1) {
			r = order_pass_duplicate(order, record, line);
			return r < 0 ? r : 1;
		}
	}
	if (r >= 0 && reload) {
		bool torn;

		r = order_release_host(order, stream->host);
		torn = !stream->gone;
		arrivals_restart(&order_host(order, stream)->arrivals);
		stream->torn = torn;
	}
	return r < 0 ? r : order_remember(order, record, stream);
}

/*
 * Learns from the order in which records arrive with which number counts begin: what they show is
 * not the middle of a count that has wrapped, and a 0 would have come before the 1.
 */
static void order_watch(struct order *order, struct stream *stream, uint64_t number, uint64_t seq)
{
	const struct numbers *arrived = &stream->arrived;
	bool goes_on = arrived->has ? number == arrived->number + 1 : number - NUMBER_ZERO <= 1;

	if (order->base != BASE_UNKNOWN && stream->numbers.has && !stream->numbers.restarts)
		return;
	goes_on |= order->arrived.has && number == order->arrived.number + 1;
	order->disorder |= !goes_on;
	order->in_order++;
	numbers_take(&stream->arrived, number, seq);
	numbers_take(&order->arrived, number, seq);
	if (order->base != BASE_UNKNOWN)
		return;
	order->zero |= number == NUMBER_ZERO;
	if (!order->disorder && order->in_order >= ORDER_RUN)
		order->base = order->zero ? BASE_ZERO : BASE_ONE;
}

/* Takes a number as it has arrived: what it says of what seq counts, and of where counts begin. */
static int order_arrive(struct order *order, const struct record *record, struct stream *stream,
			uint64_t number)
{
	struct whole *whole = order_host(order, stream)->arrivals.whole;
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

/*
 * A record without a number keeps its place: whatever came before it goes before it. Finds its
 * host if that has to be followed, otherwise NO_HOST.
 */
static int order_unnumbered(struct order *order, const struct record *record, uint32_t *ret_host)
{
	bool boots = record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;
	bool everything = record->kind == RECORD_MALFORMED || !record_has(record, KEY_HOST);
	int r = 0;

	*ret_host = NO_HOST;
	if (order->held.oldest && everything)
		r = order_release_all(order, DECIDE_NOW);
	if (r < 0 || record->kind == RECORD_MALFORMED)
		return r;
	if (!order->held.oldest && !boots && !record_has(record, KEY_BOOT))
		return 0;
	r = host_find(order->checker, record, ret_host);
	return r < 0 ? r : order_release_name(order, *ret_host);
}

/*
 * Whether the record goes on from the last one of its host, or of the trace, and there is nothing
 * to think about, as nearly always. It has been taken then.
 */
static inline bool order_go_on(struct order *order, const struct record *record,
			       struct stream *stream)
{
	struct counting *trace = &order->trace;
	struct arrivals *arrivals = &order_host(order, stream)->arrivals;
	struct whole *whole = arrivals->whole;
	struct numbers *own = whole ? &whole->counting.numbers : &stream->numbers;
	uint64_t seq = record->seq, number;
	bool goes_on = own->has && seq == own->seq + 1 &&
		       (trace->last == stream->host || is_apart(order));

	if (!trace->numbers.has || trace->numbers.restarts || own->restarts || own->booted ||
	    arrivals->late ||
	    (whole && (whole->counting.parts != PARTS_TOGETHER || stream->numbers.restarts)))
		return false;
	if (!goes_on && (trace->parts != PARTS_TOGETHER || seq != trace->numbers.seq + 1))
		return false;
	if (record_has(record, KEY_BOOT) && !text_equal(arrivals->boot, record->boot))
		return false;
	number = (goes_on ? own->number : trace->numbers.number) + 1;
	if (number > trace->numbers.number) {
		trace->numbers.number = number;
		trace->numbers.seq = seq;
		trace->last = stream->host;
	}
	if (!goes_on)
		trace->doubts = 0;
	own->number = stream->numbers.number = number;
	own->seq = stream->numbers.seq = seq;
	own->has = stream->numbers.has = true;
	if (whole)
		whole->counting.last = stream->part;
	return true;
}

/* Whether the record can be one of before the count began again, once more. */
static bool may_be_of_earlier(const struct order *order, const struct record *record,
			      struct stream *stream)
{
	if (stream->era == 0 || !record_has(record, KEY_TIME))
		return false;
	if (stream->era_known != stream->era)
		stream->era_begun = order->duplicates.count;
	stream->era_known = stream->era;
	return order->duplicates.count - stream->era_begun < DUPLICATES_WINDOW;
}

/*
 * The stream of a record that goes on from the last one of its host, which has been taken then;
 * NULL where there is more to think about, and nothing has been done.
 */
static inline struct stream *order_straight_fast(struct order *order, const struct record *record)
{
	struct hosts *hosts = &order->checker->hosts;
	uint32_t recent = hosts->recent[hosts_recent_at(record->host)];
	struct arrivals *arrivals;
	struct stream *stream;

	if (recent >= hosts->count || !text_equal(hosts->hosts[recent].name, record->host))
		return NULL;
	arrivals = &hosts->hosts[recent].arrivals;
	stream = arrivals->recent;
	if (!stream || arrivals->split || arrivals->boots != order->boots || stream->era ||
	    order->base == BASE_UNKNOWN || order->owed || record->flags & RECORD_HOST_IS_LABEL ||
	    record->kind == RECORD_MARKER || !text_equal(stream->driver, record_driver(record)))
		return NULL;
	return order_go_on(order, record, stream) ? stream : NULL;
}

/* Takes a record with a number that can be passed on as it comes while nothing is held, if it needs
 * some thought. Returns 1; 0 if it cannot. */
static int order_straight_slow(struct order *order, const struct record *record,
			       struct stream **ret_stream)
{
	struct stream *stream;
	const struct numbers *own;
	struct arrivals *arrivals;
	uint64_t number;
	int r = order_find(order, record, ret_stream, &number);

	if (r < 0)
		return r;
	if (is_apart(order))
		order->owed = 0;
	stream = *ret_stream;
	arrivals = &order_host(order, stream)->arrivals;
	own = arrivals->whole ? &arrivals->whole->counting.numbers : &stream->numbers;
	if (record->kind == RECORD_MARKER || may_be_of_earlier(order, record, stream) ||
	    (order->owed && order->trace.parts == PARTS_TOGETHER) || arrivals->late)
		return 0;
	if (!order_go_on(order, record, stream)) {
		if (order_place(order, stream, number) != PLACE_NEXT ||
		    counting_learn(&order->trace, own, stream->host, number) !=
			    order->trace.parts ||
		    (arrivals->whole &&
		     counting_learn(&arrivals->whole->counting, &stream->numbers, stream->part,
				    number) != arrivals->whole->counting.parts) ||
		    !is_ready(order, stream, record, number))
			return 0;
		r = order_pass_straight(order, record, stream, number);
	}
	order_watch(order, stream, number, record->seq);
	return r < 0 ? r : 1;
}

static int order_straight_on(struct order *order, const struct record *record, uint32_t *ret_host)
{
	struct stream *stream = order_straight_fast(order, record);
	int r = 1;

	if (!stream)
		r = order_straight_slow(order, record, &stream);
	if (r <= 0)
		return r;
	*ret_host = stream->host;
	if (record->contract)
		stream_follow(stream, record);
	r = order_remember(order, record, stream);
	return r < 0 ? r : 1;
}

/* Whether nothing of a record but its number has to be looked at if it follows on @before. */
static inline bool is_plain_next(const struct record *before, const struct record *record)
{
	const uint64_t keys = KEY_BIT(KEY_SEQ) | KEY_BIT(KEY_BOOT);

	return record->seq == before->seq + 1 && (record->keys & keys) == KEY_BIT(KEY_SEQ) &&
	       !record->contract && record->kind != RECORD_MARKER &&
	       text_equal(record->host, before->host);
}

/*
 * Takes the records of @batch that plainly follow on the one before @at, which has been taken: most
 * often the rest of the batch. Returns how many. -ENOMEM.
 */
static int order_straight_run(struct order *order, const struct batch *batch, unsigned at)
{
	const struct record *before = &batch->records[at - 1];
	struct arrivals *arrivals;
	struct stream *stream;
	unsigned count = 0;
	uint32_t number;
	int r = 0;

	/* the host of a record without a number is not known here */
	if (!record_has(before, KEY_SEQ) || before->contract || order->base == BASE_UNKNOWN)
		return 0;
	number = order->checker->prepared[at - 1].host;
	arrivals = &order->checker->hosts.hosts[number].arrivals;
	stream = arrivals->recent;
	/* what is said of the last record must hold for all: it is the trace's last as well */
	if (!stream || stream->era || arrivals->whole || arrivals->split || arrivals->late ||
	    order->trace.numbers.restarts || stream->numbers.restarts || stream->numbers.booted ||
	    order->trace.last != number || order->trace.numbers.seq != before->seq ||
	    stream->numbers.seq != before->seq || stream->driver.size)
		return 0;
	for (; at + count < batch->count && is_plain_next(before, before + 1); before++, count++) {
		order->checker->prepared[at + count].host = number;
		r = order_remember(order, before + 1, stream);
		if (r < 0)
			return r;
	}
	order->trace.numbers.seq += count;
	order->trace.numbers.number += count;
	stream->numbers.seq += count;
	stream->numbers.number += count;
	return (int)count;
}

static int order_straight(struct order *order, const struct record *record, uint32_t *ret_host)
{
	uint32_t host;
	int r;

	if (record_has(record, KEY_SEQ))
		return order_straight_on(order, record, ret_host);
	r = order_unnumbered(order, record, &host);
	if (r >= 0 && host != NO_HOST)
		r = order_take_boot(order, record, &order->checker->hosts.hosts[host]);
	return r < 0 ? r : 1;
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
	if (!now && !is_ready(order, stream, record, number))
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
	unsigned count = batch->count, i = 0;
	int r = 1, flushed;

	order->checker->known = 0;
	if (!order->checker->options.reorder && !order->seen && !is_numbered(batch))
		return checker_batch(order->checker, batch);
	order->seen = true;
	while (i < count && !order->held.oldest && !order->checker->options.reorder) {
		r = order_straight(order, &batch->records[i], &order->checker->prepared[i].host);
		if (r <= 0)
			break;
		i++;
		r = order_straight_run(order, batch, i);
		if (r < 0)
			break;
		i += (unsigned)r;
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
		r = reorder_end(order);
	if (r >= 0)
		r = order_release_all(order, DECIDE_AT_END);
	if (r >= 0)
		r = order_flush(order);
	order_clear(order);
	return r < 0 ? r : 0;
}
