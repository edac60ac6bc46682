/* SPDX-License-Identifier: MIT */
/* Breaches of the rules of a call, and of the life of a registration. */
#include "world.h"

enum {
	SUCCESS,
	PARAMETER_1,
	PARAMETER_2,
	PARAMETER_3,
	PARAMETER_4,
	RESOURCES,
	COMMITTED,
	FAILED,
	STATUSES
};

/* What can be wrong with the arguments of IoRegisterContainerNotification. */
enum {
	CLASS,
	OBJECT,
	SIZE,
	LENGTH,
	FLAGS,
	MASK,
	FAULTS
};

static const char *const rule_of[FAULTS] = {
	[CLASS] = "registration/bad-argument", [OBJECT] = "registration/bad-argument",
	[SIZE] = "registration/bad-size",      [LENGTH] = "registration/bad-size",
	[FLAGS] = "registration/bad-flags",    [MASK] = "registration/bad-mask",
};

static const unsigned justified[FAULTS] = {
	[CLASS] = PARAMETER_1,  [OBJECT] = PARAMETER_3, [SIZE] = PARAMETER_3,
	[LENGTH] = PARAMETER_4, [FLAGS] = PARAMETER_3,  [MASK] = PARAMETER_3,
};

static const char *const bad_status[] = { "registration/bad-status", NULL };
static const char *const duplicate[] = { "registration/duplicate", NULL };
static const char *const unknown[] = { "registration/unknown", NULL };
static const char *const leaked[] = { "registration/leaked", NULL };

static const char *status_spell(struct world *world, unsigned status)
{
	static const char *const texts[STATUSES][3] = {
		[SUCCESS] = { "STATUS_SUCCESS", "0", "0x0" },
		[PARAMETER_1] = { "STATUS_INVALID_PARAMETER_1", "0xC00000EF", "-1073741585" },
		[PARAMETER_2] = { "STATUS_INVALID_PARAMETER_2", "0xc00000f0", "3221225712" },
		[PARAMETER_3] = { "status_invalid_parameter_3", "0xc00000f1", "-1073741583" },
		[PARAMETER_4] = { "STATUS_INVALID_PARAMETER_4", "0xc00000f2", "-1073741582" },
		[RESOURCES] = { "STATUS_INSUFFICIENT_RESOURCES", "0xc000009a", "-1073741670" },
		[COMMITTED] = { "STATUS_ALREADY_COMMITTED", "0xc0000021", "-1073741791" },
		[FAILED] = { "STATUS_UNSUCCESSFUL", "0xc00000bb", "0x00000103" },
	};

	return texts[status][below(world, 3)];
}

static bool is_free(const struct object *object)
{
	return object->exists && !object->live;
}

static bool is_live(const struct object *object)
{
	return object->live;
}

static bool is_told_of(const struct object *object)
{
	return object->live && !object->plain && !object->tainted;
}

static bool is_stale(const struct object *object)
{
	return object->stale;
}

static void fault_put(struct world *world, struct call *call, unsigned fault)
{
	static const char *const classes[] = { "1", "0x2", "4294967295" };
	static const char *const nulls[] = { "NULL", "0", "0x0", "0x0000000000000000" };
	static const uint32_t sizes[] = { 0, 20, 24, 31, 33, 64 };
	static const uint32_t flags[] = { 1, 2, 0x80, 0x80000000U, 0xffffffffU };
	static const uint32_t masks[] = { 0, 0x40, 0x7f, 0x80000001U, 0xfffffffeU, 0xffffff00U };

	switch (fault) {
	case CLASS:
		call->class_text = classes[below(world, 3)];
		break;
	case OBJECT:
		call->io = nulls[below(world, 4)];
		break;
	case SIZE:
		call->has_size = true;
		call->size = sizes[below(world, 6)];
		break;
	case LENGTH:
		call->has_length = true;
		call->length = sizes[below(world, 6)];
		break;
	case FLAGS:
		call->has_flags = true;
		call->flags = flags[below(world, 5)];
		break;
	case MASK:
		call->mask = masks[below(world, 6)];
	}
}

