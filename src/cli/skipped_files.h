/* SPDX-License-Identifier: MIT */
/* Files of a folder that are skipped because they are not logs. */
#ifndef CLI_SKIPPED_FILES_H
#define CLI_SKIPPED_FILES_H

#include <stdbool.h>
#include <stdint.h>

#define SKIPPED_NAMES 5

struct skipped {
	uint64_t count;
	char *names[SKIPPED_NAMES]; /* the first few */
};

/* Adds the file at @path. -ENOMEM. */
int skipped_add(struct skipped *skipped, const char *path);

/* Prints on standard error which files of @folder were skipped, and forgets them. */
void skipped_print(struct skipped *skipped, const char *folder);

#endif
