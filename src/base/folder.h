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

struct folder_names {
	char **names;
	size_t count;
};

/* The names in a folder by their bytes, without . and .. ; folder_free() takes them. */
int folder_list(const char *folder, struct folder_names *ret_names);
void folder_free(struct folder_names *names);

#endif
