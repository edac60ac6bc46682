/* SPDX-License-Identifier: MIT */
#include "certificate/witness_machine.h"

#include <stdlib.h>
#include <string.h>

static enum model_recognizer recognizer_of_all(struct witness_tolerances tolerances)
{
	if (tolerances.reconnect)
		return tolerances.hidden_end ? MODEL_IMPLIED : MODEL_KNOWN;
	return tolerances.hidden_end ? MODEL_ABRUPT : MODEL_REUSED;
}

/* Adds the hidden transition by which @event leads from one state to another, by index. */
static void add_hidden(struct witness_model *model, unsigned from, unsigned event, unsigned to)
{
	model->distance[from][to] = 1;
	model->event[from][to] = (uint8_t)event;
	model->through[from][to] = (uint8_t)to;
}

/* Adds the reuse of an id, and an end with the user logged on, if these can be unseen. */
static void add_tolerated(struct witness_model *model)
{
	const unsigned terminated = SESSIONLINT_STATE_TERMINATED - 1,
		       initialized = SESSIONLINT_STATE_INITIALIZED - 1;

	if (model->model.closure[1U << terminated] & 1U << initialized)
		add_hidden(model, terminated, WITNESS_REUSE, initialized);
	for (unsigned state = SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON - 1;
	     state < SESSIONLINT_STATE_LOGGED_ON; state++)
		if (model->model.closure[1U << state] & 1U << terminated)
			add_hidden(model, state, SESSIONLINT_EVENT_TERMINATED, terminated);
}

/* Finds the transitions that the model can make unseen: those of the table, with the reconnect,
 * that lead to a state which @life, that of one incarnation, can reach unseen; and what is
 * tolerated. */
static void find_hidden(struct witness_model *model, const struct model *life)
{
	struct model table;

	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED), &table);
	memset(model->distance, WITNESS_FAR, sizeof model->distance);
	for (unsigned from = 0; from < MODEL_STATES; from++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = table.reached[event][1U << from];

			if (to & life->closure[1U << from])
				add_hidden(model, from, event, (unsigned)__builtin_ctz(to));
		}
	}
	add_tolerated(model);
	for (unsigned state = 0; state < MODEL_STATES; state++)
		model->distance[state][state] = 0;
}

/* Finds the shortest ways of several hidden transitions. */
static void find_ways(struct witness_model *model)
{
	uint8_t(*distance)[MODEL_STATES] = model->distance;

	for (unsigned by = 0; by < MODEL_STATES; by++) {
		for (unsigned from = 0; from < MODEL_STATES; from++) {
			for (unsigned to = 0; to < MODEL_STATES; to++) {
				unsigned sum = (unsigned)distance[from][by] + distance[by][to];

				if (sum >= distance[from][to])
					continue;
				distance[from][to] = (uint8_t)sum;
				model->event[from][to] = model->event[from][by];
				model->through[from][to] = model->through[from][by];
			}
		}
	}
}

static void make_model(struct witness_model *model, enum sessionlint_source source,
		       enum model_recognizer recognizer, const struct model *life)
{
	model_tabulate(model_recognizer(source, recognizer), &model->model);
	find_hidden(model, life);
	find_ways(model);
}

/* Makes what a driver sees of a model that hides nothing. @abrupt: of ends that it has not selected
 * it also misses those with the user logged on. */
static void make_masked(struct witness_model *model, enum model_recognizer recognizer,
			uint32_t mask, bool abrupt)
{
	const unsigned terminated = SESSIONLINT_STATE_TERMINATED - 1,
		       initialized = SESSIONLINT_STATE_INITIALIZED - 1;
	struct model whole;

	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, recognizer), &whole);
	model_project(&whole, mask, abrupt, &model->model);
	memset(model->distance, WITNESS_FAR, sizeof model->distance);
	for (unsigned from = 0; from < MODEL_STATES; from++) {
		bool logged_on = from == SESSIONLINT_STATE_LOGGED_ON - 1 ||
				 from == SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON - 1;

		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = whole.reached[event][1U << from];

			if (to && !mask_selects(mask, event) &&
			    (event != SESSIONLINT_EVENT_TERMINATED || !logged_on || abrupt))
				add_hidden(model, from, event, (unsigned)__builtin_ctz(to));
		}
		model->distance[from][from] = 0;
	}
	/* the reuse of an id */
	if (whole.closure[1U << terminated] & 1U << initialized)
		add_hidden(model, terminated, WITNESS_REUSE, initialized);
	find_ways(model);
}

static bool shows_all(const struct witness_model *life, const struct witness_model *all)
{
	for (unsigned from = 0; from < MODEL_STATES; from++)
		for (unsigned to = 0; to < MODEL_STATES; to++)
			if (from != to && (life->distance[from][to] != WITNESS_FAR ||
					   (all->distance[from][to] != WITNESS_FAR &&
					    all->event[from][to] != WITNESS_REUSE)))
				return false;
	return true;
}

void witness_machine_make(struct witness_machine *machine, enum sessionlint_source source,
			  struct witness_tolerances tolerances)
{
	machine->made = true;
	model_tabulate(model_recognizer(source, MODEL_PUBLISHED), &machine->published);
	make_model(&machine->life, source, tolerances.reconnect ? MODEL_OBSERVED : MODEL_PUBLISHED,
		   &machine->life.model);
	make_model(&machine->all, source, recognizer_of_all(tolerances), &machine->life.model);
	machine->shows_all = shows_all(&machine->life, &machine->all);
}

static void machine_make_masked(struct witness_machine *machine, uint32_t mask,
				struct witness_tolerances tolerances)
{
	struct model whole;

	machine->made = true;
	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_PUBLISHED), &whole);
	model_project(&whole, mask, false, &machine->published);
	make_masked(&machine->life, tolerances.reconnect ? MODEL_OBSERVED : MODEL_PUBLISHED, mask,
		    false);
	make_masked(&machine->all, recognizer_of_all(tolerances), mask, tolerances.hidden_end);
}

const struct witness_machine *witness_masked_at(struct witness_masked *masked, uint8_t mask)
{
	struct witness_machine *machine = masked->of[mask];

	if (machine)
		return machine;
	machine = masked->of[mask] = calloc(1, sizeof *machine);
	if (machine)
		machine_make_masked(machine, mask, masked->tolerances);
	return machine;
}

void witness_masked_free(struct witness_masked *masked)
{
	for (unsigned mask = 0; mask < PROJECTION_MASKS; mask++)
		free(masked->of[mask]);
}

sessionlint_belief witness_machine_ends(const struct witness_machine *machine, bool over)
{
	const unsigned terminated = SESSIONLINT_STATE_TERMINATED - 1;
	sessionlint_belief states = SESSIONLINT_BELIEF_NONE;

	for (unsigned state = 0; state < MODEL_STATES; state++)
		if (!over || machine->all.distance[state][terminated] != WITNESS_FAR)
			states |= (sessionlint_belief)(1U << state);
	return states;
}
