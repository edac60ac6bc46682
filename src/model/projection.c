/* SPDX-License-Identifier: MIT */
#include "model/projection.h"

#include <string.h>

#define LOGGED_ON                                                                                  \
	(1U << (SESSIONLINT_STATE_LOGGED_ON - 1) |                                                 \
	 1U << (SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON - 1))

/* @belief and where hidden events can lead from it, again and again. */
static sessionlint_belief project_closure(const struct model *model, uint32_t mask, bool abrupt,
					  sessionlint_belief belief)
{
	sessionlint_belief before;

	do {
		before = belief;
		belief |= model->closure[belief];
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
			sessionlint_belief from = belief;

			if (mask_selects(mask, event))
				continue;
			if (event == SESSIONLINT_EVENT_TERMINATED && !abrupt)
				from &= (sessionlint_belief)~LOGGED_ON;
			belief |= model->next[event][from];
		}
	} while (belief != before);
	return belief;
}

void model_project(const struct model *model, uint32_t mask, bool abrupt, struct model *ret_model)
{
	struct model projected = { .allowed = { 0 } };

	for (unsigned belief = 1; belief < MODEL_BELIEFS; belief++)
		projected.closure[belief] = project_closure(model, mask, abrupt,
							    (sessionlint_belief)belief);
	for (unsigned belief = 1; belief < MODEL_BELIEFS; belief++) {
		sessionlint_belief closed = projected.closure[belief];

		projected.next[SESSIONLINT_EVENT_IGNORE][belief] = closed;
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
			sessionlint_belief next = projected.closure[model->next[event][closed]];

			projected.next[event][belief] = next;
			if (next && mask_selects(mask, event))
				projected.allowed[belief] |= (sessionlint_event_set)(1U << event);
		}
	}
	for (unsigned event = 0; event < MODEL_EVENTS; event++)
		projected.image[event] = projected.next[event][SESSIONLINT_BELIEF_ANY];
	memcpy(projected.reached, model->reached, sizeof projected.reached);
	*ret_model = projected;
}

void model_ladder_project(const struct model_ladder *ladder, uint32_t mask,
			  struct model_ladder *ret_ladder)
{
	bool abrupt = false;

	for (unsigned i = 0; i < TOLERANCE_COUNT; i++) {
		abrupt |= ladder->grants[i] == SESSIONLINT_TOLERANCE_IMPLIED;
		model_project(&ladder->rungs[i], mask, abrupt, &ret_ladder->rungs[i]);
		ret_ladder->grants[i] = ladder->grants[i];
	}
}

/* The states of @belief in which @event is possible at once. */
static sessionlint_belief states_with(const struct model *table, sessionlint_belief belief,
				      unsigned event)
{
	sessionlint_belief with = SESSIONLINT_BELIEF_NONE;

	for (unsigned state = 1; state <= MODEL_STATES; state++)
		if (belief & belief_of(state) && table->next[event][belief_of(state)])
			with |= belief_of(state);
	return with;
}

enum projection_view projection_view(const struct model *table, const struct model *projection,
				     uint32_t mask, unsigned state, unsigned event,
				     sessionlint_belief *ret_alike)
{
	bool seen[MODEL_BELIEFS] = { false };
	sessionlint_belief queue[MODEL_BELIEFS];
	unsigned head = 0, tail = 0, certain = 0, doubtful = 0;

	*ret_alike = SESSIONLINT_BELIEF_NONE;
	if (!mask_selects(mask, event))
		return VIEW_HIDDEN;
	queue[tail++] = projection->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)];
	seen[queue[0]] = true;
	while (head < tail) {
		sessionlint_belief belief = queue[head++];
		sessionlint_belief with = states_with(table, belief, event);

		if (with == belief_of(state))
			certain++;
		else if (with & belief_of(state))
			doubtful++;
		if (with & belief_of(state))
			*ret_alike |= with & (sessionlint_belief)~belief_of(state);
		for (unsigned e = SESSIONLINT_EVENT_CREATED; e < MODEL_EVENTS; e++) {
			sessionlint_belief to = projection->next[e][belief];

			if (!mask_selects(mask, e) || !to || seen[to])
				continue;
			seen[to] = true;
			queue[tail++] = to;
		}
	}
	return certain && doubtful ? VIEW_SOMETIMES : certain ? VIEW_CERTAIN : VIEW_ALIKE;
}
