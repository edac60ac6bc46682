/* SPDX-License-Identifier: MIT */
/* What somebody answers for beside a record: findings about it that are known, and why. */
#ifndef TRACE_ALLOWANCE_H
#define TRACE_ALLOWANCE_H

#include "trace/record.h"

/* The values of allow and allow_reason; record_has() says which were given. */
struct allowance {
	uint64_t rules; /* a bit for each enum sessionlint_rule */
	struct sessionlint_text reason;
};

_Static_assert(SESSIONLINT_RULES <= 64, "an allowance has a bit for each rule");

/* Reads @value under KEY_ALLOW or KEY_ALLOW_REASON; what comes first makes room in @arena. -EINVAL,
 * -ENOMEM. */
int allowance_put(struct record *record, enum record_key key, struct sessionlint_text value,
		  struct arena *arena);

/* The first name in the list @rules that nobody can answer for. */
struct sessionlint_text allowance_fault(struct sessionlint_text rules);

/* Names of rules, long and short, to suggest one that is near; NULL behind the last. */
const char *allowance_name_at(unsigned index);

/* What @record lacks of the two keys; NULL: it has both, or none. */
const char *allowance_lacks(const struct record *record);

#endif
