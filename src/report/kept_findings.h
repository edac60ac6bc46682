/* SPDX-License-Identifier: MIT */
/* Findings that are kept after the call that reports them: the first per severity; cascades are
 * dropped first. */
#ifndef REPORT_KEPT_FINDINGS_H
#define REPORT_KEPT_FINDINGS_H

#include "sessionlint.h"

struct kept {
	struct kept *next;
	struct sessionlint_finding finding; /* with its own copies of texts */
};

struct keep {
	unsigned limit; /* per severity */
	struct kept_list {
		struct kept *first, *last;
		unsigned count, cascades;
		uint64_t omitted;
	} of[4]; /* by severity, in the order of the trace; suppressed ones at OFF */
};

static inline void keep_init(struct keep *keep, unsigned limit)
{
	*keep = (struct keep) { .limit = limit };
}

/* The same, allocated; call free() after keep_free(). NULL: out of memory. */
struct keep *keep_new(unsigned limit);

/* A copy of @finding; free() it. NULL: out of memory. */
struct kept *kept_new(const struct sessionlint_finding *finding);

/* Copies @finding if it is among those to be kept, otherwise counts it. -ENOMEM. */
int keep_add(struct keep *keep, const struct sessionlint_finding *finding);

/* Whether the list for @finding is full. */
bool keep_is_full(const struct keep *keep, const struct sessionlint_finding *finding);

void keep_free(struct keep *keep);

#endif
