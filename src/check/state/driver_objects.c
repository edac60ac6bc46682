/* SPDX-License-Identifier: MIT */
/* Drivers and their I/O objects. */
#include "check/state/numbered.h"
#include "check/state/running_calls.h"
#include "check/state/session_objects.h"

#include <errno.h>
#include <stdlib.h>

#include "base/list.h"

/* A driver's name is not an address, but letter case does not matter in it either. */
static size_t driver_canonical(struct sessionlint_text driver, char buffer[HANDLE_MAX_SIZE])
{
	for (size_t i = 0; i < driver.size; i++)
		buffer[i] = ascii_lower(driver.data[i]);
	return driver.size;
}

struct sessionlint_text driver_key(struct sessionlint_text driver, struct sessionlint_text handle,
				   char buffer[DRIVER_KEY_SIZE])
{
	size_t size = driver_canonical(driver, buffer);

	buffer[size++] = '\0';
	return text_of(buffer, size + handle_canonical(handle, buffer + size));
}

void drivers_forget_sessions(struct drivers *drivers)
{
	for (struct driver *driver = drivers->first_driver; driver; driver = driver->next) {
		session_objects_clear(&driver->sessions);
		running_forget_callbacks(driver);
	}
}

int drivers_driver(struct drivers *drivers, struct sessionlint_text name,
		   struct driver **ret_driver)
{
	char buffer[HANDLE_MAX_SIZE], *at;
	struct sessionlint_text key = text_of(buffer, driver_canonical(name, buffer));
	struct driver *driver = (struct driver *)table_find(&drivers->names, key);

	if (!driver) {
		driver = calloc(1, sizeof *driver + key.size);
		if (!driver)
			return -ENOMEM;
		session_objects_init(&driver->sessions);
		at = (char *)(driver + 1);
		if (table_add(&drivers->names, &driver->entry, text_keep(key, &at)) < 0) {
			free(driver);
			return -ENOMEM;
		}
		/* a table has them from its first entry on */
		driver->seed = drivers->names.seed;
		driver->factor = drivers->names.factor;
		driver->next = drivers->first_driver;
		drivers->first_driver = driver;
	}
	*ret_driver = driver;
	return 0;
}

void driver_call(struct drivers *drivers, struct driver *driver)
{
	for (struct registration *one = driver->opening; one; one = one->opening) {
		if (drivers->now < one->live_from && !one->uncertain) {
			one->live_from = drivers->now;
			numbered_touch(drivers, one);
		}
	}
	driver->opening = NULL;
	driver->called_before = driver->called_at;
	driver->called_at = drivers->now;
}

void driver_close(struct driver *driver, const struct registration *registration)
{
	struct registration **link = &driver->opening;

	while (*link && *link != registration)
		link = &(*link)->opening;
	if (*link)
		*link = registration->opening;
	if (registration->previous_made)
		registration->previous_made->next_made = registration->next_made;
	else
		driver->made = registration->next_made;
	if (registration->next_made)
		registration->next_made->previous_made = registration->previous_made;
}

struct io_object *drivers_object(const struct drivers *drivers, struct sessionlint_text driver,
				 struct sessionlint_text io)
{
	struct io_object *object = spelled_find(&drivers->spelled, driver, io);
	char buffer[DRIVER_KEY_SIZE];

	if (object)
		return object;
	object = (struct io_object *)table_find(&drivers->objects, driver_key(driver, io, buffer));
	if (object)
		spelled_add(&drivers->spelled, object, &object->spellings, driver, io);
	return object;
}

struct registration *drivers_registration(const struct drivers *drivers,
					  struct sessionlint_text driver,
					  struct sessionlint_text handle)
{
	char buffer[DRIVER_KEY_SIZE];

	return (struct registration *)table_find(&drivers->registrations,
						 driver_key(driver, handle, buffer));
}

int drivers_add_object(struct drivers *drivers, struct driver *driver,
		       const struct contract *contract, struct io_object **ret_object)
{
	char buffer[DRIVER_KEY_SIZE], *at;
	struct sessionlint_text key = driver_key(contract->driver, contract->io, buffer);
	struct io_object *object = calloc(1, sizeof *object + key.size + contract->driver.size +
						     contract->io.size + contract->owner.size);

	if (!object)
		return -ENOMEM;
	at = (char *)(object + 1);
	key = text_keep(key, &at);
	object->driver = text_keep(contract->driver, &at);
	object->name = text_keep(contract->io, &at);
	object->belongs_to = text_keep(contract->owner, &at);
	object->owner = driver;
	if (table_add(&drivers->objects, &object->entry, key) < 0) {
		free(object);
		return -ENOMEM;
	}
	/* it may have been created for a session, before the trace or in lost records */
	object->doubtful = drivers->unknown;
	object->next = drivers->first_object;
	if (object->next)
		object->next->previous = object;
	drivers->first_object = object;
	spelled_fit(&drivers->spelled, drivers->objects.count);
	*ret_object = object;
	return 0;
}

void drivers_remember_deleted(struct drivers *drivers, struct io_object *object)
{
	struct io_object **place = &drivers->deleted[drivers->deleted_count++ % DRIVERS_DELETED];

	if (*place)
		drivers_remove_object(drivers, *place);
	object->deleted = true;
	object->deleted_slot = place;
	*place = object;
}

void drivers_remove_object(struct drivers *drivers, struct io_object *object)
{
	spelled_remove(&drivers->spelled, object, &object->spellings);
	if (object->deleted_slot)
		*object->deleted_slot = NULL;
	table_remove(&drivers->objects, &object->entry);
	if (object->previous)
		object->previous->next = object->next;
	else
		drivers->first_object = object->next;
	if (object->next)
		object->next->previous = object->previous;
	free(object);
}

void drivers_forget_idle(struct drivers *drivers)
{
	for (struct io_object *object = drivers->first_object, *next; object; object = next) {
		next = object->next;
		if (!object->registrations)
			drivers_remove_object(drivers, object);
	}
}
