/* SPDX-License-Identifier: MIT */
/* The difference between two models, for people and as a trace that shows it. */
#ifndef DIFF_MODELS_DIFF_H
#define DIFF_MODELS_DIFF_H

#include <stdio.h>

#include "model/witness.h"

/* One of two compared models. */
struct side {
	const char *text; /* as named by the user: letters, digits and : = , | _ */
	enum sessionlint_source source;
	enum model_recognizer tolerance;
	bool any_source; /* only a tolerance was named: for traces of any source */
	bool masked;
	uint32_t mask;
	struct model model; /* as seen through the mask */
};

struct difference {
	const struct side *sides[2];
	/* [i] is what side i accepts and the other rejects; length 0: none */
	struct witness witnesses[2];
};

/* All states and separators. */
#define BELIEF_TEXT 256

/* The names of the states of @belief, or "any state", or @none. */
void belief_print(sessionlint_belief belief, const char *none, char text[BELIEF_TEXT]);

/* -ENOMEM, -E2BIG: a witness is too long. */
int difference_find(const struct side *one, const struct side *other,
		    struct difference *ret_difference);

/* -ENOMEM */
int difference_write_text(FILE *file, const struct difference *difference);

/*
 * A text trace: each witness as recorded by each side. What side i accepts is session i + 1; the
 * host is named after the recording side. Check it with --start=initialized.
 */
int difference_write_trace(FILE *file, const struct difference *difference);

#endif
