/* SPDX-License-Identifier: MIT */
/* Checks a notification against what the driver selected, and against what the session did. */
#include <stdlib.h>

#include "check/driver/arguments.h"
#include "check/driver/driver.h"
#include "check/driver/pending.h"
#include "check/driver/session_object_rules.h"
#include "check/driver/views.h"
#include "check/finding.h"
#include "check/host.h"
#include "check/session/session.h"
#include "check/session/trail.h"
#include "check/state/numbered.h"
#include "check/state/running_calls.h"
#include "check/state/session_objects.h"

/* ---- the registration ---- */

/* Whether some registration of the object selects the event. Ignore has no bit. */
static bool object_selects(const struct io_object *object, uint32_t event)
{
	for (const struct registration *one = object->registrations; one; one = one->sibling)
		if (one->mask == IO_SESSION_STATE_ALL_EVENTS || mask_selects(one->mask, event) ||
		    event >= SESSIONLINT_EVENT_MAX)
			return true;
	return false;
}

static bool object_has_context(const struct io_object *object, struct sessionlint_text context)
{
	char buffer[HANDLE_MAX_SIZE];
	size_t size = handle_canonical(context, buffer);

	for (const struct registration *one = object->registrations; one; one = one->sibling)
		if (!one->has_context || text_equal(one->context, text_of(buffer, size)))
			return true;
	return false;
}

/* Whether it is unknown which registration of an object a notification is for: calls overlap, or
 * only the begin of one was seen since records were lost. */
static bool is_unclear(const struct drivers *drivers, const struct io_object *object)
{
	return object->calls_overlap ||
	       (drivers->unknown && object->states & REGISTRATION_REGISTERED &&
		object->states != REGISTRATION_REGISTERED);
}

/* Whether the object of the notification is known, and so is the registration. */
static bool is_clear(const struct subject *subject)
{
	return subject->object && !is_unclear(subject->host->drivers, subject->object);
}

/* The notification may have been for the registration that a running call creates. */
static void tentative_make_uncertain(const struct drivers *drivers, const struct io_object *object)
{
	struct registration *tentative = object_tentative(object);

	if (!tentative)
		return;
	tentative->uncertain = true;
	numbered_touch(drivers, tentative);
}

/* Whether the registration selects the notification: *ret_due. */
static int check_due(struct subject *subject, bool *ret_due)
{
	const struct record *record = subject->record;
	const struct drivers *drivers = subject->host->drivers;
	const struct io_object *object = subject->object;
	bool live = object && object->registrations;
	int r = 0;

	*ret_due = false;
	/* known objects were seen after the loss */
	if (!object && drivers->unknown)
		return 0;
	if (object && is_unclear(drivers, object)) {
		tentative_make_uncertain(drivers, object);
		return 0;
	}
	if (!live)
		return report(subject, SESSIONLINT_RULE_UNREGISTERED, NO_PARTICULARS,
			      "the driver is notified of %s, but the I/O object is not registered",
			      event_text(subject->checker, record->event));
	*ret_due = true;
	if (!object_selects(object, record->event)) {
		*ret_due = false;
		r = report(subject, SESSIONLINT_RULE_MASKED, NO_PARTICULARS,
			   "the driver is notified of %s, which EventMask 0x%x does not select",
			   event_text(subject->checker, record->event),
			   object->registrations->mask);
	}
	if (r == 0 && object->device_session && record_has(record, KEY_SESSION) &&
	    object->device_session != record->session) {
		*ret_due = false;
		r = report(subject, SESSIONLINT_RULE_FOREIGN_SESSION, NO_PARTICULARS,
			   "the device object belongs to session %u", object->device_session);
	}
	if (r == 0 && record_has(record, KEY_CONTEXT) &&
	    !object_has_context(object, record->contract->context))
		r = report(subject, SESSIONLINT_RULE_WRONG_CONTEXT, NO_PARTICULARS,
			   "Context is %.*s, which was not registered",
			   (int)record->contract->context.size, record->contract->context.data);
	*ret_due &= !object->registrations->uncertain;
	return r;
}

/* ---- the event ---- */

/* No such event is pending: the driver was notified before, or the event has not happened yet, or
 * its record is lost. */
