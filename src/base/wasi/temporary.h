/* SPDX-License-Identifier: MIT */
#ifndef BASE_WASI_TEMPORARY_H
#define BASE_WASI_TEMPORARY_H

/* Creates a file in @folder; *ret_name is its path, for free(). Returns a descriptor, or a negative
 * errno. */
int temporary_create(const char *folder, char **ret_name);

#endif
