/* SPDX-License-Identifier: MIT */
/* Findings that are kept beyond the call that reports them: the first of each severity, and those
 * that stand for themselves before those that cascade. */
#ifndef REPORT_KEEP_H
#define REPORT_KEEP_H

#include "sessionlint.h"

struct kept {
	struct kept *next;
	struct sessionlint_finding finding; /* with text of its own */
};

struct keep {
	unsigned limit; /* of each severity */
	struct kept_list {
		struct kept *first, *last;
		unsigned count, cascades;
		uint64_t omitted;
	} of[4]; /* by severity, each in the order of the trace; what is suppressed at OFF */
};

static inline void keep_init(struct keep *keep, unsigned limit)
{
	*keep = (struct keep) { .limit = limit };
}

/* The same in memory of its own, for free() behind keep_free(); or NULL. */
struct keep *keep_new(unsigned limit);

/* A copy of @finding, for free(); or NULL. */
struct kept *kept_new(const struct sessionlint_finding *finding);

/* Copies @finding if it is among those to be kept, and counts it if not. -ENOMEM. */
int keep_add(struct keep *keep, const struct sessionlint_finding *finding);

/* Whether as many are kept as there may be of those that @finding would go to. */
bool keep_is_full(const struct keep *keep, const struct sessionlint_finding *finding);

void keep_free(struct keep *keep);

#endif
