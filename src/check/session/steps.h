/* SPDX-License-Identifier: MIT */
/* What an observer is told of a session. */
#ifndef CHECK_SESSION_STEPS_H
#define CHECK_SESSION_STEPS_H

#include "check/context.h"

/* What a record says, cleaned of what is no state, and what the session makes of it. */
struct step {
	uint32_t event;              /* or SESSIONLINT_NO_EVENT for a sample */
	sessionlint_belief from, to; /* ANY where the trace does not say */
	sessionlint_belief targets;  /* where the event can lead to, whatever was before it */
	/* by rung: the states right after the step; then with what can follow unseen */
	sessionlint_belief after[TOLERANCE_COUNT];
	sessionlint_belief reached;   /* the states right after the step, by its rung */
	sessionlint_belief otherwise; /* right after the step, without the violations before it */
	sessionlint_belief without;   /* likewise, without this one, if it is one */
	sessionlint_belief was;       /* the strictest belief before the record was looked at */
	bool failed;                  /* no tolerance explains the step */
	bool illegal;                 /* and it is the event itself that is not explained */
	bool reuse;   /* the event begins a new incarnation, as the trace without the last violation
			 shows */
	bool cascade; /* the violations before explain the step, if it is one */
	bool orderly; /* without them the published table would explain it */
	unsigned activity; /* enum model_activity: what the record tells instead of an event */
};

/* Notes what @step, explained by rung @number, is to an observer; the session's beliefs are still
 * those before it. */
void observe_prepare(const struct subject *subject, const struct step *step, unsigned number);

/* Tells of the step that was prepared. */
void observe_step(const struct subject *subject, bool renewed);

/* Reports an invalid event, after which the session is in one of @to. */
void observe_invalid(const struct subject *subject, sessionlint_belief to);

/* Reports LOST, after which @before has become the session's belief; and END. */
void observe_lost(const struct checker *checker, const struct session *session,
		  sessionlint_belief before);
void observe_end(const struct checker *checker, const struct session *session);

#endif
