/* SPDX-License-Identifier: MIT */
/* Breaches of what a driver is told. */
#include "world.h"

static const char *const unregistered[] = { "notification/unregistered", NULL };
static const char *const masked[] = { "notification/masked", NULL };
static const char *const foreign_session[] = { "notification/foreign-session", NULL };
static const char *const wrong_context[] = { "notification/wrong-context", NULL };
static const char *const payload_missing[] = { "notification/payload-missing", NULL };
static const char *const payload_length[] = { "notification/payload-length", NULL };
static const char *const payload_session[] = { "notification/payload-session", NULL };
static const char *const invalid_local[] = { "notification/invalid-local", NULL };
static const char *const failed[] = { "notification/failed", NULL };
static const char *const missed[] = { "notification/missed", NULL };
static const char *const unexpected[] = { "notification/unexpected", NULL };
static const char *const invalid_event[] = { "session/invalid-event", NULL };

/* ---- occasions ---- */

bool item_find(struct world *world, bool (*fits)(const struct world *world, struct place place),
	       struct place *ret_place)
{
	uint32_t first;

	if (world->busy_count == 0)
		return false;
	first = below(world, world->busy_count);
	for (uint32_t i = 0; i < world->busy_count; i++) {
		uint32_t number = world->busy[(first + i) % world->busy_count];
		const struct session *session = &world->sessions[number];
		uint32_t from = below(world, session->count);

		for (uint32_t j = 0; j < session->count; j++) {
			struct place place = { number, (from + j) % session->count };

			if (fits(world, place) && is_first(session, place.index)) {
				*ret_place = place;
				return true;
			}
		}
	}
	return false;
}

const struct item *item_at(const struct world *world, struct place place)
{
	return &world->sessions[place.session].items[place.index];
}

const struct object *object_at(const struct world *world, struct place place)
{
	return &world->objects[item_at(world, place)->object];
}

uint32_t item_next(const struct session *session, uint32_t index)
{
	uint32_t next = index + 1;

	while (next < session->count && session->items[next].object != session->items[index].object)
		next++;
	return next;
}

/* The last event of a session, while somebody waits to be told of it. */
static uint32_t recent_find(struct world *world)
{
	uint32_t number;
	const struct session *session;

	if (world->busy_count == 0)
		return NOBODY;
	number = world->busy[below(world, world->busy_count)];
	session = &world->sessions[number];
	return session->last_event != IGNORE &&
			       session->items[session->count - 1].line == session->event_line
		       ? number
		       : NOBODY;
}

static bool is_live(const struct object *object)
{
	return object->live;
}

static bool is_clear(const struct object *object)
{
	return object->live && !object->tainted;
}

static bool is_whole(const struct object *object)
{
	return is_clear(object) && (object->mask == 0x3f || object->mask == ALL_EVENTS);
}

static bool is_unregistered(const struct object *object)
{
	return !object->live;
}

static bool is_per_session(const struct object *object)
{
	return object->live && object->device_session != NOBODY;
}

/* ---- told where nothing should be told ---- */

/* @detail: an I/O object that never was registered */
static bool seed_unregistered(struct world *world, const struct kind *kind)
{
	uint32_t session = recent_find(world), number = object_find(world, is_unregistered);
	struct object *object = &world->objects[number];

	if (session == NOBODY || number == NOBODY)
		return false;
	object->number += kind->detail;
	tell(world, session, number, world->sessions[session].last_event, NULL);
	ledger_write(world, kind->name, session, number, world->line, unregistered);
	object->number -= kind->detail;
	return true;
}

static bool seed_masked(struct world *world, const struct kind *kind)
{
	uint32_t session = recent_find(world), number = object_find(world, is_clear);
	uint32_t event = session == NOBODY ? 0 : world->sessions[session].last_event;

	if (session == NOBODY || number == NOBODY || selects(&world->objects[number], event) ||
	    !reaches(&world->objects[number], session))
		return false;
	flush_object(world, number, session);
	tell(world, session, number, event, NULL);
	ledger_write(world, kind->name, session, number, world->line, masked);
	return true;
}

/* Ignore has no bit: it is for those alone that selected all events. */
static bool seed_ignore(struct world *world, const struct kind *kind)
{
	uint32_t session = session_find(world, is_alive), number = object_find(world, is_clear);

	if (session == NOBODY || number == NOBODY || selects(&world->objects[number], IGNORE) ||
	    !reaches(&world->objects[number], session))
		return false;
	event_happen(world, session, IGNORE, world->sessions[session].state, NULL);
	flush_object(world, number, session);
	tell(world, session, number, IGNORE, NULL);
	ledger_write(world, kind->name, session, number, world->line, masked);
	return true;
}

