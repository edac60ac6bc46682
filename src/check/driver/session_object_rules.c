/* SPDX-License-Identifier: MIT */
#include "check/driver/session_object_rules.h"

#include "check/driver/views.h"
#include "check/finding.h"
#include "check/state/numbered.h"

/* The registration that was given the object last, if it is still live. */
static const struct registration *giver_of(const struct drivers *drivers,
					   const struct session_object *object)
{
	return numbered_at(drivers, object->giver, object->giver_serial);
}

/* Whether the session of @object is known to be live: the registration that was given it would
 * be notified of the end, with the object, before anything else can use it. */
static bool is_live(const struct drivers *drivers, const struct session_object *object)
{
	const struct registration *giver = giver_of(drivers, object);

	return object->last && !object->over && !object->conflict_reported && giver &&
	       mask_selects(giver->mask, SESSIONLINT_EVENT_TERMINATED);
}

/* Whether a registration that was notified with another object before can receive an event of a
 * new incarnation now. */
static bool can_begin(const struct subject *subject, const struct registration *registration,
		      const struct session_object *last)
{
	const struct model_ladder *ladder =
		subject->checker->masked[registration->mask & IO_SESSION_STATE_VALID_EVENT_MASK];
	uint32_t event = subject->record->event;
	const struct model *lax;

	if (event == SESSIONLINT_EVENT_CREATED || last->over ||
	    last->giver_serial != registration->serial)
		return true;
	if (mask_selects(registration->mask, SESSIONLINT_EVENT_CREATED) ||
	    mask_selects(registration->mask, SESSIONLINT_EVENT_TERMINATED))
		return false;
	if (!ladder || event >= MODEL_EVENTS)
		return true;
	lax = &ladder->rungs[TOLERANCE_COUNT - 1];
	return lax->next[event][lax->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)]];
}

static int report_object(struct subject *subject, const char *what, uint32_t session)
{
	return report(subject, SESSIONLINT_RULE_SESSION_OBJECT, NO_PARTICULARS, what,
		      (int)subject->record->contract->session_object.size,
		      subject->record->contract->session_object.data, session);
}

/* Checks for names that no session object can have. */
static int check_name(struct subject *subject, struct sessionlint_text canonical, bool *ret_good)
{
	*ret_good = false;
	if (canonical.size == 0)
		return report(subject, SESSIONLINT_RULE_SESSION_OBJECT, NO_PARTICULARS,
			      "SessionObject is NULL");
	if (record_has(subject->record, KEY_IO) &&
	    text_equal(canonical, object_canonical(subject->object)))
		return report(subject, SESSIONLINT_RULE_SESSION_OBJECT, NO_PARTICULARS,
			      "SessionObject is the I/O object");
	*ret_good = true;
	return 0;
}

/* A callback is given the object for a session. */
static int object_join(struct subject *subject, struct session_objects *objects,
		       struct session_object *object, const struct registration *registration)
{
	const struct drivers *drivers = subject->host->drivers;
	const struct record *record = subject->record;
	const struct registration *giver;
	struct known_session *session;
	struct session_object *last;
	int r;

	/* nearly always the object that the session already has */
	if (object->last && object->session_id == record->session)
		return 0;
	r = session_object_session(objects, record->session, &session);
	if (r < 0)
		return r;
	/* an incarnation can reuse the object of an earlier one; another registration may lag */
	if (object->rest->session == session && session->last != object) {
		giver = giver_of(drivers, session->last);
		if (!giver || giver == registration || record->event == SESSIONLINT_EVENT_CREATED)
			session_object_bind(objects, object, session);
	}
	/* its use for two sessions was already reported */
	if (object->rest->session == session || (object->conflict_reported && !object->over))
		return 0;
	if (is_live(drivers, object)) {
		object->conflict_reported = true;
		return report_object(subject,
				     "SessionObject %.*s belongs to session %u, which is alive",
				     object->rest->session->id);
	}
	last = session->last;
	session_object_bind(objects, object, session);
	if (last && !can_begin(subject, registration, last))
		return report_object(
			subject,
			"SessionObject is %.*s, but the session is alive and had another "
			"one",
			session->id);
	return 0;
}

