/* SPDX-License-Identifier: MIT */
#include "certificate/witness_run.h"

static unsigned lowest(sessionlint_belief states)
{
	return (unsigned)__builtin_ctz(states);
}

static sessionlint_belief take(const struct witness_steps *steps, size_t step,
			       const struct witness_ways *ways, sessionlint_belief states)
{
	return witness_step_take(&steps->list[step], &ways->run->model, &ways->all->model, states);
}

/* The states, by set, in which the step can happen so that it leads to @after. */
static sessionlint_belief states_before(const struct witness_step *step,
					const struct witness_ways *ways, sessionlint_belief after)
{
	sessionlint_belief states = SESSIONLINT_BELIEF_NONE;

	for (unsigned state = 0; state < MODEL_STATES; state++)
		if (step->from & 1U << state &&
		    ways->run->model.reached[step->event][1U << state] & step->to & after)
			states |= (sessionlint_belief)(1U << state);
	return states;
}

/* Those states before a loss that it can lead from to @after. */
static sessionlint_belief lost_before(const struct witness_steps *steps, size_t step,
				      const struct witness_ways *ways, sessionlint_belief after)
{
	sessionlint_belief states = steps->sets[step];

	for (unsigned state = 0; state < MODEL_STATES; state++)
		if (!(take(steps, step, ways, (sessionlint_belief)(1U << state)) & after))
			states &= (sessionlint_belief) ~(1U << state);
	return states;
}

/* Chooses how the run got into @after, its state after @step: by the fewest hidden transitions. */
static void choose(struct witness_steps *steps, const struct witness_ways *ways, size_t step,
		   unsigned after)
{
	sessionlint_belief before = steps->sets[step], in;
	unsigned best = WITNESS_FAR;

	steps->after[step + 1] = (uint8_t)after;
	if (!witness_step_is_record(&steps->list[step])) {
		/* best, nothing has changed */
		if (!(before & 1U << after))
			before = lost_before(steps, step, ways, (sessionlint_belief)(1U << after));
		steps->after[step] = (uint8_t)(before & 1U << after ? after : lowest(before));
		steps->before[step] = (uint8_t)after;
		return;
	}
	in = states_before(&steps->list[step], ways, (sessionlint_belief)(1U << after));
	for (unsigned from = 0; from < MODEL_STATES; from++) {
		for (unsigned to = 0; before & 1U << from && to < MODEL_STATES; to++) {
			if (!(in & 1U << to) || ways->run->distance[from][to] >= best)
				continue;
			best = ways->run->distance[from][to];
			steps->after[step] = (uint8_t)from;
			steps->before[step] = (uint8_t)to;
		}
	}
}

/* Walks back through the sets from a state in @end. */
static bool walk_back(struct witness_steps *steps, const struct witness_ways *ways,
		      sessionlint_belief end)
{
	unsigned state;

	if (!(steps->sets[steps->count] & end))
		return false;
	state = lowest(steps->sets[steps->count] & end);
	steps->after[steps->count] = (uint8_t)state;
	for (size_t step = steps->count; step-- > 0;) {
		choose(steps, ways, step, state);
		state = steps->after[step];
	}
	return true;
}

bool witness_run_find(struct witness_steps *steps, const struct witness_ways *ways,
		      sessionlint_belief start, sessionlint_belief end)
{
	steps->sets[0] = start;
	for (size_t step = 0; step < steps->count; step++) {
		steps->sets[step + 1] = take(steps, step, ways, steps->sets[step]);
		if (!steps->sets[step + 1])
			return false;
	}
	return walk_back(steps, ways, end);
}

/* The sets of those states that are on some run which explains everything. */
static void prune(struct witness_steps *steps, const struct witness_ways *ways,
		  sessionlint_belief end)
{
	sessionlint_belief after = steps->sets[steps->count] & end;

	steps->pruned[steps->count] = after;
	for (size_t step = steps->count; step-- > 0;) {
		sessionlint_belief before = steps->sets[step], in;

		after = steps->pruned[step + 1];
		steps->pruned[step] = before;
		if (!witness_step_is_record(&steps->list[step])) {
			steps->pruned[step] = lost_before(steps, step, ways, after);
			continue;
		}
		in = states_before(&steps->list[step], ways, after);
		for (unsigned state = 0; state < MODEL_STATES; state++)
			if (!(ways->run->model.closure[1U << state] & in))
				steps->pruned[step] &= (sessionlint_belief) ~(1U << state);
	}
}

