/* SPDX-License-Identifier: MIT */
#include "model/model.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#define EXTERN_RECOGNIZERS(vocabulary)                                                             \
	extern const struct recognizer recognizer_##vocabulary##_published;                        \
	extern const struct recognizer recognizer_##vocabulary##_reused;                           \
	extern const struct recognizer recognizer_##vocabulary##_known;                            \
	extern const struct recognizer recognizer_##vocabulary##_implied;                          \
	extern const struct recognizer recognizer_##vocabulary##_observed;                         \
	extern const struct recognizer recognizer_##vocabulary##_abrupt

EXTERN_RECOGNIZERS(wdm);
EXTERN_RECOGNIZERS(wts);
EXTERN_RECOGNIZERS(sens);
EXTERN_RECOGNIZERS(lsm);
EXTERN_RECOGNIZERS(winlogon);
EXTERN_RECOGNIZERS(winlogon_operational);
EXTERN_RECOGNIZERS(profile);
EXTERN_RECOGNIZERS(rdp);
EXTERN_RECOGNIZERS(account);

#define RECOGNIZERS(vocabulary)                                                                    \
	{                                                                                          \
		[MODEL_PUBLISHED] = &recognizer_##vocabulary##_published,                          \
		[MODEL_REUSED] = &recognizer_##vocabulary##_reused,                                \
		[MODEL_KNOWN] = &recognizer_##vocabulary##_known,                                  \
		[MODEL_IMPLIED] = &recognizer_##vocabulary##_implied,                              \
		[MODEL_OBSERVED] = &recognizer_##vocabulary##_observed,                            \
		[MODEL_ABRUPT] = &recognizer_##vocabulary##_abrupt,                                \
	}

static const struct recognizer *const recognizers[SOURCE_COUNT][MODEL_RECOGNIZERS] = {
	[SESSIONLINT_SOURCE_WDM] = RECOGNIZERS(wdm),
	[SESSIONLINT_SOURCE_WTS] = RECOGNIZERS(wts),
	[SESSIONLINT_SOURCE_SENS] = RECOGNIZERS(sens),
	[SESSIONLINT_SOURCE_LSM] = RECOGNIZERS(lsm),
	[SESSIONLINT_SOURCE_WINLOGON] = RECOGNIZERS(winlogon),
	[SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL] = RECOGNIZERS(winlogon_operational),
	[SESSIONLINT_SOURCE_PROFILE] = RECOGNIZERS(profile),
	[SESSIONLINT_SOURCE_RDP] = RECOGNIZERS(rdp),
	[SESSIONLINT_SOURCE_ACCOUNT] = RECOGNIZERS(account),
};

static const struct model_named named[] = {
	{ "published", SESSIONLINT_SOURCE_WDM, MODEL_PUBLISHED,
	  "the published table, every event shown" },
	{ "observed", SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED,
	  "the published table and the undocumented reconnect" },
	{ "wts", SESSIONLINT_SOURCE_WTS, MODEL_IMPLIED, "the events of WM_WTSSESSION_CHANGE" },
	{ "sens", SESSIONLINT_SOURCE_SENS, MODEL_IMPLIED, "the events of ISensLogon2" },
	{ "lsm", SESSIONLINT_SOURCE_LSM, MODEL_IMPLIED, "the log of the Local Session Manager" },
	{ "winlogon", SESSIONLINT_SOURCE_WINLOGON, MODEL_IMPLIED,
	  "the records of Winlogon in the System log" },
	{ "winlogon-operational", SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL, MODEL_IMPLIED,
	  "the log of Winlogon" },
	{ "profile", SESSIONLINT_SOURCE_PROFILE, MODEL_IMPLIED,
	  "the log of the User Profile Service" },
	{ "rdp", SESSIONLINT_SOURCE_RDP, MODEL_IMPLIED, "the log of RdpCoreTS" },
	{ "account", SESSIONLINT_SOURCE_ACCOUNT, MODEL_IMPLIED, "an account of a machine" },
};

const struct recognizer *model_recognizer(enum sessionlint_source source,
					  enum model_recognizer tolerance)
{
	return recognizers[source][tolerance];
}

const struct model_named *model_named(unsigned index)
{
	return index < sizeof named / sizeof named[0] ? &named[index] : NULL;
}

/* The node in which @recognizer stands for @state and what that becomes unseen. */
static int node_of_state(const struct recognizer *recognizer, unsigned state, uint8_t *ret_belief)
{
	enum machine_symbol begin = (enum machine_symbol)(BEGIN_CREATED + (int)state - 1);

	return recognizer->step(recognizer->start, begin, ret_belief);
}

