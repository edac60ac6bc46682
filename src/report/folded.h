/* SPDX-License-Identifier: MIT */
/* Folded notes in text: of each rule the first few in a file are shown, the others counted.
 */
#ifndef REPORT_FOLDED_H
#define REPORT_FOLDED_H

#include <stdio.h>

#include "base/table.h"
#include "sessionlint.h"

/* The count for a rule in a file. */
#define FOLDED_SHOWN 3

struct folded {
	struct table table; /* by the name of the file */
	struct folded_file *first, *last;
};

void folded_init(struct folded *folded);
void folded_free(struct folded *folded);

/* Whether to show the finding; counts it if not. -ENOMEM. */
int folded_shows(struct folded *folded, const struct sessionlint_finding *finding);

/* Writes how many were left out, one line per file and rule, and forgets them. */
void folded_write(struct folded *folded, FILE *file);

#endif
