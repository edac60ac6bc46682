/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdlib.h>
#include <string.h>

/* xorshift64*: the same on every system */
uint32_t below(struct world *world, uint32_t limit)
{
	world->random ^= world->random >> 12;
	world->random ^= world->random << 25;
	world->random ^= world->random >> 27;
	return (uint32_t)((world->random * 0x2545f4914f6cdd1dU >> 32) * limit >> 32);
}

bool chance(struct world *world, uint32_t percent)
{
	return below(world, 100) < percent;
}

/* ---- records ---- */

void line_begin(struct world *world)
{
	uint64_t tick = ++world->line;
	unsigned second = (unsigned)(tick / 5000);

	printf("time=2026-03-%02uT%02u:%02u:%02u.%04uZ ", second / 86400 % 28 + 1,
	       second / 3600 % 24, second / 60 % 60, second % 60, (unsigned)(tick % 5000) * 2);
	if (world->sequence)
		printf("seq=%" PRIu64 " ", tick);
}

void line_end(void)
{
	putchar('\n');
}

void put_driver(const struct object *object)
{
	printf(" driver=drv%" PRIu32, object->driver);
}

/*
 * Objects of different drivers have the same names. Those of drivers with an odd number have
 * addresses, which are spelt in several ways.
 */
void object_name(const struct object *object, char buffer[OBJECT_NAME_SIZE])
{
	unsigned address = object->driver * 0x100000 + object->number * 0x1a0 + 0x8000;

	if (object->driver % 2 == 0)
		snprintf(buffer, OBJECT_NAME_SIZE,
			 object->waiting % 2 ? "Device%" PRIu32 : "DEVICE%" PRIu32, object->number);
	else if (object->waiting % 3 == 0)
		snprintf(buffer, OBJECT_NAME_SIZE, "0xffffe001%08x", address);
	else
		snprintf(buffer, OBJECT_NAME_SIZE,
			 object->waiting % 3 == 1 ? "FFFFE001`%08X" : "0x0ffffe001%08x", address);
}

void put_object(const struct object *object)
{
	char name[OBJECT_NAME_SIZE];

	object_name(object, name);
	put_driver(object);
	printf(" io=%s", name);
}

void put_mask(struct world *world, uint32_t mask)
{
	static const char *const names[2][6] = {
		{ "created", "terminated", "connected", "disconnected", "logon", "logoff" },
		{ "creation", "IO_SESSION_STATE_TERMINATION_EVENT", "connect", "disconnect",
		  "IO_SESSION_STATE_LOGON_EVENT", "LOGOFF" },
	};
	unsigned style = below(world, 2);
	const char *before = "";

	printf(" mask=");
	if (mask == 0 || (mask > 0x3f && mask != ALL_EVENTS) || chance(world, 40)) {
		printf(chance(world, 50) ? "0x%" PRIx32 : "%" PRIu32, mask);
		return;
	}
	if (mask == ALL_EVENTS) {
		printf("%s", style ? "all" : "IO_SESSION_STATE_ALL_EVENTS");
		return;
	}
	for (unsigned bit = 0; bit < 6; bit++) {
		if (!(mask & 1U << bit))
			continue;
		printf("%s%s", before, names[style][bit]);
		before = style ? "|" : ",";
	}
}

void put_registration(const struct object *object, uint32_t generation)
{
	printf(" registration=0x%" PRIx32 "%02" PRIx32, object->number + 0xb00, generation % 8);
}

void put_context(struct world *world, uint32_t context)
{
	static const char *const nulls[] = { "NULL", "0", "0x0" };

	if (context == 0)
		printf(" context=%s", nulls[below(world, 3)]);
	else
		printf(chance(world, 50) ? " context=0x%08" PRIx32 : " context=%" PRIX32, context);
}

void ledger_write(struct world *world, const char *kind, uint32_t session, uint32_t object,
		  uint64_t line, const char *const *rules)
{
	fprintf(world->ledger, "{\"breach\":%" PRIu32 ",\"kind\":\"%s\"", ++world->seeded, kind);
	if (session != NOBODY)
		fprintf(world->ledger, ",\"session\":%" PRIu32, session);
	if (object != NOBODY)
		fprintf(world->ledger, ",\"driver\":%" PRIu32 ",\"object\":%" PRIu32,
			world->objects[object].driver, world->objects[object].number);
	fprintf(world->ledger, ",\"line\":%" PRIu64 ",\"rules\":[", line);
	for (unsigned i = 0; rules[i]; i++)
		fprintf(world->ledger, "%s\"%s\"", i ? "," : "", rules[i]);
	fprintf(world->ledger, "]}\n");
}

void session_object(uint32_t session, char buffer[SESSION_OBJECT_SIZE])
{
	snprintf(buffer, SESSION_OBJECT_SIZE, "0xffffc00%05" PRIx32 "0", session);
}

void driver_heard(struct world *world, const struct object *object)
{
	for (uint32_t i = 0; i < world->objects_count; i++) {
		struct object *one = &world->objects[i];

		if (one->driver == object->driver && one->live && !one->settled &&
		    one->line < world->line)
			one->settled = world->line;
	}
}

/* ---- what waits to be told ---- */

bool reaches(const struct object *object, uint32_t session)
{
	return object->device_session == NOBODY || object->device_session == session;
}

bool selects(const struct object *object, uint32_t event)
{
	return object->mask == ALL_EVENTS || (event != IGNORE && object->mask & 1U << (event - 1));
}

bool is_first(const struct session *session, uint32_t index)
{
	for (uint32_t i = 0; i < index; i++)
		if (session->items[i].object == session->items[index].object)
			return false;
	return true;
}

