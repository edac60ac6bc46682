/* SPDX-License-Identifier: MIT */
/* The step that nearly every event is: the published table explains it, and nothing is in doubt. */
#ifndef CHECK_SESSION_SIMPLE_STEP_H
#define CHECK_SESSION_SIMPLE_STEP_H

#include <string.h>

#include "base/bytes.h"
#include "check/session/session.h"

#define RUNGS TOLERANCE_COUNT

/* The states that a record allows by naming @state, which is valid, or 0 for none. */
static inline sessionlint_belief states_named(uint32_t state)
{
	return state ? belief_of(state) : SESSIONLINT_BELIEF_ANY;
}

/* Flags of sessions that have to be looked at closely. */
#define SESSION_SPECIAL (SESSION_OBSERVED | SESSION_LOST)

/* Whether no violation is in doubt, and nobody watches. */
static inline bool session_is_certain(const struct session *session)
{
	return !(session->without_violation | (session->flags & SESSION_SPECIAL));
}

/* Whether all rungs have the same belief, as they mostly have. */
static inline bool beliefs_agree(const sessionlint_belief beliefs[RUNGS])
{
	uint32_t all;

	_Static_assert(sizeof all == RUNGS, "a byte for each rung");
	memcpy(&all, beliefs, sizeof all);
	return all == beliefs[0] * (uint32_t)EACH_BYTE;
}

/*
 * Advances the beliefs of a session, which is certain, by @event, which is one of the table, from
 * one of the states @from to one of @to, if that is all there is to do: the published table
 * explains it. Returns false otherwise, with nothing changed.
 */
static inline bool session_step_simply(const struct model_ladder *ladder, struct session *session,
				       uint32_t event, sessionlint_belief from,
				       sessionlint_belief to)
{
	const struct model *rungs = ladder->rungs;
	sessionlint_belief first;

	/* Created shows where a session begins of which that was unknown; another event that a new
	 * incarnation explains does not, right after a loss */
	if (event == SESSIONLINT_EVENT_CREATED && session->flags & SESSION_UNKNOWN)
		return false;
	if ((from & to) == SESSIONLINT_BELIEF_ANY && beliefs_agree(session->beliefs)) {
		const sessionlint_belief *joint = ladder->joint[event][session->beliefs[0]];

		if (!joint[0])
			return false;
		memcpy(session->beliefs, joint, sizeof session->beliefs);
		return true;
	}
	if ((from & to) == SESSIONLINT_BELIEF_ANY) {
		first = rungs[0].next[event][session->beliefs[0]];
		if (!first)
			return false;
		session->beliefs[0] = first;
		for (unsigned i = 1; i < RUNGS; i++)
			session->beliefs[i] = rungs[i].next[event][session->beliefs[i]];
		return true;
	}
	first = rungs[0].reached[event][session->beliefs[0] & from] & to;
	if (!first)
		return false;
	session->beliefs[0] = rungs[0].closure[first];
	for (unsigned i = 1; i < RUNGS; i++)
		session->beliefs[i] =
			rungs[i].closure[rungs[i].reached[event][session->beliefs[i] & from] & to];
	return true;
}

/*
 * The beliefs, by rung, after a Created that happens in one of the states @from and leads to one of
 * @to, where the session has ended: only that its id is used again explains it, and so it begins an
 * incarnation. Returns false if something else explains it, or nothing does.
 */
static inline bool beliefs_renew(const struct model_ladder *ladder,
				 const sessionlint_belief beliefs[RUNGS], sessionlint_belief from,
				 sessionlint_belief to, sessionlint_belief ret_beliefs[RUNGS])
{
	const struct model *rungs = ladder->rungs;
	sessionlint_belief reached[RUNGS];

	for (unsigned i = 0; i < RUNGS; i++)
		reached[i] = rungs[i].reached[SESSIONLINT_EVENT_CREATED][beliefs[i] & from] & to;
	if (reached[0] || !reached[SESSIONLINT_TOLERANCE_REUSED] ||
	    ladder->grants[SESSIONLINT_TOLERANCE_REUSED] != SESSIONLINT_TOLERANCE_REUSED)
		return false;
	reached[0] = reached[SESSIONLINT_TOLERANCE_REUSED];
	for (unsigned i = 0; i < RUNGS; i++)
		ret_beliefs[i] = rungs[i].closure[reached[i]];
	return true;
}

#endif
