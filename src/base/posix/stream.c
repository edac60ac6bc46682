/* SPDX-License-Identifier: MIT */
#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

FILE *stream_open(const char *path)
{
	return fopen(path, "rb");
}

FILE *stream_open_regular(const char *path)
{
	int descriptor = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC), error;
	struct stat status;
	FILE *file = NULL;

	if (descriptor < 0) {
		/* what a socket says */
		if (errno == ENXIO)
			errno = ESPIPE;
		return NULL;
	}
	if (fstat(descriptor, &status) < 0)
		error = errno;
	else if (!S_ISREG(status.st_mode))
		error = S_ISDIR(status.st_mode) ? EISDIR : ESPIPE;
	else if ((file = fdopen(descriptor, "rb")))
		return file;
	else
		error = errno;
	close(descriptor);
	errno = error;
	return NULL;
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
