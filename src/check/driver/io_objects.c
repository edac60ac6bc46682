/* SPDX-License-Identifier: MIT */
#include "check/driver/io_objects.h"
#include "check/driver/registration_life.h"

#include "check/driver/agreement.h"
#include "check/driver/driver.h"
#include "check/driver/pending.h"
#include "check/finding.h"
#include "check/state/contexts.h"

/* ---- owners ---- */

static bool name_equals(struct sessionlint_text one, struct sessionlint_text other)
{
	char a[HANDLE_MAX_SIZE], b[HANDLE_MAX_SIZE];

	return text_equal(text_of(a, handle_canonical(one, a)),
			  text_of(b, handle_canonical(other, b)));
}

/* Whether an object is the driver object of @driver: its record says so, or its name is that of
 * a driver object, in the directory \Driver or \FileSystem of the object manager. */
static bool is_driver_object(const struct contract *contract)
{
	static const char *const names[] = { "drv", "driver", "driver_object", "driverobject" };
	static const char *const folders[] = { "\\driver\\", "\\filesystem\\" };
	char name[HANDLE_MAX_SIZE];
	size_t size = handle_canonical(contract->io, name);

	if (contract->kind != KIND_UNKNOWN)
		return contract->kind == KIND_DRIVER;
	for (unsigned i = 0; i < sizeof names / sizeof names[0]; i++)
		if (text_is(text_of(name, size), names[i]))
			return true;
	for (unsigned i = 0; i < sizeof folders / sizeof folders[0]; i++)
		if (size > strlen(folders[i]) && memcmp(name, folders[i], strlen(folders[i])) == 0)
			return true;
	return contract->driver.size > 0 && name_equals(contract->io, contract->driver);
}

/* Whether @owner names @driver, by its name or by its driver object. */
static bool is_owner(const struct drivers *drivers, struct sessionlint_text driver,
		     struct sessionlint_text owner)
{
	const struct io_object *object;

	if (name_equals(driver, owner))
		return true;
	object = drivers_object(drivers, driver, owner);
	return object && object->kind == KIND_DRIVER;
}

/* The object at that address that another driver has created, or NULL. Only the newest drivers are
 * searched. */
static const struct io_object *find_foreign(const struct drivers *drivers,
					    const struct driver *driver, struct sessionlint_text io)
{
	unsigned searched = 0;

	for (const struct driver *one = drivers->first_driver; one && searched++ < DRIVERS_SEARCHED;
	     one = one->next) {
		const struct io_object *object =
			one == driver ? NULL : drivers_object(drivers, one->entry.key, io);

		if (object && object->declared)
			return object;
	}
	return NULL;
}

int check_registered_object(struct subject *subject, const struct io_object *object, bool *ret_bad)
{
	const struct contract *contract = subject->record->contract;
	const struct drivers *drivers = subject->host->drivers;
	const struct io_object *foreign;

	*ret_bad = object && object->deleted;
	if (*ret_bad)
		return report(subject, SESSIONLINT_RULE_BAD_OBJECT, NO_PARTICULARS,
			      "the I/O object was deleted");
	if (object && object->declared) {
		*ret_bad = object->belongs_to.size &&
			   !is_owner(drivers, contract->driver, object->belongs_to);
		if (!*ret_bad)
			return 0;
		return report(subject, SESSIONLINT_RULE_BAD_OBJECT, NO_PARTICULARS,
			      "the I/O object belongs to %.*s", (int)object->belongs_to.size,
			      object->belongs_to.data);
	}
	/* names are unique within a driver, addresses within a host */
	if (object || !handle_is_address(contract->io))
		return 0;
	foreign = find_foreign(drivers, subject->driver, contract->io);
	*ret_bad = foreign && !(foreign->belongs_to.size &&
				is_owner(drivers, contract->driver, foreign->belongs_to));
	if (!*ret_bad)
		return 0;
	return report(subject, SESSIONLINT_RULE_BAD_OBJECT, NO_PARTICULARS,
		      "the I/O object was created by driver %.*s", (int)foreign->driver.size,
		      foreign->driver.data);
}

/* ---- creation and deletion ---- */

/* A registration ends because its object or its driver is gone. */
static int registration_leak(struct subject *subject, struct drivers *drivers,
			     struct registration *registration)
{
	int r, missed;

	if (registration->live_until < subject->driver->called_before)
		registration->live_until = subject->driver->called_before;
	r = agreements_unregister(subject, registration);
	missed = pending_unregister(subject, registration);
	drivers_leak(drivers, registration);
	return r < 0 ? r : missed;
}

