/* SPDX-License-Identifier: MIT */
#include "account/search_levels.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* How many positions of a level are followed; more are only there if many records of one session
 * lie within the window. */
#define BEAM         64U
#define BEAM_CROWDED 8U
#define NODES_MAX    256U

#define COST_GREAT (1ULL << 60) /* from here on costs are counted from the cheapest again */

static void note_narrowing(struct search *search, uint32_t number)
{
	if (search->narrowed == ACCOUNT_NONE)
		search->narrowed = number;
}

int level_find(struct search *search, uint32_t number, const uint32_t at[ACCOUNT_LOGS],
	       struct node **ret_node)
{
	struct search_level *level = &search->levels[number % LEVELS];
	struct node *nodes, *node;

	for (size_t i = 0; i < level->count; i++)
		if (memcmp(level->nodes[i].at, at, sizeof level->nodes[i].at) == 0) {
			*ret_node = &level->nodes[i];
			return 0;
		}
	*ret_node = NULL;
	if (level->count == NODES_MAX) {
		search->crowded = true;
		note_narrowing(search, number);
		return 0;
	}
	nodes = array_grow(level->nodes, level->count, &level->capacity, sizeof *nodes);
	if (!nodes)
		return -ENOMEM;
	level->nodes = nodes;
	node = &nodes[level->count++];
	memcpy(node->at, at, sizeof node->at);
	for (unsigned state = 0; state < STATES; state++)
		node->costs[state] = COST_NONE;
	*ret_node = node;
	return 0;
}

static uint64_t cheapest(const struct node *node)
{
	uint64_t cost = COST_NONE;

	for (unsigned state = 1; state < STATES; state++)
		if (node->costs[state] < cost)
			cost = node->costs[state];
	return cost;
}

static int compare_nodes(const void *a, const void *b)
{
	uint64_t x = cheapest(a), y = cheapest(b);

	if (x != y)
		return x < y ? -1 : 1;
	return memcmp(((const struct node *)a)->at, ((const struct node *)b)->at,
		      sizeof((const struct node *)a)->at);
}

void level_narrow(struct search *search, uint32_t number)
{
	struct search_level *level = &search->levels[number % LEVELS];
	size_t beam = search->crowded ? BEAM_CROWDED : BEAM;

	if (level->count <= beam) {
		search->crowded = search->crowded && level->count > BEAM_CROWDED / 2;
		return;
	}
	qsort(level->nodes, level->count, sizeof *level->nodes, compare_nodes);
	level->count = beam;
	note_narrowing(search, number);
}

void levels_rebase(struct search *search, uint32_t number)
{
	const struct search_level *level = &search->levels[number % LEVELS];
	uint64_t least = COST_NONE;

	/* dearer runs are not followed then */
	if (search->limit != COST_NONE)
		return;
	for (size_t i = 0; i < level->count; i++)
		if (cheapest(&level->nodes[i]) < least)
			least = cheapest(&level->nodes[i]);
	if (least == COST_NONE || least < COST_GREAT)
		return;
	for (unsigned l = 0; l < LEVELS; l++)
		for (size_t i = 0; i < search->levels[l].count; i++)
			for (unsigned state = 1; state < STATES; state++) {
				uint64_t *cost = &search->levels[l].nodes[i].costs[state];

				if (*cost != COST_NONE)
					*cost -= *cost < least ? *cost : least;
			}
}