static int check_surplus(struct subject *subject, uint32_t number)
{
	struct session_detail *detail = details_at(&subject->checker->details, number);
	bool lost = detail ? !detail->complete || detail->suspended : host_lost(subject->host) > 0;
	int r = 0;

	if (!lost)
		r = report(subject, SESSIONLINT_RULE_UNEXPECTED, NO_PARTICULARS,
			   "the driver is notified of %s, but it was notified of it before, or the "
			   "event has not happened",
			   event_text(subject->checker, subject->record->event));
	if (r == 0 && number == SESSION_NONE)
		r = session_find(subject, &number);
	if (r == 0)
		r = details_make(&subject->checker->details, number, &detail);
	if (r < 0)
		return r;
	detail->complete = !lost;
	if (!lost)
		return pending_anticipate(subject, number);
	detail->last_notified = subject->record->event;
	return 0;
}

/* Whether a registration of the object may receive an event that was dropped because it waited
 * too long. */
static bool is_after_dropped(const struct subject *subject, uint32_t number)
{
	const struct session_detail *detail = details_at(&subject->checker->details, number);

	for (const struct registration *one = subject->object->registrations; detail && one;
	     one = one->sibling)
		if (pending_lags(detail, one))
			return true;
	return false;
}

/* The trace has events: the notification must be of a pending one. */
static int check_order(struct subject *subject, uint32_t number)
{
	enum notified notified = NOTIFIED_NEW;
	int r = 0;

	if (number != SESSION_NONE) {
		if (is_after_dropped(subject, number))
			return 0;
		r = pending_notify(subject, number, &notified);
	}
	if (r < 0)
		return r;
	switch (notified) {
	case NOTIFIED_IN_TURN:
		return 0;
	case NOTIFIED_EXCUSED:
		/* then this is an early notification of the next one */
		return pending_anticipate(subject, number);
	case NOTIFIED_LATE:
		return report(subject, SESSIONLINT_RULE_UNEXPECTED, NO_PARTICULARS,
			      "the driver is notified of %s after it was notified of a later event",
			      event_text(subject->checker, subject->record->event));
	case NOTIFIED_NEW:
		break;
	}
	return check_surplus(subject, number);
}

static int check_invalid(struct subject *subject)
{
	uint32_t event = subject->record->event;

	if (event == SESSIONLINT_EVENT_MAX)
		return report(
			subject, SESSIONLINT_RULE_INVALID_EVENT, NO_PARTICULARS,
			"the driver is notified of IoSessionEventMax, which is never delivered");
	return report(subject, SESSIONLINT_RULE_INVALID_EVENT, NO_PARTICULARS,
		      "the driver is notified of event %u, which is outside IO_SESSION_EVENT",
		      event);
}

/* The session of a notification in a trace with events. Only events add sessions. */
static uint32_t session_if_known(struct subject *subject)
{
	struct checker *checker = subject->checker;
	uint32_t number = sessions_find(&checker->sessions, subject->hash, subject->place->host,
					subject->record->session, SESSIONLINT_SOURCE_WDM);

	if (number == SESSION_NONE ||
	    sessions_at(&checker->sessions, number)->generation != subject->host->generation)
		return SESSION_NONE;
	subject->session = sessions_at(&checker->sessions, number);
	return number;
}

static int check_notified(struct subject *subject, uint32_t number, bool due,
			  struct view_result *ret_shown)
{
	const struct record *record = subject->record;
	struct checker *checker = subject->checker;
	int r = 0;

	if (record->event >= SESSIONLINT_EVENT_MAX)
		return subject->host->events ? check_invalid(subject) : session_event(subject);
	if (record->event == SESSIONLINT_EVENT_IGNORE)
		return check_payload(subject, SESSIONLINT_BELIEF_ANY);
	if (due && subject->host->events)
		r = check_order(subject, number);
	else if (due)
		r = view_notify(subject, number, ret_shown);
	/* a notification that was not checked may not conform */
	if (!subject->host->events && !ret_shown->judged)
		subject->session->flags |= SESSION_UNKNOWN;
	return r == 0 ? check_payload(subject, ret_shown->judged ? ret_shown->core
								 : checker->targets[record->event])
		      : r;
}

/* Adds a notification that was checked to the trail of its session. @named: by the record itself.
 */
