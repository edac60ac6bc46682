/* SPDX-License-Identifier: MIT */
/*
 * One session and one record of it.
 *
 * A session has a belief for each rung of a ladder of tolerances, from the published table alone to
 * all that is known of Windows. An event is explained by the strictest rung whose belief allows it.
 * Stricter rungs then continue with that belief, since the tolerance needed has been reported.
 */
#include "check/session/step_findings.h"
#include "check/session/trail.h"
#include "trace/keys.h"

static void session_believe(struct checker *checker, struct session *session,
			    sessionlint_belief belief)
{
	const struct model_ladder *ladder = session_ladder(checker, session);

	for (unsigned i = 0; i < RUNGS; i++)
		session->beliefs[i] = ladder->rungs[i].closure[belief];
}

/* Extends the beliefs by what @count lost records allow. */
static void session_spread(struct checker *checker, struct session *session, unsigned count)
{
	const struct model *rungs = session_ladder(checker, session)->rungs;

	for (unsigned i = 0; i < RUNGS; i++)
		session->beliefs[i] = model_lose(&rungs[i], session->beliefs[i], count);
	if (session->without_violation)
		session->without_violation = model_lose(&rungs[SESSIONLINT_TOLERANCE_REUSED],
							session->without_violation, count);
	/* both explanations agree again */
	if (!(session->without_violation & ~session->beliefs[0]))
		session->without_violation = SESSIONLINT_BELIEF_NONE;
}

void session_lose(struct checker *checker, struct session *session, unsigned count)
{
	sessionlint_belief before = session->beliefs[0];

	session_spread(checker, session, count);
	trail_lose(checker, session, count);
	if (session->flags & SESSION_OBSERVED)
		observe_lost(checker, session, before);
	session->flags |= SESSION_UNKNOWN | SESSION_LOST;
}

void session_widen(struct checker *checker, struct session *session)
{
	sessionlint_belief before = session->beliefs[0];

	session_believe(checker, session, SESSIONLINT_BELIEF_ANY);
	session->without_violation = SESSIONLINT_BELIEF_NONE;
	trail_lose(checker, session, MODEL_LOST_MANY);
	if (session->flags & SESSION_OBSERVED)
		observe_lost(checker, session, before);
	session->flags |= SESSION_UNKNOWN | SESSION_LOST;
}

void session_begin(struct checker *checker, struct session *session, sessionlint_belief belief,
		   unsigned lost)
{
	session_believe(checker, session, belief);
	session->without_violation = SESSIONLINT_BELIEF_NONE;
	session->flags &= (uint8_t) ~(SESSION_UNKNOWN | SESSION_VIOLATED | SESSION_LOST);
	if (belief == SESSIONLINT_BELIEF_NONE)
		trail_begin(checker, session, TRAIL_RENEWED);
	else
		trail_begin(checker, session,
			    belief == SESSIONLINT_BELIEF_ANY ? TRAIL_BEGIN_ANY : TRAIL_BEGIN);
	if (lost) {
		session_spread(checker, session, lost);
		trail_lose(checker, session, lost);
	}
	if (lost || belief == SESSIONLINT_BELIEF_ANY)
		session->flags |= SESSION_UNKNOWN;
	session->incarnation++;
	session->events = 0;
	checker->totals.incarnations++;
}

void session_close(struct checker *checker, struct session *session)
{
	if (session->flags & SESSION_OBSERVED)
		observe_end(checker, session);
	if (session->flags & SESSION_VIOLATED) {
		checker->totals.violating++;
		trail_end(checker, session, INCARNATION_VIOLATING);
	} else if (session->flags & SESSION_UNKNOWN || !session->line) {
		/* without a record, it is only known from what was not checked */
		checker->totals.undetermined++;
		trail_end(checker, session, INCARNATION_UNDETERMINED);
	} else {
		checker->totals.conforming++;
		trail_end(checker, session, INCARNATION_CONFORMING);
	}
}

void session_continue(struct checker *checker, struct session *session,
		      const sessionlint_belief beliefs[])
{
	session->beliefs[0] = belief_of(SESSIONLINT_STATE_TERMINATED);
	session_close(checker, session);
	session_begin(checker, session, SESSIONLINT_BELIEF_NONE, 0);
	memcpy(session->beliefs, beliefs, sizeof session->beliefs);
}

