/* SPDX-License-Identifier: MIT */
/* Files of a folder that are skipped because they are not logs. */
#ifndef CLI_SKIPPED_FILES_H
#define CLI_SKIPPED_FILES_H

#include <stdbool.h>
#include <stdint.h>

#define PASSED_NAMES 5

struct passed {
	uint64_t count;
	char *names[PASSED_NAMES]; /* the first few */
};

/* Adds the file at @path. -ENOMEM. */
int passed_add(struct passed *passed, const char *path);

/* Prints on standard error which files of @folder were skipped, and forgets them. */
void passed_tell(struct passed *passed, const char *folder);

#endif
