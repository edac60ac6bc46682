/* SPDX-License-Identifier: MIT */
/* Files that get their name when they are complete, and that are removed after a signal. */
#ifndef BASE_POSIX_TEMPORARY_H
#define BASE_POSIX_TEMPORARY_H

/*
 * Creates a file in the folder of @path. Where the file system can, it has no name, and is gone if
 * the process is killed; otherwise *ret_name is one, which a signal that ends the process removes.
 * Returns a descriptor, or a negative errno.
 */
int temporary_create(const char *path, char **ret_name);

/* Moves such a file to @path; its name is the caller's to free then. A negative errno: it is as it
 * was. */
int temporary_move(int descriptor, const char *name, const char *path);

/* Removes the file of that name, which may be NULL, and frees the name. */
void temporary_drop(char *name);

#endif
