/* SPDX-License-Identifier: MIT */
#include "check/state/session_objects.h"

#include <errno.h>
#include <stdlib.h>

#include "check/driver/views.h"
#include "check/finding.h"

/* Longer names are allocated: addresses are shorter. */
#define NAME_INSIDE 16U

/* What is rarely asked for. */
struct object_rest {
	struct known_session *session; /* NULL: which it is was never recorded */
	struct session_object *older;  /* of the session */
	struct place *asked;           /* owned */

	/* notifications with it that did not say which session it is */
	uint32_t nameless, event; /* how many; the last one's event */
	uint32_t nameless_serial; /* of the registration that got the last one */
};

/*
 * An object, by its name. There are as many as sessions, for each driver, and each notification
 * looks at one: it fits into a line of the cache.
 */
struct session_object {
	struct table_entry entry;
	char name[NAME_INSIDE];       /* unless it is longer */
	uint32_t giver, giver_serial; /* the registration that was given it last */
	uint32_t session_id;          /* while it is the last of a session */
	bool given : 1;               /* or only asked for */
	bool over : 1;                /* the end of the session was delivered with it */
	bool disputed : 1;            /* that two sessions have it has been said */
	bool last : 1;                /* of its session */
	bool nameless : 1;            /* see rest */
	struct object_rest *rest;
};

/* A session that has objects; the last one first. */
struct known_session {
	struct table_entry entry; /* under the bytes of id */
	uint32_t id, count;
	struct session_object *last;
};

static struct sessionlint_text id_key(const uint32_t *id)
{
	return text_of((const char *)id, sizeof *id);
}

void session_objects_init(struct session_objects *objects)
{
	table_init(&objects->objects);
	table_init(&objects->sessions);
}

/* Whether something was allocated for it alone. */
static bool is_owning(const struct session_object *object)
{
	return object->rest->asked || object->entry.key.data != object->name;
}

static void object_clear(struct session_object *object)
{
	free(object->rest->asked);
	if (object->entry.key.data != object->name)
		free((void *)(uintptr_t)object->entry.key.data);
}

static void object_free(struct session_objects *objects, struct session_object *object)
{
	objects->owning -= is_owning(object);
	object_clear(object);
	pool_give(&objects->rest_pool, object->rest);
	pool_give(&objects->object_pool, object);
}

void session_objects_free(struct session_objects *objects)
{
	for (uint32_t i = 0; objects->owning && i < objects->objects.slot_count; i++)
		if (objects->objects.slots[i])
			object_clear((struct session_object *)objects->objects.slots[i]);
	pool_free(&objects->object_pool);
	pool_free(&objects->rest_pool);
	pool_free(&objects->session_pool);
	table_free(&objects->objects);
	table_free(&objects->sessions);
}

void session_objects_clear(struct session_objects *objects)
{
	session_objects_free(objects);
	*objects = (struct session_objects) { .incomplete = true };
	session_objects_init(objects);
}

static struct session_object *object_find(const struct session_objects *objects,
					  struct sessionlint_text canonical)
{
	return (struct session_object *)table_find(&objects->objects, canonical);
}

static struct session_object *object_new(struct session_objects *objects)
{
	struct session_object *object = pool_take(&objects->object_pool, sizeof *object);

	if (!object)
		return NULL;
	object->rest = pool_take(&objects->rest_pool, sizeof *object->rest);
	if (object->rest)
		return object;
	pool_give(&objects->object_pool, object);
	return NULL;
}

static int object_add(struct session_objects *objects, struct sessionlint_text canonical,
		      struct session_object **ret_object)
{
	struct session_object *object;
	struct sessionlint_text key;

	if (objects->objects.count >= SESSION_OBJECTS_MAX ||
	    objects->sessions.count >= SESSION_OBJECTS_MAX)
		session_objects_clear(objects);
	object = object_new(objects);
	if (!object)
		return -ENOMEM;
	key = text_of(object->name, canonical.size);
	if (canonical.size > NAME_INSIDE && text_own(canonical, &key) < 0) {
		object->entry.key = key;
		object_free(objects, object);
		return -ENOMEM;
	}
	if (canonical.size <= NAME_INSIDE)
		memcpy(object->name, canonical.data, canonical.size);
	object->entry.key = key;
	objects->owning += is_owning(object);
	if (table_add(&objects->objects, &object->entry, key) < 0) {
		object_free(objects, object);
		return -ENOMEM;
	}
	*ret_object = object;
	return 0;
}

static int session_make(struct session_objects *objects, uint32_t id,
			struct known_session **ret_session)
{
	struct known_session *session = (struct known_session *)table_find(&objects->sessions,
									   id_key(&id));

