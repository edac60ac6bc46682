/* SPDX-License-Identifier: MIT */
/*
 * Files that are replaced as a whole: what is new is written beside them and takes their place when
 * all of it is there. Whoever reads sees the old or the new, and a full disk loses nothing. What is
 * here differs between systems: posix/replace.c, windows/replace.c.
 */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include <stdio.h>

struct replacement {
	FILE *file; /* to write into */
	char *path, *temporary;
};

/* Begins to write what is to stand at @path, where a file or nothing is. A negative errno. */
int replace_begin(struct replacement *replacement, const char *path);

/* Puts it there. A negative errno: it could not be written, and the old file stays. */
int replace_end(struct replacement *replacement);

#endif