static sessionlint_belief recognizer_closure(const struct recognizer *recognizer,
					     sessionlint_belief belief)
{
	sessionlint_belief closure = SESSIONLINT_BELIEF_NONE;

	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		uint8_t states;

		if (!(belief & belief_of(state)))
			continue;
		node_of_state(recognizer, state, &states);
		closure |= states;
	}
	return closure;
}

static sessionlint_belief recognizer_next(const struct recognizer *recognizer,
					  sessionlint_belief belief, unsigned event)
{
	sessionlint_belief next = SESSIONLINT_BELIEF_NONE;

	/* Ignore "changes no state"; it is no letter of the alphabet, nor is Max. */
	if (event == SESSIONLINT_EVENT_IGNORE)
		return recognizer_closure(recognizer, belief);
	if (event >= SESSIONLINT_EVENT_MAX)
		return SESSIONLINT_BELIEF_NONE;
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		uint8_t states;
		int node;

		if (!(belief & belief_of(state)))
			continue;
		node = node_of_state(recognizer, state, &states);
		recognizer->step(node, (enum machine_symbol)event, &states);
		next |= states;
	}
	return next;
}

/* The table of @recognizer, with every event seen: with the reconnect or without it. */
static const struct recognizer *table_of(const struct recognizer *recognizer)
{
	static const enum model_recognizer without[] = { MODEL_PUBLISHED, MODEL_REUSED,
							 MODEL_ABRUPT };

	for (unsigned source = 0; source < SOURCE_COUNT; source++)
		for (unsigned i = 0; i < sizeof without / sizeof without[0]; i++)
			if (recognizers[source][without[i]] == recognizer)
				return model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_PUBLISHED);
	return model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED);
}

/*
 * Where an event leads from one state. A recognizer knows a state only with all that it can become
 * unseen; its table with every event seen says where the arc leads, and @next whether the source
 * shows it.
 */
static sessionlint_belief state_reached(const struct recognizer *table, unsigned state,
					unsigned event, sessionlint_belief next)
{
	return next & recognizer_next(table, belief_of(state), event);
}

/* Fills a row of a table in which only the sets of one state are there: a set leads to what its
 * states lead to. */
/*@ requires \valid(row + (0 .. MODEL_BELIEFS - 1)) && row[0] == 0;
    assigns row[0 .. MODEL_BELIEFS - 1];
    ensures \forall integer state; 1 <= state <= MODEL_STATES ==>
	row[1 << (state - 1)] == \old(row[1 << (state - 1)]);
    ensures is_additive(row); */
static void row_fill(sessionlint_belief row[MODEL_BELIEFS])
{
	/*@ loop invariant 1 <= state <= MODEL_STATES + 1;
	    loop invariant \forall integer s; 1 <= s <= MODEL_STATES ==>
		row[1 << (s - 1)] == \at(row[1 << (s - 1)], Pre);
	    loop invariant \forall integer belief; 0 <= belief < (1 << (state - 1)) ==>
		is_union{Pre}(row, belief, \at(row[belief], Here));
	    loop assigns state, row[0 .. MODEL_BELIEFS - 1];
	    loop variant MODEL_STATES + 1 - state; */
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		unsigned highest = belief_of(state);

		/* a set is its highest state and lower ones, which were done before */
		//@ assert highest <= 128;
		//@ assert is_union{Pre}(row, highest, \at(row[highest], Here));
		/*@ loop invariant 1 <= rest <= highest;
		    loop invariant \forall integer s; 1 <= s <= MODEL_STATES ==>
			row[1 << (s - 1)] == \at(row[1 << (s - 1)], Pre);
		    loop invariant \forall integer belief; 0 <= belief < highest + rest ==>
			is_union{Pre}(row, belief, \at(row[belief], Here));
		    loop assigns rest, row[0 .. MODEL_BELIEFS - 1];
		    loop variant highest - rest; */
		for (unsigned rest = 1; rest < highest; rest++) {
			//@ assert (highest | rest) == highest + rest;
			/*@ assert \forall integer s; 1 <= s <= MODEL_STATES ==>
			      (highest | rest) != 1 << (s - 1); */
			/*@ assert \forall integer s; 1 <= s <= MODEL_STATES ==>
			      (has(highest | rest, s) <==> s == state || has(rest, s)); */
			row[highest | rest] = row[highest] | row[rest];
			/*@ assert \forall integer to; 1 <= to <= MODEL_STATES ==>
			      (has(row[highest | rest], to) <==>
			       has(row[highest], to) || has(row[rest], to)); */
			/*@ assert \forall integer to; 1 <= to <= MODEL_STATES ==>
			      (leads{Pre}(row, highest | rest, to) <==>
			       leads{Pre}(row, highest, to) || leads{Pre}(row, rest, to)); */
			/*@ assert is_union{Pre}(row, highest | rest,
			      \at(row[highest | rest], Here)); */
		}
	}
	/*@ assert \forall integer belief; 0 <= belief < MODEL_BELIEFS ==>
	      is_union{Pre}(row, belief, \at(row[belief], Here)); */
	/*@ assert \forall integer belief, to; 1 <= to <= MODEL_STATES ==>
	      (leads{Here}(row, belief, to) <==> leads{Pre}(row, belief, to)); */
}

