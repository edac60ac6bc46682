/* SPDX-License-Identifier: MIT */
/* Where the logs of a run begin and end, to find a log that continues another. */
#ifndef ORDER_LOG_ENDS_H
#define ORDER_LOG_ENDS_H

#include "trace/reader.h"

/* Further logs are ignored. */
#define ENDS_MAX 10000U

struct ends {
	struct end {
		char *name;
		struct reader_extent extent; /* for text: the first and the last seq */
	} * list;
	size_t count, capacity;
	/* the log added last and its predecessor or successor, in order, or NULL */
	const char *earlier, *later;
	bool related; /* two logs are of one computer, but of different channels */
};

void ends_free(struct ends *ends);

/* Adds a log. Without memory, a continuation is not found. */
void ends_add(struct ends *ends, const char *name, const struct reader_extent *extent);

/* Updates the extent of a text log from a batch, which is not empty. */
void ends_follow(struct reader_extent *extent, const struct batch *batch);

/* The same if no record of a batch has a number. */
void ends_follow_unnumbered(struct reader_extent *extent);

#endif
