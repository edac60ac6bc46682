/* SPDX-License-Identifier: MIT */
#include "model/forbidden.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/witness.h"

/*
 * The pair of a word: the belief after it, and after it without its first letter, each from an
 * unknown start. The first is part of the second. The next letter completes a forbidden word if it
 * empties the first and not the second. Once the two are equal they stay equal.
 */
#define PAIRS (MODEL_BELIEFS * MODEL_BELIEFS)

struct pairs {
	bool seen[PAIRS];
	bool useful[PAIRS]; /* some letters complete a forbidden word */
	bool left[PAIRS];   /* useful, and not yet removed by pairs_remove_ends() */
	bool ends[PAIRS];
	uint16_t list[PAIRS];
	size_t count, useful_count;
};

/* Words that can be continued, in the order of a search in breadth. */
struct node {
	struct forbidden_word word;
	uint16_t pair;
};

struct nodes {
	struct node *list;
	size_t count, room;
};

enum step {
	STEP_NOTHING, /* what follows contains a shorter word, or none that begins here */
	STEP_FORBIDDEN,
	STEP_ON,
};

sessionlint_belief forbidden_step(const struct model *model, sessionlint_belief belief,
				  unsigned letter)
{
	if (letter == FORBIDDEN_BOOT)
		return model->closure[belief_of(SESSIONLINT_STATE_INITIALIZED)];
	return model_show(model, belief, letter);
}

unsigned forbidden_alphabet(const struct model *model)
{
	return model->allowed[SESSIONLINT_BELIEF_ANY] | 1U << FORBIDDEN_BOOT;
}

/* The pair after the first letter of a word. */
static enum step first_step(const struct model *model, unsigned letter, uint16_t *ret_pair)
{
	sessionlint_belief after = forbidden_step(model, SESSIONLINT_BELIEF_ANY, letter);

	if (after == SESSIONLINT_BELIEF_NONE || after == SESSIONLINT_BELIEF_ANY)
		return STEP_NOTHING;
	*ret_pair = (uint16_t)(after << 8 | SESSIONLINT_BELIEF_ANY);
	return STEP_ON;
}

static enum step next_step(const struct model *model, uint16_t pair, unsigned letter,
			   uint16_t *ret_pair)
{
	sessionlint_belief whole = forbidden_step(model, (sessionlint_belief)(pair >> 8), letter);
	sessionlint_belief rest = forbidden_step(model, (sessionlint_belief)pair, letter);

	if (rest == SESSIONLINT_BELIEF_NONE || whole == rest)
		return STEP_NOTHING;
	if (whole == SESSIONLINT_BELIEF_NONE)
		return STEP_FORBIDDEN;
	*ret_pair = (uint16_t)(whole << 8 | rest);
	return STEP_ON;
}

/* ---- the graph of pairs ---- */

static void pairs_add(struct pairs *pairs, uint16_t pair)
{
	if (pairs->seen[pair])
		return;
	pairs->seen[pair] = true;
	pairs->list[pairs->count++] = pair;
}

static void pairs_reach(struct pairs *pairs, const struct model *model)
{
	uint16_t to;

	for (unsigned letter = 1; letter < FORBIDDEN_LETTERS; letter++)
		if (first_step(model, letter, &to) == STEP_ON)
			pairs_add(pairs, to);
	for (size_t i = 0; i < pairs->count; i++)
		for (unsigned letter = 1; letter < FORBIDDEN_LETTERS; letter++)
			if (next_step(model, pairs->list[i], letter, &to) == STEP_ON)
				pairs_add(pairs, to);
}

static bool pair_is_useful(const struct pairs *pairs, const struct model *model, uint16_t pair)
{
	for (unsigned letter = 1; letter < FORBIDDEN_LETTERS; letter++) {
		uint16_t to;
		enum step step = next_step(model, pair, letter, &to);

		if (step == STEP_FORBIDDEN || (step == STEP_ON && pairs->useful[to]))
			return true;
	}
	return false;
}

static void pairs_find_useful(struct pairs *pairs, const struct model *model)
{
	bool changed;

	do {
		changed = false;
		for (size_t i = 0; i < pairs->count; i++) {
			uint16_t pair = pairs->list[i];

			if (pairs->useful[pair] || !pair_is_useful(pairs, model, pair))
				continue;
			pairs->useful[pair] = changed = true;
			pairs->useful_count++;
		}
	} while (changed);
}

/* Removes the pairs from which no other pair that is left can be reached. Returns how many. */
static size_t pairs_remove_ends(struct pairs *pairs, const struct model *model)
{
	size_t removed = 0;

	for (size_t i = 0; i < pairs->count; i++) {
		uint16_t pair = pairs->list[i], to;

		pairs->ends[pair] = pairs->left[pair];
		for (unsigned letter = 1; letter < FORBIDDEN_LETTERS; letter++)
			if (next_step(model, pair, letter, &to) == STEP_ON && pairs->left[to])
				pairs->ends[pair] = false;
	}
	for (size_t i = 0; i < pairs->count; i++) {
		if (!pairs->ends[pairs->list[i]])
			continue;
		pairs->left[pairs->list[i]] = false;
		removed++;
	}
	return removed;
}

/*
 * The words are finite exactly if the useful pairs have no circle: every round then removes some. A
 * pair that the last round removes begins the longest way, a pair for each letter but the last.
 */
static bool pairs_are_finite(struct pairs *pairs, const struct model *model, unsigned *ret_longest)
{
	size_t remaining = pairs->useful_count;
	unsigned rounds = 0;

	memcpy(pairs->left, pairs->useful, sizeof pairs->left);
	while (remaining > 0) {
		size_t removed = pairs_remove_ends(pairs, model);

		if (removed == 0)
			return false;
		remaining -= removed;
		rounds++;
	}
	*ret_longest = rounds > 0 ? rounds + 1 : 0;
	return true;
}

