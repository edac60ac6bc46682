/* SPDX-License-Identifier: MIT */
/* Files that are read or written as streams of bytes. Paths are UTF-8. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdbool.h>
#include <stdio.h>

/* Opens a file to read it. NULL with errno. */
FILE *stream_open(const char *path);

/* The same of a regular file alone, so that it can be read at once: a pipe is not waited for. NULL
 * with errno, ESPIPE for what is not a regular file. */
FILE *stream_open_regular(const char *path);

/* Creates a file, or empties the one that is there. NULL with errno. */
FILE *stream_create(const char *path);

/* Whether both paths lead to the same file or folder, and it is there. */
bool stream_is_same(const char *path, const char *other);

/* Whether standard output goes to the file at @path. */
bool stream_is_output(const char *path);

#endif