static void note_notified(const struct subject *subject, uint32_t number, bool named,
			  const struct view_result *shown)
{
	struct checker *checker = subject->checker;

	if (!checker->options.trail || subject->host->events)
		return;
	if (shown->judged && !shown->notified.serial)
		trail_note(checker, subject->session, TRAIL_UNCLEAR);
	if (!named)
		trail_note(checker, subject->session, TRAIL_UNCOVERED);
	else if (shown->notified.serial)
		trail_notification(checker, number, &shown->notified, subject->record->event);
	else
		trail_note(checker, subject->session,
			   subject->record->event >= SESSIONLINT_EVENT_MAX ? TRAIL_INVALID
									   : TRAIL_ASIDE);
}

static inline int check_answer(struct subject *subject)
{
	const struct record *record = subject->record;

	if (!record_has(record, KEY_STATUS) || record->contract->status == STATUS_SUCCESS)
		return 0;
	return report_callback_status(subject);
}

/* If the record does not name its session, takes that from the payload or the session object, in
 * @copy. */
static void notification_name(struct subject *subject, struct record *copy)
{
	const struct record *record = subject->record;
	const struct contract *contract = record->contract;
	uint32_t session = contract->payload_session;

	if (!record_has(record, KEY_PAYLOAD_SESSION) &&
	    (!subject->object ||
	     !session_object_find(subject->object->owner, contract->session_object, &session)))
		return;
	*copy = *record;
	copy->session = session;
	copy->keys |= KEY_BIT(KEY_SESSION);
	subject->record = copy;
}

/* An earlier notification did not name its session; now it is known to be this one. */
static int recall_one(struct subject *subject, uint32_t number, const struct nameless *nameless)
{
	struct record earlier = *subject->record;
	struct subject about = *subject;
	const struct registration *registration;
	enum notified notified;

	earlier.event = nameless->event;
	about.record = &earlier;
	registration = numbered_at(subject->host->drivers, nameless->number, nameless->serial);
	about.object = registration ? registration->object : NULL;
	return about.object ? pending_notify(&about, number, &notified) : 0;
}

/* The same of one or several. */
static int recall(struct subject *subject, uint32_t number, const struct nameless *nameless)
{
	struct checker *checker = subject->checker;
	struct session_detail *detail;
	int r;

	if (nameless->count == 1 && subject->host->events)
		return recall_one(subject, number, nameless);
	pending_drop_session(checker, number);
	views_forget(checker, number);
	session_widen(checker, sessions_at(&checker->sessions, number));
	trail_note(checker, sessions_at(&checker->sessions, number), TRAIL_UNCOVERED);
	r = details_make(&checker->details, number, &detail);
	if (r < 0)
		return r;
	detail->suspended = subject->host->events;
	/* a notification before the forgotten ones is not the first of the session */
	detail->notified_at = subject->host->drivers->now;
	return 0;
}

/* The same of @nameless, which are usually none. */
static inline int notification_recall(struct subject *subject, uint32_t number,
				      const struct nameless *nameless)
{
	return nameless->count && number != SESSION_NONE ? recall(subject, number, nameless) : 0;
}

/* Checks a notification whose session is known. @named: from the record itself. */
static int check_named(struct subject *subject, bool named)
{
	struct view_result shown = { .judged = false };
	struct checker *checker = subject->checker;
	uint32_t number = SESSION_NONE;
	struct nameless nameless = { .count = 0 };
	bool due;
	int r = 0;

	if (subject->object)
		object_notify(subject->host->drivers, subject->object, subject->record->session);
	if (!subject->host->events) {
		r = session_find(subject, &number);
	} else {
		number = session_if_known(subject);
		if (number != SESSION_NONE && !session_is_current(subject->session, subject->host))
			r = session_follow(checker, number, subject->host);
	}
	if (r == 0)
		r = check_due(subject, &due);
	if (r == 0 && is_clear(subject))
		r = session_object_give(subject, &nameless);
	if (r == 0)
		r = notification_recall(subject, number, &nameless);
	if (r == 0) {
		r = check_notified(subject, number, due, &shown);
		note_notified(subject, number, named, &shown);
	}
	if (r == 0)
		r = check_answer(subject);
	if (number != SESSION_NONE && !subject->host->events) {
		int settled = session_settle(checker, number, subject->host);

		r = r < 0 ? r : settled;
	}
	return r;
}

