/* SPDX-License-Identifier: MIT */
/*
 * Files that are read, by their descriptors. What is here differs between systems: posix/input.c,
 * windows/input.c. Paths are UTF-8.
 */
#ifndef BASE_INPUT_H
#define BASE_INPUT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#define INPUT_HERE UINT64_MAX

struct input_status {
	bool is_folder;
	bool is_file;      /* can be read at any offset */
	uint64_t size;     /* of a file; otherwise 0 */
	uint64_t position; /* its own, in a file */
};

/*
 * Opens a file to read it; whoever writes it may go on. Returns a descriptor for input_close(), or
 * a negative errno.
 */
int input_open(const char *path);
void input_close(int descriptor);

int input_status(int descriptor, struct input_status *ret_status);

/*
 * Reads at @offset of the file, or at its own position with INPUT_HERE, until there are @min of
 * @size bytes or the file ends. Returns how many there were, or a negative errno. Reading at an
 * offset may move the position of its own.
 */
ssize_t input_read(int descriptor, void *bytes, size_t size, size_t min, uint64_t offset);

/*
 * A file without a name, which is gone when it is closed. Returns a descriptor for input_close(),
 * or a negative errno.
 */
int input_temporary(void);

/* Appends @bytes to what has been written before, not to what has been read. */
int input_append(int descriptor, const void *bytes, size_t size);

/* Appends the whole contents of the file @from. */
int input_copy(int from, int to);

#endif
