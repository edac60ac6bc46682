/* SPDX-License-Identifier: MIT */
#include "model/beliefs.h"

#include <stdio.h>

void beliefs_find(const struct model *model, struct beliefs *ret_beliefs)
{
	beliefs_find_from(model, belief_of(SESSIONLINT_STATE_INITIALIZED), ret_beliefs);
}

void beliefs_find_from(const struct model *model, sessionlint_belief start,
		       struct beliefs *ret_beliefs)
{
	bool seen[MODEL_BELIEFS] = { false };

	start = model->closure[start];
	ret_beliefs->list[0] = start;
	ret_beliefs->count = 1;
	seen[start] = true;
	for (unsigned i = 0; i < ret_beliefs->count; i++) {
		for (unsigned event = 1; event < MODEL_EVENTS; event++) {
			sessionlint_belief at = ret_beliefs->list[i], to = model->next[event][at];

			if (!(model->allowed[at] & 1U << event) || seen[to])
				continue;
			seen[to] = true;
			ret_beliefs->list[ret_beliefs->count++] = to;
		}
	}
}

unsigned beliefs_index(const struct beliefs *beliefs, sessionlint_belief belief)
{
	unsigned i = 0;

	while (i < beliefs->count && beliefs->list[i] != belief)
		i++;
	return i;
}

void belief_name(const struct beliefs *beliefs, sessionlint_belief belief,
		 char name[BELIEF_NAME_SIZE])
{
	if (belief_is_one_state(belief))
		snprintf(name, BELIEF_NAME_SIZE, "%s",
			 sessionlint_state_name(belief_state(belief)));
	else
		snprintf(name, BELIEF_NAME_SIZE, "B%u", beliefs_index(beliefs, belief));
}
