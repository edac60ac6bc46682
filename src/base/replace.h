/* SPDX-License-Identifier: MIT */
/*
 * Replaces files: the old file stays until the new one is complete, and is then replaced. Readers
 * see one of the two; a full disk, a signal or a lack of memory loses nothing. What is here differs
 * between systems: posix/replace.c, windows/replace.c.
 */
#ifndef BASE_REPLACE_H
#define BASE_REPLACE_H

#include <stdio.h>

enum replace_way {
	REPLACE_MOVE,    /* a new file takes the place */
	REPLACE_COPY,    /* the folder takes no new file: the old one is overwritten at the end */
	REPLACE_THROUGH, /* a pipe, a device, an open descriptor: written as it is */
};

struct replacement {
	FILE *file;      /* to write into */
	char *path;      /* where it goes; of a symbolic link, where that leads */
	char *temporary; /* its name until then; NULL: it has none */
	enum replace_way way;
};

/* Begins to replace the file at @path. A negative errno; -EISDIR for a folder. */
int replace_begin(struct replacement *replacement, const char *path);

/* Moves it into place. A negative errno: it could not be written, and the old file stays. */
int replace_end(struct replacement *replacement);

/* Discards it: the old file stays, and no other is left. */
void replace_cancel(struct replacement *replacement);

#endif