sessionlint_event_set model_events_of(const struct model *model, sessionlint_belief belief)
{
	sessionlint_event_set events = 0;

	/*@ loop invariant 1 <= event <= MODEL_EVENTS;
	    loop invariant \forall integer e; 0 <= e < 8 ==> ((events & (1 << e)) != 0 <==>
		1 <= e < event && model->next[e][belief] != 0);
	    loop assigns event, events;
	    loop variant MODEL_EVENTS - event; */
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		if (model->next[event][belief])
			events |= (sessionlint_event_set)(1U << event);
	return events;
}

void model_tabulate(const struct recognizer *recognizer, struct model *ret_model)
{
	const struct recognizer *table = table_of(recognizer);

	memset(ret_model, 0, sizeof *ret_model);
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		sessionlint_belief one = belief_of(state);

		ret_model->closure[one] = recognizer_closure(recognizer, one);
		for (unsigned event = 0; event < MODEL_EVENTS; event++) {
			sessionlint_belief next = recognizer_next(recognizer, one, event);

			ret_model->next[event][one] = next;
			ret_model->reached[event][one] = state_reached(table, state, event, next);
		}
	}
	row_fill(ret_model->closure);
	for (unsigned event = 0; event < MODEL_EVENTS; event++) {
		row_fill(ret_model->next[event]);
		row_fill(ret_model->reached[event]);
		ret_model->image[event] = ret_model->next[event][SESSIONLINT_BELIEF_ANY];
	}
	for (unsigned belief = 1; belief < MODEL_BELIEFS; belief++)
		ret_model->allowed[belief] = model_events_of(ret_model, (sessionlint_belief)belief);
}

static const enum model_recognizer rungs[TOLERANCE_COUNT] = {
	[SESSIONLINT_TOLERANCE_PUBLISHED] = MODEL_PUBLISHED,
	[SESSIONLINT_TOLERANCE_REUSED] = MODEL_REUSED,
	[SESSIONLINT_TOLERANCE_KNOWN] = MODEL_KNOWN,
	[SESSIONLINT_TOLERANCE_IMPLIED] = MODEL_IMPLIED,
};

/* A rung: its recognizer, and what that accepts beyond the rung before. */
struct rung {
	enum model_recognizer recognizer;
	enum sessionlint_tolerance grants;
};

static const struct rung ladders[2][TOLERANCE_COUNT] = {
	[false] = {
		{ MODEL_PUBLISHED, SESSIONLINT_TOLERANCE_PUBLISHED },
		{ MODEL_REUSED, SESSIONLINT_TOLERANCE_REUSED },
		{ MODEL_KNOWN, SESSIONLINT_TOLERANCE_KNOWN },
		{ MODEL_IMPLIED, SESSIONLINT_TOLERANCE_IMPLIED },
	},
	[true] = {
		{ MODEL_PUBLISHED, SESSIONLINT_TOLERANCE_PUBLISHED },
		{ MODEL_REUSED, SESSIONLINT_TOLERANCE_REUSED },
		{ MODEL_ABRUPT, SESSIONLINT_TOLERANCE_IMPLIED },
		{ MODEL_IMPLIED, SESSIONLINT_TOLERANCE_KNOWN },
	},
};

void model_ladder_tabulate(enum sessionlint_source source, bool strict,
			   struct model_ladder *ret_ladder)
{
	for (unsigned i = 0; i < TOLERANCE_COUNT; i++) {
		const struct rung *rung = &ladders[strict][i];

		model_tabulate(model_recognizer(source, rung->recognizer), &ret_ladder->rungs[i]);
		ret_ladder->grants[i] = (uint8_t)rung->grants;
	}
	model_ladder_join(ret_ladder);
}

