/* SPDX-License-Identifier: MIT */
/*
 * make_contract RECORDS SEED BREACHES DRIVERS OBJECTS SESSIONS LEDGER
 *
 * Writes a trace of a host that is made up (logfmt, to standard output): sessions that wander
 * through the published table, drivers that register, are told and unregister. BREACHES of the
 * rules are seeded, all kinds of them in turn; LEDGER gets a line of JSON for each: what the
 * checker must find, and where. All else is in order.
 */
#include <stdlib.h>

#include "world.h"

#define KINDS_MAX 96

/* ---- looking around ---- */

uint32_t object_find(struct world *world, bool (*fits)(const struct object *object))
{
	uint32_t first = below(world, world->objects_count);

	for (uint32_t i = 0; i < world->objects_count; i++) {
		uint32_t at = (first + i) % world->objects_count;

		if (fits(&world->objects[at]))
			return at;
	}
	return NOBODY;
}

uint32_t session_find(struct world *world, bool (*fits)(const struct session *session))
{
	uint32_t first = below(world, world->sessions_count);

	for (uint32_t i = 0; i < world->sessions_count; i++) {
		uint32_t at = (first + i) % world->sessions_count;

		if (fits(&world->sessions[at]))
			return at;
	}
	return NOBODY;
}

bool is_alive(const struct session *session)
{
	return session->state != INITIALIZED && session->state != TERMINATED;
}

bool is_intact(const struct session *session)
{
	return is_alive(session) && !session->breached;
}

static bool is_free(const struct object *object)
{
	return object->exists && !object->live;
}

static bool is_live(const struct object *object)
{
	return object->live;
}

static bool is_gone(const struct object *object)
{
	return !object->exists;
}

uint32_t event_pick(struct world *world, const struct session *session)
{
	uint32_t event;

	if (!is_alive(session))
		return CREATE;
	do
		event = CREATE + below(world, LOGOFF);
	while (session_table[session->state][event] == 0 ||
	       (event == TERMINATE && chance(world, 70)));
	return event;
}

/* ---- what happens in order ---- */

static void act_event(struct world *world)
{
	/* often one of those whose last event has not been told yet to all */
	uint32_t number = world->busy_count > 0 && chance(world, 60)
				  ? world->busy[below(world, world->busy_count)]
				  : below(world, world->sessions_count);
	struct session *session = &world->sessions[number];
	uint32_t event = event_pick(world, session);
	uint32_t from = session->state == TERMINATED ? INITIALIZED : session->state;

	event_happen(world, number, event, session_table[from][event], NULL);
}

static void act_sample(struct world *world)
{
	uint32_t number = below(world, world->sessions_count);
	uint32_t state = world->sessions[number].state;
	bool connected = state == CONNECTED || state == LOGGED_ON || state == LOGGED_OFF;

	sample_write(session_state_name(state), world, number,
		     !connected || chance(world, 50) ? ""
		     : is_local(number)              ? " local=true session_object=0xffffc00a"
						     : " local=false session_object=0xffffc00a");
}

static void act_get(struct world *world)
{
	const struct object *object = &world->objects[below(world, world->objects_count)];

	line_begin(world);
	printf("call=IoGetContainerInformation session=%" PRIu32
	       " class=0 length=%u status=STATUS_SUCCESS",
	       below(world, world->sessions_count), 12 + below(world, 5));
	put_driver(object);
	line_end();
	driver_heard(world, object);
}

static void act_register(struct world *world)
{
	uint32_t number = object_find(world, is_free);
	struct call call = call_make(world);

	if (number == NOBODY)
		return;
	call_write(world, number, &call);
}

/* A call in order that is refused in order. */
static void act_refusal(struct world *world)
{
	uint32_t number = below(world, world->objects_count);
	struct call call = call_make(world);

	if (!world->objects[number].exists)
		return;
	call.named = call.registers = false;
	call.status = world->objects[number].live ? "STATUS_ALREADY_COMMITTED"
						  : "STATUS_INSUFFICIENT_RESOURCES";
	call_write(world, number, &call);
}

