/* SPDX-License-Identifier: MIT */
/*
 * One session and one record of it.
 *
 * A session has a belief for each tolerance, from the published table alone to all that is known of
 * Windows. An event is explained by the strictest tolerance whose belief allows it; that one then
 * holds for the stricter too, for what it took to explain the event has been said.
 */
#include "check/checker.h"
#include "trace/keys.h"

#define RUNGS SESSIONLINT_TOLERANCES

static const struct model *rung(const struct subject *subject, unsigned tolerance)
{
	return &session_ladder(subject->checker, subject->session)->rungs[tolerance];
}

static void session_believe(struct checker *checker, struct session *session,
			    sessionlint_belief belief)
{
	const struct model_ladder *ladder = session_ladder(checker, session);

	for (unsigned i = 0; i < RUNGS; i++)
		session->beliefs[i] = ladder->rungs[i].closure[belief];
}

void session_widen(struct checker *checker, struct session *session)
{
	if (session->flags & SESSION_OBSERVED)
		observe_change(checker, session, SESSIONLINT_STEP_LOST);
	session_believe(checker, session, SESSIONLINT_BELIEF_ANY);
	session->otherwise = SESSIONLINT_BELIEF_NONE;
	session->flags |= SESSION_UNKNOWN;
}

void session_begin(struct checker *checker, struct session *session, sessionlint_belief belief)
{
	session_believe(checker, session, belief);
	session->otherwise = SESSIONLINT_BELIEF_NONE;
	session->flags &= (uint8_t) ~(SESSION_UNKNOWN | SESSION_VIOLATED);
	if (belief == SESSIONLINT_BELIEF_ANY)
		session->flags |= SESSION_UNKNOWN;
	session->incarnation++;
	session->events = 0;
	checker->totals.lives++;
}

void session_close(struct checker *checker, struct session *session)
{
	if (session->flags & SESSION_OBSERVED)
		observe_change(checker, session, SESSIONLINT_STEP_END);
	if (session->flags & SESSION_VIOLATED)
		checker->totals.violating++;
	else if (session->flags & SESSION_UNKNOWN)
		checker->totals.undetermined++;
	else
		checker->totals.conforming++;
}

static void session_remember(struct session *session, const struct record *record)
{
	uint64_t event = record->event < SESSIONLINT_EVENT_MAX ? record->event
							       : SESSIONLINT_EVENT_MAX;

	session->history[session->events % SESSIONLINT_HISTORY] = record->line << 3 | event;
	session->events++;
	session->line = record->line;
	session->offset = record->offset;
	session->time = record->time;
}

/* The session goes on in a new life, of which the present event is the first that the trace shows.
 * Returns whether it has shown another before. */
static bool session_renew(struct subject *subject, const struct step *step)
{
	struct session *session = subject->session;
	sessionlint_belief beliefs[RUNGS];

	if (session->events <= 1) {
		/* nothing was seen of another life: this one begins in sight */
		session->flags &= (uint8_t)~SESSION_UNKNOWN;
		return false;
	}
	memcpy(beliefs, session->beliefs, sizeof beliefs);
	session->beliefs[0] = belief_of(SESSIONLINT_STATE_TERMINATED);
	session_close(subject->checker, session);
	session_begin(subject->checker, session, SESSIONLINT_BELIEF_NONE);
	memcpy(session->beliefs, beliefs, sizeof beliefs);
	if (step->event != SESSIONLINT_NO_EVENT)
		session_remember(session, subject->record);
	return true;
}

/* What each belief becomes by the step, before the state behind it is looked at. */
static void step_follow(const struct subject *subject, struct step *step)
{
	for (unsigned i = 0; i < RUNGS; i++) {
		sessionlint_belief before = subject->session->beliefs[i] & step->from;

		step->after[i] = step->event == SESSIONLINT_NO_EVENT
					 ? before
					 : rung(subject, i)->next[step->event][before];
	}
}

static void step_fill(struct step *step, sessionlint_belief belief)
{
	memset(step->after, belief, sizeof step->after);
}

/* The strictest tolerance that explains the step, or RUNGS. */
static unsigned step_tolerance(const struct step *step)
{
	unsigned tolerance = 0;

	while (tolerance < RUNGS && !step->after[tolerance])
		tolerance++;
	return tolerance;
}

static int report_wrong_state(struct subject *subject, const struct step *step, bool before)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	sessionlint_belief belief = before ? subject->session->beliefs[0]
					   : step->after[step_tolerance(step)] & step->targets;
	struct particulars particulars = NO_PARTICULARS;
	const char *event = event_text(checker, record->event);

	particulars.cascade = step->cascade;
	if (step->activity)
		return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars, "%s comes in %s",
			      activity_name(step->activity), belief_text(checker, belief));
	if (record->kind == RECORD_STATE) {
		particulars.observed = record->state;
		return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars,
			      "the session was found in %s, but can only be in %s",
			      sessionlint_state_name(record->state), belief_text(checker, belief));
	}
	particulars.observed = before ? record->from : record->to;
	if (before)
		return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars,
			      "%s is said to come from %s, but the session can only be in %s",
			      event, sessionlint_state_name(record->from),
			      belief_text(checker, belief));
	return report(subject, SESSIONLINT_RULE_WRONG_STATE, particulars,
		      "%s leads to %s, but the trace says to %s", event,
		      belief_text(checker, belief), sessionlint_state_name(record->to));
}

