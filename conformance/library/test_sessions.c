/* SPDX-License-Identifier: MIT */
/* The table of sessions against a plain array: whatever is added, ended, revived and removed, both
 * agree. */
#include <stdlib.h>
#include <string.h>

#include "check/state/sessions.h"
#include "random.h"
#include "tap.h"

#define IDS    3000U
#define SCOPES 3U
#define STEPS  400000U

/* What the array knows of one key. */
struct entry {
	uint32_t number; /* SESSION_NONE: not there */
	bool ended;
};

static struct entry entries[SCOPES][IDS];
static struct sessions sessions;
static struct session_list lists[SCOPES];

static uint32_t find(uint32_t scope, uint32_t id)
{
	return sessions_find(&sessions, session_hash(&sessions, scope, id, 0), scope, id, 0);
}

/* Does something that the entry allows; returns false if that went wrong. */
static bool act(uint32_t scope, uint32_t id)
{
	struct entry *entry = &entries[scope][id];

	if (entry->number == SESSION_NONE)
		return sessions_add(&sessions, session_hash(&sessions, scope, id, 0), scope, id, 0,
				    &lists[scope], &entry->number) == 0 &&
		       *sessions_guess(&sessions, scope, id) == entry->number;
	switch (random_below(3)) {
	case 0:
		sessions_remove(&sessions, entry->number, &lists[scope]);
		*entry = (struct entry) { 0 };
		break;
	case 1:
		if (!entry->ended)
			sessions_end(&sessions, entry->number, &lists[scope]);
		entry->ended = true;
		break;
	default:
		if (entry->ended)
			sessions_revive(&sessions, entry->number, &lists[scope]);
		entry->ended = false;
		break;
	}
	return true;
}

/* How many members a list has, by walking it forward; 0 if the way back is another one. */
static unsigned list_count(const struct session_list *list)
{
	unsigned forward = 0, backward = 0;

	for (uint32_t at = list->first; at != SESSION_NONE; at = sessions_at(&sessions, at)->next)
		forward++;
	for (uint32_t at = list->last; at != SESSION_NONE;
	     at = sessions_at(&sessions, at)->previous)
		backward++;
	return forward == backward ? forward : 0;
}

static unsigned disagreements(void)
{
	unsigned wrong = 0, live = 0, ended = 0, listed = list_count(&sessions.ended);

	for (uint32_t scope = 0; scope < SCOPES; scope++) {
		unsigned alive = 0;

		for (uint32_t id = 0; id < IDS; id++) {
			const struct entry *entry = &entries[scope][id];

			/* it may be another one, but is always one that there is, or was */
			wrong += *sessions_guess(&sessions, scope, id) > sessions.used;
			wrong += find(scope, id) != entry->number;
			alive += entry->number != SESSION_NONE && !entry->ended;
			ended += entry->ended;
		}
		wrong += list_count(&lists[scope]) != alive;
		live += alive;
	}
	return wrong + (live != sessions.live) + (ended != sessions.ended_count) +
	       (listed != ended);
}

/* How many guesses there are. */
static unsigned guesses(void)
{
	unsigned count = 0;

	for (uint32_t id = 0; id < sessions.slot_count / 2; id++)
		count += *sessions_guess(&sessions, 0, id) != SESSION_NONE;
	return count;
}

/* ---- history ---- */

/* Records of one session at lines that are close to each other, or far, one way or the other: what
 * is remembered of them are the last events back to one that is too far away. */
static void test_history(void)
{
	static struct session_past want[STEPS];
	struct session *session;
	uint32_t number;
	uint64_t line = 0;
	unsigned count = 0, since = 0, wrong = 0, most = 0, least = SESSIONLINT_HISTORY;

	if (sessions_add(&sessions, session_hash(&sessions, 0, 1, 0), 0, 1, 0, &lists[0], &number) <
	    0)
		return;
	session = sessions_at(&sessions, number);
	for (unsigned step = 0; step < STEPS / 10; step++) {
		uint64_t reach = one_in(30) ? 16ULL * PAST_REACH : one_in(4) ? PAST_REACH / 2 : 100;
		struct session_past past[SESSIONLINT_HISTORY];
		uint64_t before = line;
		unsigned known;

		line += random_below((unsigned)reach);
		if (one_in(3) && line > reach)
			line -= reach;
		if (one_in(5)) {
			/* a sample */
			if (count > since && lines_are_far(line, want[count - 1].line))
				since = count;
			session_met(session, 0, line, 0, 0);
		} else {
			if (lines_are_far(line, before))
				since = count;
			want[count] = (struct session_past) { line, (uint8_t)random_below(8) };
			session_remember(session, 0, want[count].event, line, 0, 0);
			count++;
		}
		known = count - since < SESSIONLINT_HISTORY ? count - since : SESSIONLINT_HISTORY;
		wrong += session_history(session, past) != known;
		for (unsigned i = 0; i < known; i++)
			wrong += past[i].line != want[count - known + i].line ||
				 past[i].event != want[count - known + i].event;
		most = known > most ? known : most;
		least = known < least ? known : least;
	}
	tap_ok(wrong == 0 && most == SESSIONLINT_HISTORY && least == 0,
	       "the last events are remembered, whatever the distance of their lines");
}

int main(void)
{
	unsigned wrong = 0, checks = 0;
	bool found = sessions_init(&sessions) == 0;

	for (unsigned step = 0; step < STEPS && found; step++) {
		/* the number of those that are there swells and shrinks */
		unsigned reach = 1 + (step / 1000 % 2 ? IDS - 1 : IDS / 50);

		found = act(random_below(SCOPES), random_below(reach));
		if (step % 5000 == 0) {
			wrong += disagreements();
			checks++;
		}
	}
	wrong += disagreements();
	tap_ok(found, "there is memory enough, and each new session is found by its id");
	tap_ok(wrong == 0,
	       "%u steps, compared %u times: every session is found, listed and counted", STEPS,
	       checks + 1);
	sessions_clear(&sessions);
	memset(lists, 0, sizeof lists);
	tap_ok(find(0, 0) == SESSION_NONE && sessions.live == 0 && guesses() == 0 &&
		       sessions_surplus(&sessions) == SESSION_NONE,
	       "a cleared table is empty");
	test_history();
	sessions_free(&sessions);
	return tap_done();
}