	if (!session) {
		session = pool_take(&objects->session_pool, sizeof *session);
		if (!session)
			return -ENOMEM;
		session->id = id;
		if (table_add(&objects->sessions, &session->entry, id_key(&session->id)) < 0) {
			pool_give(&objects->session_pool, session);
			return -ENOMEM;
		}
	}
	*ret_session = session;
	return 0;
}

/* Takes an object from its session. */
static void object_part(struct session_object *object)
{
	struct session_object **link;

	if (!object->rest->session)
		return;
	link = &object->rest->session->last;
	while (*link != object)
		link = &(*link)->rest->older;
	*link = object->rest->older;
	object->last = false;
	if (object->rest->session->last)
		object->rest->session->last->last = true;
	object->rest->session->count--;
	object->rest->session = NULL;
}

/* From now on the object is that of the session. */
static void object_bind(struct session_objects *objects, struct session_object *object,
			struct known_session *session)
{
	object_part(object);
	object->rest->session = session;
	object->session_id = session->id;
	object->over = object->disputed = false;
	object->rest->older = session->last;
	if (object->rest->older)
		object->rest->older->last = false;
	session->last = object;
	object->last = true;
	if (++session->count <= SESSION_OBJECTS_OF_ONE)
		return;
	while (object->rest->older)
		object = object->rest->older;
	object_part(object);
	table_remove(&objects->objects, &object->entry);
	object_free(objects, object);
}

bool session_object_find(const struct driver *driver, struct sessionlint_text name,
			 uint32_t *ret_session)
{
	char buffer[HANDLE_MAX_SIZE];
	const struct session_object *object =
		object_find(&driver->sessions, text_of(buffer, handle_canonical(name, buffer)));

	if (!object || !object->rest->session)
		return false;
	*ret_session = object->rest->session->id;
	return true;
}

/* ---- what is right ---- */

/* The registration that was given the object last, if it is live still. */
static const struct registration *giver_of(const struct drivers *drivers,
					   const struct session_object *object)
{
	const struct registration *giver = object->giver < drivers->words * 64
						   ? drivers->numbered[object->giver]
						   : NULL;

	return giver && giver->serial == object->giver_serial ? giver : NULL;
}

/*
 * Whether the session of @object lives as far as is known: who was given it would have been
 * notified of the end, with the object, before anything else can have it.
 */
static bool is_live(const struct drivers *drivers, const struct session_object *object)
{
	const struct registration *giver = giver_of(drivers, object);

	return object->last && !object->over && !object->disputed && giver &&
	       mask_selects(giver->mask, SESSIONLINT_EVENT_TERMINATED);
}

/* Whether a registration that was notified with another object before can get the event of a new
 * incarnation now. */
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
	lax = &ladder->rungs[SESSIONLINT_TOLERANCES - 1];
	return lax->next[event][lax->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)]];
}

static int report_object(struct subject *subject, const char *what, uint32_t session)
{
	return report(subject, SESSIONLINT_RULE_SESSION_OBJECT, NO_PARTICULARS, what,
		      (int)subject->record->contract->session_object.size,
		      subject->record->contract->session_object.data, session);
}

/* One that is no session's, whatever was given before. */
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

/* The object is given for a session. */
static int object_join(struct subject *subject, struct session_objects *objects,
		       struct session_object *object, const struct registration *registration)
{
	const struct drivers *drivers = subject->host->drivers;
	const struct record *record = subject->record;
	const struct registration *giver;
	struct known_session *session;
	struct session_object *last;
	int r;

	/* nearly always it is the session's, as before */
	if (object->last && object->session_id == record->session)
		return 0;
	r = session_make(objects, record->session, &session);
	if (r < 0)
		return r;
	/* an incarnation can have one that an earlier one had; another registration's may lag */
	if (object->rest->session == session && session->last != object) {
		giver = giver_of(drivers, session->last);
		if (!giver || giver == registration || record->event == SESSIONLINT_EVENT_CREATED)
			object_bind(objects, object, session);
	}
	/* that two sessions have it has been said */
	if (object->rest->session == session || (object->disputed && !object->over))
		return 0;
	if (is_live(drivers, object)) {
		object->disputed = true;
		return report_object(subject,
				     "SessionObject %.*s belongs to session %u, which is alive",
				     object->rest->session->id);
	}
	last = session->last;
	object_bind(objects, object, session);
	if (last && !can_begin(subject, registration, last))
		return report_object(
			subject,
			"SessionObject is %.*s, but the session is alive and had another "
			"one",
			session->id);
	return 0;
}

/* Notes that the notification does not say which session it is of; or that others were of this one,
 * which is @nameless. */
