/* SPDX-License-Identifier: MIT */
#include "check/driver/unsure_registrations.h"

#include <errno.h>
#include <stdlib.h>

static struct unsure_registration *unsure_find(const struct session_detail *detail, uint32_t serial)
{
	struct unsure_registration *unsure = detail->unsure;

	while (unsure && unsure->serial != serial)
		unsure = unsure->next;
	return unsure;
}

static void unsure_remove(struct session_detail *detail, struct unsure_registration *unsure)
{
	struct unsure_registration **link = &detail->unsure;

	while (*link != unsure)
		link = &(*link)->next;
	*link = unsure->next;
	detail->unsure_count--;
	free(unsure);
}

void unsure_free(struct session_detail *detail)
{
	while (detail->unsure)
		unsure_remove(detail, detail->unsure);
}

/* Whether the pending events from @first on match those that the registration was notified of;
 * *ret_last is the last of them. */
static bool fits(struct pending *first, const struct unsure_registration *unsure, uint32_t number,
		 struct pending **ret_last)
{
	struct pending *one = first;

	for (uint32_t i = 0; i < unsure->count; i++) {
		if (i > 0)
			one = pending_waits(one->next, number);
		if (!one || one->place.event != unsure->events[i])
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

static struct ways ways_of(const struct session_detail *detail,
			   const struct unsure_registration *unsure,
			   const struct registration *registration)
{
	struct ways ways = { .first = NULL };
	uint32_t number = registration->number;
	struct pending *end;

	for (struct pending *one = pending_waits(detail->first, number); one;
	     one = pending_waits(one->next, number)) {
		if (fits(one, unsure, number, &end)) {
			ways.last = one;
			ways.last_last = end;
			if (!ways.first) {
				ways.first = one;
				ways.first_last = end;
			}
		}
		/* it must have received this one */
		if (one->at >= registration->live_from)
			break;
	}
	return ways;
}

/* The registration was not live before, or was notified of, all events up to @last. */
static void unsure_settle(struct checker *checker, struct session_detail *detail,
			  struct unsure_registration *unsure, uint32_t number, struct pending *last)
{
	struct pending *one = pending_waits(detail->first, number), *next;

	for (bool more = true; one && more; one = next) {
		more = one != last;
		next = pending_waits(one->next, number);
		pending_take(checker, one, number);
	}
	unsure_remove(detail, unsure);
}

static int unsure_add(struct session_detail *detail, struct registration *registration,
		      struct unsure_registration **ret_unsure)
{
	struct unsure_registration *unsure = calloc(1, sizeof *unsure);

	if (!unsure)
		return -ENOMEM;
	unsure->serial = registration->serial;
	unsure->next = detail->unsure;
	detail->unsure = unsure;
	detail->unsure_count++;
	registration->unsure_count++;
	*ret_unsure = unsure;
	return 0;
}

int unsure_notify(struct subject *subject, struct session_detail *detail,
		  struct registration *registration, bool *ret_notified)
{
	struct unsure_registration *unsure = unsure_find(detail, registration->serial);
	const struct pending *first;
	struct ways before, ways;
	int r = 0;

	*ret_notified = false;
	/* the first event is the oldest one: usually all are from while it was live */
	if (!unsure && (!detail->first || detail->first->at >= registration->live_from))
		return 0;
	first = pending_waits(detail->first, registration->number);
	if (!unsure && (!first || first->at >= registration->live_from))
		return 0;
	if (!unsure && detail->unsure_count == UNSURE_OF_SESSION) {
		*ret_notified = true;
		return pending_lag(detail, registration);
	}
	if (!unsure)
		r = unsure_add(detail, registration, &unsure);
	if (r < 0)
		return r;
	before = ways_of(detail, unsure, registration);
	unsure->events[unsure->count++] = (uint8_t)subject->record->event;
	ways = ways_of(detail, unsure, registration);
	*ret_notified = ways.first != NULL;
	if (!ways.first) {
		/* this event does not match: settle the earlier ones */
		if (unsure->count > 1)
			unsure_settle(subject->checker, detail, unsure, registration->number,
				      before.first_last);
		else
			unsure_remove(detail, unsure);
		return 0;
	}
	pending_prove(subject->host->drivers, registration, ways.last->at, ways.first_last->at);
	if (ways.first == ways.last) {
		unsure_settle(subject->checker, detail, unsure, registration->number,
			      ways.first_last);
	} else if (unsure->count == UNSURE_EVENTS) {
		unsure_remove(detail, unsure);
		return pending_lag(detail, registration);
	}
	return 0;
}

void unsure_close(struct checker *checker, struct session_detail *detail,
		  const struct registration *registration)
{
	struct unsure_registration *unsure = unsure_find(detail, registration->serial);
	struct ways ways;

	if (!unsure)
		return;
	ways = ways_of(detail, unsure, registration);
	if (ways.last)
		unsure_settle(checker, detail, unsure, registration->number, ways.last_last);
	else
		unsure_remove(detail, unsure);
}
