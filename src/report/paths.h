/* SPDX-License-Identifier: MIT */
/*
 * Paths as build systems expect them: relative to the current folder, which is the checkout, with
 * slashes. Files elsewhere are shown by absolute path, because GitHub and Azure Pipelines can map
 * absolute paths into the checkout, but not paths with "..".
 */
#ifndef REPORT_PATHS_H
#define REPORT_PATHS_H

#include "base/text.h"

struct located {
	char *here; /* the current folder; NULL: unknown */
	char *path; /* the last path, and how it is shown */
	char *shown;
	bool failed; /* memory ran out, and a path was shown as it is */
};

void located_init(struct located *located);
void located_free(struct located *located);

/* How to show @path; valid until the next call. Unchanged if memory runs out. */
struct sessionlint_text located_path(struct located *located, const char *path);

#endif
