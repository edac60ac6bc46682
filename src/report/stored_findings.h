/* SPDX-License-Identifier: MIT */
/* Findings that are stored after the call that reports them: the first per severity; cascades are
 * dropped first. */
#ifndef REPORT_STORED_FINDINGS_H
#define REPORT_STORED_FINDINGS_H

#include "sessionlint.h"

struct stored_finding {
	struct stored_finding *next;
	struct sessionlint_finding finding; /* with its own copies of texts */
};

struct stored_findings {
	unsigned limit; /* per severity */
	struct finding_list {
		struct stored_finding *first, *last;
		unsigned count, cascades;
		uint64_t omitted;
	} of[4]; /* by severity, in the order of the trace; suppressed ones at OFF */
};

static inline void stored_findings_init(struct stored_findings *stored, unsigned limit)
{
	*stored = (struct stored_findings) { .limit = limit };
}

/* The same, allocated; call free() after stored_findings_free(). NULL: out of memory. */
struct stored_findings *stored_findings_new(unsigned limit);

/* A copy of @finding; free() it. NULL: out of memory. */
struct stored_finding *stored_finding_new(const struct sessionlint_finding *finding);

/* Copies @finding if it is among those to be stored, otherwise counts it. -ENOMEM. */
int stored_findings_add(struct stored_findings *stored, const struct sessionlint_finding *finding);

/* Whether the list for @finding is full. */
bool stored_findings_full(const struct stored_findings *stored,
			  const struct sessionlint_finding *finding);

void stored_findings_free(struct stored_findings *stored);

#endif
