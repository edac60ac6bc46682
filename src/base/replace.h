/* SPDX-License-Identifier: MIT */
/*
 * Files that are replaced as a whole: what is new is written beside them and takes their place when
 * all of it is there. Whoever reads sees the old or the new, and a full disk loses nothing. What is
 * here differs between systems: posix/replace.c, windows/replace.c.
 */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include <stdbool.h>
#include <stdio.h>

struct replacement {
	FILE *file; /* to write into */
	char *path, *temporary;
};

/* Begins to write what is to stand at @path, where a file or nothing is. A negative errno. */
int replace_begin(struct replacement *replacement, const char *path);

/* Puts it there, or with @keep false drops it. Of a failure the old file stays; a negative errno.
 */
int replace_end(struct replacement *replacement, bool keep);

#endif
