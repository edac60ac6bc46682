/* SPDX-License-Identifier: MIT */
#include "simulated.h"

#include <inttypes.h>
#include <string.h>

/* xorshift64*: the same on every system */
uint32_t below(struct host *host, uint32_t limit)
{
	host->random ^= host->random >> 12;
	host->random ^= host->random << 25;
	host->random ^= host->random >> 27;
	return (uint32_t)((host->random * 0x2545f4914f6cdd1dU >> 32) * limit >> 32);
}

bool chance(struct host *host, uint32_t percent)
{
	return below(host, 100) < percent;
}

static uint32_t event_pick(struct host *host, const struct session *session)
{
	uint32_t event;

	if (session->state == INITIALIZED || session->state == TERMINATED)
		return CREATE;
	do
		event = CREATE + below(host, LOGOFF);
	while (session_next(session->state, event) == 0 ||
	       (event == TERMINATE && chance(host, 50)));
	return event;
}

static void session_step(struct host *host)
{
	uint32_t at = below(host, host->settings.sessions_count);
	struct session *session = &host->sessions[at];
	uint32_t event = event_pick(host, session);

	if (event == CREATE) {
		session->state = INITIALIZED;
		host->next_object += 0x40;
		session->object = host->next_object;
		session->known = false;
	}
	if (event == CONNECT)
		session->local = chance(host, 50);
	session->state = session_next(session->state, event);
	if (host->settings.events)
		record_write(host, number_take(host), "session=%" PRIu32 " event=%s", session->id,
			     session_event_name(event));
	event_dispatch(host, at, event);
}

static void sample_step(struct host *host)
{
	const struct session *session = &host->sessions[below(host, host->settings.sessions_count)];
	bool connected = session->state == CONNECTED || session->state == LOGGED_ON ||
			 session->state == LOGGED_OFF;

	/* who asks has the object from a callback */
	if (!session->known || session->state == TERMINATED)
		return;
	record_write(host, number_take(host), "driver=d0.sys session=%" PRIu32 " state=%s%s",
		     session->id, session_state_name(session->state),
		     !connected       ? ""
		     : session->local ? " local=true"
				      : " local=false");
}

static void host_boot(struct host *host)
{
	/* without numbers it is not known that a call is missing that does not return */
	for (uint32_t i = 0; i < host->settings.drivers; i++)
		if (!host->settings.numbered && host->calls[i] > 0)
			return;
	if (chance(host, 50)) {
		record_write(host, number_take(host), "marker=shutdown");
		for (uint32_t i = below(host, 10); i > 0; i--)
			callback_step(host);
	}
	drivers_vanish(host);
	for (uint32_t i = 0; i < host->settings.sessions_count; i++) {
		host->sessions[i].state = INITIALIZED;
		host->sessions[i].known = false;
	}
	/* records of one boot do not mix with those of the other */
	host->barrier = host->settings.shuffled ? host->seq * 8 + 64 : 0;
	record_write(host, number_take(host), "marker=boot");
	host->barrier += host->settings.shuffled;
}

static void host_step(struct host *host)
{
	uint32_t what = below(host, 1000);

	if (host->settings.boots && what < 10)
		host_boot(host);
	else if (host->settings.samples && what < 60)
		sample_step(host);
	else if (what < 300)
		driver_step(host);
	else if (what < 450 || host->item_count > ITEMS_MAX / 2)
		callback_step(host);
	else if (host->item_count > 0 && !chance(host, host->settings.lag))
		callback_step(host);
	else if (host->item_count < ITEMS_MAX / 2)
		session_step(host);
}

void host_run(struct host *host, const struct settings *settings, uint64_t seed)
{
	memset(host, 0, sizeof *host);
	host->settings = *settings;
	host->random = (seed + 1) * 0x9e3779b97f4a7c15U;
	host->next_object = 0xffffa000;
	for (uint32_t i = 0; i < settings->sessions_count; i++)
		host->sessions[i] = (struct session) { .id = i + 1, .state = INITIALIZED };
	for (uint32_t i = 0; i < settings->objects_count; i++)
		host->objects[i] = (struct object) {
			.driver = i % settings->drivers,
			.number = i / settings->drivers,
		};
	/* a number that is not the first would leave open what came before */
	record_write(host, number_take(host), "driver=d0.sys object=created io=first");
	while (host->seq < settings->steps)
		host_step(host);
	drivers_finish(host);
	if (!settings->cut)
		record_write(host, number_take(host), "marker=end");
}
