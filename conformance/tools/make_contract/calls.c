/* SPDX-License-Identifier: MIT */
/* What drivers call, and the life of their I/O objects. */
#include "world.h"

static uint32_t mask_make(struct world *world)
{
	switch (below(world, 5)) {
	case 0:
		return ALL_EVENTS;
	case 1:
		return 0x3f;
	case 2:
		return 1U << below(world, 6);
	default:
		return 1 + below(world, 0x3f);
	}
}

/* A call in order, which succeeds. */
struct call call_make(struct world *world)
{
	static const char *const classes[] = { "0", "0x0", "IoSessionStateNotification", NULL };
	static const char *const successes[] = { "STATUS_SUCCESS", "0", "0x00000000" };

	return (struct call) {
		.class_text = classes[below(world, 4)],
		.status = successes[below(world, 3)],
		.size = 32,
		.length = 32,
		.mask = mask_make(world),
		.context = chance(world, 30) ? 0 : 0x1000 + below(world, 1 << 24),
		.has_size = chance(world, 60),
		.has_length = chance(world, 60),
		.has_flags = chance(world, 60),
		.has_context = chance(world, 70),
		.named = true,
		.registers = true,
	};
}

void call_write(struct world *world, uint32_t number, const struct call *call)
{
	struct object *object = &world->objects[number];

	line_begin(world);
	printf("call=IoRegisterContainerNotification");
	if (call->io) {
		put_driver(object);
		printf(" io=%s", call->io);
	} else {
		put_object(object);
	}
	if (call->class_text)
		printf(" class=%s", call->class_text);
	if (call->has_size)
		printf(" size=%" PRIu32, call->size);
	if (call->has_length)
		printf(" length=0x%" PRIx32, call->length);
	if (call->has_flags)
		printf(" flags=%" PRIu32, call->flags);
	put_mask(world, call->mask);
	if (call->has_context)
		put_context(world, call->context);
	if (call->named)
		put_registration(object, object->generation + 1);
	printf(" status=%s", call->status);
	line_end();
	driver_heard(world, object);
	if (!call->registers)
		return;
	object->live = true;
	object->tainted = false;
	object->mask = call->mask;
	object->has_context = call->has_context;
	object->context = call->context;
	object->generation++;
	object->line = world->line;
	object->settled = 0;
}

void call_between(struct world *world, const struct object *object)
{
	line_begin(world);
	printf("call=IoGetContainerInformation status=STATUS_SUCCESS");
	put_driver(object);
	line_end();
	driver_heard(world, object);
}

void unregister_write(struct world *world, uint32_t number, uint32_t generation)
{
	const struct object *object = &world->objects[number];

	line_begin(world);
	printf("call=IoUnregisterContainerNotification");
	if (chance(world, 30))
		put_object(object);
	else
		put_driver(object);
	put_registration(object, generation);
	if (world->phase)
		printf(" phase=%s", world->phase);
	line_end();
	driver_heard(world, object);
}

void unregister(struct world *world, uint32_t number)
{
	struct object *object = &world->objects[number];

	flush_object(world, number, NOBODY);
	/* what it has not been told was missed before the call */
	if (object->tainted)
		call_between(world, object);
	unregister_write(world, number, object->generation);
	object->live = false;
	object->stale = true;
}

void object_create(struct world *world, uint32_t number)
{
	struct object *object = &world->objects[number];

	object->exists = true;
	object->device_session = NOBODY;
	if (object->plain)
		return;
	if (chance(world, 60))
		object->device_session = 1 + below(world, world->sessions_count - 1);
	line_begin(world);
	printf("object=created");
	put_object(object);
	if (object->device_session != NOBODY)
		printf(" device_session=%" PRIu32, object->device_session);
	else if (chance(world, 20))
		printf(" device_session=0");
	line_end();
	driver_heard(world, object);
}

void object_delete(struct world *world, uint32_t number)
{
	struct object *object = &world->objects[number];

	object->exists = false;
	if (object->plain)
		return;
	line_begin(world);
	printf("object=deleted");
	put_object(object);
	line_end();
	driver_heard(world, object);
}
