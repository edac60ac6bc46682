/* SPDX-License-Identifier: MIT */
/* The parts of the one table of rules. */
#ifndef RULES_RULES_H
#define RULES_RULES_H

#include <stdio.h>

#include "rules/counts.h"

/* The rules of the driver's contract, registration/ and notification/, follow those of sessions. */
#define DRIVER_RULE_FIRST SESSIONLINT_RULE_BAD_ARGUMENT
#define DRIVER_RULE_LAST  SESSIONLINT_RULE_FAILED
#define DRIVER_RULE(name) (SESSIONLINT_RULE_##name - DRIVER_RULE_FIRST)

extern const struct sessionlint_rule_info driver_rules[DRIVER_RULE_LAST - DRIVER_RULE_FIRST + 1];

/* Whether a breach of the rule is a breach of the session itself. */
static inline bool rule_is_of_session(enum sessionlint_rule rule)
{
	return rule < DRIVER_RULE_FIRST || rule == SESSIONLINT_RULE_CONTRADICTION;
}

/* Writes the anchor of the heading of the rule with that name in docs/rules.md. */
void rule_print_anchor(FILE *file, const char *name);

#endif