static void record_remember(const struct subject *subject)
{
	struct session *session = subject->session;
	const struct record *record = subject->record;
	uint32_t event = record->event < SESSIONLINT_EVENT_MAX ? record->event
							       : SESSIONLINT_EVENT_MAX;

	session_remember(session, session->beliefs[SESSIONLINT_TOLERANCE_REUSED], event,
			 record->line, record->offset, record->time);
}

/* Starts a new incarnation with the current event as its first in the trace. Returns whether the
 * trace shows an earlier one. What was lost right before an event that is not Created may have been
 * the beginning. */
static bool session_renew(struct subject *subject, const struct step *step)
{
	struct session *session = subject->session;
	sessionlint_belief beliefs[RUNGS], without_violation = session->without_violation;
	bool lost = session->flags & SESSION_LOST && step->event != SESSIONLINT_EVENT_CREATED;

	if (session->events <= 1) {
		/* no other incarnation was seen: the trace shows the start of this one */
		if (!lost)
			session->flags &= (uint8_t)~SESSION_UNKNOWN;
		return false;
	}
	memcpy(beliefs, session->beliefs, sizeof beliefs);
	session_continue(subject->checker, session, beliefs);
	if (lost)
		session->flags |= SESSION_UNKNOWN;
	/* an incarnation inferred from a violation is as doubtful as that */
	session->without_violation = without_violation;
	if (step->event != SESSIONLINT_NO_EVENT) {
		record_remember(subject);
		session_put_before(session, belief_of(SESSIONLINT_STATE_INITIALIZED));
	}
	return true;
}

/* Computes the states after the step, for each belief, before the observed state is considered. */
static void step_follow(const struct subject *subject, struct step *step)
{
	for (unsigned i = 0; i < RUNGS; i++)
		step->after[i] = step_reach(step, rung(subject, i), subject->session->beliefs[i]);
}

static void step_fill(struct step *step, sessionlint_belief belief)
{
	memset(step->after, belief, sizeof step->after);
}

/* Computes the states right after the step as if the last violation had not happened: by all
 * that is known of Windows, with an unseen end as the last resort. */
static void step_without_violation(struct subject *subject, struct step *step)
{
	const struct model *reused = rung(subject, SESSIONLINT_TOLERANCE_REUSED);
	const struct model *lax = rung(subject, RUNGS - 1);
	sessionlint_belief without_violation = subject->session->without_violation;

	step->orderly = step_reach(step, reused, without_violation) & step->to;
	step->without_violation = step_reach(step, lax, without_violation) & step->to;
	if (!step->without_violation)
		step->without_violation = step_reach(step, lax, lax->closure[without_violation]) &
					  step->to;
	step->cascade = step->without_violation != SESSIONLINT_BELIEF_NONE;
}

/* The state before the record contradicts the model: report it, and believe it. */
static int step_contradict(struct subject *subject, struct step *step)
{
	struct session *session = subject->session;
	int r = report_wrong_state(subject, step, true);

	/* only the observation may have been wrong */
	if (step->event != SESSIONLINT_NO_EVENT)
		step->without |= rung(subject, SESSIONLINT_TOLERANCE_REUSED)
					 ->reached[step->event][step->without];
	step->failed = true;
	session_believe(subject->checker, session, step->from);
	return r;
}

/* Checks the event, and the state after it, against the beliefs. */
static int step_judge(struct subject *subject, struct step *step)
{
	sessionlint_belief lax = step->after[RUNGS - 1];
	int r = 0;

	if (!lax && step->event == SESSIONLINT_EVENT_CREATED && step->orderly) {
		/* after a violation, do not report a regular new incarnation */
		step_fill(step, step->without_violation);
		step->reuse = true;
		return 0;
	}
	if (!lax && is_unexpected_disconnect(subject, step)) {
		r = report_unexpected_disconnect(subject, step);
		step_fill(step, step->targets);
	} else if (!lax) {
		r = report_illegal(subject, step);
		step->illegal = true;
		step_fill(step, step->to != SESSIONLINT_BELIEF_ANY ? step->to : step->targets);
	} else if (!(lax & step->to)) {
		r = report_wrong_state(subject, step, false);
		/* the event may be right and only the observation wrong */
		step->without |= step->after[step_rung(step)];
		step_fill(step, step->to);
	} else {
		return 0;
	}
	step->failed = true;
	return r;
}

