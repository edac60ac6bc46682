/* SPDX-License-Identifier: MIT */
#include "base/stream.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#ifdef __linux__
#include <stdio_ext.h>
#endif

#include "base/folder.h"

void stream_claim(FILE *file)
{
#ifdef __linux__
	__fsetlocking(file, FSETLOCKING_BYCALLER);
#else
	(void)file;
#endif
}

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

static bool is_same(const struct stat *a, const struct stat *b)
{
	return a->st_dev == b->st_dev && a->st_ino == b->st_ino;
}

bool stream_is_same(const char *path, const char *other)
{
	struct stat a, b;

	/* what is neither, as /dev/null, can be given twice */
	return stat(path, &a) == 0 && stat(other, &b) == 0 &&
	       (S_ISREG(a.st_mode) || S_ISDIR(a.st_mode)) && is_same(&a, &b);
}

static const char *name_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool stream_is_same_place(const char *path, const char *other)
{
	char *folder, *other_folder;
	struct stat status;
	bool same;

	if (stat(path, &status) == 0 || stat(other, &status) == 0)
		return stream_is_same(path, other);
	folder = path_folder(path);
	other_folder = path_folder(other);
	same = folder && other_folder && stream_is_same(folder, other_folder) &&
	       strcmp(name_of(path), name_of(other)) == 0;
	free(folder);
	free(other_folder);
	return same;
}

bool stream_is_open(int descriptor, const char *path)
{
	/* of standard output and the like, which stay what they are; asked for each log */
	static bool is_no_file[3];
	struct stat a, b;

	if (descriptor < 3 && is_no_file[descriptor])
		return false;
	if (fstat(descriptor, &b) < 0)
		return false;
	if (descriptor < 3)
		is_no_file[descriptor] = !S_ISREG(b.st_mode);
	return S_ISREG(b.st_mode) && stat(path, &a) == 0 && is_same(&a, &b);
}

bool stream_is_shared(int descriptor, int other)
{
	struct stat a, b;

	return fstat(descriptor, &a) == 0 && fstat(other, &b) == 0 && S_ISREG(a.st_mode) &&
	       is_same(&a, &b);
}
