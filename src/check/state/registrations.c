/* SPDX-License-Identifier: MIT */
#include "check/state/contexts.h"
#include "check/state/numbered.h"
#include "check/state/running_calls.h"
#include "check/state/session_objects.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/list.h"

static void list_append(struct registration_list *list, struct registration *registration)
{
	LIST_APPEND(list->first, list->last, registration, previous, next);
	list->count++;
}

static void list_take(struct registration_list *list, const struct registration *registration)
{
	LIST_REMOVE(list->first, list->last, registration, previous, next);
	list->count--;
}

/* Adds a registration to its host, as a live one. -ENOMEM. */
static int registration_enter(struct drivers *drivers, struct registration *registration)
{
	struct io_object *object = registration->object;

	if (numbered_add(drivers, registration) < 0)
		return -ENOMEM;
	if (context_add(drivers, registration) < 0) {
		numbered_remove(drivers, registration);
		return -ENOMEM;
	}
	if (!registration->tentative &&
	    table_add(&drivers->registrations, &registration->entry, registration->entry.key) < 0) {
		context_remove(drivers, registration);
		numbered_remove(drivers, registration);
		return -ENOMEM;
	}
	registration->sibling = object->registrations;
	object->registrations = registration;
	registration->next_made = object->owner->made;
	if (registration->next_made)
		registration->next_made->previous_made = registration;
	object->owner->made = registration;
	LIST_APPEND(drivers->oldest_live, drivers->newest_live, registration, older, newer);
	return 0;
}

/* Allocates a registration of @object from @record, with key @key. -ENOMEM. */
static int registration_make(struct drivers *drivers, struct io_object *object,
			     const struct record *record, struct sessionlint_text key,
			     struct registration **ret_registration)
{
	const struct contract *contract = record->contract;
	char context[HANDLE_MAX_SIZE], *at;
	size_t context_size = handle_canonical(contract->context, context);
	struct registration *registration = calloc(1,
						   sizeof *registration + key.size + context_size);

	if (!registration)
		return -ENOMEM;
	at = (char *)(registration + 1);
	registration->entry.key = text_keep(key, &at);
	registration->context = text_keep(text_of(context, context_size), &at);
	registration->has_context = record_has(record, KEY_CONTEXT);
	registration->tentative = key.size == 0;
	registration->object = object;
	registration->mask = contract->mask;
	registration->serial = ++drivers->serials;
	registration->made_at = drivers->now;
	registration->live_from = UINT64_MAX;
	registration->line = record->line;
	registration->offset = record->offset;
	registration->time = record->time;
	if (registration_enter(drivers, registration) < 0) {
		free(registration);
		return -ENOMEM;
	}
	*ret_registration = registration;
	return 0;
}

int drivers_register(struct drivers *drivers, struct io_object *object, const struct record *record,
		     struct registration **ret_registration)
{
	const struct contract *contract = record->contract;
	char buffer[DRIVER_KEY_SIZE];
	struct registration *registration;
	int r = registration_make(drivers, object, record,
				  driver_key(contract->driver, contract->registration, buffer),
				  &registration);

	if (r < 0)
		return r;
	if (contract->phase == PHASE_END) {
		registration->live_from = drivers->now;
		numbered_touch(drivers, registration);
	} else {
		registration->opening = object->owner->opening;
		object->owner->opening = registration;
	}
	*ret_registration = registration;
	return 0;
}

int drivers_register_tentatively(struct drivers *drivers, struct io_object *object,
				 const struct record *record,
				 struct registration **ret_registration)
{
	return registration_make(drivers, object, record, text_of(NULL, 0), ret_registration);
}

int drivers_adopt(struct drivers *drivers, struct registration *registration,
		  const struct record *record)
{
	const struct contract *contract = record->contract;
	char buffer[DRIVER_KEY_SIZE], *at;
	struct sessionlint_text key = driver_key(contract->driver, contract->registration, buffer);

	at = registration->handle = malloc(key.size);
	if (!at ||
	    table_add(&drivers->registrations, &registration->entry, text_keep(key, &at)) < 0) {
		free(registration->handle);
		registration->handle = NULL;
		return -ENOMEM;
	}
	registration->tentative = false;
	if (drivers->now < registration->live_from)
		registration->live_from = drivers->now;
	numbered_touch(drivers, registration);
	return 0;
}

struct registration *object_tentative(const struct io_object *object)
{
	struct registration *one = object->registrations;

	while (one && !one->tentative)
		one = one->sibling;
	return one;
}

