/* SPDX-License-Identifier: MIT */
/*
 * Breaches of what a session does. Each leaves the session where the checker must take it to be, or
 * within the set of states in which it must take it to be; a life has one at most.
 */
#include "world.h"

static const char *const illegal_transition[] = { "session/illegal-transition", NULL };
static const char *const undocumented[] = { "session/undocumented-transition", NULL };
static const char *const wrong_state[] = { "session/wrong-state", NULL };
static const char *const invalid_event[] = { "session/invalid-event", NULL };
static const char *const invalid_state[] = { "session/invalid-state", NULL };
static const char *const invalid_local[] = { "notification/invalid-local", NULL };
static const char *const payload_missing[] = { "notification/payload-missing", NULL };
static const char *const payload_length[] = { "notification/payload-length", NULL };
static const char *const payload_session[] = { "notification/payload-session", NULL };

static bool is_unbreached(const struct session *session)
{
	return !session->breached;
}

static bool is_away(const struct session *session)
{
	return is_intact(session) && session->state == DISCONNECTED_LOGGED_ON;
}

static bool is_not_connected(const struct session *session)
{
	return session->state == CREATED || session->state == DISCONNECTED ||
	       session->state == DISCONNECTED_LOGGED_ON;
}

static bool is_before_connect(const struct session *session)
{
	return session->state == CREATED || session->state == DISCONNECTED;
}

/* Where an event leads from wherever it can happen. */
static uint32_t landing(struct world *world, uint32_t event)
{
	uint32_t state;

	do
		state = 1 + below(world, STATES - 1);
	while (session_table[state][event] == 0);
	return session_table[state][event];
}

static bool seed_illegal(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_unbreached), event;
	struct session *session = &world->sessions[number];

	if (number == NOBODY)
		return false;
	do
		event = CREATE + below(world, LOGOFF);
	while (session_table[session->state][event] ||
	       (session->state == DISCONNECTED_LOGGED_ON && event == CONNECT) ||
	       (session->state == TERMINATED && event == CREATE));
	event_happen(world, number, event, landing(world, event), NULL);
	session->breached = true;
	ledger_write(world, kind->name, number, NOBODY, session->event_line, illegal_transition);
	return true;
}

/* What Windows does when a user comes back, and the table lacks. */
static bool seed_undocumented(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_away);

	if (number == NOBODY)
		return false;
	event_happen(world, number, CONNECT, LOGGED_ON, NULL);
	world->sessions[number].breached = true;
	ledger_write(world, kind->name, number, NOBODY, world->line, undocumented);
	return true;
}

void sample_write(const char *state, struct world *world, uint32_t number, const char *extra)
{
	line_begin(world);
	printf("session=%" PRIu32 " state=%s%s", number, state, extra);
	line_end();
}

static bool seed_sample(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_intact), state;
	struct session *session = &world->sessions[number];

	if (number == NOBODY)
		return false;
	do
		state = CREATED + below(world, TERMINATED);
	while (state == session->state ||
	       /* Created must not follow Created: who was not told of one, would not say of which
		*/
	       (session->state == CREATED && (state == INITIALIZED || state == TERMINATED)));
	sample_write(session_state_name(state), world, number, "");
	session->state = state;
	session->breached = true;
	ledger_write(world, kind->name, number, NOBODY, world->line, wrong_state);
	return true;
}

/* from says another state from which the event is legal, too. */
static bool seed_from(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_intact), event, from;
	struct session *session = &world->sessions[number];
	char extra[64];

	if (number == NOBODY)
		return false;
	event = event_pick(world, session);
	from = CREATED + below(world, TERMINATED);
	if (from == session->state || session_table[from][event] == 0)
		return false;
	snprintf(extra, sizeof extra, " from=IoSessionState%s%s%s", session_state_name(from),
		 chance(world, 50) ? " to=" : " x-to=",
		 session_state_name(session_table[from][event]));
	event_happen(world, number, event, session_table[from][event], extra);
	session->breached = true;
	ledger_write(world, kind->name, number, NOBODY, session->event_line, wrong_state);
	return true;
}

static bool seed_to(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_intact), event, to;
	struct session *session = &world->sessions[number];
	char extra[64];

	if (number == NOBODY)
		return false;
	event = event_pick(world, session);
	to = CONNECTED + below(world, LOGGED_OFF - CONNECTED + 1);
	if (event == TERMINATE || session_table[session->state][event] == to)
		return false;
	snprintf(extra, sizeof extra, " to=%s", session_state_name(to));
	event_happen(world, number, event, to, extra);
	session->breached = true;
	ledger_write(world, kind->name, number, NOBODY, session->event_line, wrong_state);
	return true;
}

