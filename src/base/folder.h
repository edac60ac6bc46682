/* SPDX-License-Identifier: MIT */
/* What lies in folders. Paths are UTF-8 wherever the system knows what its names mean. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

enum path_kind {
	PATH_FILE,
	PATH_FOLDER,
	PATH_LINK,
	PATH_OTHER, /* a pipe, a device: reading it could take for ever */
};

/* What lies at @path, or with @follow where a link there leads; or a negative errno. */
int path_kind(const char *path, bool follow, enum path_kind *ret_kind);

/* What stands between a folder and a name in it: text of the program's own. */
const char *path_separator(const char *folder);

bool path_is_separator(char byte);

/* Whether @path means the same whatever the current folder is. */
bool path_is_absolute(const char *path);

/* The folder that @path lies in, as it is spelt, or "." ; for free(). NULL if memory is short. */
char *path_folder(const char *path);

/* @path, which is there, from the root on; for free(). A negative errno. */
int path_absolute(const char *path, char **ret_absolute);

/* Where symbolic links lead from @path, whether or not there is anything; for free(). A negative
 * errno. */
int path_follow(const char *path, char **ret_path);

/* Cuts what path_absolute() made to the folder that it lies in; false at the root. */
bool path_ascend(char *absolute);

/* How many bytes of @path, which is absolute, lead into @folder, which path_absolute() made; 0: it
 * lies elsewhere. */
size_t path_below(const char *folder, const char *path);

struct folder_names {
	char **names;
	size_t count, capacity;
};

/* The names in a folder by their bytes, without . and .. ; folder_free() takes them. */
int folder_list(const char *folder, struct folder_names *ret_names);
void folder_free(struct folder_names *names);

#endif