bool witness_run_find_other(struct witness_steps *steps, const struct witness_ways *ways,
			    sessionlint_belief end)
{
	size_t at = 0;

	prune(steps, ways, end);
	while (at <= steps->count && (steps->pruned[at] & (steps->pruned[at] - 1)) == 0)
		at++;
	if (at > steps->count)
		return false;
	/* elsewhere, the other run is in the states that it can be in */
	steps->sets[at] = steps->pruned[at] & (sessionlint_belief) ~(1U << steps->after[at]);
	for (size_t step = at; step < steps->count; step++)
		steps->sets[step + 1] = take(steps, step, ways, steps->sets[step]) &
					steps->pruned[step + 1];
	return walk_back(steps, ways, end);
}

/* ---- as text ---- */

/* Writes how many records follow each other with nothing between them. */
static void put_count(struct witness_text *text, size_t *count)
{
	if (*count > 0)
		put_number(text, *count);
	*count = 0;
}

/* Writes the hidden events that lead from one state to another. */
static void put_hidden(const struct witness_ways *ways, unsigned from, unsigned to,
		       struct witness_text *text)
{
	for (; from != to; from = ways->run->through[from][to])
		put_char(text, witness_event_letter(ways->run->event[from][to]));
}

/* How the incarnation ends after the run. */
static void put_over(const struct witness_steps *steps, const struct witness_ways *ways,
		     struct witness_text *text)
{
	const unsigned terminated = SESSIONLINT_STATE_TERMINATED - 1;
	unsigned last = steps->after[steps->count];

	if (ways->run->distance[last][terminated] != WITNESS_FAR)
		put_hidden(ways, last, terminated, text);
	else
		/* with the user logged on */
		put_char(text, witness_event_letter(SESSIONLINT_EVENT_TERMINATED));
}

void witness_run_put(const struct witness_steps *steps, const struct witness_ways *ways, bool over,
		     struct witness_text *text)
{
	size_t count = 0;

	put_char(text, '"');
	put_char(text, witness_state_letter(steps->after[0]));
	for (size_t step = 0; step < steps->count; step++) {
		if (!witness_step_is_record(&steps->list[step])) {
			put_count(text, &count);
			put_char(text, witness_state_letter(steps->after[step + 1]));
			continue;
		}
		if (steps->after[step] != steps->before[step]) {
			put_count(text, &count);
			put_hidden(ways, steps->after[step], steps->before[step], text);
		}
		count++;
	}
	put_count(text, &count);
	if (over)
		put_over(steps, ways, text);
	put_char(text, '"');
}

/* ---- chains ---- */

/* A chain is looked for among the last steps before the record; if none of them is enough, it
 * begins where the incarnation does. */
#define SUFFIX_MAX 64U

static sessionlint_belief take_all(const struct witness_steps *steps, size_t step,
				   const struct witness_machine *machine, sessionlint_belief states)
{
	const struct witness_step *taken = &steps->list[step];

	return taken->broken
		       ? SESSIONLINT_BELIEF_NONE
		       : witness_step_take(taken, &machine->all.model, &machine->all.model, states);
}

/* The states after the steps from @first to @last. */
static sessionlint_belief walk(const struct witness_steps *steps,
			       const struct witness_machine *machine, size_t first, size_t last,
			       sessionlint_belief states)
{
	for (size_t step = first; step <= last && states; step++)
		states = take_all(steps, step, machine, states);
	return states;
}

bool witness_chain_find(const struct witness_steps *steps, const struct witness_machine *machine,
			sessionlint_belief start, struct witness_chain *ret_chain)
{
	sessionlint_belief states = start;

	for (size_t step = 0; step < steps->count; step++) {
		states = take_all(steps, step, machine, states);
		if (states)
			continue;
		*ret_chain = (struct witness_chain) {
			.record = steps->list[step].record,
			.last = step,
			.whole = true,
			.start = start,
		};
		for (size_t back = 0; back <= step && back < SUFFIX_MAX; back++) {
			if (walk(steps, machine, step - back, step, SESSIONLINT_BELIEF_ANY))
				continue;
			ret_chain->first = step - back;
			ret_chain->whole = false;
			ret_chain->start = SESSIONLINT_BELIEF_ANY;
			break;
		}
		return true;
	}
	return false;
}

void witness_chain_put(const struct witness_steps *steps, const struct witness_machine *machine,
		       const struct witness_chain *chain, struct witness_text *text)
{
	sessionlint_belief states = chain->start;

	put(text, ",\"record\":");
	put_number(text, chain->record);
	if (chain->whole)
		put(text, ",\"from\":\"start\"");
	put(text, ",\"chain\":[");
	put_states(text, states);
	for (size_t step = chain->first; step <= chain->last; step++) {
		states = take_all(steps, step, machine, states);
		put_char(text, ',');
		put_states(text, states);
	}
	put_char(text, ']');
}
