/* SPDX-License-Identifier: MIT */
/* How many findings fit into a report, and how many are left out. */
#ifndef REPORT_LIMIT_H
#define REPORT_LIMIT_H

#include <stdio.h>

#include "sessionlint.h"

struct limit {
	/* Findings are taken as they come, so each severity leaves room for higher ones: the
	 * maximum number of it and of lower ones. */
	const unsigned *places;
	size_t text_room; /* bytes of text still available; SIZE_MAX: unlimited */
	unsigned taken[4];
	uint64_t omitted[4];
};

/* For 25,000 findings, GitHub's maximum per run. */
extern const unsigned limit_places[4];

/* Whether there is room for @finding. It is counted in both cases. */
bool limit_take(struct limit *limit, const struct sessionlint_finding *finding);

/* The total number of those left out. */
uint64_t limit_omitted(const struct limit *limit);

/* "9 findings are left out (4 errors, 3 warnings, 2 notes)". */
void limit_write(FILE *file, const struct limit *limit, const char *what);

#endif
