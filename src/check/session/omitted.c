/* SPDX-License-Identifier: MIT */
/*
 * Incarnations that conform and whose records are left out: what remains of them is that they were
 * there. Each began by a Created after a certain end, and the next one begins so too: the state of
 * the session between them does not depend on them, apart from its number.
 */
#include "check/session/session.h"
#include "check/session/simple_step.h"

void cycle_end(const struct model_ladder *ladder, sessionlint_belief ret_beliefs[TOLERANCE_COUNT])
{
	for (unsigned i = 0; i < RUNGS; i++)
		ret_beliefs[i] = ladder->rungs[i].closure[belief_of(SESSIONLINT_STATE_TERMINATED)];
}

bool cycle_begin(const struct model_ladder *ladder, sessionlint_belief from, sessionlint_belief to,
		 sessionlint_belief ret_beliefs[TOLERANCE_COUNT])
{
	sessionlint_belief ended[RUNGS];

	cycle_end(ladder, ended);
	return beliefs_renew(ladder, ended, from, to, ret_beliefs) &&
	       !(ret_beliefs[0] & belief_of(SESSIONLINT_STATE_TERMINATED));
}

/* The last of the incarnations, and the one before them, are closed when the next one begins. */
static void session_omit(struct checker *checker, struct session *session,
			 const struct omitted_session *omitted)
{
	const struct model_ladder *ladder = session_ladder(checker, session);
	const sessionlint_belief any = SESSIONLINT_BELIEF_ANY;
	sessionlint_belief beliefs[RUNGS];

	if (!omitted->is_alive || !cycle_begin(ladder, any, any, beliefs))
		cycle_end(ladder, beliefs);
	if (omitted->begun == 0) {
		memcpy(session->beliefs, beliefs, sizeof beliefs);
		return;
	}
	session_continue(checker, session, beliefs);
	session->incarnation += omitted->begun - 1;
	checker->totals.incarnations += omitted->begun - 1;
	checker->totals.conforming += omitted->begun - 1;
	/* what a renewal asks for */
	session->events = 2;
}

/* How many sessions were forgotten meanwhile: when fewest were alive, most had ended. None of those
 * that are touched was, as each has ended only recently. */
static uint32_t count_forgotten(const struct sessions *sessions, const struct omitted_lives *lives)
{
	int64_t live = (int64_t)sessions->live + lives->lowest;
	int64_t ended = (int64_t)sessions->ended_count - lives->lowest;
	int64_t allowed = live > SESSIONS_ENDED_MIN ? live : SESSIONS_ENDED_MIN;

	return ended > allowed ? (uint32_t)(ended - allowed) : 0;
}

static struct session_list *list_of(const struct checker *checker, const struct session *session)
{
	return &checker->hosts.hosts[session->scope].sessions;
}

int sessions_omit(struct checker *checker, const struct omitted_session *omitted, size_t count,
		  const struct omitted_lives *lives)
{
	struct sessions *sessions = &checker->sessions;
	uint32_t peak = sessions->live_peak, forgotten = count_forgotten(sessions, lives);
	int64_t highest = (int64_t)sessions->live + lives->highest;
	int r = 0;

	for (size_t i = 0; i < count; i++) {
		struct session *session = sessions_at(sessions, omitted[i].number);

		session_omit(checker, session, &omitted[i]);
		if (session->flags & SESSION_ENDED)
			sessions_revive(sessions, omitted[i].number, list_of(checker, session));
	}
	sessions->live_peak = highest > peak ? (uint32_t)highest : peak;
	for (; r == 0 && forgotten > 0 && sessions->ended.first != SESSION_NONE; forgotten--)
		r = session_forget(checker, sessions->ended.first);
	for (size_t i = 0; i < count; i++)
		if (!omitted[i].is_alive)
			sessions_end(sessions, omitted[i].number,
				     list_of(checker, sessions_at(sessions, omitted[i].number)));
	return r;
}
