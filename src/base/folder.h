/* SPDX-License-Identifier: MIT */
/* Folders and their contents. Paths are UTF-8 if the system knows the encoding of names. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum path_kind {
	PATH_FILE,
	PATH_FOLDER,
	PATH_LINK,
	PATH_OTHER, /* a pipe, a device: reading it could take for ever */
};

/* The kind of file at @path, or with @follow at the target of a link; or a negative errno. */
int path_kind(const char *path, bool follow, enum path_kind *ret_kind);

/* What changes when a file does. */
struct path_stamp {
	uint64_t size;
	int64_t modified; /* in units and from an epoch of the system */
	bool is_file;     /* and not a folder, a pipe or a device */
};

/* The stamp of the file at @path, or of what a link leads to; or a negative errno. */
int path_stamp(const char *path, struct path_stamp *ret_stamp);

/* The separator between a folder and a name in it, for paths that the program makes. */
const char *path_separator(const char *folder);

bool path_is_separator(char byte);

/* Whether @path does not depend on the current folder. */
bool path_is_absolute(const char *path);

/* The folder of @path, as spelt, or "."; free() it. NULL if memory runs out. */
char *path_folder(const char *path);

/* The absolute path of @path, which must exist; free() it. A negative errno. */
int path_absolute(const char *path, char **ret_absolute);

/* Where symbolic links lead from @path, whether or not there is anything; for free(). A negative
 * errno. */
int path_follow(const char *path, char **ret_path);

/* Shortens a path from path_absolute() to its folder; false at the root. */
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
