/* SPDX-License-Identifier: MIT */
/* The list of what reports are to say besides findings. */
#ifndef CLI_NOTICES_H
#define CLI_NOTICES_H

#include "base/arena.h"
#include "report/notice.h"

struct notices {
	struct report_notice *list;
	size_t count, capacity;
	struct arena arena;
	bool failed; /* memory was short, and some are not there */
};

void notices_free(struct notices *notices);

/* Adds @count of them; what they point to stays the caller's. */
void notices_add(struct notices *notices, const struct report_notice *list, size_t count);

/* Adds that @path could not be checked, and copies of both. */
void notices_add_failure(struct notices *notices, const char *path, const char *reason);

#endif
