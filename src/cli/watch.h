/* SPDX-License-Identifier: MIT */
/* --watch: finds out that a file has changed, so that a command runs again. It looks at times and
 * sizes. */
#ifndef CLI_WATCH_H
#define CLI_WATCH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/folder.h"

struct watch_paths {
	char **list;
	size_t count, capacity;
};

struct watch {
	struct watch_paths inputs;  /* files and folders */
	struct watch_paths outputs; /* files that the run writes: their changes do not count */
	struct snapshot {
		struct watch_file {
			char *path;
			struct path_stamp stamp;
		} * list;
		size_t count, capacity;
	} seen;     /* the inputs before the run, by path */
	bool begun; /* seen is set */
};

/* Adds a file or folder, which need not exist; NULL: none. -ENOMEM. */
int watch_add(struct watch_paths *paths, const char *path);

/* Remembers what the inputs are; call it before they are read. -ENOMEM. */
int watch_begin(struct watch *watch);

/*
 * Waits until an input has changed, and then until none changes any more; prints a line before, and
 * one that names the file. False: Ctrl-C was pressed, or nobody reads standard output.
 */
bool watch_wait(const struct watch *watch);

void watch_free(struct watch *watch);

#endif
