/* SPDX-License-Identifier: MIT */
/* Findings about a step of a session. */
#ifndef CHECK_SESSION_STEP_FINDINGS_H
#define CHECK_SESSION_STEP_FINDINGS_H

#include "check/finding.h"
#include "check/session/simple_step.h"
#include "check/session/steps.h"

static inline const struct model *rung(const struct subject *subject, unsigned number)
{
	return &session_ladder(subject->checker, subject->session)->rungs[number];
}

/* The states right after the step from @belief, before anything can follow unseen. Unseen
 * transitions before an event come before the state that it names as its origin. */
static inline sessionlint_belief step_reach(const struct step *step, const struct model *model,
					    sessionlint_belief belief)
{
	belief &= step->from;
	return step->event == SESSIONLINT_NO_EVENT ? belief : model->reached[step->event][belief];
}

/* The strictest rung that explains the step, or RUNGS. */
static inline unsigned step_rung(const struct step *step)
{
	unsigned number = 0;

	while (number < RUNGS && !step->after[number])
		number++;
	return number;
}

int report_wrong_state(struct subject *subject, const struct step *step, bool before);
int report_illegal(struct subject *subject, const struct step *step);
/* Reports the tolerance that was needed to explain the event. */
int report_tolerance(struct subject *subject, const struct step *step,
		     enum sessionlint_tolerance tolerance);
/*
 * Whether a Windows log has the disconnect of a session that never logged on, according to the log.
 * The published table allows that. That LocalSessionManager does not write it is only known from
 * real logs, which is not enough to call it illegal.
 */
bool is_unexpected_disconnect(const struct subject *subject, const struct step *step);
int report_unexpected_disconnect(struct subject *subject, const struct step *step);

#endif