static void object_count(struct session_objects *objects, struct session_object *object,
			 const struct record *record, uint32_t serial, struct nameless *nameless)
{
	struct object_rest *rest = object->rest;

	if (!record_has(record, KEY_SESSION)) {
		objects->nameless += !object->nameless;
		object->nameless = true;
		rest->nameless++;
		rest->event = record->event;
		rest->nameless_serial = serial;
		return;
	}
	if (!object->nameless)
		return;
	*nameless = (struct nameless) {
		.count = rest->nameless,
		.event = rest->event,
		.serial = rest->nameless_serial,
	};
	objects->nameless--;
	object->nameless = false;
	rest->nameless = 0;
}

int session_object_give(struct subject *subject, struct nameless *ret_nameless)
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
	if (!record_has(record, KEY_SESSION_OBJECT)) {
		objects->incomplete = true;
		return 0;
	}
	canonical = text_of(buffer, handle_canonical(record->contract->session_object, buffer));
	r = check_name(subject, canonical, &good);
	if (r < 0 || !good || !registration)
		return r;
	object = object_find(objects, canonical);
	if (!object)
		r = object_add(objects, canonical, &object);
	if (r < 0)
		return r;
	object->given = true;
	object_count(objects, object, record, registration->serial, ret_nameless);
	if (record_has(record, KEY_SESSION))
		r = object_join(subject, objects, object, registration);
	/* the next incarnation can have the same one */
	if (object->over && record->event != SESSIONLINT_EVENT_TERMINATED)
		object->over = object->disputed = false;
	object->over |= record->event == SESSIONLINT_EVENT_TERMINATED;
	object->giver = registration->number;
	object->giver_serial = registration->serial;
	return r;
}

bool session_objects_doubt(const struct session_objects *objects, uint32_t id)
{
	const struct known_session *session;

	if (!objects->nameless)
		return false;
	session = (const struct known_session *)table_find(&objects->sessions, id_key(&id));
	return !session || !session->last;
}

/* ---- who asks ---- */

/* Whether some driver of the host was given the object. */
static struct session_object *find_anywhere(const struct drivers *drivers,
					    const struct driver *driver,
					    struct sessionlint_text canonical)
{
	struct session_object *object = object_find(&driver->sessions, canonical);

	for (driver = drivers->first_driver; !object && driver; driver = driver->next)
		object = object_find(&driver->sessions, canonical);
	return object;
}

static int report_asked(struct subject *subject, const struct particulars particulars)
{
	return report(subject, SESSIONLINT_RULE_SESSION_OBJECT, particulars,
		      "ContainerObject was not passed to any callback");
}

/* An object that is not known is asked about. Without numbers the record of a callback can follow
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
	r = object_add(&driver->sessions, canonical, &object);
	if (r < 0)
		return r;
	driver->sessions.owning -= is_owning(object);
	object->rest->asked = malloc(sizeof *object->rest->asked);
	driver->sessions.owning += is_owning(object);
	if (!object->rest->asked)
		return -ENOMEM;
	driver->sessions.asked++;
	*object->rest->asked = (struct place) {
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.event = SESSIONLINT_NO_EVENT,
	};
	return 0;
}

int session_object_ask(struct subject *subject)
{
	const struct record *record = subject->record;
	const struct session_object *object;
	struct sessionlint_text canonical;
	char buffer[HANDLE_MAX_SIZE];

	/* that NULL is not an object is said elsewhere */
	if (!record_has(record, KEY_SESSION_OBJECT) ||
	    handle_is_null(record->contract->session_object))
		return 0;
	canonical = text_of(buffer, handle_canonical(record->contract->session_object, buffer));
	object = find_anywhere(subject->host->drivers, subject->driver, canonical);
	if (!object)
		return ask_unknown(subject, canonical);
	if (object->rest->session && record_has(record, KEY_SESSION) &&
	    object->rest->session->id != record->session && is_live(subject->host->drivers, object))
		return report_object(subject,
				     "ContainerObject %.*s belongs to session %u, which is alive",
				     object->rest->session->id);
	return 0;
}

int session_objects_settle(struct subject *subject, struct driver *driver)
{
	const struct table *table = &driver->sessions.objects;
	int r = 0;

	for (uint32_t i = 0; r == 0 && driver->sessions.asked && i < table->slot_count; i++) {
		struct session_object *object = (struct session_object *)table->slots[i];
		struct particulars particulars = NO_PARTICULARS;
		struct subject about = { .checker = subject->checker, .host = subject->host };

		if (!object || object->given || !object->rest->asked)
			continue;
		particulars.place = object->rest->asked;
		/* said once, it can be asked about again */
		object->given = true;
		r = report_asked(&about, particulars);
	}
	driver->sessions.asked = 0;
	return r;
}
