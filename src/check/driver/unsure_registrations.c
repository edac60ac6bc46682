/* SPDX-License-Identifier: MIT */
#include "check/driver/unsure_registrations.h"

#include <errno.h>
#include <stdlib.h>

static struct loose *loose_find(const struct session_detail *detail, uint32_t serial)
{
	struct loose *loose = detail->loose;

	while (loose && loose->serial != serial)
		loose = loose->next;
	return loose;
}

static void loose_remove(struct session_detail *detail, struct loose *loose)
{
	struct loose **link = &detail->loose;

	while (*link != loose)
		link = &(*link)->next;
	*link = loose->next;
	detail->loose_count--;
	free(loose);
}

void loose_free(struct session_detail *detail)
{
	while (detail->loose)
		loose_remove(detail, detail->loose);
}

/* Whether the pending events from @first on match those that the registration was notified of;
 * *ret_last is the last of them. */
static bool fits(struct pending *first, const struct loose *loose, uint32_t number,
		 struct pending **ret_last)
{
	struct pending *one = first;

	for (uint32_t i = 0; i < loose->count; i++) {
		if (i > 0)
			one = pending_waits(one->next, number);
		if (!one || one->place.event != loose->events[i])
			return false;
		*ret_last = one;
	}
	return true;
}

/* The possible matches. */
struct ways {
	struct pending *first, *first_last; /* the earliest: its first and last event */
	struct pending *last, *last_last;   /* the latest */
};

static struct ways ways_of(const struct session_detail *detail, const struct loose *loose,
			   const struct registration *registration)
{
	struct ways ways = { .first = NULL };
	uint32_t number = registration->number;
	struct pending *end;

	for (struct pending *one = pending_waits(detail->first, number); one;
	     one = pending_waits(one->next, number)) {
		if (fits(one, loose, number, &end)) {
			ways.last = one;
			ways.last_last = end;
			if (!ways.first) {
				ways.first = one;
				ways.first_last = end;
			}
		}
		/* it would have received this one */
		if (one->at >= registration->live_from)
			break;
	}
	return ways;
}

/* The registration was not live before, or was notified of, all events up to @last. */
static void loose_settle(struct checker *checker, struct session_detail *detail,
			 struct loose *loose, uint32_t number, struct pending *last)
{
	struct pending *one = pending_waits(detail->first, number), *next;

	for (bool more = true; one && more; one = next) {
		more = one != last;
		next = pending_waits(one->next, number);
		pending_take(checker, one, number);
	}
	loose_remove(detail, loose);
}

static int loose_add(struct session_detail *detail, struct registration *registration,
		     struct loose **ret_loose)
{
	struct loose *loose = calloc(1, sizeof *loose);

	if (!loose)
		return -ENOMEM;
	loose->serial = registration->serial;
	loose->next = detail->loose;
	detail->loose = loose;
	detail->loose_count++;
	registration->loose++;
	*ret_loose = loose;
	return 0;
}

int loose_notify(struct subject *subject, struct session_detail *detail,
		 struct registration *registration, bool *ret_notified)
{
	struct loose *loose = loose_find(detail, registration->serial);
	const struct pending *first = pending_waits(detail->first, registration->number);
	struct ways before, ways;
	int r = 0;

	*ret_notified = false;
	if (!loose && (!first || first->at >= registration->live_from))
		return 0;
	if (!loose && detail->loose_count == LOOSE_OF_SESSION) {
		*ret_notified = true;
		return pending_lag(detail, registration);
	}
	if (!loose)
		r = loose_add(detail, registration, &loose);
	if (r < 0)
		return r;
	before = ways_of(detail, loose, registration);
	loose->events[loose->count++] = (uint8_t)subject->record->event;
	ways = ways_of(detail, loose, registration);
	*ret_notified = ways.first != NULL;
	if (!ways.first) {
		/* it cannot be this event: settle the earlier ones */
		if (loose->count > 1)
			loose_settle(subject->checker, detail, loose, registration->number,
				     before.first_last);
		else
			loose_remove(detail, loose);
		return 0;
	}
	pending_prove(subject->host->drivers, registration, ways.last->at, ways.first_last->at);
	if (ways.first == ways.last) {
		loose_settle(subject->checker, detail, loose, registration->number,
			     ways.first_last);
	} else if (loose->count == LOOSE_EVENTS) {
		loose_remove(detail, loose);
		return pending_lag(detail, registration);
	}
	return 0;
}

void loose_close(struct checker *checker, struct session_detail *detail,
		 const struct registration *registration)
{
	struct loose *loose = loose_find(detail, registration->serial);
	struct ways ways;

	if (!loose)
		return;
	ways = ways_of(detail, loose, registration);
	if (ways.last)
		loose_settle(checker, detail, loose, registration->number, ways.last_last);
	else
		loose_remove(detail, loose);
}
