/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "plan.h"

const char *const source_names[SOURCES] = {
	[WDM] = "wdm", [WTS] = "wts", [SENS] = "sens", [LSM] = "lsm", [WINLOGON] = "winlogon",
};

static bool is_logged_on(enum state state)
{
	return state == LOGGED_ON || state == DISCONNECTED_LOGGED_ON;
}

unsigned world_shows(enum source source, enum state state, enum event event)
{
	switch (source) {
	case WDM:
		return 100;
	case WTS: /* the codes of Created and Terminated are reserved: they may never come */
		return event == CREATE || event == TERMINATE ? 30 : 100;
	case SENS:
	case LSM: /* they speak of users: Connected only as a reconnect */
		if (event == CREATE || event == TERMINATE)
			return 0;
		if (event == CONNECT)
			return is_logged_on(state) ? 100 : 0;
		if (event == DISCONNECT && (state == CREATED || state == CONNECTED))
			return source == SENS ? 50 : 0;
		return 100;
	case WINLOGON:
		return event == LOGON || event == LOGOFF ? 100 : 0;
	}
	return 0;
}

struct record *records_add(struct records *records)
{
	if (records->count == records->room) {
		records->room = records->room ? 2 * records->room : 1024;
		records->list = realloc(records->list, records->room * sizeof *records->list);
		if (!records->list) {
			perror("make_lives");
			exit(2);
		}
	}
	memset(&records->list[records->count], 0, sizeof *records->list);
	return &records->list[records->count++];
}

/* SplitMix64. */
uint64_t random_next(struct random *random)
{
	uint64_t x = random->state += 0x9e3779b97f4a7c15U;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
	x = (x ^ x >> 27) * 0x94d049bb133111ebU;
	return x ^ x >> 31;
}

unsigned random_below(struct random *random, unsigned bound)
{
	return (unsigned)((random_next(random) >> 32) * bound >> 32);
}

bool random_chance(struct random *random, unsigned permille)
{
	return random_below(random, 1000) < permille;
}

struct world {
	struct random *random;
	const struct plan *plan;
	struct records *records;
	enum state states[HOSTS_MAX][IDS_MAX];
	unsigned life[HOSTS_MAX][IDS_MAX];
	unsigned boots[HOSTS_MAX];
	bool started[HOSTS_MAX];
	unsigned lives;
};

static struct record *world_record(struct world *world, unsigned host, enum kind kind)
{
	struct record *record = records_add(world->records);

	record->kind = kind;
	record->host = host;
	record->boot = world->boots[host];
	return record;
}

static struct record *session_record(struct world *world, unsigned host, unsigned session,
				     enum kind kind)
{
	struct record *record = world_record(world, host, kind);

	record->session = session;
	record->life = world->life[host][session];
	return record;
}

static void host_start(struct world *world, unsigned host)
{
	for (unsigned id = 0; id < world->plan->ids; id++)
		world->states[host][id] = INITIALIZED;
	for (unsigned driver = 0; driver < world->plan->drivers; driver++)
		world_record(world, host, REGISTERED)->driver = driver;
	world->started[host] = true;
}

static void host_boot(struct world *world, unsigned host)
{
	if (random_chance(world->random, 500))
		world_record(world, host, SHUTDOWN);
	world->boots[host]++;
	if (world->plan->boots == BOOTS_MARKED || world->plan->boots == BOOTS_BOTH)
		world_record(world, host, BOOT);
	host_start(world, host);
}

/* Records what @source shows of an event, or of no event at all. */
static void session_show(struct world *world, unsigned host, unsigned session, enum source source,
			 enum event event, enum state before, enum state after)
{
	const struct plan *plan = world->plan;
	struct record *record;

	if (event != IGNORE &&
	    random_below(world->random, 100) >= world_shows(source, before, event))
		return;
	record = session_record(world, host, session, EVENT);
	record->source = source;
	record->event = event;
	record->before = before;
	record->after = after;
	record->says_before = plan->observed && random_chance(world->random, 300);
	record->says_after = plan->observed && random_chance(world->random, 300);
}

/* A 7001 comes also for a logon that fails. */
static void session_fail(struct world *world, unsigned host, unsigned session)
{
	enum state state = world->states[host][session];
	struct record *record;

	if (world->plan->sources[0] != WINLOGON || (state != CONNECTED && state != DISCONNECTED))
		return;
	record = session_record(world, host, session, EVENT);
	record->source = WINLOGON;
	record->event = LOGON;
}

static void session_sample(struct world *world, unsigned host, unsigned session)
{
	struct record *record = session_record(world, host, session, SAMPLE);

	record->source = world->plan->sources[0];
	record->before = record->after = world->states[host][session];
}

static void session_notify(struct world *world, unsigned host, unsigned session, enum event event)
{
	for (unsigned driver = 0; driver < world->plan->drivers; driver++) {
		struct record *record = session_record(world, host, session, NOTIFIED);

		record->driver = driver;
		record->event = event;
	}
}

/* What a session does next: it ends less often than it goes on, so that lives are not all short. */
static enum event session_choose(const struct world *world, enum state state)
{
	enum event possible[3 * EVENTS];
	unsigned count = 0;

	for (enum event event = CREATE; event <= LOGOFF; event++) {
		if (!session_next(state, event) ||
		    (!world->plan->reconnects && session_table[state][event] == NOWHERE))
			continue;
		for (unsigned weight = event == TERMINATE ? 1 : 3; weight > 0; weight--)
			possible[count++] = event;
	}
	return possible[random_below(world->random, count)];
}

static void session_step(struct world *world, unsigned host, unsigned session)
{
	const struct plan *plan = world->plan;
	enum state *state = &world->states[host][session], before;
	enum event event;

	if (*state == TERMINATED)
		*state = INITIALIZED;
	before = *state;
	event = session_choose(world, before);
	*state = session_next(before, event);
	if (event == CREATE)
		world->life[host][session] = ++world->lives;
	if (plan->drivers) {
		session_notify(world, host, session, event);
		return;
	}
	for (unsigned i = 0; i < plan->source_count; i++)
		session_show(world, host, session, plan->sources[i], event, before, *state);
	if (random_chance(world->random, 20))
		session_show(world, host, session, plan->sources[0], IGNORE, *state, *state);
	if (random_chance(world->random, 50))
		session_fail(world, host, session);
	if (plan->observed && random_chance(world->random, 30))
		session_sample(world, host, session);
}

void world_run(struct random *random, const struct plan *plan, struct records *ret_records)
{
	static struct world world;

	world = (struct world) { .random = random, .plan = plan, .records = ret_records };
	ret_records->count = 0;
	while (world.lives < plan->lives) {
		unsigned host = random_below(random, plan->hosts);

		if (!world.started[host])
			host_start(&world, host);
		if (plan->boots != BOOTS_NONE && random_chance(random, 8))
			host_boot(&world, host);
		session_step(&world, host, random_below(random, plan->ids));
	}
	if (plan->ends)
		world_record(&world, 0, END);
}
