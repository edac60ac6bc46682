/* SPDX-License-Identifier: MIT */
/* Suppressions in the trace, by the key allow. A finding can be about a much earlier record, so
 * they are stored by the place of their record until the log ends. */
#ifndef CHECK_SUPPRESSIONS_H
#define CHECK_SUPPRESSIONS_H

#include "base/table.h"
#include "trace/allowance.h"

/* Of one record. */
struct suppression {
	struct table_entry entry; /* by the bytes of line */
	struct suppression *next;
	uint64_t line, offset, time;
	uint64_t rules, used; /* bits, by rule number */
	struct sessionlint_text host, reason;
	char texts[];
};

struct suppressions {
	struct table table;               /* by line */
	struct suppression *first, **end; /* in the order of their records */
};

void suppressions_init(struct suppressions *suppressions);
void suppressions_free(struct suppressions *suppressions);

/* Adds the allowance of @record, which has one. -ENOMEM. */
int suppressions_add(struct suppressions *suppressions, const struct record *record);

/* Suppresses @finding if its record allows it. The reason stays valid until the log ends. */
void suppressions_apply(const struct suppressions *suppressions,
			struct sessionlint_finding *finding);

#endif