static void act_unregister(struct world *world)
{
	uint32_t number = object_find(world, is_live);

	if (number != NOBODY)
		unregister(world, number);
}

static void act_object(struct world *world)
{
	uint32_t number = chance(world, 50) ? object_find(world, is_free)
					    : object_find(world, is_gone);

	if (number == NOBODY)
		return;
	if (world->objects[number].exists && chance(world, 50))
		object_delete(world, number);
	else
		object_create(world, number);
}

static void act_unload(struct world *world)
{
	uint32_t driver = below(world, world->drivers);

	for (uint32_t i = 0; i < world->objects_count; i++) {
		if (world->objects[i].driver != driver || !world->objects[i].exists)
			continue;
		if (world->objects[i].live)
			unregister(world, i);
		object_delete(world, i);
	}
}

/* The host starts anew; what was not told before is not known to be missed, so it is told. */
static void act_boot(struct world *world)
{
	for (uint32_t i = 0; i < world->objects_count; i++) {
		struct object *object = &world->objects[i];

		flush_object(world, i, NOBODY);
		if (object->live && object->tainted)
			unregister(world, i);
		object->live = object->stale = false;
		object->exists = object->plain;
	}
	for (uint32_t i = 0; i < world->sessions_count; i++) {
		world->sessions[i].state = INITIALIZED;
		world->sessions[i].breached = false;
	}
	if (chance(world, 50)) {
		line_begin(world);
		printf("marker=shutdown");
		line_end();
	}
	line_begin(world);
	printf("marker=boot");
	line_end();
}

static void act(struct world *world)
{
	uint32_t what = below(world, 1000);

	if (what < 700)
		act_event(world);
	else if (what < 800)
		act_sample(world);
	else if (what < 840)
		act_get(world);
	else if (what < 900)
		act_register(world);
	else if (what < 930)
		act_unregister(world);
	else if (what < 960)
		act_refusal(world);
	else if (what < 990)
		act_object(world);
	else if (what < 995)
		event_happen(world, what % world->sessions_count, IGNORE,
			     world->sessions[what % world->sessions_count].state, NULL);
	else if (what < 999)
		act_unload(world);
	else if (chance(world, 10))
		act_boot(world);
}

/* A few of those that wait are told; one object is told of a session's events in their order. */
static void act_deliver(struct world *world)
{
	uint32_t number = world->busy[below(world, world->busy_count)];
	const struct session *session = &world->sessions[number];

	for (uint32_t left = 1 + below(world, 16); left > 0 && session->count > 0; left--) {
		uint32_t index = chance(world, 70) ? 0 : below(world, session->count);

		while (!is_first(session, index))
			index--;
		deliver(world, number, index, NULL);
	}
}

/* ---- breaches ---- */

static unsigned kinds_collect(struct world *world, const struct kind *kinds[KINDS_MAX])
{
	const struct kind *const tables[] = { driver_kinds, session_kinds, call_kinds, object_kinds,
					      phase_kinds };
	unsigned count = 0;

	for (unsigned i = 0; i < sizeof tables / sizeof tables[0]; i++)
		for (const struct kind *kind = tables[i]; kind->name && count < KINDS_MAX; kind++)
			kinds[count++] = kind;
	for (unsigned i = count; i > 1; i--) {
		unsigned other = below(world, i);
		const struct kind *kind = kinds[other];

		kinds[other] = kinds[i - 1];
		kinds[i - 1] = kind;
	}
	return count;
}

/* One record or some. Breaches are due at even distances, each as soon as there is an occasion. */
static void step(struct world *world, const struct kind *const *kinds, unsigned count)
{
	static unsigned turn, tries;
	uint64_t done = world->seeded + world->leaks;

	if (done < world->breaches &&
	    world->line >= (done + 1) * world->records / (world->breaches + 1)) {
		const struct kind *kind = kinds[turn % count];
		bool seeded = kind->seed(world, kind);

		tries = seeded ? 0 : tries + 1;
		if (seeded || tries > 1000) {
			turn++;
			tries = 0;
		}
	}
	/* at times little is told, and up to 8 events of a session wait */
	if (world->busy_count > 32 ||
	    (world->busy_count > 0 && chance(world, world->line / 512 % 4 == 0 ? 20 : 80)))
		act_deliver(world);
	else
		act(world);
}

