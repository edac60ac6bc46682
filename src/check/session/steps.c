/* SPDX-License-Identifier: MIT */
/* Calls the observer of a run for each step of a session. */
#include "check/session/steps.h"
#include "check/filters.h"
#include "check/finding.h"
#include "check/session/session.h"
#include "check/witnesses.h"
#include "trace/annotation.h"

static enum sessionlint_verdict step_verdict(const struct step *step,
					     enum sessionlint_tolerance tolerance)
{
	if (step->illegal)
		return SESSIONLINT_VERDICT_ILLEGAL;
	if (step->failed)
		return SESSIONLINT_VERDICT_CONTRADICTED;
	if (tolerance == SESSIONLINT_TOLERANCE_IMPLIED)
		return SESSIONLINT_VERDICT_IMPLIED;
	return tolerance == SESSIONLINT_TOLERANCE_KNOWN ? SESSIONLINT_VERDICT_UNDOCUMENTED
							: SESSIONLINT_VERDICT_LEGAL;
}

/* Whether a session in @belief can have made unseen transitions and still reach @before. */
static bool can_have_moved(const struct model *model, sessionlint_belief belief,
			   sessionlint_belief before)
{
	if (before & (before - 1))
		return true;
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		if (belief & ~before & belief_of(state) &&
		    model->closure[belief_of(state)] & before)
			return true;
	return false;
}

/* The states in which an event that @model explains can have happened. */
static sessionlint_belief states_before(const struct step *step, const struct model *model,
					sessionlint_belief belief)
{
	sessionlint_belief states = SESSIONLINT_BELIEF_NONE;

	if (step->reuse)
		return belief_of(SESSIONLINT_STATE_INITIALIZED);
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		if (belief & step->from & belief_of(state) &&
		    model->reached[step->event][belief_of(state)] & step->to)
			states |= belief_of(state);
	return states;
}

/* Calls the observer with a step, after filling in its place and its session. */
static void observer_call(const struct checker *checker, const struct session *session,
			  struct sessionlint_step *step)
{
	const struct host *host = &checker->hosts.hosts[session->scope];

	if (step->kind == SESSIONLINT_STEP_LOST || step->kind == SESSIONLINT_STEP_END)
		step->reason = SESSIONLINT_NO_REASON;
	if (checker->judged) {
		step->witness_count = witnesses_list(checker->judged, session->line);
		step->witnesses = checker->judged->witnesses;
		step->inferred = step->kind == SESSIONLINT_STEP_EVENT && step->witness_count == 0;
	}
	step->line = step->log_line = session->line;
	step->file = log_files_locate(&checker->files, checker->file, &step->line);
	step->log = checker->file;
	step->offset = session_offset(session);
	step->time = session->time;
	step->source = (enum sessionlint_source)session->source;
	step->host = host->label.data ? host->label : host->name;
	step->boot = host->boot;
	step->boot_ordinal = host->boot_ordinal;
	step->host_number = session->scope;
	step->session = session->id;
	step->incarnation = session->incarnation;
	step->midway = session->flags & SESSION_UNKNOWN;
	step->shown = filters_show_step(checker->options.filters, step);
	checker->options.observe(checker->options.observe_data, step);
}

/* Adds who it was, and from where, as the record names them. */
static void observe_details(struct sessionlint_step *step, const struct record *record)
{
	step->user = record->user;
	step->address = record->address;
	step->reason = SESSIONLINT_NO_REASON;
	if (!record->annotation)
		return;
	step->client = record->annotation->client;
	if (record->annotation->kind == ANNOTATION_DETAILS)
		step->reason = record->annotation->reason;
}

void observe_prepare(const struct subject *subject, const struct step *step, unsigned number)
{
	struct sessionlint_step *observed = &subject->checker->step;
	const struct session *session = subject->session;
	const struct model_ladder *ladder = session_ladder(subject->checker, session);
	const struct model *model = &ladder->rungs[number];
	bool event = step->event != SESSIONLINT_NO_EVENT;

	*observed = (struct sessionlint_step) {
		.kind = event ? SESSIONLINT_STEP_EVENT : SESSIONLINT_STEP_SAMPLE,
		.verdict = step_verdict(step, ladder->grants[number]),
		.event = step->event,
		.after = step->reached,
	};
	observe_details(observed, subject->record);
	if (observed->verdict == SESSIONLINT_VERDICT_ILLEGAL)
		observed->before = belief_before(session, step->from, 0);
	else if (observed->verdict == SESSIONLINT_VERDICT_CONTRADICTED)
		observed->before = step->was;
	else if (!event || step->event == SESSIONLINT_EVENT_IGNORE)
		observed->before = session->beliefs[number];
	else
		observed->before = states_before(step, model, session->beliefs[number]);
	observed->unseen = can_have_moved(model, session->beliefs[number], observed->before);
}

void observe_step(const struct subject *subject, bool renewed)
{
	subject->checker->step.renewed = renewed;
	observer_call(subject->checker, subject->session, &subject->checker->step);
}

void observe_invalid(const struct subject *subject, sessionlint_belief to)
{
	struct sessionlint_step step = {
		.verdict = SESSIONLINT_VERDICT_ILLEGAL,
		.event = subject->record->event,
		.before = subject->session->beliefs[0],
		.after = to,
	};

	observe_details(&step, subject->record);
	observer_call(subject->checker, subject->session, &step);
}

void observe_lost(const struct checker *checker, const struct session *session,
		  sessionlint_belief before)
{
	struct sessionlint_step step = {
		.kind = SESSIONLINT_STEP_LOST,
		.event = SESSIONLINT_NO_EVENT,
		.before = before,
		.after = session->beliefs[0],
	};

	observer_call(checker, session, &step);
}

void observe_end(const struct checker *checker, const struct session *session)
{
	struct sessionlint_step step = {
		.kind = SESSIONLINT_STEP_END,
		.event = SESSIONLINT_NO_EVENT,
		.before = session->beliefs[0],
	};

	observer_call(checker, session, &step);
}
