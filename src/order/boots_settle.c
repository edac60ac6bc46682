/* SPDX-License-Identifier: MIT */
#include "order/boots_settle.h"

#include <errno.h>
#include <stdlib.h>

#include "order/window.h"

/* Whether a record of @boot, or of a later one, has been passed on, and its count has begun again
 * then. That of other streams may still have to. */
static bool has_begun(const struct arrivals *arrivals, const struct boots *boots, unsigned boot)
{
	unsigned passed = arrivals->boot.data && !arrivals->whole
				  ? boots_find(boots, arrivals->boot)
				  : BOOTS_MAX;

	return passed != BOOTS_MAX && passed >= boot;
}

int order_begin_again(struct order *order, uint32_t number)
{
	struct hosts *hosts = &order->names;
	struct boots *boots = hosts->hosts[number].arrivals.waiting;
	const struct heap *heap = order_heap_of_host(order, number);
	int r = 0;

	hosts->hosts[number].arrivals.over_boots = BOOTS_BEGIN_AGAIN;
	hosts->hosts[number].arrivals.waiting = NULL;
	/* no marker is a duplicate */
	for (uint32_t i = 0; boots && boots->repeated && i < heap->count; i++)
		heap->items[i]->same_as = 0;
	for (unsigned i = 1; boots && r >= 0 && i < boots->count; i++) {
		r = order_release_before(order, number, boots->list[i].since);
		/* the checker may have added hosts, which moves them */
		if (has_begun(&hosts->hosts[number].arrivals, boots, i))
			continue;
		arrivals_count_again(&hosts->hosts[number].arrivals);
		if (r >= 0 && boots->list[i].name.data)
			r = text_set(&hosts->hosts[number].arrivals.boot, boots->list[i].name);
	}
	/* the rest may have waited only for that */
	for (struct stream *stream = hosts->hosts[number].arrivals.streams;
	     boots && r >= 0 && stream; stream = stream->next)
		r = order_drain(order, stream);
	boots_free(boots);
	return r < 0 ? r : 0;
}

/* How the buffered numbers of a host fit those before the last boot marker. */
struct fit {
	/* range of the numbers before it that may not have been passed on yet */
	uint64_t low, high;
	uint64_t early;  /* how many numbers came before it */
	uint64_t within; /* how many of low..high are present */
	uint64_t next;   /* the first one after high; 0: none */
	bool same;       /* the marker is identical to the one before it */
};

static struct fit order_fit(const struct order *order, uint32_t number, uint64_t since)
{
	const struct arrivals *arrivals = &order->names.hosts[number].arrivals;
	const struct numbers *own = arrivals->whole ? &arrivals->whole->counting.numbers
						    : &arrivals->streams->numbers;
	const struct heap *heap = order_heap_of_host(order, number);
	struct fit fit = { .low = UINT64_MAX };

	for (uint32_t i = 0; i < heap->count; i++) {
		const struct waiting_record *waiting = heap->items[i];

		fit.same |= waiting->same_as > 0;
		fit.early += waiting->arrival < since;
		if (waiting->arrival < since && waiting->number > fit.high)
			fit.high = waiting->number;
		if (waiting->number < fit.low)
			fit.low = waiting->number;
	}
	if (own->has && !own->restarts) {
		fit.low = own->number + 1;
		fit.early += own->seq;
		if (fit.high < fit.low)
			fit.high = own->number;
	}
	for (uint32_t i = 0; i < heap->count; i++) {
		const struct waiting_record *waiting = heap->items[i];

		if (waiting->same_as)
			continue;
		fit.within += waiting->number >= fit.low && waiting->number <= fit.high;
		if (waiting->number > fit.high && (fit.next == 0 || waiting->number < fit.next))
			fit.next = waiting->number;
	}
	return fit;
}

/* The records before and after a boot marker may fit by coincidence, so it stays unknown what
 * happened between them. -ENOMEM. */
static int order_leave_open(struct order *order, uint32_t number, uint64_t since, bool same)
{
	const struct heap *heap = order_heap_of_host(order, number);
	struct waiting_record **list = malloc((heap->count + 1) * sizeof(struct waiting_record *));
	/* an identical one is later than everything that was passed on */
	bool early = same;
	uint32_t count = 0;

	if (!list)
		return -ENOMEM;
	for (uint32_t i = 0; i < heap->count; i++)
		if (!heap->items[i]->same_as)
			list[count++] = heap->items[i];
	waiting_sort(list, count);
	for (uint32_t i = 0; i < count; i++) {
		list[i]->gap_before = (list[i]->arrival < since) != early;
		early = list[i]->arrival < since;
	}
	if (count == 0)
		arrivals_mark_gap(&order->names.hosts[number].arrivals);
	else
		list[count - 1]->gap_after = early;
	free(list);
	return 0;
}

/*
 * A boot marker with the first number of a count has arrived after larger numbers. Either those are
 * of the previous boot, or the marker is late or a duplicate. Finds whether all buffered records of
 * the host fit together without a gap, so that the count has not restarted. -ENOMEM.
 */
static int order_look_past(struct order *order, uint32_t number, const struct boots *boots,
			   bool *ret_fits)
{
	uint64_t since = boots->list[1].since;
	struct fit fit = order_fit(order, number, since);

	*ret_fits = boots->count == 2 && !boots->list[1].name.data &&
		    fit.within == fit.high - fit.low + 1 && !(fit.same && fit.next > fit.high + 1);
	if (!*ret_fits || (fit.early >= RUN_LENGTH && fit.next))
		return 0;
	return order_leave_open(order, number, since, fit.same);
}

int order_settle_boots(struct order *order, uint32_t number)
{
	struct arrivals *arrivals = &order->names.hosts[number].arrivals;
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
