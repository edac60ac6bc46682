/* SPDX-License-Identifier: MIT */
/* The list of notices: what reports show besides findings. */
#ifndef CLI_NOTICES_H
#define CLI_NOTICES_H

#include "base/arena.h"
#include "report/notice.h"

struct notices {
	struct report_notice *list;
	size_t count, capacity;
	struct arena arena;
	bool failed; /* memory ran out, and some are missing */
};

void notices_free(struct notices *notices);

/* Adds @count notices; what they point to still belongs to the caller. */
void notices_add(struct notices *notices, const struct report_notice *list, size_t count);

/* Adds that @path could not be checked; copies both texts. */
void notices_add_failure(struct notices *notices, const char *path, const char *reason);

#endif
