/* SPDX-License-Identifier: MIT */
#include "base/stream.h"

#include <sys/stat.h>
#include <unistd.h>

FILE *stream_open(const char *path)
{
	return fopen(path, "rb");
}

FILE *stream_create(const char *path)
{
	return fopen(path, "wb");
}

bool stream_is_same(const char *path, const char *other)
{
	struct stat a, b;

	/* what is neither, as /dev/null, can be given twice */
	return stat(path, &a) == 0 && stat(other, &b) == 0 &&
	       (S_ISREG(a.st_mode) || S_ISDIR(a.st_mode)) && a.st_dev == b.st_dev &&
	       a.st_ino == b.st_ino;
}

bool stream_is_output(const char *path)
{
	struct stat a, b;

	return stat(path, &a) == 0 && fstat(STDOUT_FILENO, &b) == 0 && S_ISREG(a.st_mode) &&
	       a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}
