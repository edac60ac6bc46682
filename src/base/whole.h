/* SPDX-License-Identifier: MIT */
#ifndef BASE_WHOLE_H
#define BASE_WHOLE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Reads the rest of @file, fewer than @limit bytes, into memory for free(); they are followed by a
 * NUL that is not counted. -EFBIG, -ENOMEM, or an error of reading.
 */
int whole_read(FILE *file, size_t limit, char **ret_data, size_t *ret_size);

/* The same for the regular file at @path. -ESPIPE: not a regular file; or an error of opening. */
int whole_read_path(const char *path, size_t limit, char **ret_data, size_t *ret_size);

#endif
