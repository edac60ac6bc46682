/* SPDX-License-Identifier: MIT */
/* Creates pending notifications. */
#include "check/driver/pending_internal.h"
#include "check/state/numbered.h"

#include <errno.h>
#include <stdlib.h>

/* Creates a pending notification for the registrations that select the event of subject->record;
 * NULL if there are none. */
static int pending_new(const struct subject *subject, uint32_t session,
		       struct pending **ret_pending)
{
	const struct drivers *drivers = subject->host->drivers;
	const struct record *record = subject->record;
	struct pending *pending;
	size_t size;

	*ret_pending = NULL;
	if (!drivers || drivers->live == 0 || record->event == SESSIONLINT_EVENT_IGNORE ||
	    record->event >= SESSIONLINT_EVENT_MAX)
		return 0;
	size = sizeof *pending + 3 * (size_t)drivers->words * sizeof(uint64_t);
	/* malloc() reuses a block just freed, calloc() of glibc does not */
	pending = malloc(size);
	if (!pending)
		return -ENOMEM;
	memset(pending, 0, size);
	pending->words = drivers->words;
	pending->waiting_count = numbered_selecting(drivers, record->event, record->session,
						    waiting_set(pending));
	pending->host = host_number(subject->checker, subject->host);
	pending->session = session;
	pending->place = (struct place) {
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.event = record->event,
	};
	pending->made = ++subject->checker->pending.made;
	pending->at = drivers->now;
	*ret_pending = pending;
	return 0;
}

/*
 * Excuses the registrations that were notified of the event too early. That notification may also
 * have been a repetition of an earlier event. So they may be notified of this one, but need not.
 */
static void pending_excuse(struct pending *pending, const struct pending *early)
{
	for (uint32_t word = 0; word < early->words && word < pending->words; word++)
		excused_set(pending)[word] |= early->sets[word];
}

/* An event happens: drivers may have been notified of it too early. Early notifications that it
 * does not match expire soon. */
static void early_settle(struct checker *checker, const struct session_detail *detail,
			 struct pending *pending, uint32_t event)
{
	struct pending *next;

	for (struct pending *early = detail->first; early; early = next) {
		bool matches = early->place.event == event;

		next = early->next;
		if (!early->early)
			continue;
		if (matches && pending)
			pending_excuse(pending, early);
		if (matches || ++early->age >= EARLY_EVENTS)
			pending_free(checker, early);
	}
}

/* Adds a pending notification, or frees it if there is nobody to notify. */
static int pending_add(struct checker *checker, struct session_detail *detail,
		       struct pending *pending)
{
	int r;

	if (pending->waiting_count == 0) {
		free(pending);
		return 0;
	}
	r = pending_make_room(checker, detail, set_words(pending));
	pending_append(checker, detail, pending);
	return r;
}

int pending_expect(struct subject *subject, uint32_t session)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	struct session_detail *detail;
	struct pending *pending;
	int r = details_make(&checker->details, session, &detail);

	if (r < 0)
		return r;
	if (detail->suspended)
		return 0;
	subject->host->drivers->now++;
	r = pending_new(subject, session, &pending);
	if (r < 0)
		return r;
	detail->complete = true;
	if (mask_selects(IO_SESSION_STATE_VALID_EVENT_MASK, record->event))
		early_settle(checker, detail, pending, record->event);
	if (!pending)
		return 0;
	if (record->event == SESSIONLINT_EVENT_CONNECTED) {
		pending->local = detail->local;
		pending->local_line = detail->local_line;
	}
	/* the first event in the trace may follow its own notifications */
	pending->required = record->event != detail->last_notified;
	detail->last_notified = SESSIONLINT_EVENT_IGNORE;
	return pending_add(checker, detail, pending);
}

int pending_anticipate(struct subject *subject, uint32_t session)
{
	struct session_detail *detail;
	struct pending *pending;
	int r = details_make(&subject->checker->details, session, &detail);

	if (r == 0)
		r = pending_new(subject, session, &pending);
	if (r < 0 || !pending)
		return r;
	memset(waiting_set(pending), 0, pending->words * sizeof(uint64_t));
	pending->waiting_count = 0;
	pending->early = true;
	for (const struct registration *one = subject->object->registrations; one;
	     one = one->sibling) {
		waiting_set(pending)[one->number / 64] |= (uint64_t)1 << one->number % 64;
		pending->waiting_count++;
	}
	return pending_add(subject->checker, detail, pending);
}

int pending_reveal(struct subject *subject, uint32_t session,
		   const struct registration *registration, unsigned tolerance)
{
	struct session_detail *detail;
	struct pending *pending;
	int r = details_make(&subject->checker->details, session, &detail);

	if (r < 0)
		return r;
	detail->last_notified = subject->record->event;
	r = pending_new(subject, session, &pending);
	if (r < 0 || !pending)
		return r;
	pending->revealed = true;
	pending->tolerance = (uint8_t)tolerance;
	pending_strike(pending, registration->number);
	return pending_add(subject->checker, detail, pending);
}
