/* SPDX-License-Identifier: MIT */
/* Notifications, and the events that they are of. */
#include "check/driver/local_session.h"
#include "check/driver/pending_internal.h"
#include "check/driver/unsure_registrations.h"

/* The first pending from @one on of @event that registration @number waits for, skipped or not. */
static struct pending *pending_find(struct pending *one, uint32_t number, unsigned event,
				    bool skipped)
{
	while (one && (one->early || one->place.event != event ||
		       !set_has(waiting_set(one), one->words, number) ||
		       is_skipped(one, number) != skipped))
		one = one->next;
	return one;
}

/*
 * What a notification of @event is of, for registration @number: what is next in order, which may
 * have been notified too early, or what was passed over.
 */
static struct pending *pending_match(struct session_detail *detail, uint32_t number, unsigned event)
{
	struct pending *found = pending_find(detail->first, number, event, false), *late;

	if (found)
		return found;
	late = pending_find(detail->first, number, event, true);
	for (struct pending *one = late; one; one = pending_find(one->next, number, event, true))
		if (is_excused(one, number))
			return one;
	return late;
}

static void pending_done(struct checker *checker, struct pending *pending, uint32_t number)
{
	/* what the registration should have been notified before has been passed over */
	for (struct pending *one = pending->previous; one; one = one->previous)
		if (!one->early && set_has(waiting_set(one), one->words, number))
			skipped_set(one)[number / 64] |= (uint64_t)1 << number % 64;
	pending_strike(pending, number);
	if (pending->left == 0)
		pending_free(checker, pending);
}

/*
 * Registration @number gets @delivery. If it may have got that too early, it may as well have got
 * an earlier one twice, and then it is the next one of the kind that it need not get.
 */
static enum notified pending_get(struct checker *checker, struct pending *pending, uint32_t number)
{
	bool excused = is_excused(pending, number), skipped = is_skipped(pending, number);
	struct pending *next = NULL;

	if (excused)
		next = pending_find(pending->next, number, pending->place.event, false);
	pending_done(checker, pending, number);
	if (!excused)
		return skipped ? NOTIFIED_LATE : NOTIFIED_IN_TURN;
	if (!next)
		return NOTIFIED_EXCUSED;
	excused_set(next)[number / 64] |= (uint64_t)1 << number % 64;
	return NOTIFIED_IN_TURN;
}

int pending_notify(struct subject *subject, uint32_t session, enum notified *ret_notified)
{
	struct session_detail *detail = detail_of(subject->checker, session);
	struct registration *registrations = subject->object->registrations, *registration = NULL;
	struct pending *pending = NULL;
	bool told = false;
	int r = 0;

	*ret_notified = NOTIFIED_NEW;
	if (!detail)
		return 0;
	for (struct registration *one = registrations; r == 0 && one && !told; one = one->sibling)
		r = unsure_notify(subject, detail, one, &told);
	if (r < 0 || told) {
		*ret_notified = NOTIFIED_IN_TURN;
		return r;
	}
	for (struct registration *one = registrations; one; one = one->sibling) {
		struct pending *match = pending_match(detail, one->number, subject->record->event);

		if (match && (!pending || is_skipped(pending, registration->number))) {
			pending = match;
			registration = one;
		}
	}
	if (!pending)
		return 0;
	if (pending->place.event == SESSIONLINT_EVENT_CONNECTED)
		r = local_notify(subject, detail, pending);
	pending_prove(subject->host->drivers, registration, pending->at, pending->at);
	*ret_notified = pending_get(subject->checker, pending, registration->number);
	return r;
}
