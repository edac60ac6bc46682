/* SPDX-License-Identifier: MIT */
/* Files of a folder that are passed over, because they are no logs. */
#ifndef CLI_PASSED_H
#define CLI_PASSED_H

#include <stdbool.h>
#include <stdint.h>

#define PASSED_NAMES 5

struct passed {
	uint64_t count;
	char *names[PASSED_NAMES]; /* the first of them */
};

/* Adds the file at @path. -ENOMEM. */
int passed_add(struct passed *passed, const char *path);

/* Says on standard error which files of @folder were passed over, and forgets them. */
void passed_tell(struct passed *passed, const char *folder);

#endif
