/* SPDX-License-Identifier: MIT */
/*
 * Minimal forbidden words. From an unknown start, a recognizer accepts every part of a sequence
 * that it accepts. So it rejects a sequence exactly if that contains a forbidden word: one that is
 * rejected although every shorter part of it is accepted.
 */
#ifndef MODEL_FORBIDDEN_H
#define MODEL_FORBIDDEN_H

#include <stddef.h>

#include "model/model.h"

/* The letters of a word are events, or the boot of the host: the next incarnation begins. */
#define FORBIDDEN_BOOT    MODEL_EVENTS
#define FORBIDDEN_LETTERS (MODEL_EVENTS + 1)

#define FORBIDDEN_LENGTH_MAX 12

struct forbidden_word {
	uint8_t length;
	uint8_t letters[FORBIDDEN_LENGTH_MAX];
};

/* By length, then by the numbers of their letters. */
struct forbidden_words {
	struct forbidden_word *list;
	size_t count, room;
	bool finite;      /* there are finitely many words, whatever their length */
	unsigned longest; /* of all of them, if they are finite */
};

/* A bit for each letter that can be in a word: the events that @model can show, and the boot. */
unsigned forbidden_alphabet(const struct model *model);

/*
 * Finds the forbidden words of @model of at most @length letters, by a search over pairs of
 * beliefs, and whether there are finitely many. Returns 0, or -ENOMEM.
 */
int forbidden_find(const struct model *model, unsigned length, struct forbidden_words *ret_words);

void forbidden_free(struct forbidden_words *words);

/* The belief after a letter; empty if it is rejected or never shown. */
sessionlint_belief forbidden_step(const struct model *model, sessionlint_belief belief,
				  unsigned letter);

/*
 * Whether @model accepts a sequence that contains the letters of @word in their order, where other
 * letters stand between them: any number of those whose bits are in @between. Returns whether there
 * is one; *ret_accepted is a shortest one, as far as it has room.
 */
bool forbidden_scattered(const struct model *model, const struct forbidden_word *word,
			 unsigned between, struct forbidden_word *ret_accepted);

#endif
