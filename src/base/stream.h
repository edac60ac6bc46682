/* SPDX-License-Identifier: MIT */
/* Files that are read or written as streams of bytes. Paths are UTF-8. */
#ifndef BASE_STREAM_H
#define BASE_STREAM_H

#include <stdio.h>

/* Opens a file to read it. NULL with errno. */
FILE *stream_open(const char *path);

/* Creates a file, or empties the one that is there. NULL with errno. */
FILE *stream_create(const char *path);

#endif
