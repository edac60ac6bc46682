/* SPDX-License-Identifier: MIT */
/* Witnesses of sessions that not one registration alone has shown. */
#ifndef CERTIFICATE_WITNESS_SEVERAL_H
#define CERTIFICATE_WITNESS_SEVERAL_H

#include "certificate/witness_together.h"

struct witness_several {
	struct witness_masked *masked;
	struct together *together; /* NULL until needed */
	struct witness_steps own;  /* of one registration */
	bool failed;               /* memory ran out */
};

void witness_several_free(struct witness_several *several);

/* Writes the witness of an incarnation whose runs can begin in @start. Returns whether there is
 * one; otherwise nothing is written. */
bool witness_several_put(struct witness_several *several, const struct witness_steps *steps,
			 const struct ended_incarnation *ended, sessionlint_belief start,
			 struct witness_text *text);

/* Where the incarnation can be, by the published table, after what that registration was notified
 * of it that is notified of the record after it. */
sessionlint_belief witness_several_states(struct witness_several *several,
					  const struct witness_steps *steps,
					  const struct ended_incarnation *ended);

#endif
