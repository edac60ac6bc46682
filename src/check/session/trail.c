/* SPDX-License-Identifier: MIT */
#include "check/session/trail.h"

#include <string.h>

#include "check/state/registrations.h"
#include "trace/keys.h"

/* The trail of session @number, or NULL after noting that there is no memory. */
static struct trail *find(struct checker *checker, uint32_t number)
{
	struct trail *trail = number == SESSION_NONE ? NULL : trails_at(&checker->trails, number);

	if (!trail)
		checker->trails.failed = true;
	return trail;
}

static void add(struct checker *checker, struct trail *trail, unsigned code)
{
	if (trail_add(trail, (uint8_t)code) < 0)
		checker->trails.failed = true;
}

void trail_note(struct checker *checker, const struct session *session, unsigned code)
{
	struct trail *trail;

	if (!checker->options.trail)
		return;
	trail = find(checker, session_number(&checker->sessions, session));
	if (trail)
		add(checker, trail, code);
}

static void add_notified(struct checker *checker, struct trail *trail, unsigned code,
			 const struct trail_notified *notified)
{
	uint8_t bytes[1 + sizeof *notified] = { (uint8_t)code };

	memcpy(bytes + 1, notified, sizeof *notified);
	if (trail_extend(trail, bytes, sizeof bytes) < 0)
		checker->trails.failed = true;
}

/* The registrations that a trail is about. Returns how many they are, at most TRAIL_KNOWN_MAX + 1.
 */
static unsigned list_known(const struct trail *trail,
			   struct trail_notified known[TRAIL_KNOWN_MAX + 1])
{
	const uint8_t *bytes = trail_bytes(trail);
	unsigned count = 0, i;

	for (uint32_t at = 0; at < trail->size && count <= TRAIL_KNOWN_MAX; at++) {
		if (!trail_more(bytes[at]))
			continue;
		memcpy(&known[count], bytes + at + 1, sizeof *known);
		for (i = 0; known[i].serial != known[count].serial; i++)
			;
		count += i == count;
		at += trail_more(bytes[at]);
	}
	return count;
}

/* Begins the next incarnation of an id, with the registrations that were notified of it so far. */
static void renew(struct checker *checker, struct trail *trail)
{
	struct trail_notified known[TRAIL_KNOWN_MAX + 1];
	unsigned count = list_known(trail, known);

	trail_clear(trail);
	add(checker, trail, TRAIL_RENEWED);
	if (count > TRAIL_KNOWN_MAX)
		add(checker, trail, TRAIL_UNCOVERED);
	for (unsigned i = 0; i < count && count <= TRAIL_KNOWN_MAX; i++)
		add_notified(checker, trail, TRAIL_KNOWN, &known[i]);
}

void trail_begin(struct checker *checker, const struct session *session, enum trail_code code)
{
	struct trail *trail;

	if (!checker->options.trail)
		return;
	trail = find(checker, session_number(&checker->sessions, session));
	if (!trail)
		return;
	if (code == TRAIL_RENEWED && session->flags & SESSION_NOTIFIED) {
		renew(checker, trail);
		return;
	}
	trail_clear(trail);
	if (code != TRAIL_RENEWED)
		trail->bytes.own.carried = (struct incarnation_carried) { 0 };
	add(checker, trail, code);
}

/* Adds an event, after the states that it names; an invalid one says nothing about the session. */
static inline void add_event(struct checker *checker, struct trail *trail, uint32_t event,
			     uint32_t from, uint32_t to)
{
	if (state_is_valid(from))
		add(checker, trail, TRAIL_FROM | from);
	if (state_is_valid(to))
		add(checker, trail, TRAIL_TO | to);
	add(checker, trail, event < SESSIONLINT_EVENT_MAX ? event : TRAIL_INVALID);
}

void trail_event(struct checker *checker, uint32_t number, uint32_t event, uint32_t from,
		 uint32_t to)
{
	struct trail *trail = find(checker, number);

	if (trail)
		add_event(checker, trail, event, from, to);
}

void trail_record(struct checker *checker, uint32_t number, const struct record *record)
{
	struct trail *trail = find(checker, number);

	if (!trail)
		return;
	if (record->kind == RECORD_MARKER)
		add(checker, trail, TRAIL_REPORTED);
	else if (record->kind == RECORD_STATE &&
		 sessions_at(&checker->sessions, number)->flags & SESSION_NOTIFIED)
		add(checker, trail, TRAIL_ASIDE);
	else if (record->kind == RECORD_STATE)
		add(checker, trail,
		    TRAIL_SAMPLE | (state_is_valid(record->state) ? record->state : 0));
	else if (record->activity)
		add(checker, trail, TRAIL_ACTIVITY | record->activity);
	else
		add_event(checker, trail, record->event,
			  record_has(record, KEY_FROM) ? record->from : 0,
			  record_has(record, KEY_TO) ? record->to : 0);
}

void trail_notification(struct checker *checker, uint32_t number,
			const struct trail_notified *notified, uint32_t event)
{
	struct trail *trail = find(checker, number);

	if (!trail)
		return;
	add_notified(checker, trail, TRAIL_NOTIFIED, notified);
	add(checker, trail, event);
}

void trail_end(struct checker *checker, const struct session *session,
	       enum incarnation_verdict verdict)
{
	const struct run_trail *follower = checker->options.trail;
	const struct drivers *drivers = checker->hosts.hosts[session->scope].drivers;
	const struct host_name *name;
	struct ended_incarnation ended;
	struct trail *trail;

	if (!follower)
		return;
	trail = find(checker, session_number(&checker->sessions, session));
	if (!trail)
		return;
	name = &checker->names->hosts[session->scope];
	ended = (struct ended_incarnation) {
		.host = checker->hosts.hosts[session->scope].name,
		.number = session->scope,
		.source = (enum sessionlint_source)session->source,
		.session = session->id,
		.verdict = verdict,
		.inherited = checker->hosts.hosts[session->scope].inherited,
		.terminated = session->beliefs[0] == belief_of(SESSIONLINT_STATE_TERMINATED),
		.trail = trail_bytes(trail),
		.size = trail->size,
		.carried = &trail->bytes.own.carried,
	};
	if (name->split || name->arrivals.split_off)
		ended.driver = name->arrivals.streams->driver;
	if (drivers) {
		ended.next = drivers->notifying;
		ended.ends = drivers->ends;
		ended.end_count = drivers->end_count;
	}
	follower->incarnation(follower->userdata, &ended);
}