int session_object_given(struct subject *subject, struct nameless *ret_nameless)
{
	const struct record *record = subject->record;
	const struct registration *registration = subject->object->registrations;
	struct session_objects *objects = &subject->object->owner->sessions;
	struct sessionlint_text canonical;
	struct session_object *object;
	char buffer[HANDLE_MAX_SIZE];
	bool good;
	int r;

	*ret_nameless = (struct nameless) { .count = 0 };
	canonical = text_of(buffer, handle_canonical(record->contract->session_object, buffer));
	r = check_name(subject, canonical, &good);
	if (r < 0 || !good || !registration)
		return r;
	object = session_object_get(objects, canonical);
	if (!object)
		r = session_object_add(objects, canonical, &object);
	if (r < 0)
		return r;
	session_object_answer(objects, object);
	session_object_count(objects, object, record, registration, ret_nameless);
	if (record_has(record, KEY_SESSION))
		r = object_join(subject, objects, object, registration);
	/* the next incarnation can reuse it */
	if (object->over && record->event != SESSIONLINT_EVENT_TERMINATED)
		object->over = object->conflict_reported = false;
	object->over |= record->event == SESSIONLINT_EVENT_TERMINATED;
	object->giver = registration->number;
	object->giver_serial = registration->serial;
	return r;
}

/* ---- IoGetContainerInformation ---- */

/* The object with that name that @driver or another driver of the host was given, or NULL.
 * *ret_all: all drivers were searched. */
static struct session_object *find_anywhere(const struct drivers *drivers,
					    const struct driver *driver,
					    struct sessionlint_text canonical, bool *ret_all)
{
	struct session_object *object = session_object_get(&driver->sessions, canonical);
	unsigned searched = 0;

	driver = drivers->first_driver;
	for (; !object && driver && searched < DRIVERS_SEARCHED; driver = driver->next, searched++)
		object = session_object_get(&driver->sessions, canonical);
	*ret_all = !driver;
	return object;
}

static int report_asked(struct subject *subject, const struct particulars particulars)
{
	return report(subject, SESSIONLINT_RULE_SESSION_OBJECT, particulars,
		      "ContainerObject was not passed to any callback");
}

/* The driver asks about an unknown object. Without seq, the record of a callback can follow
 * those of its calls. */
static int ask_unknown(struct subject *subject, struct sessionlint_text canonical)
{
	const struct record *record = subject->record;
	struct driver *driver = subject->driver;
	struct session_object *object;
	int r;

	if (!driver->registered || driver->sessions.incomplete || subject->host->drivers->unknown)
		return 0;
	if (record_has(record, KEY_SEQ))
		return report_asked(subject, NO_PARTICULARS);
	r = session_object_add(&driver->sessions, canonical, &object);
	if (r < 0)
		return r;
	r = session_object_note_asked(&driver->sessions, object, record);
	if (r < 0)
		return r;
	return 0;
}

int session_object_ask(struct subject *subject)
{
	const struct record *record = subject->record;
	const struct session_object *object;
	struct sessionlint_text canonical;
	char buffer[HANDLE_MAX_SIZE];
	bool all;

	/* a NULL object is reported elsewhere */
	if (!record_has(record, KEY_SESSION_OBJECT) ||
	    handle_is_null(record->contract->session_object))
		return 0;
	canonical = text_of(buffer, handle_canonical(record->contract->session_object, buffer));
	object = find_anywhere(subject->host->drivers, subject->driver, canonical, &all);
	if (!object)
		return all ? ask_unknown(subject, canonical) : 0;
	if (object->rest->session && record_has(record, KEY_SESSION) &&
	    object->rest->session->id != record->session && is_live(subject->host->drivers, object))
		return report_object(subject,
				     "ContainerObject %.*s belongs to session %u, which is alive",
				     object->rest->session->id);
	return 0;
}

int session_objects_settle(struct subject *subject, struct driver *driver)
{
	struct session_objects *objects = &driver->sessions;
	int r = 0;

	while (objects->asked_first) {
		const struct asked *asked = objects->asked_first;
		struct subject about = { .checker = subject->checker, .host = subject->host };
		struct particulars particulars = NO_PARTICULARS;

		particulars.place = &asked->place;
		if (r == 0)
			r = report_asked(&about, particulars);
		/* report it once */
		session_object_answer(objects, asked->object);
	}
	return r;
}
