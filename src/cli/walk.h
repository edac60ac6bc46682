/* SPDX-License-Identifier: MIT */
/* The walk over a folder in which logs are looked for, by what files hold. */
#ifndef CLI_WALK_H
#define CLI_WALK_H

#include <stdbool.h>

/* Whom a walk calls; @userdata is that of the walk. */
struct walk_visitor {
	/* A log, or a file that is meant to be one by its name. */
	void (*log)(void *userdata, const char *path);
	/* A file that is passed over. @what it is; NULL: it is no regular file, and was not opened.
	 * NULL: nobody asks. */
	void (*other)(void *userdata, const char *path, const char *what);
	/* What could not be looked at. */
	void (*trouble)(void *userdata, const char *path, int error);
};

/*
 * Visits the files below @path, by name; a path that is no folder is visited as a log, whatever it
 * holds. Hidden files and folders, and reports of the program, are not visited. Returns how many
 * logs there were, or a negative errno for @path.
 */
long walk_files(const char *path, const struct walk_visitor *visitor, void *userdata);

/* Whether a file at @path, which need not be there yet, would be taken for a log below @folder by
 * its name. */
bool walk_would_find(const char *folder, const char *path);

/* Whether the file at @path holds the tag of records in debug output. A negative errno. */
int file_find_tag(const char *path, bool *ret_found);

#endif