static void item_add(struct world *world, uint32_t number, struct item item)
{
	struct session *session = &world->sessions[number];

	if (session->count == session->room) {
		session->room = session->room * 2 + 16;
		session->items = realloc(session->items, session->room * sizeof item);
		if (!session->items)
			abort();
	}
	if (session->count == 0) {
		session->busy = world->busy_count;
		world->busy[world->busy_count++] = number;
	}
	session->items[session->count++] = item;
	world->objects[item.object].waiting++;
}

void item_drop(struct world *world, uint32_t number, uint32_t index)
{
	struct session *session = &world->sessions[number];

	world->objects[session->items[index].object].waiting--;
	session->count--;
	memmove(session->items + index, session->items + index + 1,
		(session->count - index) * sizeof session->items[0]);
	if (session->count == 0) {
		uint32_t last = world->busy[--world->busy_count];

		world->busy[session->busy] = last;
		world->sessions[last].busy = session->busy;
	}
}

void deliver(struct world *world, uint32_t number, uint32_t index, const struct telling *telling)
{
	struct item item = world->sessions[number].items[index];

	item_drop(world, number, index);
	tell(world, number, item.object, item.event, telling);
}

static void flush_session(struct world *world, uint32_t number, uint32_t object)
{
	struct session *session = &world->sessions[number];

	for (uint32_t i = 0; i < session->count;) {
		if (object == NOBODY || session->items[i].object == object)
			deliver(world, number, i, NULL);
		else
			i++;
	}
}

void flush_object(struct world *world, uint32_t object, uint32_t session)
{
	if (session != NOBODY) {
		flush_session(world, session, object);
		return;
	}
	for (uint32_t i = world->busy_count; i-- > 0 && world->objects[object].waiting > 0;)
		flush_session(world, world->busy[i], object);
}

/* How many events of the session wait to be told to somebody. */
static uint32_t events_waiting(const struct session *session)
{
	uint32_t events = 0;

	for (uint32_t i = 0; i < session->count; i++)
		events += i == 0 || session->items[i].line != session->items[i - 1].line;
	return events;
}

/* ---- events and notifications ---- */

void event_happen(struct world *world, uint32_t number, uint32_t event, uint32_t state,
		  const char *extra)
{
	struct session *session = &world->sessions[number];
	uint32_t first = below(world, world->objects_count);

	/* 16 would be the limit */
	if (events_waiting(session) >= 8)
		flush_session(world, number, NOBODY);
	line_begin(world);
	printf("session=%" PRIu32 " event=", number);
	switch (below(world, 4)) {
	case 0:
		printf("%" PRIu32, event);
		break;
	case 1:
		printf("IoSessionEvent%s", session_event_name(event));
		break;
	default:
		printf("%s", session_event_name(event));
	}
	if (!extra && session->state && session_table[session->state][event] == state) {
		if (chance(world, 20))
			printf(" from=%s", session_state_name(session->state));
		if (chance(world, 20))
			printf(" to=%s", session_state_name(state));
		if (event == CONNECT && chance(world, 30))
			printf(" payload_session=%" PRIu32 " payload_local=%u payload_length=8",
			       number, is_local(number));
	}
	printf("%s", extra ? extra : "");
	line_end();
	if (event == CREATE && session->state == TERMINATED)
		session->breached = false;
	if (event == CREATE)
		session->life_line = world->line;
	session->state = state;
	session->event_line = world->line;
	session->last_event = event;
	for (uint32_t i = 0; i < world->objects_count; i++) {
		uint32_t at = (first + i) % world->objects_count;
		struct object *object = &world->objects[at];

		if (object->live && reaches(object, number) && selects(object, event))
			item_add(world, number,
				 (struct item) {
					 .object = at, .event = event, .line = world->line });
	}
}

/* The payload that belongs to an event: Connected has one. */
static void put_payload(struct world *world, uint32_t session, uint32_t event)
{
	unsigned form = below(world, 4);

	if (event == CONNECT) {
		printf(" payload_session=%" PRIu32, session);
		if (form > 1)
			printf(" payload_local=%s", is_local(session) ? "true" : "0");
		if (form != 1)
			printf(" payload_length=8");
	} else if (chance(world, 5)) {
		printf(" payload_length=0");
	} else if (chance(world, 5)) {
		printf(" payload_session=%" PRIu32 " payload_length=8", session);
	}
}

uint64_t tell(struct world *world, uint32_t session, uint32_t number, uint32_t event,
	      const struct telling *telling)
{
	struct object *object = &world->objects[number];
	char name[SESSION_OBJECT_SIZE];

	line_begin(world);
	printf("notify=%s session=%" PRIu32,
	       event < EVENTS    ? session_event_name(event)
	       : event == EVENTS ? "IoSessionEventMax"
				 : "4294967295",
	       session);
	put_object(object);
	if (telling && telling->wrong_context)
		put_context(world, object->context ^ (1U << below(world, 20)));
	else if (object->has_context && chance(world, 70))
		put_context(world, object->context);
	if (telling && telling->payload)
		printf("%s", telling->payload);
	else
		put_payload(world, session, event);
	if (telling && telling->status)
		printf(" status=%s", telling->status);
	else if (!(telling && telling->begins) && chance(world, 30))
		printf(" status=%s", chance(world, 50) ? "0" : "STATUS_SUCCESS");
	session_object(session, name);
	if (telling && telling->object)
		printf(" session_object=%s", telling->object);
	else if (chance(world, 20) || (telling && telling->has_object))
		printf(" session_object=%s", name);
	if (telling && telling->extra)
		printf(" %s", telling->extra);
	line_end();
	return world->line;
}
