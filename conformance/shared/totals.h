/* SPDX-License-Identifier: MIT */
/* All counts of a run, as a program with the public header reads them. */
#ifndef CONFORMANCE_LIBRARY_TOTALS_H
#define CONFORMANCE_LIBRARY_TOTALS_H

#include <sessionlint.h>

#include <string.h>

struct totals {
	uint64_t of[64];    /* by enum sessionlint_total */
	uint64_t rules[64]; /* by enum sessionlint_rule */
};

static inline void totals_read(const struct sessionlint *run, struct totals *ret_totals)
{
	memset(ret_totals, 0, sizeof *ret_totals);
	for (unsigned total = 0; sessionlint_total_name(total); total++)
		ret_totals->of[total] = sessionlint_total(run, total);
	for (unsigned rule = 0; sessionlint_rule_info(rule); rule++)
		ret_totals->rules[rule] = sessionlint_findings_of(run, rule);
}

#endif
