/* SPDX-License-Identifier: MIT */
/* Where the logs of a run begin and end, so that one is found that goes on where another ends. */
#ifndef ORDER_LOG_ENDS_H
#define ORDER_LOG_ENDS_H

#include "trace/reader.h"

/* More are not looked at. */
#define ENDS_MAX 10000U

struct ends {
	struct end {
		char *name;
		struct reader_extent extent; /* of text, the first and the last seq */
	} * list;
	size_t count, capacity;
	/* of the log that was added last: it and its neighbour, or NULL */
	const char *earlier, *later;
};

void ends_free(struct ends *ends);

/* Adds a log. What is short of memory is not found. */
void ends_add(struct ends *ends, const char *name, const struct reader_extent *extent);

/* Takes into the extent of a text log what a batch of it says, which is not empty. */
void ends_follow(struct reader_extent *extent, const struct batch *batch);

#endif