/* Checks a notification whose session is unknown: only the registration can be checked. */
static int check_nameless(struct subject *subject)
{
	uint32_t event = subject->record->event;
	struct nameless none;
	bool due;
	int r = check_due(subject, &due);

	if (r == 0 && is_clear(subject))
		r = session_object_give(subject, &none);
	if (r == 0 && event >= SESSIONLINT_EVENT_MAX)
		return check_invalid(subject);
	if (r == 0)
		r = check_payload(subject, event == SESSIONLINT_EVENT_IGNORE
						   ? SESSIONLINT_BELIEF_ANY
						   : subject->checker->targets[event]);
	return r == 0 ? check_answer(subject) : r;
}

/* ---- begin and end ---- */

/* The callback has begun; its registration is noted if there is only one. */
static int callback_begin(struct subject *subject, struct drivers *drivers)
{
	const struct registration *one = subject->object ? subject->object->registrations : NULL;
	struct driver *driver;
	int r = drivers_driver(drivers, subject->record->contract->driver, &driver);

	if (r < 0)
		return r;
	return running_begin(driver, subject->record, drivers->now,
			     one && is_clear(subject) && !one->sibling ? one->serial : 0);
}

/* Only the end of the callback names its session. */
static int callback_name(struct subject *subject, uint32_t number)
{
	struct nameless nameless = { .count = 2 };
	int r = 0;

	object_notify(subject->host->drivers, subject->object, subject->record->session);
	if (!subject->host->events)
		r = session_find(subject, &number);
	if (r == 0 && is_clear(subject) && record_has(subject->record, KEY_SESSION_OBJECT))
		r = session_object_give(subject, &nameless);
	return r == 0 ? notification_recall(subject, number, &nameless) : r;
}

/* The callback has returned. */
static int callback_end(struct subject *subject, struct drivers *drivers)
{
	const struct record *record = subject->record;
	struct record merged = *record, named;
	struct contract contract;
	struct running *begin;
	struct driver *driver;
	uint32_t number;
	int r = drivers_driver(drivers, record->contract->driver, &driver);

	if (r < 0)
		return r;
	begin = running_end(driver, record);
	if (begin)
		running_merge(begin, &merged, &contract);
	subject->record = &merged;
	subject->object = drivers_object(drivers, driver->entry.key, merged.contract->io);
	if (!record_has(&merged, KEY_SESSION))
		notification_name(subject, &named);
	if (record_has(subject->record, KEY_SESSION)) {
		subject_rehash(subject);
		number = session_if_known(subject);
		if (begin && !record_has(&begin->record, KEY_SESSION) && subject->object)
			r = callback_name(subject, number);
	}
	if (r == 0)
		r = check_answer(subject);
	subject->record = record;
	free(begin);
	return r;
}

static int callback_irql(struct subject *subject, const struct drivers *drivers)
{
	const struct contract *contract = subject->record->contract;

	subject->object = drivers_object(drivers, contract->driver, contract->io);
	return check_irql(subject);
}

int check_notification(struct subject *subject)
{
	struct checker *checker = subject->checker;
	const struct contract *contract = subject->record->contract;
	const uint64_t names = KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_PAYLOAD_SESSION);
	bool named_itself = subject->record->keys & names;
	struct drivers *drivers;
	struct record named;
	int r;

	r = host_follow(subject);
	if (r < 0)
		return r;
	hosts_occupy(&checker->hosts, subject->place->host);
	r = host_drivers(subject->host, &drivers);
	if (r == 0 && record_has(subject->record, KEY_IRQL))
		r = callback_irql(subject, drivers);
	if (r < 0)
		return r;
	if (contract->phase == PHASE_END) {
		drivers->now++;
		return callback_end(subject, drivers);
	}
	checker->totals.notifications++;
	if (drivers->in_doubt)
		host_settle_doubt(checker, subject->host,
				  drivers_object(drivers, contract->driver, contract->io));
	drivers->now++;
	subject->object = drivers_object(drivers, contract->driver, contract->io);
	if (!record_has(subject->record, KEY_SESSION)) {
		notification_name(subject, &named);
		if (record_has(subject->record, KEY_SESSION))
			subject_rehash(subject);
	}
	r = record_has(subject->record, KEY_SESSION) ? check_named(subject, named_itself)
						     : check_nameless(subject);
	if (r < 0 || contract->phase != PHASE_BEGIN)
		return r;
	return callback_begin(subject, drivers);
}
