/* SPDX-License-Identifier: MIT */
/* "Did you mean": the nearest of some known words. */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include "base/text.h"

/* The search so far. Begin with { .word = ... }, offer each candidate, read best: NULL if none is
 * near. */
struct suggestion {
	struct sessionlint_text word;
	const char *best;
	unsigned distance;
};

void suggestion_offer(struct suggestion *suggestion, const char *candidate);

#endif
