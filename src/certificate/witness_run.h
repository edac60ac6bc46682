/* SPDX-License-Identifier: MIT */
/* Runs that explain an incarnation, and what shows that none does. */
#ifndef CERTIFICATE_WITNESS_RUN_H
#define CERTIFICATE_WITNESS_RUN_H

#include "certificate/witness_steps.h"
#include "certificate/witness_text.h"

/* How a run goes on from record to record, and where lost records can lead. */
struct witness_ways {
	const struct witness_model *run, *all;
};

/*
 * Finds a run from a state in @start that explains all steps and ends in one of @end.
 * Returns whether there is one; then steps->before and steps->after describe it.
 */
bool witness_run_find(struct witness_steps *steps, const struct witness_ways *ways,
		      sessionlint_belief start, sessionlint_belief end);

/* After witness_run_find(), finds another one with other states. */
bool witness_run_find_other(struct witness_steps *steps, const struct witness_ways *ways,
			    sessionlint_belief end);

/* Writes the run that was found, in quotes. @over: its incarnation then ends unseen. */
void witness_run_put(const struct witness_steps *steps, const struct witness_ways *ways, bool over,
		     struct witness_text *text);

/* That no run explains a record. */
struct witness_chain {
	size_t record;            /* the one that is not explained, from 1 */
	size_t first;             /* the step at which the chain begins */
	size_t last;              /* the step of the record */
	bool whole;               /* it begins where the incarnation does */
	sessionlint_belief start; /* the states before the chain: ANY, or those of the beginning */
};

/* Finds the first record that no run from @start explains, and the shortest chain that shows it.
 * Returns whether there is one. */
bool witness_chain_find(const struct witness_steps *steps, const struct witness_machine *machine,
			sessionlint_belief start, struct witness_chain *ret_chain);

/* Writes the record, where the chain begins, and its sets. */
void witness_chain_put(const struct witness_steps *steps, const struct witness_machine *machine,
		       const struct witness_chain *chain, struct witness_text *text);

#endif
