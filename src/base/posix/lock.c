/* SPDX-License-Identifier: MIT */
#include "base/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/folder.h"

/* The file itself is replaced, and so cannot hold the lock: its folder does. */
static int open_folder(const char *path)
{
	char *place, *folder;
	int descriptor = path_follow(path, &place);

	if (descriptor < 0)
		return descriptor;
	folder = path_folder(place);
	free(place);
	if (!folder)
		return -ENOMEM;
	descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor < 0)
		descriptor = -errno;
	free(folder);
	return descriptor;
}

int lock_take(struct lock *lock, const char *path, void (*wait)(void *userdata), void *userdata)
{
	int descriptor = open_folder(path), r;

	if (descriptor < 0)
		return descriptor;
	r = flock(descriptor, LOCK_EX | LOCK_NB);
	if (r < 0 && errno == EWOULDBLOCK) {
		wait(userdata);
		do
			r = flock(descriptor, LOCK_EX);
		while (r < 0 && errno == EINTR);
	}
	lock->handle = descriptor;
	return 0;
}

void lock_release(struct lock *lock)
{
	if (lock->handle >= 0)
		close((int)lock->handle);
	*lock = (struct lock)LOCK_INIT;
}
