/* SPDX-License-Identifier: MIT */
/* The walk over a folder that looks for logs by the contents of files. */
#ifndef CLI_FOLDER_WALK_H
#define CLI_FOLDER_WALK_H

#include <stdbool.h>

/* The callbacks of a walk; @userdata is that of the walk. */
struct walk_visitor {
	/* Every file, before its contents are looked at; if set, they are not. */
	void (*name)(void *userdata, const char *path);
	/* A log, or a file whose name is that of a log. */
	void (*log)(void *userdata, const char *path);
	/* A skipped file, and @what it is; NULL: not a regular file, and not opened. The callback
	 * may be NULL. */
	void (*other)(void *userdata, const char *path, const char *what);
	/* A file or folder that could not be read. */
	void (*failed)(void *userdata, const char *path, int error);
};

/*
 * Visits the files below @path in order of their names; a path that is not a folder is visited as a
 * log, whatever its contents. Hidden files and folders and the program's own reports are not
 * visited. Returns the number of logs, or a negative errno for @path.
 */
long walk_files(const char *path, const struct walk_visitor *visitor, void *userdata);

/* Whether a file at @path, which need not exist yet, would be taken for a log below @folder by its
 * name. */
bool walk_would_find(const char *folder, const char *path);

/* Whether the file at @path contains the tag of records in debug output. Returns a negative errno
 * on failure. */
int file_find_tag(const char *path, bool *ret_found);

#endif
