/* SPDX-License-Identifier: MIT */
/* wasi-libc has no realpath(). */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"

#define LINKS_MAX 40 /* as Linux follows */
#define PATH_SIZE 4096

struct walk {
	char done[PATH_SIZE]; /* absolute, without links */
	char rest[PATH_SIZE]; /* where it goes from there */
	unsigned links;
};

/* Puts the target of a link, which is the last name of @walk->done, in front of the rest. */
static int follow(struct walk *walk)
{
	char target[PATH_SIZE], rest[PATH_SIZE];
	ssize_t size = readlink(walk->done, target, sizeof target - 1);

	if (size < 0)
		return -errno;
	target[size] = '\0';
	if (++walk->links > LINKS_MAX)
		return -ELOOP;
	memcpy(rest, walk->rest, sizeof rest);
	if (snprintf(walk->rest, sizeof walk->rest, "%s/%s", target, rest) >= PATH_SIZE)
		return -ENAMETOOLONG;
	if (target[0] == '/')
		strcpy(walk->done, "/");
	else
		path_ascend(walk->done);
	return 0;
}

static int enter(struct walk *walk, const char *name, size_t size)
{
	size_t at = strlen(walk->done);
	const char *separator = path_separator(walk->done);
	struct stat status;

	if (size == 0 || (size == 1 && name[0] == '.'))
		return 0;
	if (size == 2 && name[0] == '.' && name[1] == '.') {
		path_ascend(walk->done);
		return 0;
	}
	if (snprintf(walk->done + at, PATH_SIZE - at, "%s%.*s", separator, (int)size, name) >=
	    (int)(PATH_SIZE - at))
		return -ENAMETOOLONG;
	if (lstat(walk->done, &status) < 0)
		return -errno;
	return S_ISLNK(status.st_mode) ? 1 : 0;
}

/* Takes the first name from the rest. */
static int step(struct walk *walk)
{
	char name[PATH_SIZE];
	size_t size = strcspn(walk->rest, "/");
	const char *rest = walk->rest + size + (walk->rest[size] != '\0');
	int r;

	memcpy(name, walk->rest, size);
	memmove(walk->rest, rest, strlen(rest) + 1);
	r = enter(walk, name, size);
	return r > 0 ? follow(walk) : r;
}

int path_absolute(const char *path, char **ret_absolute)
{
	struct walk walk = { .done = "/" };
	int r = 0;

	if (path[0] == '\0')
		return -ENOENT;
	if (!path_is_absolute(path) && !getcwd(walk.done, sizeof walk.done))
		return -errno;
	if (strlen(path) >= sizeof walk.rest)
		return -ENAMETOOLONG;
	strcpy(walk.rest, path);
	while (r == 0 && walk.rest[0] != '\0')
		r = step(&walk);
	if (r < 0)
		return r;
	*ret_absolute = strdup(walk.done);
	return *ret_absolute ? 0 : -ENOMEM;
}
