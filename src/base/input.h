/* SPDX-License-Identifier: MIT */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include <stdint.h>
#include <sys/types.h>

#define INPUT_HERE UINT64_MAX

/*
 * Reads at @offset of the file, or at its own position with INPUT_HERE, until there are @least of
 * @size bytes or the file ends. Returns how many there were, or a negative errno.
 */
ssize_t input_read(int descriptor, void *bytes, size_t size, size_t least, uint64_t offset);

#endif