/* Removes a registration from its object and from the sets of those that select an event. */
static void registration_part(struct drivers *drivers, struct registration *registration)
{
	struct registration **link = &registration->object->registrations;

	while (*link != registration)
		link = &(*link)->sibling;
	*link = registration->sibling;
	driver_close(registration->object->owner, registration);
	LIST_REMOVE(drivers->oldest_live, drivers->newest_live, registration, older, newer);
	context_remove(drivers, registration);
	numbered_remove(drivers, registration);
}

static void registration_free(struct drivers *drivers, struct registration *registration)
{
	if (!registration->tentative)
		table_remove(&drivers->registrations, &registration->entry);
	free(registration->handle);
	free(registration);
}

void drivers_unregister(struct drivers *drivers, struct registration *registration)
{
	registration_part(drivers, registration);
	registration_free(drivers, registration);
}

int drivers_note_end(struct drivers *drivers, const struct registration *registration,
		     uint64_t until)
{
	uint32_t *ends = array_reach(drivers->ends, registration->serial, &drivers->end_count,
				     sizeof *ends);

	if (!ends)
		return -ENOMEM;
	drivers->ends = ends;
	ends[registration->serial] = (uint32_t)until;
	return 0;
}

void drivers_leak(struct drivers *drivers, struct registration *registration)
{
	registration_part(drivers, registration);
	registration->object = NULL;
	list_append(&drivers->leaked, registration);
	if (drivers->leaked.count > DRIVERS_LEAKED)
		drivers_forget(drivers, drivers->leaked.first);
}

int drivers_return(struct drivers *drivers, const struct contract *contract)
{
	char buffer[DRIVER_KEY_SIZE], *at;
	struct sessionlint_text key = driver_key(contract->driver, contract->registration, buffer);
	struct registration *registration = calloc(1, sizeof *registration + key.size);

	if (!registration)
		return -ENOMEM;
	at = (char *)(registration + 1);
	if (table_add(&drivers->registrations, &registration->entry, text_keep(key, &at)) < 0) {
		free(registration);
		return -ENOMEM;
	}
	registration->returned = true;
	list_append(&drivers->returned, registration);
	if (drivers->returned.count > DRIVERS_RETURNED)
		drivers_forget(drivers, drivers->returned.first);
	return 0;
}

void drivers_forget(struct drivers *drivers, struct registration *registration)
{
	list_take(registration->returned ? &drivers->returned : &drivers->leaked, registration);
	registration_free(drivers, registration);
}

void object_notify(const struct drivers *drivers, struct io_object *object, uint32_t session)
{
	if (!object->doubtful || (object->notified && object->notified_session == session))
		return;
	if (!object->notified) {
		object->notified = true;
		object->notified_session = session;
		return;
	}
	object->doubtful = false;
	for (const struct registration *one = object->registrations; one; one = one->sibling)
		numbered_touch(drivers, one);
}

bool object_may_be_foreign(const struct io_object *object, uint32_t session)
{
	return object->doubtful && (!object->notified || object->notified_session != session);
}

bool drivers_call_runs(const struct drivers *drivers)
{
	for (const struct io_object *object = drivers->first_object; object;
	     object = object->next) {
		if (object->registering > 0)
			return true;
		for (const struct registration *one = object->registrations; one;
		     one = one->sibling)
			if (one->ending)
				return true;
	}
	return false;
}

/* ---- all drivers of a host ---- */

int drivers_new(struct drivers **ret_drivers)
{
	struct drivers *drivers = calloc(1, sizeof *drivers);

	if (!drivers)
		return -ENOMEM;
	table_init(&drivers->objects);
	table_init(&drivers->registrations);
	table_init(&drivers->names);
	table_init(&drivers->locals);
	table_init(&drivers->contexts);
	*ret_drivers = drivers;
	return 0;
}

void drivers_free(struct drivers *drivers)
{
	if (!drivers)
		return;
	drivers_clear(drivers);
	table_free(&drivers->objects);
	table_free(&drivers->registrations);
	table_free(&drivers->names);
	table_free(&drivers->contexts);
	spelled_free(&drivers->spelled);
	numbered_free(drivers);
	free(drivers->ends);
	free(drivers);
}

void drivers_clear(struct drivers *drivers)
{
	while (drivers->first_object) {
		struct io_object *object = drivers->first_object;

		while (object->registrations)
			drivers_unregister(drivers, object->registrations);
		drivers_remove_object(drivers, object);
	}
	while (drivers->leaked.first)
		drivers_forget(drivers, drivers->leaked.first);
	while (drivers->returned.first)
		drivers_forget(drivers, drivers->returned.first);
	drivers->in_doubt = false;
	drivers->sample_count = 0;
	while (drivers->first_driver) {
		struct driver *driver = drivers->first_driver;

		drivers->first_driver = driver->next;
		table_remove(&drivers->names, &driver->entry);
		session_objects_free(&driver->sessions);
		running_forget(driver);
		free(driver);
	}
}
