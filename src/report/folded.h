/* SPDX-License-Identifier: MIT */
/* Notes that text leaves out: of each rule the first few in a file are shown, the others counted.
 */
#ifndef REPORT_FOLDED_H
#define REPORT_FOLDED_H

#include <stdio.h>

#include "base/table.h"
#include "sessionlint.h"

/* Of a rule in a file. */
#define FOLDED_SHOWN 3

struct folded {
	struct table table; /* files, by name */
	struct folded_file *first, *last;
};

void folded_init(struct folded *folded);
void folded_free(struct folded *folded);

/* Whether the finding is to be shown; counts it if not. -ENOMEM. */
int folded_shows(struct folded *folded, const struct sessionlint_finding *finding);

/* Writes how many were left out, a line for each file and rule, and forgets them. */
void folded_write(struct folded *folded, FILE *file);

#endif
