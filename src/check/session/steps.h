/* SPDX-License-Identifier: MIT */
/* What an observer gets to see of a session. */
#ifndef CHECK_SESSION_STEPS_H
#define CHECK_SESSION_STEPS_H

#include "check/context.h"

/* A record, without invalid states, and its effect on the session. */
struct step {
	uint32_t event;              /* or SESSIONLINT_NO_EVENT for a sample */
	sessionlint_belief from, to; /* ANY if not in the record */
	sessionlint_belief targets;  /* where the event can lead, from any state */
	/* by rung: the states right after the step; later with what can follow unseen */
	sessionlint_belief after[TOLERANCE_COUNT];
	sessionlint_belief reached;           /* states right after the step, of its rung */
	sessionlint_belief without_violation; /* the same without the earlier violations */
	sessionlint_belief without;           /* the same without this step, if it is a violation */
	sessionlint_belief was;               /* the strictest belief before the record */
	bool failed;                          /* no tolerance explains the step */
	bool illegal;                         /* because of the event itself */
	bool reuse;   /* the event starts a new incarnation, if the last violation did not happen */
	bool cascade; /* earlier violations explain the step, if it is a violation */
	bool orderly; /* without those, the published table explains it */
	unsigned activity; /* enum model_activity: what the record reports instead of an event */
};

/* Prepares what the observer gets for @step, explained by rung @number; the session's beliefs
 * are still those before it. */
void observe_prepare(const struct subject *subject, const struct step *step, unsigned number);

/* Reports the prepared step. */
void observe_step(const struct subject *subject, bool renewed);

/* Reports an invalid event, after which the session is in one of the states in @to. */
void observe_invalid(const struct subject *subject, sessionlint_belief to);

/* Reports LOST, which changed the session's belief from @before; and END. */
void observe_lost(const struct checker *checker, const struct session *session,
		  sessionlint_belief before);
void observe_end(const struct checker *checker, const struct session *session);

#endif
