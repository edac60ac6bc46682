/* SPDX-License-Identifier: MIT */
#include "model/projection.h"

#define LOGGED_ON                                                                                  \
	(1U << (SESSIONLINT_STATE_LOGGED_ON - 1) |                                                 \
	 1U << (SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON - 1))
#define NOT_LOGGED_ON (SESSIONLINT_BELIEF_ANY & ~LOGGED_ON)

/*@ axiomatic Sets {
	logic integer united(integer x, integer y);
	logic integer common(integer x, integer y); } */

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

/*@ // Ignore leads a belief to its closure
    predicate ignores(struct model *model) = \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	model->next[SESSIONLINT_EVENT_IGNORE][b] == model->closure[b];
    // where events lead, by the rows that @model had before
    predicate are_rows{Old, New}(struct model *model, struct model *projected) =
	\forall integer event, b; 1 <= event < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	\at(projected->next[event][b], New) == \at(projected->closure[
		\at(model->next[event][\at(projected->closure[b], New)], Old)], New);
    predicate are_images(struct model *model) =
	\forall integer event; 0 <= event < MODEL_EVENTS ==>
	model->image[event] == model->next[event][SESSIONLINT_BELIEF_ANY]; */

/* The closures of all beliefs. They are found before one is written: the two models may be one. */
/*@ requires \valid_read(model) && \valid(ret_closure + (0 .. MODEL_BELIEFS - 1));
    assigns ret_closure[0 .. MODEL_BELIEFS - 1];
    ensures \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	is_closure{Pre}(model, mask, abrupt, b, \at(ret_closure[b], Post)); */
static void project_closures(const struct model *model, uint32_t mask, bool abrupt,
			     sessionlint_belief *ret_closure)
{
	sessionlint_belief closure[MODEL_BELIEFS];

	/*@ loop invariant 0 <= belief <= MODEL_BELIEFS;
	    loop invariant \forall integer b; 0 <= b < belief ==>
		is_closure(model, mask, abrupt, b, closure[b]);
	    loop assigns belief, closure[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_BELIEFS - belief; */
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		closure[belief] = project_closure(model, mask, abrupt, (sessionlint_belief)belief);
	/*@ loop invariant 0 <= belief <= MODEL_BELIEFS;
	    loop invariant \forall integer b; 0 <= b < belief ==> ret_closure[b] == closure[b];
	    loop assigns belief, ret_closure[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_BELIEFS - belief; */
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		ret_closure[belief] = closure[belief];
}

/*@ // where a belief is led by an event of which @next is the row
    logic integer led(sessionlint_belief *closure, sessionlint_belief *next, integer belief) =
	closure[next[closure[belief]]]; */

/* Where an event leads: from what a belief can become unseen, and then to what that can become.
 * @next may be @ret_next. */
/*@ requires \valid_read(closure + (0 .. MODEL_BELIEFS - 1));
    requires \valid_read(next + (0 .. MODEL_BELIEFS - 1));
    requires \valid(ret_next + (0 .. MODEL_BELIEFS - 1));
    assigns ret_next[0 .. MODEL_BELIEFS - 1];
    ensures \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	ret_next[b] == led{Pre}(closure, next, b); */
static void project_row(const sessionlint_belief *closure, const sessionlint_belief *next,
			sessionlint_belief *ret_next)
{
	sessionlint_belief row[MODEL_BELIEFS];

	/*@ loop invariant 0 <= belief <= MODEL_BELIEFS;
	    loop invariant \forall integer b; 0 <= b < belief ==>
		row[b] == led(closure, next, b);
	    loop assigns belief, row[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_BELIEFS - belief; */
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		row[belief] = closure[next[closure[belief]]];
	/*@ loop invariant 0 <= belief <= MODEL_BELIEFS;
	    loop invariant \forall integer b; 0 <= b < belief ==> ret_next[b] == row[b];
	    loop assigns belief, ret_next[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_BELIEFS - belief; */
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		ret_next[belief] = row[belief];
}

/*@ requires \valid_read(from + (0 .. MODEL_BELIEFS - 1));
    requires \valid(to + (0 .. MODEL_BELIEFS - 1));
    requires from == to ||
	\separated(from + (0 .. MODEL_BELIEFS - 1), to + (0 .. MODEL_BELIEFS - 1));
    assigns to[0 .. MODEL_BELIEFS - 1];
    ensures \forall integer b; 0 <= b < MODEL_BELIEFS ==> to[b] == \old(from[b]); */
static void row_copy(const sessionlint_belief *from, sessionlint_belief *to)
{
	/*@ loop invariant 0 <= belief <= MODEL_BELIEFS;
	    loop invariant \forall integer b; 0 <= b < belief ==> to[b] == \at(from[b], Pre);
	    loop invariant \forall integer b; 0 <= b < MODEL_BELIEFS ==>
		from[b] == \at(from[b], Pre);
	    loop assigns belief, to[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_BELIEFS - belief; */
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		to[belief] = from[belief];
}