/* ---- beginning and end ---- */

static bool world_make(struct world *world)
{
	world->sessions = calloc(world->sessions_count, sizeof world->sessions[0]);
	world->objects = calloc(world->objects_count, sizeof world->objects[0]);
	world->busy = calloc(world->sessions_count, sizeof world->busy[0]);
	if (!world->sessions || !world->objects || !world->busy)
		return false;
	for (uint32_t i = 0; i < world->sessions_count; i++)
		world->sessions[i].state = INITIALIZED;
	for (uint32_t i = 0; i < world->objects_count; i++) {
		struct object *object = &world->objects[i];

		object->driver = i % world->drivers;
		object->number = i / world->drivers + 1;
		object->plain = i % 5 == 0;
		object->device_session = NOBODY;
		if (object->plain || chance(world, 80))
			object_create(world, i);
		if (object->exists && chance(world, 80)) {
			struct call call = call_make(world);

			call_write(world, i, &call);
		}
	}
	return true;
}

/* Everything in order, but for the registrations that are to be leaked. */
static void world_end(struct world *world)
{
	static const char *const leaked[] = { "registration/leaked", NULL };
	uint32_t leaks = world->leaks;

	for (uint32_t i = 0; i < world->objects_count; i++) {
		struct object *object = &world->objects[i];

		if (!object->live && leaks > 0) {
			struct call call = call_make(world);

			if (!object->exists)
				object_create(world, i);
			call_write(world, i, &call);
		}
		if (!object->live)
			continue;
		flush_object(world, i, NOBODY);
		if (leaks > 0)
			ledger_write(world, "registered at the end", NOBODY, i, object->line,
				     leaked);
		else
			unregister(world, i);
		leaks -= leaks > 0;
	}
	line_begin(world);
	/* without the marker the registrations may be given back after the end of the trace */
	printf("%s", world->leaks > 0 || chance(world, 50)
			     ? "marker=end"
			     : "call=IoGetContainerInformation status=0");
	line_end();
}

static void world_free(struct world *world)
{
	for (uint32_t i = 0; world->sessions && i < world->sessions_count; i++)
		free(world->sessions[i].items);
	free(world->sessions);
	free(world->objects);
	free(world->busy);
}

static uint32_t number_of(const char *argument)
{
	unsigned long number = strtoul(argument, NULL, 10);

	return number < 1000000000 ? (uint32_t)number : 0;
}

int main(int count, char **arguments)
{
	const struct kind *kinds[KINDS_MAX];
	struct world world = { .line = 0 };
	unsigned kinds_count;
	bool good;

	if (count == 8) {
		world.records = number_of(arguments[1]);
		world.random = (number_of(arguments[2]) + 1) * 0x9e3779b97f4a7c15U;
		world.sequence = number_of(arguments[2]) % 3 == 1;
		world.breaches = number_of(arguments[3]);
		world.drivers = number_of(arguments[4]);
		world.objects_count = number_of(arguments[5]);
		world.sessions_count = number_of(arguments[6]);
		world.ledger = fopen(arguments[7], "w");
	}
	if (!world.ledger || world.drivers == 0 || world.objects_count < 4 ||
	    world.sessions_count < 2) {
		fputs("usage: make_contract RECORDS SEED BREACHES DRIVERS OBJECTS SESSIONS "
		      "LEDGER\n",
		      stderr);
		return 2;
	}
	good = world_make(&world);
	kinds_count = kinds_collect(&world, kinds);
	while (good &&
	       (world.line < world.records || world.seeded + world.leaks < world.breaches)) {
		step(&world, kinds, kinds_count);
		good = world.line < 2 * world.records + 100000;
	}
	if (good)
		world_end(&world);
	world_free(&world);
	good &= fclose(world.ledger) == 0 && fflush(stdout) == 0 && !ferror(stdout);
	return good ? 0 : 1;
}
