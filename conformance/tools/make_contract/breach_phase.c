/* SPDX-License-Identifier: MIT */
/* Breaches that show in how long calls and callbacks take, where they are made, and of whom. */
#include "world.h"

static const char *const irql[] = { "registration/irql", NULL };
static const char *const inside[] = { "registration/inside-callback", NULL };
static const char *const outlives[] = { "notification/outlives-registration", NULL };
static const char *const wrong_local[] = { "notification/wrong-local", NULL };

static bool is_any(const struct world *world, struct place place)
{
	(void)world, (void)place;
	return true;
}

static bool is_clear(const struct world *world, struct place place)
{
	return !object_at(world, place)->tainted;
}

static bool is_connected(const struct session *session)
{
	return is_intact(session) && (session->state == CONNECTED || session->state == LOGGED_ON ||
				      session->state == LOGGED_OFF);
}

static bool seed_get_irql(struct world *world, const struct kind *kind)
{
	static const char *const levels[] = { "2", "DISPATCH_LEVEL", "0xf", "255" };
	uint32_t number = below(world, world->objects_count);
	const struct object *object = &world->objects[number];

	line_begin(world);
	printf("call=IoGetContainerInformation class=0 length=12 status=STATUS_SUCCESS irql=%s",
	       levels[below(world, 4)]);
	put_driver(object);
	line_end();
	driver_heard(world, object);
	ledger_write(world, kind->name, NOBODY, NOBODY, world->line, irql);
	return true;
}

static bool seed_callback_irql(struct world *world, const struct kind *kind)
{
	struct telling telling = { .extra = "irql=2" };
	struct place place;
	uint32_t object;

	if (!item_find(world, is_any, &place))
		return false;
	object = item_at(world, place)->object;
	deliver(world, place.session, place.index, &telling);
	ledger_write(world, kind->name, place.session, object, world->line, irql);
	return true;
}

static bool seed_sample_local(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_connected);
	const char *state;

	if (number == NOBODY)
		return false;
	state = session_state_name(world->sessions[number].state);
	sample_write(state, world, number, is_local(number) ? " local=true" : " local=false");
	sample_write(state, world, number, is_local(number) ? " local=0" : " local=1");
	ledger_write(world, kind->name, number, NOBODY, world->line, wrong_local);
	return true;
}

/* @detail: the call begins after the callback, and its begin is recorded */
static bool seed_callback(struct world *world, const struct kind *kind)
{
	struct telling telling = { .extra = "phase=begin", .begins = true };
	struct place place;
	struct item item;

	if (!item_find(world, is_clear, &place))
		return false;
	item = *item_at(world, place);
	deliver(world, place.session, place.index, &telling);
	flush_object(world, item.object, NOBODY);
	if (kind->detail) {
		world->phase = "begin";
		unregister_write(world, item.object, world->objects[item.object].generation);
		world->phase = "end";
	}
	unregister(world, item.object);
	world->phase = NULL;
	ledger_write(world, kind->name, NOBODY, item.object, world->line,
		     kind->detail ? inside : outlives);
	telling = (struct telling) { .extra = "phase=end", .status = "STATUS_SUCCESS" };
	tell(world, place.session, item.object, item.event, &telling);
	return true;
}

const struct kind phase_kinds[] = {
	{ "asks at DISPATCH_LEVEL", seed_get_irql, 0 },
	{ "called back at DISPATCH_LEVEL", seed_callback_irql, 0 },
	{ "sample denies whether local", seed_sample_local, 0 },
	{ "callback outlives the registration", seed_callback, 0 },
	{ "unregisters inside a callback", seed_callback, 1 },
	{ NULL, NULL, 0 },
};