static bool seed_foreign(struct world *world, const struct kind *kind)
{
	uint32_t session = recent_find(world), number = object_find(world, is_per_session);
	uint32_t event = session == NOBODY ? 0 : world->sessions[session].last_event;

	if (session == NOBODY || number == NOBODY || !selects(&world->objects[number], event) ||
	    reaches(&world->objects[number], session))
		return false;
	tell(world, session, number, event, NULL);
	ledger_write(world, kind->name, session, number, world->line, foreign_session);
	return true;
}

/* ---- told of the right thing in a wrong way ---- */

static bool is_any(const struct world *world, struct place place)
{
	return item_at(world, place)->event != IGNORE;
}

static bool is_connect(const struct world *world, struct place place)
{
	return item_at(world, place)->event == CONNECT;
}

static bool is_unconnected(const struct world *world, struct place place)
{
	uint32_t event = item_at(world, place)->event;

	return event == CREATE || event == TERMINATE || event == DISCONNECT;
}

static bool has_context(const struct world *world, struct place place)
{
	return object_at(world, place)->has_context;
}

/* Tells an item so, and notes what that breaks. */
static bool told_seed(struct world *world, const char *name, struct place place,
		      const struct telling *telling, const char *const *rules)
{
	uint32_t object = item_at(world, place)->object;

	deliver(world, place.session, place.index, telling);
	ledger_write(world, name, place.session, object, world->line, rules);
	return true;
}

static bool seed_context(struct world *world, const struct kind *kind)
{
	struct telling telling = { .wrong_context = true };
	struct place place;

	return item_find(world, has_context, &place) &&
	       told_seed(world, kind->name, place, &telling, wrong_context);
}

static bool seed_failed(struct world *world, const struct kind *kind)
{
	static const char *const statuses[] = { "STATUS_UNSUCCESSFUL", "0xc00000bb", "-1073741823",
						"STATUS_NOT_SUPPORTED", "259" };
	struct telling telling = { .status = statuses[below(world, 5)] };
	struct place place;

	return item_find(world, is_any, &place) &&
	       told_seed(world, kind->name, place, &telling, failed);
}

static bool seed_no_payload(struct world *world, const struct kind *kind)
{
	static const char *const payloads[] = { "", " payload_length=0", " payload_local=true",
						" payload_length=8" };
	struct telling telling = { .payload = payloads[below(world, 4)] };
	struct place place;

	return item_find(world, is_connect, &place) &&
	       told_seed(world, kind->name, place, &telling, payload_missing);
}

/* @detail: the length is wrong, not the session */
static bool seed_payload(struct world *world, const struct kind *kind)
{
	static const unsigned lengths[] = { 1, 4, 7, 1, 7, 300, 257, 4096 };
	char text[80];
	struct telling telling = { .payload = text };
	struct place place;

	if (!item_find(world, is_any, &place))
		return false;
	snprintf(text, sizeof text, " payload_session=%" PRIu32 " payload_length=%u",
		 place.session + (kind->detail ? 0 : 1 + below(world, 9)),
		 kind->detail ? lengths[below(world, 8)] : 8);
	return told_seed(world, kind->name, place, &telling,
			 kind->detail ? payload_length : payload_session);
}

static bool seed_local(struct world *world, const struct kind *kind)
{
	char text[80];
	struct telling telling = { .payload = text };
	struct place place;

	if (!item_find(world, is_unconnected, &place))
		return false;
	snprintf(text, sizeof text,
		 " payload_session=%" PRIu32 " payload_local=%u payload_length=8", place.session,
		 below(world, 2));
	return told_seed(world, kind->name, place, &telling, invalid_local);
}

/* ---- not told, told twice, too early, too late ---- */

/* The call that registered has returned before the event. */
static bool is_due(const struct world *world, struct place place)
{
	const struct object *object = object_at(world, place);

	return object->settled && item_at(world, place)->line > object->settled;
}

/* Nothing else could be what was not told: neighbours in this life differ. */
static bool is_missable(const struct world *world, struct place place)
{
	const struct session *session = &world->sessions[place.session];
	const struct item *item = item_at(world, place);

	return item->event != IGNORE && !session->breached && item->line >= session->life_line &&
	       is_due(world, place) && is_whole(object_at(world, place));
}

static bool seed_missed(struct world *world, const struct kind *kind)
{
	struct place place;
	struct item item;

	if (!item_find(world, is_missable, &place))
		return false;
	item = *item_at(world, place);
	item_drop(world, place.session, place.index);
	world->sessions[place.session].breached = true;
	world->objects[item.object].tainted = true;
	ledger_write(world, kind->name, place.session, item.object, item.line, missed);
	return true;
}

/* The last one that the registration would have been told of. */
static bool is_last(const struct world *world, struct place place)
{
	const struct session *session = &world->sessions[place.session];

	return item_at(world, place)->event != IGNORE && !object_at(world, place)->tainted &&
	       is_due(world, place) && item_next(session, place.index) == session->count;
}