/* Computes the new beliefs; stricter rungs take that of the rung that explains the step. Returns
 * the rung. */
static unsigned step_believe(struct subject *subject, struct step *step)
{
	struct session *session = subject->session;
	const struct model *reused = rung(subject, SESSIONLINT_TOLERANCE_REUSED);
	sessionlint_belief without_violation;
	unsigned number;

	for (unsigned i = 0; i < RUNGS && !step->failed; i++)
		step->after[i] &= step->to;
	number = step_rung(step);
	step->reached = step->after[number];
	/* each rung decides what may follow unseen */
	for (unsigned i = 0; i < RUNGS; i++)
		step->after[i] =
			rung(subject, i)->closure[i < number ? step->reached : step->after[i]];

	without_violation = step->failed && !step->cascade ? step->without
							   : step->without_violation;
	without_violation = reused->closure[without_violation];
	/* unless both explanations agree */
	if (step->failed || without_violation & ~step->after[SESSIONLINT_TOLERANCE_REUSED])
		session->without_violation = without_violation;
	else
		session->without_violation = SESSIONLINT_BELIEF_NONE;
	return number;
}

/* Advances the session by the step, and reports findings. */
static int step_take(struct subject *subject, struct step *step)
{
	struct session *session = subject->session;
	enum sessionlint_tolerance tolerance;
	bool renewed = false;
	int r = 0, judged;
	unsigned number;

	step->was = session->beliefs[0];
	/* neither this record nor the violation before it may have happened */
	step->without = session->beliefs[SESSIONLINT_TOLERANCE_REUSED] | session->without_violation;
	step_without_violation(subject, step);
	if (!(session->beliefs[RUNGS - 1] & step->from))
		r = step_contradict(subject, step);
	step_follow(subject, step);
	/* even if the caller has ended the run: nothing more is reported, but beliefs must stay
	 * valid */
	judged = step_judge(subject, step);
	r = r < 0 ? r : judged;
	number = step_believe(subject, step);
	tolerance = session_ladder(subject->checker, session)->grants[number];
	if (r == 0 && tolerance >= SESSIONLINT_TOLERANCE_KNOWN)
		r = report_tolerance(subject, step, tolerance);
	if (session->flags & SESSION_OBSERVED)
		observe_prepare(subject, step, number);
	memcpy(session->beliefs, step->after, sizeof step->after);

	if (tolerance == SESSIONLINT_TOLERANCE_REUSED || tolerance == SESSIONLINT_TOLERANCE_IMPLIED)
		renewed = session_renew(subject, step);
	else if (step->event == SESSIONLINT_EVENT_CREATED && !step->failed &&
		 (step->reuse || session->flags & SESSION_UNKNOWN))
		session_renew(subject, step);
	session->flags &= (uint8_t)~SESSION_LOST;
	if (session->flags & SESSION_OBSERVED)
		observe_step(subject, renewed);
	return r;
}

/* The states that an observation allows: one, or ANY; reports an invalid state. */
static int observation(struct subject *subject, enum record_key key, uint32_t state,
		       sessionlint_belief *ret_belief)
{
	struct particulars particulars = { .observed = state };

	*ret_belief = SESSIONLINT_BELIEF_ANY;
	if (!record_has(subject->record, key))
		return 0;
	if (state_is_valid(state)) {
		*ret_belief = belief_of(state);
		return 0;
	}
	if (state == SESSIONLINT_STATE_MAX)
		return report(subject, SESSIONLINT_RULE_INVALID_STATE, particulars,
			      "%s is IoSessionStateMax, which no session is ever in",
			      trace_keys[key].name);
	return report(subject, SESSIONLINT_RULE_INVALID_STATE, particulars,
		      "%s is %u, which is outside IO_SESSION_STATE", trace_keys[key].name, state);
}

