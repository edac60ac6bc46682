/* SPDX-License-Identifier: MIT */
/* The beliefs that a recognizer can be in: the nodes of its table and of its diagram. */
#ifndef MODEL_BELIEFS_H
#define MODEL_BELIEFS_H

#include "model/model.h"

/* In the order in which they are found: the start first, then by event number. */
struct beliefs {
	sessionlint_belief list[MODEL_BELIEFS];
	unsigned count;
};

/* The size of a buffer for any name of a belief. */
#define BELIEF_NAME_SIZE 32

static inline bool belief_is_one_state(sessionlint_belief belief)
{
	return (belief & (belief - 1)) == 0;
}

/* The state of a belief with a single state. */
static inline unsigned belief_state(sessionlint_belief belief)
{
	return (unsigned)__builtin_ctz(belief) + 1;
}

/* The beliefs that the events which @model allows lead to from Initialized. */
void beliefs_find(const struct model *model, struct beliefs *ret_beliefs);

/* The same from the states of @start. */
void beliefs_find_from(const struct model *model, sessionlint_belief start,
		       struct beliefs *ret_beliefs);

/* The index of @belief in the list; the count if it is missing. */
unsigned beliefs_index(const struct beliefs *beliefs, sessionlint_belief belief);

/* The name of the state, or B and the index in the list. */
void belief_name(const struct beliefs *beliefs, sessionlint_belief belief,
		 char name[BELIEF_NAME_SIZE]);

#endif
