/* SPDX-License-Identifier: MIT */
/* Machines from the tables of the model. */
#include <string.h>

#include "formal/formal.h"
#include "model/projection.h"
#include "model/registration.h"

/* ---- sessions ---- */

static const char *session_state_name(unsigned bit)
{
	return sessionlint_state_name(bit + 1);
}

/* Events without Ignore, by index. */
#define EVENT(event) ((event)-1U)

#define LOGGED_ON                                                                                  \
	(belief_of(SESSIONLINT_STATE_LOGGED_ON) |                                                  \
	 belief_of(SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON))

/*
 * A user logs on unseen if the states of a session that nobody logged on to can become others
 * unseen; he is gone unseen if those of one that somebody logged on to can.
 */
static enum formal_hold_claim logon_claim(const struct model *model)
{
	sessionlint_belief before = model->closure[belief_of(SESSIONLINT_STATE_CONNECTED) |
						   belief_of(SESSIONLINT_STATE_DISCONNECTED)];

	if (before & LOGGED_ON)
		return FORMAL_NO_CLAIM;
	return model->closure[LOGGED_ON] == LOGGED_ON ? FORMAL_EXACTLY : FORMAL_ONLY_WHILE;
}

static void add_states(struct formal_machine *machine, const struct model *model,
		       const struct beliefs *beliefs)
{
	for (unsigned i = 0; i < beliefs->count; i++) {
		struct formal_state *state = &machine->states[machine->state_count++];
		sessionlint_belief belief = beliefs->list[i];

		state->states = belief;
		belief_name(beliefs, belief, state->name);
		state->final = belief & belief_of(SESSIONLINT_STATE_TERMINATED);
		state->inside = belief & LOGGED_ON;
		for (unsigned event = 1; event < MODEL_EVENTS; event++)
			state->next[EVENT(event)] =
				model->allowed[belief] & 1U << event
					? (uint16_t)beliefs_index(beliefs,
								  model->next[event][belief])
					: FORMAL_NOWHERE;
	}
}

static void mark_first(struct formal_machine *machine)
{
	for (unsigned event = 0; event < machine->event_count; event++) {
		unsigned to = formal_next(machine, machine->start, event);

		if (to != FORMAL_NOWHERE)
			machine->states[to].first = true;
	}
}

void formal_of_model(const struct formal_choice *choice, struct formal_machine *ret_machine)
{
	const struct recognizer *recognizer = model_recognizer(choice->named->source,
							       choice->tolerance);
	struct model model, table;
	struct beliefs beliefs;

	model_tabulate(recognizer, &model);
	if (choice->masked) {
		table = model;
		model_project(&table, choice->mask, true, &model);
	}
	*ret_machine = (struct formal_machine) {
		.kind = "session",
		.module = "Session",
		.name = choice->named->name,
		.summary = choice->named->summary,
		.source = recognizer->vocabulary,
		.tolerance = recognizer->tolerance,
		.tolerance_is_given = choice->tolerance_is_given,
		.masked = choice->masked,
		.mask = choice->mask,
		.state_name = session_state_name,
		.event_count = MODEL_EVENTS - 1,
		.first_number = SESSIONLINT_EVENT_CREATED,
		.over = EVENT(SESSIONLINT_EVENT_TERMINATED),
		.hold = { .name = "user",
			  .inside = "logged_on",
			  .begin = EVENT(SESSIONLINT_EVENT_LOGON),
			  .ends = 1U << EVENT(SESSIONLINT_EVENT_LOGOFF) |
				  1U << EVENT(SESSIONLINT_EVENT_TERMINATED),
			  .claim = logon_claim(&model) },
	};
	for (unsigned event = 1; event < MODEL_EVENTS; event++)
		ret_machine->events[EVENT(event)] = sessionlint_event_name(event);
	ret_machine->reused = model.closure[belief_of(SESSIONLINT_STATE_TERMINATED)] &
			      belief_of(SESSIONLINT_STATE_INITIALIZED);
	beliefs_find(&model, &beliefs);
	add_states(ret_machine, &model, &beliefs);
	mark_first(ret_machine);
}

/* ---- registrations ---- */

void formal_of_registration(struct formal_machine *ret_machine)
{
	struct registration_model model;

	*ret_machine = (struct formal_machine) {
		.kind = REGISTRATION_NAME,
		.module = "Registration",
		.name = REGISTRATION_NAME,
		.summary = REGISTRATION_SUMMARY,
		.state_name = registration_state_name,
		.event_count = REGISTRATION_SYMBOLS - 1,
		.first_number = OBJECT_CREATION,
		.over = -1,
		.hold = { .name = "live",
			  .inside = "registered",
			  .begin = EVENT(REGISTER_SUCCESS),
			  .ends = 1U << EVENT(UNREGISTER),
			  .claim = FORMAL_EXACTLY },
	};
	registration_tabulate(&model);
	for (unsigned symbol = 1; symbol < REGISTRATION_SYMBOLS; symbol++)
		ret_machine->events[EVENT(symbol)] = registration_symbol_name(symbol);
	for (unsigned bit = 0; bit < REGISTRATION_STATES; bit++) {
		struct formal_state *state = &ret_machine->states[ret_machine->state_count++];

		state->states = (uint8_t)(1U << bit);
		snprintf(state->name, sizeof state->name, "%s", registration_state_name(bit));
		state->final = model.next[TRACE_END][1U << bit];
		state->inside = 1U << bit == REGISTRATION_REGISTERED;
		for (unsigned symbol = 1; symbol < REGISTRATION_SYMBOLS; symbol++) {
			uint8_t to = model.next[symbol][1U << bit];

			/* no arc of the chart is hidden: each leads to one state */
			state->next[EVENT(symbol)] = to ? (uint16_t)__builtin_ctz(to)
							: FORMAL_NOWHERE;
		}
	}
}
