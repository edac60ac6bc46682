/* SPDX-License-Identifier: MIT */
#include "base/lock.h"

/* WASI has no locks, which is not an error. */
int lock_take(struct lock *lock, const char *path, void (*wait)(void *userdata), void *userdata)
{
	(void)path;
	(void)wait;
	(void)userdata;
	*lock = (struct lock)LOCK_INIT;
	return 0;
}

void lock_release(struct lock *lock)
{
	*lock = (struct lock)LOCK_INIT;
}