void model_ladder_join(struct model_ladder *ladder)
{
	for (unsigned event = 0; event < MODEL_EVENTS; event++)
		for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++)
			for (unsigned i = 0; i < TOLERANCE_COUNT; i++)
				ladder->joint[event][belief][i] =
					ladder->rungs[i].next[event][belief];
}

sessionlint_belief model_lose(const struct model *model, sessionlint_belief belief, unsigned count)
{
	sessionlint_belief begun = model->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)];

	belief = model->closure[belief];
	/*@ loop invariant lost_after(model, belief, count) ==
		lost_after(model, model->closure[\at(belief, Pre)], \at(count, Pre));
	    loop assigns count, belief;
	    loop variant count; */
	for (; count > 0; count--) {
		sessionlint_belief next = belief | begun;

		/*@ loop invariant 1 <= event <= MODEL_EVENTS;
		    loop invariant next == lost(model, belief, event - 1);
		    loop assigns event, next;
		    loop variant MODEL_EVENTS - event; */
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
			next |= model->next[event][belief];
		//@ assert next == lost(model, belief, MODEL_EVENTS - 1);
		if (next == belief) {
			/* more records change nothing */
			//@ ghost unsigned left = count;
			/*@ ghost
			    /@ loop invariant lost_after(model, belief, left) ==
				   lost_after(model, model->closure[\at(belief, Pre)],
					      \at(count, Pre));
			       loop assigns left;
			       loop variant left; @/
			    while (left > 0) left--; */
			break;
		}
		belief = next;
	}
	return belief;
}

int model_shortest_prefix(const struct model *model, sessionlint_belief belief, unsigned event,
			  uint8_t *ret_events, unsigned room)
{
	sessionlint_belief queue[MODEL_BELIEFS], from[MODEL_BELIEFS];
	uint8_t by[MODEL_BELIEFS];
	bool seen[MODEL_BELIEFS] = { false };
	unsigned head = 0, tail = 0, length = 0;

	if (event >= MODEL_EVENTS)
		return -ENOENT;
	queue[tail++] = belief;
	seen[belief] = true;
	while (head < tail) {
		sessionlint_belief at = queue[head++];

		if (model->next[event][at]) {
			sessionlint_belief back;

			for (back = at; back != belief; back = from[back])
				length++;
			if (length > room)
				return -ENOENT;
			for (unsigned i = length; i-- > 0; at = from[at])
				ret_events[i] = by[at];
			return (int)length;
		}
		for (uint8_t e = SESSIONLINT_EVENT_CREATED; e < MODEL_EVENTS; e++) {
			sessionlint_belief to = model->next[e][at];

			if (to == SESSIONLINT_BELIEF_NONE || seen[to])
				continue;
			seen[to] = true;
			from[to] = at;
			by[to] = e;
			queue[tail++] = to;
		}
	}
	return -ENOENT;
}

/* The public functions ask the recognizers directly, so that the library needs no state of its own.
 */

/* NULL for numbers that are none. */
static const struct recognizer *recognizer_at(enum sessionlint_source source,
					      enum sessionlint_tolerance tolerance)
{
	if ((unsigned)source >= SOURCE_COUNT || (unsigned)tolerance >= TOLERANCE_COUNT)
		return NULL;
	return model_recognizer(source, rungs[tolerance]);
}

sessionlint_belief sessionlint_model_next(enum sessionlint_source source,
					  enum sessionlint_tolerance tolerance,
					  sessionlint_belief belief, unsigned event)
{
	const struct recognizer *recognizer = recognizer_at(source, tolerance);

	return recognizer ? recognizer_next(recognizer, belief, event) : SESSIONLINT_BELIEF_NONE;
}

sessionlint_belief sessionlint_model_closure(enum sessionlint_source source,
					     enum sessionlint_tolerance tolerance,
					     sessionlint_belief belief)
{
	const struct recognizer *recognizer = recognizer_at(source, tolerance);

	return recognizer ? recognizer_closure(recognizer, belief) : SESSIONLINT_BELIEF_NONE;
}

sessionlint_event_set sessionlint_model_allowed(enum sessionlint_source source,
						enum sessionlint_tolerance tolerance,
						sessionlint_belief belief)
{
	sessionlint_event_set allowed = 0;

	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < SESSIONLINT_EVENT_MAX; event++)
		if (sessionlint_model_next(source, tolerance, belief, event))
			allowed |= (sessionlint_event_set)(1U << event);
	return allowed;
}