static bool seed_invalid_event(struct world *world, const struct kind *kind)
{
	static const char *const events[] = { "7", "Max",  "IoSessionEventMax",
					      "8", "0x63", "4294967295" };
	uint32_t number = session_find(world, is_intact);

	if (number == NOBODY)
		return false;
	line_begin(world);
	printf("session=%" PRIu32 " event=%s", number, events[below(world, 6)]);
	line_end();
	world->sessions[number].breached = true;
	ledger_write(world, kind->name, number, NOBODY, world->line, invalid_event);
	return true;
}

/* @detail: a sample, from, or to */
static bool seed_invalid_state(struct world *world, const struct kind *kind)
{
	static const char *const states[] = { "0",    "9",         "Max", "IoSessionStateMax",
					      "0x40", "4294967295" };
	static const char *const keys[] = { "", "from", "to" };
	uint32_t number = session_find(world, is_alive), event;
	struct session *session = &world->sessions[number];
	const char *state = states[below(world, 6)];
	char extra[64];

	if (number == NOBODY)
		return false;
	if (kind->detail == 0) {
		sample_write(state, world, number, "");
		ledger_write(world, kind->name, number, NOBODY, world->line, invalid_state);
		return true;
	}
	event = event_pick(world, session);
	snprintf(extra, sizeof extra, " %s=%s", keys[kind->detail], state);
	event_happen(world, number, event, session_table[session->state][event], extra);
	ledger_write(world, kind->name, number, NOBODY, session->event_line, invalid_state);
	return true;
}

static bool seed_local_sample(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_not_connected);

	if (number == NOBODY)
		return false;
	sample_write(session_state_name(world->sessions[number].state), world, number,
		     chance(world, 50) ? " local=true" : " local=0");
	ledger_write(world, kind->name, number, NOBODY, world->line, invalid_local);
	return true;
}

/* An event in order, but for its payload. */
static bool payload_seed(struct world *world, const char *name, uint32_t number, uint32_t event,
			 const char *payload, const char *const *rules)
{
	struct session *session = &world->sessions[number];

	event_happen(world, number, event, session_table[session->state][event], payload);
	ledger_write(world, name, number, NOBODY, session->event_line, rules);
	return true;
}

static bool seed_missing(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_before_connect);

	return number != NOBODY && payload_seed(world, kind->name, number, CONNECT,
						" payload_length=0", payload_missing);
}

static bool seed_local(struct world *world, const struct kind *kind)
{
	uint32_t number = session_find(world, is_alive), event;
	char payload[80];

	if (number == NOBODY)
		return false;
	event = event_pick(world, &world->sessions[number]);
	if (event != TERMINATE && event != DISCONNECT)
		return false;
	snprintf(payload, sizeof payload, " payload_session=%" PRIu32 " payload_local=true",
		 number);
	return payload_seed(world, kind->name, number, event, payload, invalid_local);
}

/* @detail: the length is wrong, not the session */
static bool seed_payload(struct world *world, const struct kind *kind)
{
	static const unsigned lengths[] = { 1, 4, 7, 1, 7, 300, 257, 4096 };
	uint32_t number = session_find(world, is_alive);
	char payload[80];

	if (number == NOBODY)
		return false;
	snprintf(payload, sizeof payload, " payload_session=%" PRIu32 " payload_length=%u",
		 number + (kind->detail ? 0 : 1 + below(world, 9)),
		 kind->detail ? lengths[below(world, 8)] : 8);
	return payload_seed(world, kind->name, number, event_pick(world, &world->sessions[number]),
			    payload, kind->detail ? payload_length : payload_session);
}

const struct kind session_kinds[] = {
	{ "illegal event", seed_illegal, 0 },
	{ "reconnect to where somebody is logged on", seed_undocumented, 0 },
	{ "sample of another state", seed_sample, 0 },
	{ "from another state", seed_from, 0 },
	{ "to another state", seed_to, 0 },
	{ "event outside", seed_invalid_event, 0 },
	{ "sampled state outside", seed_invalid_state, 0 },
	{ "from outside", seed_invalid_state, 1 },
	{ "to outside", seed_invalid_state, 2 },
	{ "sample tells whether local, of a session that is not connected", seed_local_sample, 0 },
	{ "event Connected without payload", seed_missing, 0 },
	{ "event tells whether local, of a session that is not connected", seed_local, 0 },
	{ "event with a payload of another session", seed_payload, 0 },
	{ "event with a payload of another length", seed_payload, 1 },
	{ NULL, NULL, 0 },
};