static int report_illegal(struct subject *subject, const struct step *step,
			  sessionlint_belief belief)
{
	struct checker *checker = subject->checker;
	struct particulars particulars = {
		.observed = SESSIONLINT_NO_STATE,
		.cascade = step->cascade,
		.repair = true,
		.from = step->from,
	};

	return report(subject, SESSIONLINT_RULE_ILLEGAL_TRANSITION, particulars,
		      "%s is illegal in %s", event_text(checker, step->event),
		      belief_text(checker, belief));
}

/* Reports what it took to explain the event: the tolerance that is needed. */
static int report_tolerance(struct subject *subject, const struct step *step, unsigned tolerance)
{
	struct checker *checker = subject->checker;
	struct particulars particulars = NO_PARTICULARS;
	const char *event = step->activity ? activity_name(step->activity)
			    : step->event == SESSIONLINT_NO_EVENT
				    ? "the sample"
				    : event_text(checker, step->event);

	particulars.cascade = step->cascade;
	/* a sample is what contradicts the belief, and no part of it */
	if (step->event != SESSIONLINT_NO_EVENT)
		particulars.from = step->from;
	if (tolerance == SESSIONLINT_TOLERANCE_IMPLIED)
		return report(subject, SESSIONLINT_RULE_IMPLIED_TERMINATION, particulars,
			      "only an unseen termination while logged on explains %s", event);
	if (subject->session->beliefs[0] == belief_of(SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON) &&
	    step->event == SESSIONLINT_EVENT_CONNECTED)
		return report(subject, SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION, particulars,
			      "Connected in DisconnectedLoggedOn leads to LoggedOn, which the "
			      "published table lacks");
	return report(
		subject, SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION, particulars,
		"only the undocumented reconnect, DisconnectedLoggedOn to LoggedOn, explains %s",
		event);
}

/* The belief with which the trace would have gone on if the last violating event had not been
 * there. */
static void step_otherwise(struct subject *subject, struct step *step)
{
	const struct model *model = rung(subject, SESSIONLINT_TOLERANCE_REUSED);
	sessionlint_belief otherwise = subject->session->otherwise & step->from;

	if (otherwise && step->event != SESSIONLINT_NO_EVENT)
		otherwise = model->next[step->event][otherwise];
	if (step->to != SESSIONLINT_BELIEF_ANY)
		otherwise &= step->targets & step->to;
	step->otherwise = model->closure[otherwise];
	step->cascade = step->otherwise != SESSIONLINT_BELIEF_NONE;
}

/* The state that the record comes from contradicts the model: it is reported and believed. */
static int step_contradict(struct subject *subject, struct step *step)
{
	struct session *session = subject->session;
	int r = report_wrong_state(subject, step, true);

	/* perhaps the observation alone was wrong */
	step->without = session->beliefs[SESSIONLINT_TOLERANCE_REUSED];
	if (step->event != SESSIONLINT_NO_EVENT)
		step->without = rung(subject, SESSIONLINT_TOLERANCE_REUSED)
					->next[step->event][step->without];
	step->failed = true;
	session_believe(subject->checker, session, step->from);
	return r;
}

/* Checks the event, and the state behind it, against what the model makes of the beliefs. */
static int step_judge(struct subject *subject, struct step *step)
{
	sessionlint_belief lax = step->after[RUNGS - 1];
	int r = 0;

	if (!lax && step->event == SESSIONLINT_EVENT_CREATED && step->cascade) {
		/* a violation before it must not make an error of an orderly new life */
		step_fill(step, step->otherwise);
		step->anew = true;
		return 0;
	}
	if (!lax) {
		r = report_illegal(subject, step, subject->session->beliefs[0] & step->from);
		step->illegal = true;
		/* perhaps the event never was */
		step->without = subject->session->beliefs[SESSIONLINT_TOLERANCE_REUSED];
		step_fill(step, step->to != SESSIONLINT_BELIEF_ANY ? step->to : step->targets);
	} else if (!(lax & step->targets & step->to)) {
		r = report_wrong_state(subject, step, false);
		step->without = lax;
		step_fill(step, step->to);
	} else {
		return 0;
	}
	step->failed = true;
	return r;
}

/* The new beliefs: a tolerance that it took to explain the step is given to the stricter ones. */
static unsigned step_believe(struct subject *subject, struct step *step)
{
	struct session *session = subject->session;
	sessionlint_belief core;
	unsigned tolerance;

	/* what was observed is the state right behind the event, before anything can follow unseen
	 */
	for (unsigned i = 0; i < RUNGS && !step->failed && step->to != SESSIONLINT_BELIEF_ANY; i++)
		step->after[i] &= step->targets & step->to;
	tolerance = step_tolerance(step);
	core = step->after[tolerance] & step->targets;
	step->behind = core ? core : step->after[tolerance];
	/* and what follows is for each tolerance to say */
	for (unsigned i = 0; i < RUNGS; i++)
		step->after[i] = rung(subject, i)->closure[i < tolerance ? core : step->after[i]];

	if (step->failed)
		session->otherwise = step->cascade ? step->otherwise : step->without;
	else if (step->otherwise & ~step->after[0])
		session->otherwise = step->otherwise;
	else
		session->otherwise =
			SESSIONLINT_BELIEF_NONE; /* both explanations have come to the same */
	return tolerance;
}

