/* SPDX-License-Identifier: MIT */
/* Drivers: their I/O objects, calls and callbacks. */
#include "simulated.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool is_gone(const struct registration *registration)
{
	return registration->stage == STAGE_NONE;
}

bool is_drained(const struct host *host, uint32_t registration)
{
	for (uint32_t i = 0; i < host->item_count; i++)
		if (host->items[i].registration == registration)
			return false;
	return true;
}

static bool selects(const struct registration *registration, uint32_t event)
{
	return registration->mask & 1U << (event - 1);
}

void event_dispatch(struct host *host, uint32_t session, uint32_t event)
{
	const struct session *about = &host->sessions[session];

	for (uint32_t i = 0; i < REGISTRATIONS; i++) {
		const struct registration *one = &host->registrations[i];
		uint32_t device = host->objects[one->object].device_session;

		if (one->stage < STAGE_EFFECTIVE || one->stage > STAGE_ENDING || one->refused ||
		    !selects(one, event) || (device && device != about->id))
			continue;
		if (host->item_count == ITEMS_MAX)
			abort();
		host->items[host->item_count++] = (struct item) {
			.registration = i,
			.session = session,
			.id = about->id,
			.event = event,
			.object = about->object,
			.local = about->local,
		};
	}
}

/* ---- what records hold ---- */

/* The beginning of a record of an object's driver. */
static const char *prefix(const struct object *object, char buffer[64])
{
	snprintf(buffer, 64, "driver=d%" PRIu32 ".sys ", object->driver);
	return buffer;
}

static void name_of(const struct object *object, char buffer[32])
{
	snprintf(buffer, 32, "0xFFFFC1%02" PRIX32 "0000%02" PRIX32 "00", object->driver + 1,
		 object->number + 1);
}

/* ---- calls ---- */

static void register_text(const struct host *host, const struct registration *one,
			  char buffer[RECORD_SIZE])
{
	const struct object *object = &host->objects[one->object];
	char start[64], name[32];

	name_of(object, name);
	snprintf(buffer, RECORD_SIZE,
		 "%scall=IoRegisterContainerNotification class=0 io=%s size=32 length=32 flags=0x0 "
		 "mask=0x%" PRIx32 " context=0x%" PRIx32,
		 prefix(object, start), name, one->mask, one->context);
}

/* Whether another registration of the object is effective. */
static bool is_registered(const struct host *host, uint32_t object)
{
	for (uint32_t i = 0; i < REGISTRATIONS; i++) {
		const struct registration *one = &host->registrations[i];

		if (one->object == object && one->stage >= STAGE_EFFECTIVE &&
		    one->stage <= STAGE_ENDING && !one->refused)
			return true;
	}
	return false;
}

static bool register_begin(struct host *host, uint32_t driver)
{
	uint32_t at = below(host, host->settings.objects_count), free = 0;
	struct object *object = &host->objects[at];
	struct registration *one;
	char text[RECORD_SIZE];

	while (free < REGISTRATIONS && !is_gone(&host->registrations[free]))
		free++;
	if (free == REGISTRATIONS || object->driver != driver || !object->exists)
		return false;
	one = &host->registrations[free];
	*one = (struct registration) {
		.stage = STAGE_CALLED,
		.object = at,
		.mask = chance(host, 50) ? 0x3f : 1 + below(host, 0x3f),
		.context = chance(host, 30) ? 0 : 0x1000 + below(host, 4096) * 16,
	};
	object->users++;
	host->calls[driver]++;
	one->begun = number_take(host);
	one->form = form_pick(host);
	if (one->form == FORM_TWO) {
		register_text(host, one, text);
		record_write(host, one->begun, "%s phase=begin", text);
	}
	return true;
}

/* The call takes effect, or is refused. */
static bool register_take(struct host *host, struct registration *one)
{
	one->status = "STATUS_SUCCESS";
	if (is_registered(host, one->object))
		one->status = "STATUS_ALREADY_COMMITTED";
	else if (chance(host, 5))
		one->status = "STATUS_INSUFFICIENT_RESOURCES";
	one->refused = strcmp(one->status, "STATUS_SUCCESS") != 0;
	one->stage = STAGE_EFFECTIVE;
	return true;
}

