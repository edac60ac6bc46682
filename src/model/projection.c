/* SPDX-License-Identifier: MIT */
#include "model/projection.h"

#include <string.h>

#define LOGGED_ON                                                                                  \
	(1U << (SESSIONLINT_STATE_LOGGED_ON - 1) |                                                 \
	 1U << (SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON - 1))
#define NOT_LOGGED_ON (SESSIONLINT_BELIEF_ANY & ~LOGGED_ON)

/*@ axiomatic Sets { logic integer united(integer x, integer y); } */

/*@ // the states in which @event can happen unseen
    logic integer can_hide(integer abrupt, integer event, integer belief) =
	event == SESSIONLINT_EVENT_TERMINATED && abrupt == 0 ? belief & NOT_LOGGED_ON : belief;
    // @belief and where hidden events up to @event can lead from it, one after the other
    logic integer hidden(struct model *model, integer mask, integer abrupt, integer belief,
			 integer event) =
	event <= 0 ? belief | model->closure[belief] :
	(mask & (1 << (event - 1))) != 0 ? hidden(model, mask, abrupt, belief, event - 1) :
	hidden(model, mask, abrupt, belief, event - 1) |
	    model->next[event][can_hide(abrupt, event,
					hidden(model, mask, abrupt, belief, event - 1))];
    logic integer hidden_often(struct model *model, integer mask, integer abrupt, integer belief,
			       integer passes) =
	passes <= 0 ? belief :
	hidden(model, mask, abrupt, hidden_often(model, mask, abrupt, belief, passes - 1),
	       MODEL_EVENTS - 1);
    // all that hidden events make of @belief: more of them add nothing
    predicate is_closure(struct model *model, integer mask, integer abrupt, integer belief,
			 integer closure) =
	hidden(model, mask, abrupt, closure, MODEL_EVENTS - 1) == closure &&
	\exists integer passes; 0 <= passes &&
	closure == hidden_often(model, mask, abrupt, belief, passes); */

/* @belief and where hidden events can lead from it, each taken once. */
/*@ requires \valid_read(model);
    assigns \nothing;
    ensures \result == hidden(model, mask, abrupt, belief, MODEL_EVENTS - 1);
    ensures \result >= belief; */
static sessionlint_belief project_once(const struct model *model, uint32_t mask, bool abrupt,
				       sessionlint_belief belief)
{
	sessionlint_belief reached = belief | model->closure[belief];

	//@ assert reached == united(belief, model->closure[belief]);
	/*@ loop invariant 1 <= event <= MODEL_EVENTS;
	    loop invariant reached == hidden(model, mask, abrupt, belief, event - 1);
	    loop invariant reached >= belief;
	    loop assigns event, reached;
	    loop variant MODEL_EVENTS - event; */
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
		sessionlint_belief from = reached;

		if (event == SESSIONLINT_EVENT_TERMINATED && !abrupt)
			from &= NOT_LOGGED_ON;
		//@ assert from == can_hide(abrupt, event, reached);
		//@ ghost sessionlint_belief before = reached;
		if (!mask_selects(mask, event))
			reached |= model->next[event][from];
		/*@ assert reached == before ||
		      reached == united(before, model->next[event][from]); */
		//@ assert reached == hidden(model, mask, abrupt, belief, event);
	}
	return reached;
}

/* The same again and again, until nothing is new. */
/*@ requires \valid_read(model);
    assigns \nothing;
    ensures is_closure(model, mask, abrupt, belief, \result); */
static sessionlint_belief project_closure(const struct model *model, uint32_t mask, bool abrupt,
					  sessionlint_belief belief)
{
	sessionlint_belief next = project_once(model, mask, abrupt, belief);
	//@ ghost int passes = 0;

	/*@ loop invariant next == hidden(model, mask, abrupt, belief, MODEL_EVENTS - 1);
	    loop invariant next >= belief && 0 <= passes <= belief;
	    loop invariant belief ==
		hidden_often(model, mask, abrupt, \at(belief, Pre), passes);
	    loop assigns belief, next, passes;
	    loop variant SESSIONLINT_BELIEF_ANY - belief; */
	while (next != belief) {
		belief = next;
		//@ ghost passes++;
		next = project_once(model, mask, abrupt, belief);
	}
	return belief;
}

/* Where an event leads: from what a belief can become unseen, and then to what that can become. */
/*@ requires \valid_read(closure + (0 .. MODEL_BELIEFS - 1));
    requires \valid_read(next + (0 .. MODEL_BELIEFS - 1));
    requires \valid(ret_next + (0 .. MODEL_BELIEFS - 1));
    requires \separated(ret_next + (0 .. MODEL_BELIEFS - 1),
	closure + (0 .. MODEL_BELIEFS - 1), next + (0 .. MODEL_BELIEFS - 1));
    assigns ret_next[0 .. MODEL_BELIEFS - 1];
    ensures \forall integer belief; 0 <= belief < MODEL_BELIEFS ==>
	ret_next[belief] == closure[next[closure[belief]]]; */
static void project_row(const sessionlint_belief *closure, const sessionlint_belief *next,
			sessionlint_belief *ret_next)
{
	/*@ loop invariant 0 <= belief <= MODEL_BELIEFS;
	    loop invariant \forall integer b; 0 <= b < belief ==>
		ret_next[b] == closure[next[closure[b]]];
	    loop assigns belief, ret_next[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_BELIEFS - belief; */
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		ret_next[belief] = closure[next[closure[belief]]];
}

void model_project(const struct model *model, uint32_t mask, bool abrupt, struct model *ret_model)
{
	struct model projected; /* the two models may be one */

	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		projected.closure[belief] = project_closure(model, mask, abrupt,
							    (sessionlint_belief)belief);
	memcpy(projected.next[SESSIONLINT_EVENT_IGNORE], projected.closure,
	       sizeof projected.closure);
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		project_row(projected.closure, model->next[event], projected.next[event]);
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		projected.allowed[belief] = model_events_of(&projected,
							    (sessionlint_belief)belief) &
					    (sessionlint_event_set)(mask << 1);
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
	model_ladder_join(ret_ladder);
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