static bool seed_missed_last(struct world *world, const struct kind *kind)
{
	struct place place;
	struct item item;

	if (!item_find(world, is_last, &place))
		return false;
	item = *item_at(world, place);
	item_drop(world, place.session, place.index);
	world->objects[item.object].tainted = true;
	unregister(world, item.object);
	ledger_write(world, kind->name, place.session, item.object, item.line, missed);
	return true;
}

static bool is_alone(const struct world *world, struct place place)
{
	return is_last(world, place) && is_clear(object_at(world, place));
}

static bool seed_twice(struct world *world, const struct kind *kind)
{
	struct place place;
	struct item item;

	if (!item_find(world, is_alone, &place))
		return false;
	item = *item_at(world, place);
	deliver(world, place.session, place.index, NULL);
	tell(world, place.session, item.object, item.event, NULL);
	world->objects[item.object].tainted = true;
	ledger_write(world, kind->name, place.session, item.object, world->line, unexpected);
	return true;
}

/* Two different events wait, and no other. */
static bool is_pair(const struct world *world, struct place place)
{
	const struct session *session = &world->sessions[place.session];
	uint32_t next = item_next(session, place.index);

	return next < session->count && item_next(session, next) == session->count &&
	       is_clear(object_at(world, place)) && item_at(world, place)->event != IGNORE &&
	       session->items[next].event != IGNORE &&
	       session->items[next].event != item_at(world, place)->event;
}

static bool seed_order(struct world *world, const struct kind *kind)
{
	struct place place;
	uint32_t object;

	if (!item_find(world, is_pair, &place))
		return false;
	object = item_at(world, place)->object;
	deliver(world, place.session, item_next(&world->sessions[place.session], place.index),
		NULL);
	deliver(world, place.session, place.index, NULL);
	world->objects[object].tainted = true;
	ledger_write(world, kind->name, place.session, object, world->line, unexpected);
	return true;
}

/* Told what the session did not do. The registration ends, lest the session do it later. */
static bool seed_invented(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_clear), session = session_find(world, is_alive);
	uint32_t event = CREATE + below(world, LOGOFF);
	const struct object *object = &world->objects[number];

	if (number == NOBODY || session == NOBODY || !reaches(object, session) ||
	    !selects(object, event) || object->line >= world->sessions[session].life_line)
		return false;
	flush_object(world, number, NOBODY);
	tell(world, session, number, event, NULL);
	ledger_write(world, kind->name, session, number, world->line, unexpected);
	unregister(world, number);
	return true;
}

/* Told what the session is about to do, and not told again. */
static bool seed_early(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_whole), session = session_find(world, is_intact);
	struct session *teller = &world->sessions[session];
	uint32_t event;
	uint64_t line;

	if (number == NOBODY || session == NOBODY || !reaches(&world->objects[number], session))
		return false;
	event = event_pick(world, teller);
	if (event == teller->last_event)
		return false;
	flush_object(world, number, session);
	line = tell(world, session, number, event, NULL);
	event_happen(world, session, event, session_table[teller->state][event], NULL);
	for (uint32_t i = teller->count; i-- > 0;) {
		if (teller->items[i].object == number) {
			item_drop(world, session, i);
			break;
		}
	}
	teller->breached = true;
	world->objects[number].tainted = true;
	ledger_write(world, kind->name, session, number, line, unexpected);
	return true;
}

/* @detail: the number of the event */
static bool seed_no_event(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_live), session = session_find(world, is_intact);

	if (number == NOBODY || session == NOBODY || !reaches(&world->objects[number], session))
		return false;
	tell(world, session, number, kind->detail, NULL);
	world->sessions[session].breached = true;
	ledger_write(world, kind->name, session, number, world->line, invalid_event);
	return true;
}

const struct kind driver_kinds[] = {
	{ "told after it was unregistered, or before it was registered", seed_unregistered, 0 },
	{ "told what never was registered", seed_unregistered, 5000 },
	{ "told what the mask does not select", seed_masked, 0 },
	{ "told Ignore, which no bit selects", seed_ignore, 0 },
	{ "told of another session", seed_foreign, 0 },
	{ "another context", seed_context, 0 },
	{ "callback fails", seed_failed, 0 },
	{ "no payload", seed_no_payload, 0 },
	{ "payload of another session", seed_payload, 0 },
	{ "payload of another length", seed_payload, 1 },
	{ "payload tells whether local, of a session that is not connected", seed_local, 0 },
	{ "not told", seed_missed, 0 },
	{ "not told the last", seed_missed_last, 0 },
	{ "told twice", seed_twice, 0 },
	{ "told in another order", seed_order, 0 },
	{ "told what did not happen", seed_invented, 0 },
	{ "told before it happened", seed_early, 0 },
	{ "told IoSessionEventMax", seed_no_event, EVENTS },
	{ "told an event outside", seed_no_event, 99 },
	{ NULL, NULL, 0 },
};
