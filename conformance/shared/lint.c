/* SPDX-License-Identifier: MIT */
#include "lint.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_EVENT SESSIONLINT_EVENT_CREATED
#define FIRST_STATE SESSIONLINT_STATE_CREATED

struct lint {
	const struct model *model;
	sessionlint_belief reachable; /* from Initialized */
	model_flaw_report *report;
	void *userdata;
};

/* The names of @states, as in "Connected and LoggedOn". */
static void states_name(sessionlint_belief states, char *ret_text, size_t room)
{
	size_t used = 0;

	ret_text[0] = '\0';
	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		int length;

		if (!(states & belief_of(state)))
			continue;
		length = snprintf(ret_text + used, room - used, "%s%s", used ? " and " : "",
				  sessionlint_state_name(state));
		if (length < 0 || (size_t)length >= room - used)
			return;
		used += (size_t)length;
	}
}

static int flaw_report(const struct lint *lint, const struct model_flaw *flaw)
{
	const char *state = sessionlint_state_name(flaw->state);
	const char *event = sessionlint_event_name(flaw->event);
	char successors[128], text[256] = "";

	switch (flaw->kind) {
	case MODEL_FLAW_UNREACHABLE:
		snprintf(text, sizeof text, "no events lead from Initialized to %s", state);
		break;
	case MODEL_FLAW_ENDLESS:
		snprintf(text, sizeof text, "no events lead from %s to Terminated", state);
		break;
	case MODEL_FLAW_TRAP:
		snprintf(text, sizeof text, "nothing leaves %s", state);
		break;
	case MODEL_FLAW_NONDETERMINISTIC:
		states_name(flaw->successors, successors, sizeof successors);
		snprintf(text, sizeof text, "%s leads from %s to %s", event, state, successors);
		break;
	case MODEL_FLAW_DEAD_EVENT:
		snprintf(text, sizeof text, "no state that a session can reach allows %s", event);
		break;
	case MODEL_FLAW_INDISTINGUISHABLE:
		snprintf(text, sizeof text, "no events tell %s from %s", state,
			 sessionlint_state_name(flaw->other));
		break;
	}
	return lint->report(lint->userdata, flaw, text);
}

/* All that @belief can become, by whatever events. */
static sessionlint_belief model_reach(const struct model *model, sessionlint_belief belief)
{
	sessionlint_belief reached = model->closure[belief], before;

	do {
		before = reached;
		for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++)
			reached |= model->next[event][before];
	} while (reached != before);
	return reached;
}

/* Calls the report for each state of @states. */
static int states_report(const struct lint *lint, enum model_flaw_kind kind,
			 sessionlint_belief states)
{
	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		struct model_flaw flaw = { .kind = kind, .state = state };
		int r;

		if (!(states & belief_of(state)))
			continue;
		r = flaw_report(lint, &flaw);
		if (r < 0)
			return r;
	}
	return 0;
}

static int lint_unreachable(const struct lint *lint)
{
	return states_report(lint, MODEL_FLAW_UNREACHABLE, (sessionlint_belief)~lint->reachable);
}

static int lint_endless(const struct lint *lint)
{
	const sessionlint_belief terminated = belief_of(SESSIONLINT_STATE_TERMINATED);
	sessionlint_belief endless = SESSIONLINT_BELIEF_NONE;

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++)
		if (!(model_reach(lint->model, belief_of(state)) & terminated))
			endless |= belief_of(state);
	return states_report(lint, MODEL_FLAW_ENDLESS, endless);
}

/* A state that is only ever left for itself is a trap as well. */
static int lint_traps(const struct lint *lint)
{
	sessionlint_belief traps = SESSIONLINT_BELIEF_NONE;

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++)
		if (state != SESSIONLINT_STATE_TERMINATED &&
		    model_reach(lint->model, belief_of(state)) == belief_of(state))
			traps |= belief_of(state);
	return states_report(lint, MODEL_FLAW_TRAP, traps);
}

/*
 * Of two arcs that conflict Ragel makes one arc to both states. Where nothing happens unseen, such
 * a set has two bits; what follows unseen on one state is no conflict.
 */
static bool is_deterministic(const struct model *model, sessionlint_belief from,
			     sessionlint_belief to)
{
	if (to == SESSIONLINT_BELIEF_NONE || model->closure[from] != from)
		return true;
	for (unsigned state = FIRST_STATE; state_is_valid(state); state++)
		if (model->closure[belief_of(state)] == to)
			return true;
	return false;
}

