/* SPDX-License-Identifier: MIT */
/* What tells two models apart, for people, and as a trace that shows it. */
#ifndef REPORT_DIFFERENCE_H
#define REPORT_DIFFERENCE_H

#include <stdio.h>

#include "model/difference.h"

/* One of two models that are compared. */
struct side {
	const char *text; /* as the user names it: letters, digits and : = , | _ */
	enum sessionlint_source source;
	enum model_recognizer tolerance;
	bool any_source; /* only a tolerance is named: it is of traces of any source */
	bool masked;
	uint32_t mask;
	struct model model; /* through the mask */
};

struct difference {
	const struct side *sides[2];
	/* [i] is what side i accepts and the other refuses; length 0: there is none */
	struct witness witnesses[2];
};

/* All states, with what stands between them. */
#define BELIEF_TEXT 256

/* The states of @belief by name, or "any state", or @none. */
void belief_print(sessionlint_belief belief, const char *none, char text[BELIEF_TEXT]);

/* -ENOMEM, -E2BIG: a witness is longer than can be told. */
int difference_find(const struct side *one, const struct side *other,
		    struct difference *ret_difference);

/* -ENOMEM */
int difference_write_text(FILE *file, const struct difference *difference);

/*
 * A text trace: each witness as each side would record it. What side i accepts is session i + 1;
 * the host is named after the side whose record it is. check --start=initialized reads it.
 */
int difference_write_trace(FILE *file, const struct difference *difference);

#endif
