/* SPDX-License-Identifier: MIT */
/* How many rules, sources and tolerances there are. The public header does not say it: programs
 * would count on it, and later versions add some. */
#ifndef RULES_COUNTS_H
#define RULES_COUNTS_H

#include "sessionlint.h"

#define RULE_COUNT      (SESSIONLINT_RULE_INCOMPLETE_SEARCH + 1)
#define SOURCE_COUNT    (SESSIONLINT_SOURCE_ACCOUNT + 1)
#define TOLERANCE_COUNT (SESSIONLINT_TOLERANCE_IMPLIED + 1)

#endif
