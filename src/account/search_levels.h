/* SPDX-License-Identifier: MIT */
/* The positions of a search, by how many records come before them. */
#ifndef ACCOUNT_SEARCH_LEVELS_H
#define ACCOUNT_SEARCH_LEVELS_H

#include "account/search.h"

/* A step consumes at most one record of each log. */
#define LEVELS (ACCOUNT_LOGS + 1)

#define STATES    (MODEL_STATES + 1)
#define COST_NONE UINT64_MAX

/* A position in each log, and the cheapest way to be there in each state. */
struct node {
	uint32_t at[ACCOUNT_LOGS];
	uint64_t costs[STATES];
	struct search_step steps[STATES];
};

struct search_level {
	struct node *nodes;
	size_t count, capacity;
};

/* The node of a level at a position, which is added if it is new; NULL in *ret_node: there are too
 * many. -ENOMEM. */
int level_find(struct search *search, uint32_t number, const uint32_t at[ACCOUNT_LOGS],
	       struct node **ret_node);

/* Keeps the step if it is the cheapest way to be in @state. */
static inline void relax(struct node *node, unsigned state, uint64_t cost, struct search_step step)
{
	if (cost < node->costs[state]) {
		node->costs[state] = cost;
		node->steps[state] = step;
	}
}

/* Keeps the cheapest nodes of a level. */
void level_narrow(struct search *search, uint32_t number);

/* Keeps costs small over many records: only differences count. */
void levels_rebase(struct search *search, uint32_t number);

#endif
