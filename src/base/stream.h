/* SPDX-License-Identifier: MIT */
/* Files that are read as streams of bytes, and which is which. Paths are UTF-8. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stdio.h>

/* Descriptors that a process begins with. */
enum {
	STREAM_INPUT,
	STREAM_OUTPUT,
	STREAM_ERROR
};

/* Opens a file to read it. NULL with errno. */
FILE *stream_open(const char *path);

/* The same of a regular file alone, so that it can be read at once: a pipe is not waited for. NULL
 * with errno, ESPIPE for what is not a regular file. */
FILE *stream_open_regular(const char *path);

/* One thread alone uses it from now on: each byte need not lock it. */
void stream_claim(FILE *file);

/* Whether both paths lead to the same file or folder, and it is there. */
bool stream_is_same(const char *path, const char *other);

/* The same, but both may also be places where nothing is yet. */
bool stream_is_same_place(const char *path, const char *other);

/* Whether @descriptor reads or writes the file at @path. */
bool stream_is_open(int descriptor, const char *path);

/* Whether both descriptors read or write the same file. */
bool stream_is_shared(int descriptor, int other);

#endif
