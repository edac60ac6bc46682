/* SPDX-License-Identifier: MIT */
#include "check/state/session_objects.h"

#include <errno.h>
#include <stdlib.h>

#include "base/list.h"

static struct sessionlint_text id_key(const uint32_t *id)
{
	return text_of((const char *)id, sizeof *id);
}

void session_objects_init(struct session_objects *objects)
{
	table_init(&objects->objects);
	table_init(&objects->sessions);
}

/* Whether the object owns an allocation. */
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

void session_object_answer(struct session_objects *objects, struct session_object *object)
{
	struct asked *asked = object->rest->asked;

	object->given = true;
	if (!asked)
		return;
	LIST_REMOVE(objects->asked_first, objects->asked_last, asked, previous, next);
	objects->owning -= is_owning(object);
	free(asked);
	object->rest->asked = NULL;
	objects->owning += is_owning(object);
}

static void object_free(struct session_objects *objects, struct session_object *object)
{
	session_object_answer(objects, object);
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

struct session_object *session_object_get(const struct session_objects *objects,
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

int session_object_add(struct session_objects *objects, struct sessionlint_text canonical,
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

int session_object_session(struct session_objects *objects, uint32_t id,
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

/* Removes an object from its session. */
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

void session_object_bind(struct session_objects *objects, struct session_object *object,
			 struct known_session *session)
{
	object_part(object);
	object->rest->session = session;
	object->session_id = session->id;
	object->over = object->conflict_reported = false;
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
	const struct session_object *object = session_object_get(
		&driver->sessions, text_of(buffer, handle_canonical(name, buffer)));

	if (!object || !object->rest->session)
		return false;
	*ret_session = object->rest->session->id;
	return true;
}

void session_object_count(struct session_objects *objects, struct session_object *object,
			  const struct record *record, const struct registration *registration,
			  struct nameless *nameless)
{
	struct object_rest *rest = object->rest;

	if (!record_has(record, KEY_SESSION)) {
		objects->nameless += !object->nameless;
		object->nameless = true;
		rest->nameless++;
		rest->event = record->event;
		rest->nameless_number = registration->number;
		rest->nameless_serial = registration->serial;
		return;
	}
	if (!object->nameless)
		return;
	*nameless = (struct nameless) {
		.count = rest->nameless,
		.event = rest->event,
		.number = rest->nameless_number,
		.serial = rest->nameless_serial,
	};
	objects->nameless--;
	object->nameless = false;
	rest->nameless = 0;
}

bool session_objects_doubt(const struct session_objects *objects, uint32_t id)
{
	const struct known_session *session;

	if (!objects->nameless)
		return false;
	session = (const struct known_session *)table_find(&objects->sessions, id_key(&id));
	return !session || !session->last;
}

int session_object_note_asked(struct session_objects *objects, struct session_object *object,
			      const struct record *record)
{
	struct asked *asked = calloc(1, sizeof *asked);

	if (!asked)
		return -ENOMEM;
	asked->object = object;
	asked->place = (struct place) {
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
		.event = SESSIONLINT_NO_EVENT,
	};
	LIST_APPEND(objects->asked_first, objects->asked_last, asked, previous, next);
	objects->owning -= is_owning(object);
	object->rest->asked = asked;
	objects->owning += is_owning(object);
	return 0;
}