/* The line of the call that created a registration, for a finding about subject->record. */
static const char *line_made(struct subject *subject, const struct registration *registration)
{
	return line_text(subject->checker, registration->line, subject->record->line);
}

/* The object is deleted, and its registrations with it. */
static int object_leak(struct subject *subject, struct drivers *drivers, struct io_object *object,
		       const char *how)
{
	int r = report(subject, SESSIONLINT_RULE_LEAKED, NO_PARTICULARS,
		       "the I/O object %s while its registration, made in %s, is live", how,
		       line_made(subject, object->registrations));

	while (object->registrations) {
		int ended = registration_leak(subject, drivers, object->registrations);

		r = r < 0 ? r : ended;
	}
	return r;
}

/* Whether a registered object is deleted with the driver object of the record. */
static bool goes_with(const struct subject *subject, const struct io_object *object)
{
	const struct contract *contract = subject->record->contract;

	return object->owner == subject->driver &&
	       (!object->belongs_to.size || name_equals(object->belongs_to, contract->io) ||
		name_equals(object->belongs_to, contract->driver));
}

/* The driver is unloaded: everything that it registered leaks. */
static int driver_leak(struct subject *subject, struct drivers *drivers)
{
	struct registration *next;
	int r = 0;

	for (struct registration *one = subject->driver->made; one; one = next) {
		struct io_object *object = one->object;
		int ended;

		next = one->next_made;
		if (one->tentative || !goes_with(subject, object))
			continue;
		drivers->intricate = true;
		subject->object = object;
		if (r == 0)
			r = report(subject, SESSIONLINT_RULE_LEAKED, NO_PARTICULARS,
				   "the driver is unloaded while the registration, made in %s, is "
				   "live",
				   line_made(subject, one));
		ended = registration_leak(subject, drivers, one);
		r = r < 0 ? r : ended;
		object->states = REGISTRATION_PRESENT;
	}
	return r;
}

/* The deleted object may be the Context of a registration, which the callback would still
 * receive. */
static int check_context(struct subject *subject, const struct drivers *drivers)
{
	char buffer[HANDLE_MAX_SIZE];
	struct sessionlint_text freed =
		text_of(buffer, handle_canonical(subject->record->contract->io, buffer));
	int r = 0;

	for (const struct registration *one = context_find(drivers, subject->driver, freed);
	     r == 0 && one; one = one->older_alike) {
		if (one->tentative || !text_equal(one->context, freed))
			continue;
		subject->object = one->object;
		r = report(subject, SESSIONLINT_RULE_FREED_CONTEXT, NO_PARTICULARS,
			   "the Context of the registration, made in %s, is freed while it is live",
			   line_made(subject, one));
	}
	return r;
}

/* Checks what must end before the object is deleted. */
static int check_deletion(struct subject *subject, struct drivers *drivers)
{
	int r = is_driver_object(subject->record->contract) ? driver_leak(subject, drivers) : 0;

	if (r == 0)
		r = check_context(subject, drivers);
	subject->object = NULL;
	return r;
}

/* Updates the object from the record. */
static int object_declare(struct subject *subject, struct drivers *drivers, uint8_t states,
			  bool creation)
{
	const struct contract *contract = subject->record->contract;
	struct io_object *object;
	int r = drivers_add_object(drivers, subject->driver, contract, &object);

	if (r < 0)
		return r;
	object->states = states;
	if (!creation) {
		drivers_remember_deleted(drivers, object);
		return 0;
	}
	object->declared = true;
	object->doubtful = false;
	object->device_session = contract->device_session;
	object->kind = is_driver_object(contract) ? KIND_DRIVER : contract->kind;
	return 0;
}

int check_object(struct subject *subject)
{
	const struct contract *contract = subject->record->contract;
	bool creation = contract->object == OBJECT_CREATED, breach;
	struct drivers *drivers;
	struct io_object *object;
	uint8_t states;
	int r = driver_follow(subject, &drivers);

	if (r < 0)
		return r;
	subject->checker->totals.objects++;
	object = drivers_object(drivers, contract->driver, contract->io);
	subject->object = object;
	states = object_step(subject->checker, object_states(drivers, object),
			     creation ? OBJECT_CREATION : OBJECT_DELETION, &breach);
	if (object)
		r = register_withdraw(subject, drivers, object);
	if (r == 0 && object && object->registrations)
		r = object_leak(subject, drivers, object,
				creation ? "is created again" : "is deleted");
	if (r == 0 && !creation)
		r = check_deletion(subject, drivers);
	subject->object = NULL;
	if (object)
		drivers_remove_object(drivers, object);
	return r < 0 ? r : object_declare(subject, drivers, states, creation);
}