/* ---- the words ---- */

static struct forbidden_word word_and(const struct forbidden_word *word, unsigned letter)
{
	struct forbidden_word longer = *word;

	longer.letters[longer.length++] = (uint8_t)letter;
	return longer;
}

static int nodes_add(struct nodes *nodes, struct forbidden_word word, uint16_t pair)
{
	struct node *list = array_grow(nodes->list, nodes->count, &nodes->room, sizeof *list);

	if (!list)
		return -ENOMEM;
	nodes->list = list;
	list[nodes->count++] = (struct node) { word, pair };
	return 0;
}

static int words_add(struct forbidden_words *words, struct forbidden_word word)
{
	struct forbidden_word *list = array_grow(words->list, words->count, &words->room,
						 sizeof *list);

	if (!list)
		return -ENOMEM;
	words->list = list;
	list[words->count++] = word;
	return 0;
}

/* Continues the word of @node by each letter. */
static int node_continue(const struct model *model, const struct pairs *pairs, struct node node,
			 struct nodes *nodes, struct forbidden_words *words)
{
	int r = 0;

	for (unsigned letter = 1; r >= 0 && letter < FORBIDDEN_LETTERS; letter++) {
		uint16_t to;
		enum step step = next_step(model, node.pair, letter, &to);

		if (step == STEP_FORBIDDEN)
			r = words_add(words, word_and(&node.word, letter));
		else if (step == STEP_ON && pairs->useful[to])
			r = nodes_add(nodes, word_and(&node.word, letter), to);
	}
	return r;
}

static int words_list(const struct model *model, const struct pairs *pairs, unsigned length,
		      struct forbidden_words *words)
{
	static const struct forbidden_word empty = { 0 };
	struct nodes nodes = { 0 };
	uint16_t to;
	int r = 0;

	for (unsigned letter = 1; r >= 0 && letter < FORBIDDEN_LETTERS; letter++)
		if (first_step(model, letter, &to) == STEP_ON && pairs->useful[to])
			r = nodes_add(&nodes, word_and(&empty, letter), to);
	for (size_t i = 0; r >= 0 && i < nodes.count && nodes.list[i].word.length < length; i++)
		r = node_continue(model, pairs, nodes.list[i], &nodes, words);
	free(nodes.list);
	return r;
}

int forbidden_find(const struct model *model, unsigned length, struct forbidden_words *ret_words)
{
	struct pairs *pairs = calloc(1, sizeof *pairs);
	int r;

	*ret_words = (struct forbidden_words) { 0 };
	if (!pairs)
		return -ENOMEM;
	if (length > FORBIDDEN_LENGTH_MAX)
		length = FORBIDDEN_LENGTH_MAX;
	pairs_reach(pairs, model);
	pairs_find_useful(pairs, model);
	ret_words->finite = pairs_are_finite(pairs, model, &ret_words->longest);
	r = words_list(model, pairs, length, ret_words);
	free(pairs);
	if (r < 0)
		forbidden_free(ret_words);
	return r;
}

void forbidden_free(struct forbidden_words *words)
{
	free(words->list);
	*words = (struct forbidden_words) { 0 };
}

/* ---- with other letters between ---- */

/* How far a sequence is: how many letters of the word it contains, and the belief after it. */
#define PLACES ((FORBIDDEN_LENGTH_MAX + 1) * MODEL_BELIEFS)

struct scatter {
	bool seen[PLACES];
	uint16_t queue[PLACES], from[PLACES];
	uint8_t by[PLACES];
	size_t count;
};

static void scatter_add(struct scatter *scatter, unsigned found, sessionlint_belief belief,
			uint16_t from, unsigned by)
{
	uint16_t place = (uint16_t)(found << 8 | belief);

	if (belief == SESSIONLINT_BELIEF_NONE || scatter->seen[place])
		return;
	scatter->seen[place] = true;
	scatter->from[place] = from;
	scatter->by[place] = (uint8_t)by;
	scatter->queue[scatter->count++] = place;
}

/* The letters on the way to @place. */
static void scatter_fill(const struct scatter *scatter, uint16_t place,
			 struct forbidden_word *ret_accepted)
{
	unsigned length = 0;

	for (uint16_t at = place; at != scatter->queue[0]; at = scatter->from[at])
		length++;
	ret_accepted->length = (uint8_t)(length < FORBIDDEN_LENGTH_MAX ? length
								       : FORBIDDEN_LENGTH_MAX);
	for (uint16_t at = place; length > 0; at = scatter->from[at])
		if (--length < FORBIDDEN_LENGTH_MAX)
			ret_accepted->letters[length] = scatter->by[at];
}

bool forbidden_scattered(const struct model *model, const struct forbidden_word *word,
			 unsigned between, struct forbidden_word *ret_accepted)
{
	struct scatter scatter = { 0 };

	scatter_add(&scatter, 0, SESSIONLINT_BELIEF_ANY, 0, 0);
	for (size_t i = 0; i < scatter.count; i++) {
		uint16_t place = scatter.queue[i];
		unsigned found = place >> 8;
		sessionlint_belief belief = (sessionlint_belief)place;

		if (found == word->length) {
			scatter_fill(&scatter, place, ret_accepted);
			return true;
		}
		scatter_add(&scatter, found + 1,
			    forbidden_step(model, belief, word->letters[found]), place,
			    word->letters[found]);
		/* nothing needs to come before the first letter: from there on all is possible */
		for (unsigned letter = 1; found > 0 && letter < FORBIDDEN_LETTERS; letter++)
			if (between & 1U << letter)
				scatter_add(&scatter, found, forbidden_step(model, belief, letter),
					    place, letter);
	}
	return false;
}