static bool register_end(struct host *host, struct registration *one)
{
	struct object *object = &host->objects[one->object];
	char text[RECORD_SIZE], extra[96];

	register_text(host, one, text);
	snprintf(extra, sizeof extra, " status=%s", one->status);
	if (!one->refused) {
		one->handle = 0xb000 + host->handles++ % 12 * 16;
		/* a handle that is in use is not given again */
		for (uint32_t i = 0; i < REGISTRATIONS; i++)
			if (&host->registrations[i] != one && !is_gone(&host->registrations[i]) &&
			    host->registrations[i].handle == one->handle) {
				one->handle = 0xb000 + host->handles++ * 16 + 0x1000;
				break;
			}
		snprintf(extra, sizeof extra, " status=%s registration=0x%" PRIx32, one->status,
			 one->handle);
	}
	span_write(host, one->form, one->begun, "%s%s", text, extra);
	host->calls[object->driver]--;
	one->stage = STAGE_LIVE;
	if (one->refused) {
		one->stage = STAGE_NONE;
		object->users--;
	}
	return true;
}

static void unregister_text(const struct host *host, const struct registration *one,
			    char buffer[RECORD_SIZE])
{
	char start[64];

	snprintf(buffer, RECORD_SIZE,
		 "%scall=IoUnregisterContainerNotification registration=0x%" PRIx32,
		 prefix(&host->objects[one->object], start), one->handle);
}

static bool unregister_begin(struct host *host, struct registration *one)
{
	char text[RECORD_SIZE];

	one->stage = STAGE_ENDING;
	host->calls[host->objects[one->object].driver]++;
	one->form = form_pick(host);
	if (one->form != FORM_ONE)
		one->begun = number_take(host);
	if (one->form == FORM_TWO) {
		unregister_text(host, one, text);
		record_write(host, one->begun, "%s phase=begin", text);
	}
	return true;
}

static bool unregister_end(struct host *host, struct registration *one)
{
	struct object *object = &host->objects[one->object];
	char text[RECORD_SIZE];

	if (!is_drained(host, (uint32_t)(one - host->registrations)))
		return false;
	unregister_text(host, one, text);
	if (one->form == FORM_ONE)
		one->begun = number_take(host);
	span_write(host, one->form, one->begun, "%s", text);
	host->calls[object->driver]--;
	object->users--;
	one->stage = STAGE_NONE;
	return true;
}

/* One step of a registration; false if it cannot do one now. */
static bool registration_step(struct host *host, struct registration *one, bool finish)
{
	const struct object *object = &host->objects[one->object];

	switch (one->stage) {
	case STAGE_CALLED:
		return register_take(host, one);
	case STAGE_EFFECTIVE:
		return register_end(host, one);
	case STAGE_LIVE:
		if ((host->calls[object->driver] > 0 && !host->settings.threads) ||
		    (!finish && !chance(host, 12)))
			return false;
		return unregister_begin(host, one);
	case STAGE_ENDING:
		one->stage = STAGE_STOPPED;
		return true;
	case STAGE_STOPPED:
		return unregister_end(host, one);
	case STAGE_NONE:
		break;
	}
	return false;
}

/* ---- I/O objects ---- */

static void object_write(struct host *host, const struct object *object, const char *what)
{
	char start[64], name[32], device[40] = "";

	if (!host->settings.objects && !object->device_session)
		return;
	name_of(object, name);
	if (object->device_session && strcmp(what, "created") == 0)
		snprintf(device, sizeof device, " device_session=%" PRIu32, object->device_session);
	record_write(host, number_take(host), "%sobject=%s io=%s%s", prefix(object, start), what,
		     name, device);
}

static bool object_step(struct host *host)
{
	struct object *object = &host->objects[below(host, host->settings.objects_count)];

	if (host->calls[object->driver] > 0 && !host->settings.threads)
		return false;
	if (!object->exists) {
		object->exists = true;
		object->device_session =
			host->settings.objects && chance(host, 30)
				? host->sessions[below(host, host->settings.sessions_count)].id
				: 0;
		object_write(host, object, "created");
		return true;
	}
	if (object->users > 0 || !chance(host, 20))
		return false;
	object_write(host, object, "deleted");
	object->exists = false;
	return true;
}

/* ---- steps ---- */

