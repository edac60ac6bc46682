/* SPDX-License-Identifier: MIT */
/* Finds the pending event that a notification is about. */
#include "check/driver/local_session.h"
#include "check/driver/pending_internal.h"
#include "check/driver/unsure_registrations.h"

/* The first pending @event from @one on that registration @number has not received: one that it has
 * @skipped, or has not. */
static struct pending *pending_find(struct pending *one, uint32_t number, unsigned event,
				    bool skipped)
{
	while (one && (one->early || one->place.event != event ||
		       !set_has(waiting_set(one), one->words, number) ||
		       is_skipped(one, number) != skipped))
		one = one->next;
	return one;
}

/* The pending event that a notification of @event to registration @number is about: the next one in
 * order, or else a skipped one, preferably one that it may have been notified of too early. */
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
	/* it skipped the events before this one */
	for (struct pending *one = pending->previous; one; one = one->previous)
		if (!one->early && set_has(waiting_set(one), one->words, number))
			skipped_set(one)[number / 64] |= (uint64_t)1 << number % 64;
	pending_strike(pending, number);
	if (pending->waiting_count == 0)
		pending_free(checker, pending);
}

/*
 * Registration @number is notified of @pending. If it may have been notified of that too early,
 * that may as well have been a repetition of an earlier event. Then it need not be notified of the
 * next event of this kind.
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
	bool notified = false;
	int r = 0;

	*ret_notified = NOTIFIED_NEW;
	if (!detail)
		return 0;
	for (struct registration *one = registrations; r == 0 && one && !notified;
	     one = one->sibling)
		r = unsure_notify(subject, detail, one, &notified);
	if (r < 0 || notified) {
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
