/* SPDX-License-Identifier: MIT */
/* Runs that explain what several registrations were notified of, each at its own pace: which of
 * their notifications are of one event. */
#ifndef CERTIFICATE_WITNESS_TOGETHER_H
#define CERTIFICATE_WITNESS_TOGETHER_H

#include "certificate/witness_steps.h"
#include "certificate/witness_text.h"

struct together;

/* What is to be explained. */
struct together_question {
	const struct witness_steps *steps;
	const struct ended_incarnation *ended;
	struct witness_masked *masked;
	bool life;                 /* by one incarnation, not any number of them */
	sessionlint_belief start;  /* the run begins in one of these states */
	sessionlint_belief finish; /* and ends in one of these */
};

/* Looks for a run. *together is for witness_together_free(). Returns
 * whether there is one; false if there are too many ways, too. -ENOMEM. */
int witness_together_find(struct together **together, const struct together_question *question);

/* The states, by index, in which the run that was found begins and ends. */
unsigned witness_together_begin(const struct together *together);
unsigned witness_together_end(const struct together *together);

/* Writes it, in quotes. */
void witness_together_put(const struct together *together, struct witness_text *text);

void witness_together_free(struct together *together);

#endif