static bool live_step(struct host *host, bool finish)
{
	uint32_t first = below(host, REGISTRATIONS);

	for (uint32_t i = 0; i < REGISTRATIONS; i++) {
		struct registration *one = &host->registrations[(first + i) % REGISTRATIONS];

		if (!is_gone(one) && registration_step(host, one, finish))
			return true;
	}
	return false;
}

void driver_step(struct host *host)
{
	uint32_t driver = below(host, host->settings.drivers);

	if (chance(host, 60) && live_step(host, false))
		return;
	if (chance(host, 30) && object_step(host))
		return;
	if (host->calls[driver] == 0 || host->settings.threads)
		register_begin(host, driver);
}

/* ---- callbacks ---- */

static void notify_text(struct host *host, const struct item *item, bool named,
			char buffer[RECORD_SIZE])
{
	const struct registration *one = &host->registrations[item->registration];
	const struct object *object = &host->objects[one->object];
	char start[64], name[32], session[32] = "";
	size_t size;

	name_of(object, name);
	if (named)
		snprintf(session, sizeof session, "session=%" PRIu32 " ", item->id);
	size = (size_t)snprintf(buffer, RECORD_SIZE, "%s%snotify=%s io=%s context=0x%" PRIx32,
				prefix(object, start), session, session_event_name(item->event),
				name, one->context);
	if (host->settings.session_objects)
		size += (size_t)snprintf(buffer + size, RECORD_SIZE - size,
					 " session_object=0x%" PRIx64, item->object);
	if (item->event == CONNECT)
		snprintf(buffer + size, RECORD_SIZE - size,
			 " payload_session=%" PRIu32 " payload_local=%s payload_length=8", item->id,
			 item->local ? "true" : "false");
	else
		snprintf(buffer + size, RECORD_SIZE - size, " payload_length=0");
}

static void callback_begin(struct host *host, struct item *item)
{
	char text[RECORD_SIZE];

	item->called = true;
	if (host->sessions[item->session].object == item->object)
		host->sessions[item->session].known = true;
	item->status = chance(host, 97) ? "STATUS_SUCCESS" : "STATUS_UNSUCCESSFUL";
	item->begun = number_take(host);
	item->form = form_pick(host);
	if (item->form != FORM_TWO)
		return;
	/* what the payload does not say, the callback has to ask for */
	item->nameless = host->settings.nameless && chance(host, 30);
	notify_text(host, item, !item->nameless, text);
	record_write(host, item->begun, "%s phase=begin", text);
}

static void callback_end(struct host *host, struct item *item)
{
	char text[RECORD_SIZE];
	uint32_t at = (uint32_t)(item - host->items);

	notify_text(host, item, true, text);
	span_write(host, item->form, item->begun, "%s status=%s", text, item->status);
	host->item_count--;
	memmove(item, item + 1, (host->item_count - at) * sizeof *item);
}

/* Whether it is the next of its session for its registration. */
static bool is_next(const struct host *host, uint32_t at)
{
	const struct item *item = &host->items[at];

	for (uint32_t i = 0; i < at; i++)
		if (host->items[i].registration == item->registration &&
		    host->items[i].session == item->session)
			return false;
	return true;
}

void callback_step(struct host *host)
{
	uint32_t at;

	if (host->item_count == 0)
		return;
	at = below(host, host->item_count);
	while (!is_next(host, at))
		at--;
	if (!host->items[at].called)
		callback_begin(host, &host->items[at]);
	else
		callback_end(host, &host->items[at]);
}

void drivers_finish(struct host *host)
{
	bool busy = true;

	while (busy) {
		busy = host->item_count > 0 || live_step(host, true);
		callback_step(host);
	}
	for (uint32_t i = 0; i < host->settings.objects_count; i++) {
		if (host->objects[i].exists)
			object_write(host, &host->objects[i], "deleted");
		host->objects[i].exists = false;
	}
}

void drivers_vanish(struct host *host)
{
	host->item_count = 0;
	memset(host->registrations, 0, sizeof host->registrations);
	memset(host->calls, 0, sizeof host->calls);
	for (uint32_t i = 0; i < host->settings.objects_count; i++) {
		host->objects[i].exists = false;
		host->objects[i].users = 0;
	}
}