/* Writes a call with one or two faults and any answer, and what it breaks. */
static bool fault_seed(struct world *world, const char *name, uint32_t number, unsigned one,
		       unsigned two)
{
	const struct object *object = &world->objects[number];
	const char *rules[4] = { rule_of[one] };
	struct call call = call_make(world);
	unsigned count = 1, status = below(world, STATUSES);
	bool fits;

	if (chance(world, 50))
		status = chance(world, 50) ? justified[one] : justified[two];
	fault_put(world, &call, one);
	fault_put(world, &call, two);
	if (one != two && !(rule_of[one] == rule_of[SIZE] && rule_of[two] == rule_of[SIZE]))
		rules[count++] = rule_of[two];
	fits = status == justified[one] || status == justified[two] || status == RESOURCES ||
	       (status == COMMITTED && object->live);
	if (!fits)
		rules[count++] = object->live && status == SUCCESS ? duplicate[0] : bad_status[0];
	call.status = status_spell(world, status);
	call.named = status == SUCCESS;
	call.registers = call.named && !object->live && one != OBJECT && two != OBJECT &&
			 one != MASK && two != MASK;
	call_write(world, number, &call);
	ledger_write(world, name, NOBODY, number, world->line, rules);
	/* nothing is told to what should not be registered */
	if (call.named && !call.registers)
		unregister_write(world, number, object->generation + 1);
	return true;
}

static bool seed_fault(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_free);

	return number != NOBODY &&
	       fault_seed(world, kind->name, number, kind->detail, kind->detail);
}

static bool seed_faults(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_free);
	unsigned one = below(world, FAULTS);

	return number != NOBODY && fault_seed(world, kind->name, number, one,
					      (one + 1 + below(world, FAULTS - 1)) % FAULTS);
}

static bool seed_fault_registered(struct world *world, const struct kind *kind)
{
	static const unsigned faults[] = { CLASS, SIZE, LENGTH, FLAGS, MASK };
	uint32_t number = object_find(world, is_live);
	unsigned fault = faults[below(world, 5)];

	return number != NOBODY && fault_seed(world, kind->name, number, fault, fault);
}

/* A call in order that is refused, for a reason that is none. */
static bool seed_refused(struct world *world, const struct kind *kind)
{
	static const unsigned refusals[] = { PARAMETER_1, PARAMETER_3, PARAMETER_4, COMMITTED,
					     FAILED };
	uint32_t number = object_find(world, is_free);
	struct call call = call_make(world);

	if (number == NOBODY)
		return false;
	call.status = status_spell(world, refusals[below(world, 5)]);
	call.named = call.registers = false;
	call_write(world, number, &call);
	ledger_write(world, kind->name, NOBODY, number, world->line, bad_status);
	return true;
}

/* A second call for an I/O object, answered with anything but STATUS_ALREADY_COMMITTED. */
static bool seed_duplicate(struct world *world, const struct kind *kind)
{
	static const unsigned answers[] = { SUCCESS, SUCCESS, PARAMETER_3, RESOURCES, PARAMETER_4 };
	uint32_t number = object_find(world, is_live);
	unsigned answer = answers[below(world, 5)];
	struct call call = call_make(world);

	if (number == NOBODY)
		return false;
	call.status = status_spell(world, answer);
	call.named = answer == SUCCESS;
	call.registers = false;
	call_write(world, number, &call);
	ledger_write(world, kind->name, NOBODY, number, world->line, duplicate);
	if (call.named)
		unregister_write(world, number, world->objects[number].generation + 1);
	return true;
}

/* @detail: it was registered once */
static bool seed_unknown(struct world *world, const struct kind *kind)
{
	uint32_t number = kind->detail ? object_find(world, is_stale)
				       : below(world, world->objects_count);
	struct object *object = &world->objects[number];

	if (number == NOBODY)
		return false;
	if (kind->detail) {
		unregister_write(world, number, object->generation - (object->live ? 1 : 0));
	} else {
		line_begin(world);
		printf("call=IoUnregisterContainerNotification registration=0xdead%04" PRIx32,
		       below(world, 0x1000));
		put_driver(object);
		line_end();
		driver_heard(world, object);
	}
	ledger_write(world, kind->name, NOBODY, number, world->line, unknown);
	return true;
}

