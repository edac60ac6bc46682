/* SPDX-License-Identifier: MIT */
/*
 * Files as build systems look for them: from the current folder on, which is that of the checkout,
 * with slashes. What lies elsewhere has no such path. GitHub and Azure Pipelines turn an absolute
 * path of a file in the checkout into a relative one, but not one that goes up by "..": so it is
 * absolute.
 */
#ifndef REPORT_LOCATED_H
#define REPORT_LOCATED_H

#include "base/text.h"

struct located {
	char *here; /* the current folder; NULL: it is not known */
	char *path; /* that was asked for last, and how it is shown */
	char *shown;
	bool failed; /* memory was short, and a path was not shown like that */
};

void located_init(struct located *located);
void located_free(struct located *located);

/* How @path is shown; lives until the next call. If memory is short, as it is. */
struct sessionlint_text located_path(struct located *located, const char *path);

#endif
