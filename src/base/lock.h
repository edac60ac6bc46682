/* SPDX-License-Identifier: MIT */
/*
 * A lock for whoever reads a file, changes it and writes it again. Other processes that take it for
 * a file in the same folder wait; it ends with the process and leaves nothing behind on the disk.
 * What is here differs between systems: posix/lock.c, windows/lock.c.
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
 * Takes the lock of the file at @path, which need not be there. Calls @wait once before it has to
 * wait. Where the file system has no locks there is nothing to wait for. A negative errno: the
 * folder cannot be opened.
 */
int lock_take(struct lock *lock, const char *path, void (*wait)(void *userdata), void *userdata);

/* Gives it back; does nothing with a lock that is not taken. */
void lock_release(struct lock *lock);

#endif
