/* SPDX-License-Identifier: MIT */
/* Events that are only known from notifications. */
#include "check/driver/pending_internal.h"

static bool was_passed(struct pending *pending, uint32_t number)
{
	return set_has(skipped_set(pending), pending->words, number) ||
	       set_has(excused_set(pending), pending->words, number);
}

/* The first pending one of the event for @registration: one that was @passed over, or not. */
static struct pending *revealed_find(const struct subject *subject, uint32_t session,
				     const struct registration *registration, bool passed)
{
	const struct session_detail *detail = detail_of(subject->checker, session);
	uint32_t number = registration->number;

	for (struct pending *one = detail ? detail->first : NULL; one; one = one->next)
		if (one->place.event == subject->record->event &&
		    set_has(waiting_set(one), one->words, number) &&
		    was_passed(one, number) == passed)
			return one;
	return NULL;
}

struct pending *pending_waiting(const struct subject *subject, uint32_t session,
				const struct registration *registration)
{
	return revealed_find(subject, session, registration, false);
}

struct pending *pending_next(const struct subject *subject, uint32_t session,
			     const struct pending *previous,
			     const struct registration *registration)
{
	const struct session_detail *detail = detail_of(subject->checker, session);
	struct pending *one = previous ? previous->next : detail ? detail->first : NULL;

	while (one && (!set_has(waiting_set(one), one->words, registration->number) ||
		       was_passed(one, registration->number)))
		one = one->next;
	return one;
}

bool pending_pass(struct pending *pending, const struct registration *registration, bool missed)
{
	uint32_t number = registration->number;
	bool found = false;

	for (struct pending *one = pending; one; one = one->previous) {
		if (!set_has(waiting_set(one), one->words, number) || was_passed(one, number))
			continue;
		found = true;
		(missed ? skipped_set(one) : excused_set(one))[number / 64] |= (uint64_t)1
									       << number % 64;
	}
	return found;
}

void pending_settle(struct subject *subject, struct pending *pending,
		    const struct registration *registration, unsigned tolerance)
{
	if (tolerance > pending->tolerance)
		pending->tolerance = (uint8_t)tolerance;
	pending_take(subject->checker, pending, registration->number);
}

bool pending_late(struct subject *subject, uint32_t session,
		  const struct registration *registration)
{
	struct pending *late = revealed_find(subject, session, registration, true);

	if (late)
		pending_take(subject->checker, late, registration->number);
	return late;
}
