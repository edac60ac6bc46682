/* SPDX-License-Identifier: MIT */
/* The suppressions in a record: which findings about it are suppressed, and why. */
#ifndef TRACE_ALLOWANCE_H
#define TRACE_ALLOWANCE_H

#include "rules/counts.h"
#include "trace/record.h"

/* The values of allow and allow_reason; record_has() shows which are present. */
struct allowance {
	uint64_t rules; /* a bit for each enum sessionlint_rule */
	struct sessionlint_text reason;
};

_Static_assert(RULE_COUNT <= 64, "an allowance has a bit for each rule");

/* Parses @value under KEY_ALLOW or KEY_ALLOW_REASON; the first one allocates the allowance in
 * @arena. -EINVAL, -ENOMEM. */
int allowance_put(struct record *record, enum record_key key, struct sessionlint_text value,
		  struct arena *arena);

/* The first name in the list @rules that cannot be suppressed. */
struct sessionlint_text allowance_bad_name(struct sessionlint_text rules);

/* Names of rules, long and short, for suggestions; NULL after the last. */
const char *allowance_name_at(unsigned index);

/* Why @record is malformed if it has only one of the two keys; NULL: it has both or neither. */
const char *allowance_malformed(const struct record *record);

#endif
