/* SPDX-License-Identifier: MIT */
#ifndef BASE_WHOLE_H
#define BASE_WHOLE_H

#include <stddef.h>
#include <stdio.h>

/*
 * Reads what is left of @file, fewer than @limit bytes, into memory for free(); a NUL that is not
 * counted stands behind them. -EFBIG, -ENOMEM, or what reading came to.
 */
int whole_read(FILE *file, size_t limit, char **ret_data, size_t *ret_size);

/* The same of the regular file at @path. -ESPIPE: it is something else; what opening it came to. */
int whole_read_path(const char *path, size_t limit, char **ret_data, size_t *ret_size);

#endif
