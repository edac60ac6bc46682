/* SPDX-License-Identifier: MIT */
/*
 * A lock for reading, changing and writing a file. Other processes that take it for a file in the
 * same folder wait; it ends with the process and leaves no file on the disk. What is here differs
 * between systems: posix/lock.c, windows/lock.c.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include <stdint.h>

struct lock {
	intptr_t handle; /* -1: it is not taken */
};

#define LOCK_INIT                                                                                  \
	{                                                                                          \
		.handle = -1                                                                       \
	}

/*
 * Takes the lock of the file at @path, which need not exist. Calls @wait once before it has to
 * wait. File systems without locks are not an error. A negative errno: the folder cannot be opened.
 */
int lock_take(struct lock *lock, const char *path, void (*wait)(void *userdata), void *userdata);

/* Releases it; does nothing if it is not taken. */
void lock_release(struct lock *lock);

#endif
