/* SPDX-License-Identifier: MIT */
/* The findings of two runs, compared by fingerprint: new, gone, same. */
#ifndef DIFF_FINDINGS_DIFF_H
#define DIFF_FINDINGS_DIFF_H

#include "diff/findings_read.h"

struct findings_diff {
	const struct findings *old, *new;
	uint64_t added, gone, same;
};

/* Pairs the findings of both; they must outlive the result. */
void findings_diff(struct findings *old, struct findings *new, struct findings_diff *ret_diff);

struct findings_diff_format {
	const char *name;
	void (*write)(FILE *file, const struct findings_diff *diff);
};

/* NULL after the last. */
const struct findings_diff_format *findings_diff_format_at(unsigned index);

#endif