/* Ignore, and then the events that lead somewhere. */
/*@ requires \valid_read(model) && \valid(ret_model);
    requires model == ret_model || \separated(model, ret_model);
    assigns ret_model->next[0][0 .. MODEL_EVENTS * MODEL_BELIEFS - 1];
    ensures \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	ret_model->next[SESSIONLINT_EVENT_IGNORE][b] == ret_model->closure[b];
    ensures \forall integer event, b; 1 <= event < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	ret_model->next[event][b] ==
	\old(ret_model->closure[model->next[event][ret_model->closure[b]]]); */
static void project_rows(const struct model *model, struct model *ret_model)
{
	row_copy(ret_model->closure, ret_model->next[SESSIONLINT_EVENT_IGNORE]);
	/*@ loop invariant 1 <= event <= MODEL_EVENTS;
	    loop invariant \forall integer b; 0 <= b < MODEL_BELIEFS ==>
		ret_model->next[SESSIONLINT_EVENT_IGNORE][b] == ret_model->closure[b];
	    loop invariant \forall integer e, b; 1 <= e < event && 0 <= b < MODEL_BELIEFS ==>
		ret_model->next[e][b] ==
		led{Pre}(&ret_model->closure[0], &model->next[e][0], b);
	    loop invariant \forall integer e, b; event <= e < MODEL_EVENTS &&
		0 <= b < MODEL_BELIEFS ==> model->next[e][b] == \at(model->next[e][b], Pre);
	    loop assigns event, ret_model->next[0][0 .. MODEL_EVENTS * MODEL_BELIEFS - 1];
	    loop variant MODEL_EVENTS - event; */
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
		/*@ assert \forall integer b; 0 <= b < MODEL_BELIEFS ==>
		      ret_model->closure[b] == \at(ret_model->closure[b], Pre); */
		/*@ assert \forall integer b; 0 <= b < MODEL_BELIEFS ==>
		      led(&ret_model->closure[0], &model->next[event][0], b) ==
		      led{Pre}(&ret_model->closure[0], &model->next[event][0], b); */
		project_row(ret_model->closure, model->next[event], ret_model->next[event]);
		/*@ assert \forall integer b; 0 <= b < MODEL_BELIEFS ==>
		      ret_model->next[event][b] ==
		      led{Pre}(&ret_model->closure[0], &model->next[event][0], b); */
		/*@ assert \forall integer e, b; 1 <= e < event && 0 <= b < MODEL_BELIEFS ==>
		      ret_model->next[e][b] == \at(ret_model->next[e][b], LoopCurrent); */
	}
	/*@ assert \forall integer e, b; 1 <= e < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	      led{Pre}(&ret_model->closure[0], &model->next[e][0], b) ==
	      \at(ret_model->closure[model->next[e][ret_model->closure[b]]], Pre); */
}

/*@ assigns \nothing;
    ensures \forall integer event; 0 <= event < 8 ==> ((\result & (1 << event)) != 0 <==>
	(events & (1 << event)) != 0 && event >= 1 && (mask & (1 << (event - 1))) != 0); */
static sessionlint_event_set events_shown(uint32_t mask, sessionlint_event_set events)
{
	sessionlint_event_set shown = (sessionlint_event_set)(mask << 1);

	/*@ assert \forall integer event; 1 <= event < 8 ==>
	      ((shown & (1 << event)) != 0 <==> (mask & (1 << (event - 1))) != 0); */
	//@ assert (shown & 1) == 0;
	events &= shown;
	/*@ assert events == common(\at(events, Pre), shown); */
	return events;
}

/*@ requires \valid_read(model) && \valid(ret_model);
    requires model == ret_model || \separated(model, ret_model);
    assigns ret_model->closure[0 .. MODEL_BELIEFS - 1];
    assigns ret_model->next[0][0 .. MODEL_EVENTS * MODEL_BELIEFS - 1];
    ensures \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	is_closure{Pre}(model, mask, abrupt, b, \at(ret_model->closure[b], Post));
    ensures ignores(ret_model) && are_rows{Pre, Post}(model, ret_model); */
static void project_next(const struct model *model, uint32_t mask, bool abrupt,
			 struct model *ret_model)
{
	project_closures(model, mask, abrupt, ret_model->closure);
	/*@ assert \forall integer e, b; 0 <= e < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	      model->next[e][b] == \at(model->next[e][b], Pre); */
	//@ ghost closed:;
	project_rows(model, ret_model);
	/*@ assert \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	      ret_model->closure[b] == \at(ret_model->closure[b], closed); */
}

/* The events that are possible and shown. */
/*@ requires \valid(model);
    assigns model->allowed[0 .. MODEL_BELIEFS - 1];
    ensures \forall integer event, b; 0 <= event < 8 && 0 <= b < MODEL_BELIEFS ==>
	((model->allowed[b] & (1 << event)) != 0 <==>
	 event < MODEL_EVENTS && selects(mask, event) && model->next[event][b] != 0); */
