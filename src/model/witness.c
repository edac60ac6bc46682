/* SPDX-License-Identifier: MIT */
#include "model/witness.h"

#include <errno.h>
#include <stdlib.h>

#include "model/beliefs.h"

/* Both beliefs in one number: of the model that accepts, and of the one that may reject. */
#define PAIRS (MODEL_BELIEFS * MODEL_BELIEFS)

struct search {
	uint16_t queue[PAIRS];
	uint16_t from[PAIRS];
	uint8_t by[PAIRS];
	bool seen[PAIRS];
	unsigned head, tail;
};

static uint16_t pair_of(sessionlint_belief accepting, sessionlint_belief refusing)
{
	return (uint16_t)(accepting << 8 | refusing);
}

/* The way back from @pair, where @event distinguishes the two. */
static int witness_fill(const struct search *search, const struct model *model, uint16_t pair,
			unsigned event, struct witness *ret_witness)
{
	unsigned length = 1;

	for (uint16_t at = pair; at != search->queue[0]; at = search->from[at])
		length++;
	if (length > WITNESS_MAX)
		return -E2BIG;
	ret_witness->length = length;
	ret_witness->events[length - 1] = (uint8_t)event;
	ret_witness->accepting[length] = model_show(model, (sessionlint_belief)(pair >> 8), event);
	ret_witness->refusing[length] = SESSIONLINT_BELIEF_NONE;
	for (unsigned i = length; i-- > 0; pair = search->from[pair]) {
		ret_witness->accepting[i] = (sessionlint_belief)(pair >> 8);
		ret_witness->refusing[i] = (sessionlint_belief)pair;
		if (i > 0)
			ret_witness->events[i - 1] = search->by[pair];
	}
	return 1;
}

static int search_run(struct search *search, const struct model *model, const struct model *other,
		      struct witness *ret_witness)
{
	sessionlint_belief start = belief_of(SESSIONLINT_STATE_INITIALIZED);

	search->queue[search->tail++] = pair_of(model->closure[start], other->closure[start]);
	search->seen[search->queue[0]] = true;
	while (search->head < search->tail) {
		uint16_t pair = search->queue[search->head++];

		for (uint8_t event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
			sessionlint_belief accepting, refusing;
			uint16_t to;

			accepting = model_show(model, (sessionlint_belief)(pair >> 8), event);
			refusing = model_show(other, (sessionlint_belief)pair, event);
			if (!accepting)
				continue;
			if (!refusing)
				return witness_fill(search, model, pair, event, ret_witness);
			to = pair_of(accepting, refusing);
			if (search->seen[to])
				continue;
			search->seen[to] = true;
			search->from[to] = pair;
			search->by[to] = event;
			search->queue[search->tail++] = to;
		}
	}
	return 0;
}

int difference_witness(const struct model *model, const struct model *other,
		       struct witness *ret_witness)
{
	struct search *search = calloc(1, sizeof *search);
	int r;

	if (!search)
		return -ENOMEM;
	r = search_run(search, model, other, ret_witness);
	free(search);
	return r;
}

sessionlint_event_set difference_alphabet(const struct model *model)
{
	struct beliefs beliefs;
	sessionlint_event_set events = 0;

	beliefs_find(model, &beliefs);
	for (unsigned i = 0; i < beliefs.count; i++)
		events |= model->allowed[beliefs.list[i]];
	return events;
}

bool difference_arc_at(unsigned index, struct difference_arc *ret_arc)
{
	/* everything is shown, in one incarnation: a state leads to one state */
	const struct recognizer *all = model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED);
	struct model model;
	unsigned count = 0;

	model_tabulate(all, &model);
	for (uint8_t state = 1; state <= MODEL_STATES; state++) {
		for (uint8_t event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
			sessionlint_belief to = model.next[event][belief_of(state)];

			if (!to || count++ != index)
				continue;
			*ret_arc = (struct difference_arc) { state, event,
							     (uint8_t)belief_state(to) };
			return true;
		}
	}
	*ret_arc = (struct difference_arc) { SESSIONLINT_STATE_TERMINATED, SESSIONLINT_EVENT_IGNORE,
					     SESSIONLINT_STATE_INITIALIZED };
	return index == count;
}

unsigned difference_arc_view(const struct model *model, const struct difference_arc *arc)
{
	sessionlint_belief from = belief_of(arc->from), to = belief_of(arc->to);
	unsigned view = 0;

	if (model_show(model, from, arc->event) & to)
		view |= ARC_SHOWN;
	if (arc->from != arc->to && model->closure[from] & to)
		view |= ARC_UNSEEN;
	return view;
}