static int lint_nondeterministic(const struct lint *lint)
{
	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		const sessionlint_belief from = belief_of(state);

		for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
			struct model_flaw flaw = {
				.kind = MODEL_FLAW_NONDETERMINISTIC,
				.state = state,
				.event = event,
				.successors = lint->model->next[event][from],
			};
			int r;

			if (is_deterministic(lint->model, from, flaw.successors))
				continue;
			r = flaw_report(lint, &flaw);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

static int lint_dead_events(const struct lint *lint)
{
	for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
		struct model_flaw flaw = { .kind = MODEL_FLAW_DEAD_EVENT, .event = event };
		int r;

		if (lint->model->next[event][lint->reachable])
			continue;
		r = flaw_report(lint, &flaw);
		if (r < 0)
			return r;
	}
	return 0;
}

static int lint_indistinguishable(const struct lint *lint)
{
	for (unsigned one = FIRST_STATE; state_is_valid(one); one++) {
		for (unsigned other = one + 1; state_is_valid(other); other++) {
			struct model_flaw flaw = {
				.kind = MODEL_FLAW_INDISTINGUISHABLE,
				.state = one,
				.other = other,
			};
			struct model_witness witness;
			int r = model_distinguish(lint->model, one, other, &witness);

			if (r == -ENOENT)
				r = flaw_report(lint, &flaw);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

int model_lint(const struct model *model, model_flaw_report *report, void *userdata)
{
	static int (*const lints[])(const struct lint *) = {
		lint_unreachable,      lint_endless,     lint_traps,
		lint_nondeterministic, lint_dead_events, lint_indistinguishable,
	};
	const struct lint lint = {
		.model = model,
		.reachable = model_reach(model, belief_of(SESSIONLINT_STATE_INITIALIZED)),
		.report = report,
		.userdata = userdata,
	};

	for (unsigned i = 0; i < sizeof lints / sizeof lints[0]; i++) {
		int r = lints[i](&lint);

		if (r < 0)
			return r;
	}
	return 0;
}

/* What two beliefs have become by the same events, and how the search came there. */
struct pair {
	sessionlint_belief one, other;
	uint8_t by;
	uint16_t from; /* the place in the queue */
};

#define PAIRS (MODEL_BELIEFS * MODEL_BELIEFS)

/* Breadth first, so that the first pair found is at the end of a shortest sequence. */
struct search {
	struct pair queue[PAIRS];
	bool seen[PAIRS];
	unsigned tail;
};

static void search_add(struct search *search, struct pair pair)
{
	bool *seen = &search->seen[pair.one * MODEL_BELIEFS + pair.other];

	/* Beliefs that are equal, or both empty, nothing tells apart any more. */
	if (pair.one == pair.other || *seen)
		return;
	*seen = true;
	search->queue[search->tail++] = pair;
}

/* The place of the first pair of which one is empty, or -ENOENT. */
static int search_run(struct search *search, const struct model *model)
{
	for (unsigned head = 0; head < search->tail; head++) {
		const struct pair at = search->queue[head];

		if (!at.one || !at.other)
			return (int)head;
		for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++)
			search_add(search, (struct pair) {
						   .one = model->next[event][at.one],
						   .other = model->next[event][at.other],
						   .by = (uint8_t)event,
						   .from = (uint16_t)head,
					   });
	}
	return -ENOENT;
}

int model_distinguish(const struct model *model, unsigned one, unsigned other,
		      struct model_witness *ret_witness)
{
	struct search *search = calloc(1, sizeof *search);
	struct model_witness witness = { .accepting = one, .rejecting = other };
	unsigned at, length = 0;
	int r;

	if (!search)
		return -ENOMEM;
	search_add(search, (struct pair) { .one = model->closure[belief_of(one)],
					   .other = model->closure[belief_of(other)] });
	r = search_run(search, model);
	if (r < 0)
		goto out;
	at = (unsigned)r;
	if (!search->queue[at].one) {
		witness.accepting = other;
		witness.rejecting = one;
	}
	for (unsigned back = at; back != 0; back = search->queue[back].from)
		length++;
	witness.length = length;
	for (; at != 0; at = search->queue[at].from)
		witness.events[--length] = search->queue[at].by;
	*ret_witness = witness;
	r = 0;
out:
	free(search);
	return r;
}