/* Follows the session through the step and reports what that takes. */
static int step_take(struct subject *subject, struct step *step)
{
	struct session *session = subject->session;
	unsigned tolerance;
	bool renewed = false;
	int r = 0, judged;

	step->was = session->beliefs[0];
	step_otherwise(subject, step);
	if (!(session->beliefs[RUNGS - 1] & step->from))
		r = step_contradict(subject, step);
	step_follow(subject, step);
	/* also when the caller has ended the run: nothing more is reported, but the beliefs must
	 * hold */
	judged = step_judge(subject, step);
	r = r < 0 ? r : judged;
	tolerance = step_believe(subject, step);
	if (r == 0 && tolerance >= SESSIONLINT_TOLERANCE_KNOWN)
		r = report_tolerance(subject, step, tolerance);
	if (session->flags & SESSION_OBSERVED)
		observe_prepare(subject, step, tolerance);
	memcpy(session->beliefs, step->after, sizeof step->after);

	if (tolerance == SESSIONLINT_TOLERANCE_REUSED || tolerance == SESSIONLINT_TOLERANCE_IMPLIED)
		renewed = session_renew(subject, step);
	else if (step->event == SESSIONLINT_EVENT_CREATED && !step->failed &&
		 (step->anew || session->flags & SESSION_UNKNOWN))
		session_renew(subject, step);
	if (session->flags & SESSION_OBSERVED)
		observe_step(subject, renewed);
	return r;
}

/* The set that an observation leaves: the state, or ANY; reports one that is no state. */
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
	int r;

	if (record->event == SESSIONLINT_EVENT_MAX)
		r = report(subject, SESSIONLINT_RULE_INVALID_EVENT, NO_PARTICULARS,
			   "the event is IoSessionEventMax, which is never delivered");
	else
		r = report(subject, SESSIONLINT_RULE_INVALID_EVENT, NO_PARTICULARS,
			   "event %u is outside IO_SESSION_EVENT", record->event);
	if (session->flags & SESSION_OBSERVED)
		observe_invalid(subject, to);
	session_widen(subject->checker, session);
	session_believe(subject->checker, session, to);
	return r;
}

/*
 * The usual case of step_take(), in short: nothing observed, nothing in doubt, nobody to tell,
 * and the published table explains the event. Returns false if it is not that case; then nothing
 * has changed.
 */
static bool step_simply(struct subject *subject, uint32_t event)
{
	struct session *session = subject->session;
	const struct record *record = subject->record;
	const struct model *models = session_ladder(subject->checker, session)->rungs;
	sessionlint_belief first;

	if (record->keys & (KEY_BIT(KEY_FROM) | KEY_BIT(KEY_TO)) ||
	    event >= SESSIONLINT_EVENT_MAX || session->otherwise ||
	    session->flags & (SESSION_UNKNOWN | SESSION_OBSERVED))
		return false;
	first = models[0].next[event][session->beliefs[0]];
	if (!first)
		return false;
	session->beliefs[0] = first;
	for (unsigned i = 1; i < RUNGS; i++)
		session->beliefs[i] = models[i].next[event][session->beliefs[i]];
	return true;
}

/* An event that is no transition: a sample of several states. */
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

int session_event(struct subject *subject)
{
	const struct record *record = subject->record;
	struct step step = { .event = record->event };
	int r;

	session_remember(subject->session, record);
	if (record->activity)
		return session_activity(subject);
	if (step_simply(subject, record->event))
		return 0;
	r = observation(subject, KEY_FROM, record->from, &step.from);
	if (r == 0)
		r = observation(subject, KEY_TO, record->to, &step.to);
	if (r < 0)
		return r;
	if (record->event >= SESSIONLINT_EVENT_MAX)
		return session_invalid_event(subject, step.to);
	step.targets = subject->checker->targets[record->event];
	/* from one state it leads to one */
	if (step.from != SESSIONLINT_BELIEF_ANY &&
	    subject->checker->arcs[record->event][record->from - 1])
		step.targets = subject->checker->arcs[record->event][record->from - 1];
	return step_take(subject, &step);
}

int session_state(struct subject *subject)
{
	struct step step = {
		.event = SESSIONLINT_NO_EVENT,
		.to = SESSIONLINT_BELIEF_ANY,
		.targets = SESSIONLINT_BELIEF_ANY,
	};
	int r;

	subject->session->line = subject->record->line;
	subject->session->offset = subject->record->offset;
	subject->session->time = subject->record->time;
	r = observation(subject, KEY_STATE, subject->record->state, &step.from);
	return r < 0 ? r : step_take(subject, &step);
}