/* @detail: it is created again, not deleted */
static bool seed_leaked(struct world *world, const struct kind *kind)
{
	uint32_t number = object_find(world, is_told_of);
	struct object *object = &world->objects[number];

	if (number == NOBODY)
		return false;
	flush_object(world, number, NOBODY);
	if (kind->detail)
		object_create(world, number);
	else
		object_delete(world, number);
	object->live = object->stale = false;
	ledger_write(world, kind->name, NOBODY, number, world->line, leaked);
	/* too late, but that has been said */
	if (chance(world, 50))
		unregister_write(world, number, object->generation);
	return true;
}

/* It is written at the end, when it is known whose they are. */
static bool seed_leaked_at_end(struct world *world, const struct kind *kind)
{
	(void)kind;
	if (world->leaks >= world->objects_count / 4)
		return false;
	world->leaks++;
	return true;
}

enum {
	GET_CLASS = 1,
	GET_OBJECT = 2,
	GET_LENGTH = 4
};

/* @detail: what is wrong with the arguments; 0: nothing, and the answer is */
static bool seed_get(struct world *world, const struct kind *kind)
{
	static const unsigned answers[] = {
		[GET_CLASS] = PARAMETER_1, [GET_OBJECT] = PARAMETER_2, [GET_LENGTH] = PARAMETER_4
	};
	static const char *const nulls[] = { "NULL", "0", "0x0" };
	static const unsigned lengths[] = { 0, 4, 8, 11 };
	const char *rules[3] = { "registration/bad-argument" };
	unsigned detail = kind->detail, status, count = detail ? 1 : 0;
	unsigned right = detail ? answers[detail] : SUCCESS;
	uint32_t number = below(world, world->objects_count);

	status = detail && chance(world, 50) ? right : below(world, STATUSES);
	if (!detail && status == SUCCESS)
		return false;
	if (status != right)
		rules[count++] = bad_status[0];
	line_begin(world);
	printf("call=IoGetContainerInformation session=%" PRIu32,
	       below(world, world->sessions_count));
	put_driver(&world->objects[number]);
	printf(" class=%s", detail & GET_CLASS ? "1" : "IoSessionStateInformation");
	if (detail & GET_OBJECT)
		printf(" session_object=%s", nulls[below(world, 3)]);
	if (detail & GET_LENGTH || chance(world, 50))
		printf(" length=%u", detail & GET_LENGTH ? lengths[below(world, 4)] : 12);
	printf(" status=%s", status_spell(world, status));
	line_end();
	driver_heard(world, &world->objects[number]);
	ledger_write(world, kind->name, NOBODY, number, world->line, rules);
	return true;
}

const struct kind call_kinds[] = {
	{ "class that is none", seed_fault, CLASS },
	{ "null I/O object", seed_fault, OBJECT },
	{ "wrong size", seed_fault, SIZE },
	{ "wrong length", seed_fault, LENGTH },
	{ "flags", seed_fault, FLAGS },
	{ "mask that is none", seed_fault, MASK },
	{ "two faults", seed_faults, 0 },
	{ "fault, of a registered I/O object", seed_fault_registered, 0 },
	{ "refused without reason", seed_refused, 0 },
	{ "registered already", seed_duplicate, 0 },
	{ "unregisters what never was registered", seed_unknown, 0 },
	{ "unregisters twice", seed_unknown, 1 },
	{ "deleted while registered", seed_leaked, 0 },
	{ "created anew while registered", seed_leaked, 1 },
	{ "registered at the end", seed_leaked_at_end, 0 },
	{ "Get: class that is none", seed_get, GET_CLASS },
	{ "Get: null object", seed_get, GET_OBJECT },
	{ "Get: short length", seed_get, GET_LENGTH },
	{ "Get: refused without reason", seed_get, 0 },
	{ NULL, NULL, 0 },
};
