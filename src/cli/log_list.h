/* SPDX-License-Identifier: MIT */
/* The logs that operands name, found before the first is checked: those that come next can then be
 * read ahead. */
#ifndef CLI_LOG_LIST_H
#define CLI_LOG_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "sessionlint.h"

/* What a walk found, in its order. */
struct found_file {
	char *path;
	bool is_log;
	const char *what; /* it is, if no log: see struct walk_visitor */
	int error;        /* not 0: it could not be read */
};

/* What is below an operand. */
struct found_files {
	struct found_file *files;
	size_t count, capacity;
	long logs; /* what walk_files() returned */
};

/* The operands in their order. */
struct log_list {
	struct found_files *operands;
	size_t count;
	size_t operand, file; /* what comes after all that is expected */
};

/* Finds what is below the operands, of which '-' has nothing, and lets @run expect the first logs.
 * -ENOMEM. */
int log_list_find(struct log_list *list, struct sessionlint *run, char *const *operands,
		  size_t count);
void log_list_free(struct log_list *list);

/* Lets @run expect the logs that come next, as many as it has room for. */
void log_list_expect(struct log_list *list, struct sessionlint *run);

/* The same for a log at @path, if it is a file that nobody writes to meanwhile. */
void log_expect(struct sessionlint *run, const char *path);

#endif