static void project_allowed(uint32_t mask, struct model *model)
{
	/*@ loop invariant 0 <= belief <= MODEL_BELIEFS;
	    loop invariant \forall integer event, b; 0 <= event < 8 && 0 <= b < belief ==>
		((model->allowed[b] & (1 << event)) != 0 <==>
		 event < MODEL_EVENTS && selects(mask, event) && model->next[event][b] != 0);
	    loop assigns belief, model->allowed[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_BELIEFS - belief; */
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
		model->allowed[belief] =
			events_shown(mask, model_events_of(model, (sessionlint_belief)belief));
}

/*@ requires \valid_read(model) && \valid(ret_model);
    requires model == ret_model || \separated(model, ret_model);
    assigns ret_model->reached[0][0 .. MODEL_EVENTS * MODEL_BELIEFS - 1];
    ensures \forall integer event, b; 0 <= event < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	ret_model->reached[event][b] == \old(model->reached[event][b]); */
static void reached_copy(const struct model *model, struct model *ret_model)
{
	/*@ loop invariant 0 <= event <= MODEL_EVENTS;
	    loop invariant \forall integer e, b; 0 <= e < event && 0 <= b < MODEL_BELIEFS ==>
		ret_model->reached[e][b] == \at(model->reached[e][b], Pre);
	    loop invariant \forall integer e, b; event <= e < MODEL_EVENTS &&
		0 <= b < MODEL_BELIEFS ==> model->reached[e][b] == \at(model->reached[e][b], Pre);
	    loop assigns event, ret_model->reached[0][0 .. MODEL_EVENTS * MODEL_BELIEFS - 1];
	    loop variant MODEL_EVENTS - event; */
	for (unsigned event = 0; event < MODEL_EVENTS; event++) {
		row_copy(model->reached[event], ret_model->reached[event]);
		/*@ assert \forall integer e, b; 0 <= e < event && 0 <= b < MODEL_BELIEFS ==>
		      ret_model->reached[e][b] == \at(ret_model->reached[e][b], LoopCurrent); */
	}
}

/* What follows from where events lead. */
/*@ requires \valid(model);
    assigns model->allowed[0 .. MODEL_BELIEFS - 1], model->image[0 .. MODEL_EVENTS - 1];
    ensures \forall integer event, b; 0 <= event < 8 && 0 <= b < MODEL_BELIEFS ==>
	((model->allowed[b] & (1 << event)) != 0 <==>
	 event < MODEL_EVENTS && selects(mask, event) && model->next[event][b] != 0);
    ensures are_images(model); */
static void project_sums(uint32_t mask, struct model *model)
{
	project_allowed(mask, model);
	/*@ loop invariant 0 <= event <= MODEL_EVENTS;
	    loop invariant \forall integer e; 0 <= e < event ==>
		model->image[e] == model->next[e][SESSIONLINT_BELIEF_ANY];
	    loop assigns event, model->image[0 .. MODEL_EVENTS - 1];
	    loop variant MODEL_EVENTS - event; */
	for (unsigned event = 0; event < MODEL_EVENTS; event++)
		model->image[event] = model->next[event][SESSIONLINT_BELIEF_ANY];
}

/*@ requires \valid_read(model) && \valid(ret_model);
    requires model == ret_model || \separated(model, ret_model);
    assigns *ret_model;
    ensures \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	is_closure{Pre}(model, mask, abrupt, b, \at(ret_model->closure[b], Post));
    ensures ignores(ret_model) && are_rows{Pre, Post}(model, ret_model);
    ensures \forall integer event, b; 0 <= event < 8 && 0 <= b < MODEL_BELIEFS ==>
	((ret_model->allowed[b] & (1 << event)) != 0 <==>
	 event < MODEL_EVENTS && selects(mask, event) && ret_model->next[event][b] != 0);
    ensures are_images(ret_model);
    ensures \forall integer event, b; 0 <= event < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	ret_model->reached[event][b] == \old(model->reached[event][b]); */
void model_project(const struct model *model, uint32_t mask, bool abrupt, struct model *ret_model)
{
	project_next(model, mask, abrupt, ret_model);
	//@ ghost filled:;
	project_sums(mask, ret_model);
	/*@ assert \forall integer e, b; 0 <= e < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	      model->reached[e][b] == \at(model->reached[e][b], Pre); */
	reached_copy(model, ret_model);
	/*@ assert \forall integer e, b; 0 <= e < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	      ret_model->next[e][b] == \at(ret_model->next[e][b], filled); */
	/*@ assert \forall integer b; 0 <= b < MODEL_BELIEFS ==>
	      ret_model->closure[b] == \at(ret_model->closure[b], filled); */
	/*@ assert \forall integer e, b; 1 <= e < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	      ret_model->next[e][b] == \at(ret_model->closure[\at(model->next[e]
		[\at(ret_model->closure[b], Here)], Pre)], filled); */
	/*@ assert \forall integer e, b; 1 <= e < MODEL_EVENTS && 0 <= b < MODEL_BELIEFS ==>
	      0 <= \at(model->next[e][b], Pre) < MODEL_BELIEFS; */
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