static int session_invalid_event(struct subject *subject, sessionlint_belief to)
{
	const struct record *record = subject->record;
	struct session *session = subject->session;
	sessionlint_belief without_violation;
	int r;

	if (record->event == SESSIONLINT_EVENT_MAX)
		r = report(subject, SESSIONLINT_RULE_INVALID_EVENT, NO_PARTICULARS,
			   "the event is IoSessionEventMax, which is never delivered");
	else
		r = report(subject, SESSIONLINT_RULE_INVALID_EVENT, NO_PARTICULARS,
			   "event %u is outside IO_SESSION_EVENT", record->event);
	if (session->flags & SESSION_OBSERVED)
		observe_invalid(subject, to);
	/* the event may not have happened: then its state is wrong as well */
	without_violation = session->beliefs[SESSIONLINT_TOLERANCE_REUSED] |
			    session->without_violation;
	session_widen(subject->checker, session);
	session_believe(subject->checker, session, to);
	if (to != SESSIONLINT_BELIEF_ANY)
		session->without_violation = without_violation;
	return r;
}

/* The fast path of step_take(). Returns false if there is more to do, with nothing changed. */
static inline bool step_simply(struct subject *subject, const struct record *record)
{
	const uint64_t states = KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO);
	uint32_t from = 0, to = 0;

	if (record->activity)
		return false;
	if (record->keys & states) {
		from = record_has(record, KEY_FROM) ? record->from : 0;
		to = record_has(record, KEY_TO) ? record->to : 0;
		if ((record_has(record, KEY_FROM) && !state_is_valid(from)) ||
		    (record_has(record, KEY_TO) && !state_is_valid(to)))
			return false;
	}
	return record->event < SESSIONLINT_EVENT_MAX && session_is_certain(subject->session) &&
	       session_step_simply(session_ladder(subject->checker, subject->session),
				   subject->session, record->event, states_named(from),
				   states_named(to));
}

/* An event that is not a transition: a sample that allows several states. */
static int session_activity(struct subject *subject)
{
	struct step step = {
		.event = SESSIONLINT_NO_EVENT,
		.from = activity_states(subject->record->activity),
		.to = SESSIONLINT_BELIEF_ANY,
		.targets = SESSIONLINT_BELIEF_ANY,
		.activity = subject->record->activity,
	};

	return step.from == SESSIONLINT_BELIEF_ANY ? 0 : step_take(subject, &step);
}

/* Checks an event that step_simply() does not handle. */
static int session_step(struct subject *subject)
{
	const struct record *record = subject->record;
	struct step step = { .event = record->event };
	int r;

	if (record->activity)
		return session_activity(subject);
	r = observation(subject, KEY_FROM, record->from, &step.from);
	if (r == 0)
		r = observation(subject, KEY_TO, record->to, &step.to);
	if (r < 0)
		return r;
	if (record->event >= SESSIONLINT_EVENT_MAX)
		return session_invalid_event(subject, step.to);
	step.targets = subject->checker->targets[record->event];
	/* it has one target for each state before it */
	if (step.from != SESSIONLINT_BELIEF_ANY &&
	    subject->checker->arcs[record->event][record->from - 1])
		step.targets = subject->checker->arcs[record->event][record->from - 1];
	return step_take(subject, &step);
}

int session_event_again(struct subject *subject)
{
	return step_simply(subject, subject->record) ? 0 : session_step(subject);
}

int session_event(struct subject *subject)
{
	subject->earlier = session_before(subject->session);
	record_remember(subject);
	return step_simply(subject, subject->record) ? 0 : session_step(subject);
}

void session_meet(const struct subject *subject)
{
	struct session *session = subject->session;
	const struct record *record = subject->record;

	session_met(session, session_before(session), record->line, record->offset, record->time);
}

int session_look(struct subject *subject, sessionlint_belief *ret_state)
{
	const struct record *record = subject->record;

	session_meet(subject);
	return observation(subject, KEY_STATE, record->state, ret_state);
}

int session_state(struct subject *subject)
{
	struct step step = {
		.event = SESSIONLINT_NO_EVENT,
		.to = SESSIONLINT_BELIEF_ANY,
		.targets = SESSIONLINT_BELIEF_ANY,
	};
	int r = session_look(subject, &step.from);

	return r < 0 ? r : step_take(subject, &step);
}
