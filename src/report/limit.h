/* SPDX-License-Identifier: MIT */
/* How many findings a report has room for, and how many it leaves out. */
#ifndef REPORT_LIMIT_H
#define REPORT_LIMIT_H

#include <stdio.h>

#include "sessionlint.h"

struct limit {
	/* Findings are taken as they come, so each severity leaves room for graver ones: at most
	 * so many of it and of those below. */
	const unsigned *places;
	size_t text_room; /* bytes of text that are left for what is taken; SIZE_MAX: any */
	unsigned taken[4];
	uint64_t omitted[4];
};

/* Of 25,000 findings, which is what GitHub takes of a run. */
extern const unsigned limit_places[4];

/* Whether there is room for @finding, which is counted either way. */
bool limit_take(struct limit *limit, const struct sessionlint_finding *finding);

/* How many were left out in all. */
uint64_t limit_omitted(const struct limit *limit);

/* "9 findings are left out (4 errors, 3 warnings, 2 notes)". */
void limit_write(FILE *file, const struct limit *limit, const char *what);

#endif
