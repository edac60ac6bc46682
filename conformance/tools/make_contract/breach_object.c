/* SPDX-License-Identifier: MIT */
/* Breaches of what objects are: those of sessions, and those that drivers register. */
#include "world.h"

static const char *const wrong_object[] = { "notification/session-object", NULL };
static const char *const bad_object[] = { "registration/bad-object", NULL };
static const char *const freed_context[] = { "registration/freed-context", NULL };

/* ---- session objects ---- */

static bool is_any(const struct world *world, struct place place)
{
	return item_at(world, place)->event != IGNORE;
}

static bool told_seed(struct world *world, const char *name, struct place place, const char *object)
{
	uint32_t number = item_at(world, place)->object;
	struct telling telling = { .object = object };

	deliver(world, place.session, place.index, &telling);
	ledger_write(world, name, place.session, number, world->line, wrong_object);
	return true;
}

/* @detail: the I/O object, not NULL */
static bool seed_no_object(struct world *world, const struct kind *kind)
{
	char name[OBJECT_NAME_SIZE] = "NULL";
	struct place place;

	if (!item_find(world, is_any, &place))
		return false;
	if (kind->detail)
		object_name(object_at(world, place), name);
	return told_seed(world, kind->name, place, name);
}

static bool is_whole(const struct object *object)
{
	return object->live && !object->tainted && !object->plain &&
	       (object->mask == 0x3f || object->mask == ALL_EVENTS);
}

/* Two events of one incarnation wait to be told to somebody who is told of all. */
static bool is_pair(const struct world *world, struct place place)
{
	const struct session *session = &world->sessions[place.session];
	uint32_t next = item_next(session, place.index);

	return is_whole(object_at(world, place)) && next < session->count &&
	       session->items[place.index].event != TERMINATE &&
	       session->items[place.index].event != IGNORE &&
	       session->items[next].event != CREATE && session->items[next].event != IGNORE;
}

static bool seed_another_object(struct world *world, const struct kind *kind)
{
	struct telling own = { .has_object = true };
	char name[SESSION_OBJECT_SIZE];
	struct place place;
	uint32_t object;

	if (!item_find(world, is_pair, &place))
		return false;
	object = item_at(world, place)->object;
	deliver(world, place.session, place.index, &own);
	for (place.index = 0; world->sessions[place.session].items[place.index].object != object;)
		place.index++;
	snprintf(name, sizeof name, "0xffffc0ff%08" PRIx64 "0", world->line);
	return told_seed(world, kind->name, place, name);
}

static bool is_begin(const struct world *world, struct place place)
{
	return is_whole(object_at(world, place)) && item_at(world, place)->event != TERMINATE &&
	       item_at(world, place)->event != IGNORE;
}

/* The object of a session of which the same registration has just been told. */
static bool seed_shared_object(struct world *world, const struct kind *kind)
{
	struct telling own = { .has_object = true };
	char name[SESSION_OBJECT_SIZE];
	struct place place;
	uint32_t object, first;

	if (!item_find(world, is_begin, &place))
		return false;
	object = item_at(world, place)->object;
	first = place.session;
	if (world->sessions[first].shared)
		return false;
	for (uint32_t i = 0; i < world->busy_count; i++) {
		uint32_t number = world->busy[i];
		const struct session *session = &world->sessions[number];

		for (uint32_t j = 0; number != first && j < session->count; j++) {
			struct place other = { number, j };

			if (session->items[j].object != object || !is_first(session, j) ||
			    session->items[j].event == IGNORE)
				continue;
			world->sessions[first].shared = true;
			deliver(world, first, place.index, &own);
			session_object(first, name);
			return told_seed(world, kind->name, other, name);
		}
	}
	return false;
}

/* ---- I/O objects ---- */

static bool is_idle(const struct object *object)
{
	return object->exists && !object->live && !object->plain;
}

static bool is_free(const struct object *object)
{
	return object->exists && !object->live;
}

static bool seed_deleted(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_idle);
	struct call call = call_make(world);

	if (number == NOBODY)
		return false;
	object_delete(world, number);
	call_write(world, number, &call);
	ledger_write(world, kind->name, NOBODY, number, world->line, bad_object);
	unregister(world, number);
	return true;
}

static bool has_address(const struct object *object)
{
	return object->exists && !object->plain && object->driver % 2 == 1;
}

static bool seed_foreign(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_free), other = object_find(world, has_address);
	struct call call = call_make(world);
	char name[OBJECT_NAME_SIZE];

	if (number == NOBODY || other == NOBODY ||
	    world->objects[number].driver == world->objects[other].driver)
		return false;
	object_name(&world->objects[other], name);
	call.io = name;
	call.registers = false;
	call_write(world, number, &call);
	ledger_write(world, kind->name, NOBODY, number, world->line, bad_object);
	line_begin(world);
	printf("call=IoUnregisterContainerNotification");
	put_driver(&world->objects[number]);
	put_registration(&world->objects[number], world->objects[number].generation + 1);
	line_end();
	driver_heard(world, &world->objects[number]);
	return true;
}

/* The driver goes with all that it has registered. */
static bool seed_unloaded(struct world *world, const struct kind *kind)
{
	const char *rules[9] = { NULL };
	uint32_t driver = below(world, world->drivers), first = NOBODY, count = 0;

	for (uint32_t i = 0; i < world->objects_count; i++) {
		const struct object *object = &world->objects[i];

		if (object->driver != driver || !object->live)
			continue;
		if (object->tainted || count == 8)
			return false;
		rules[count++] = "registration/leaked";
		first = i;
	}
	if (count == 0)
		return false;
	for (uint32_t i = 0; i < world->objects_count; i++)
		if (world->objects[i].driver == driver && world->objects[i].live)
			flush_object(world, i, NOBODY);
	line_begin(world);
	printf("object=deleted io=\\Driver\\drv%" PRIu32, driver);
	put_driver(&world->objects[first]);
	line_end();
	ledger_write(world, kind->name, NOBODY, first, world->line, rules);
	for (uint32_t i = 0; i < world->objects_count; i++)
		if (world->objects[i].driver == driver && world->objects[i].live)
			world->objects[i].live = world->objects[i].stale = false;
	return true;
}

static bool has_context(const struct object *object)
{
	return object->live && object->has_context && object->context;
}

static bool seed_freed(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, has_context);
	const struct object *object = &world->objects[number];

	if (number == NOBODY)
		return false;
	line_begin(world);
	printf("object=deleted io=0x%" PRIx32, object->context);
	put_driver(object);
	line_end();
	driver_heard(world, object);
	ledger_write(world, kind->name, NOBODY, number, world->line, freed_context);
	return true;
}

const struct kind object_kinds[] = {
	{ "NULL for a session object", seed_no_object, 0 },
	{ "I/O object for a session object", seed_no_object, 1 },
	{ "another object of a session that lives", seed_another_object, 0 },
	{ "one object of two sessions", seed_shared_object, 0 },
	{ "registered after its deletion", seed_deleted, 0 },
	{ "registered by another driver", seed_foreign, 0 },
	{ "unloaded while registered", seed_unloaded, 0 },
	{ "Context freed while registered", seed_freed, 0 },
	{ NULL, NULL, 0 },
};
