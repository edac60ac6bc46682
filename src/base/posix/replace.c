/* SPDX-License-Identifier: MIT */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ENDING ".XXXXXX"

/* Where a link leads, or @path itself where nothing is yet. */
static char *resolve(const char *path)
{
	char *resolved = realpath(path, NULL);

	return resolved || errno != ENOENT ? resolved : strdup(path);
}

/* The rights that the file is to have: those of the one that it replaces, or of any new one. */
static int find_rights(const char *path, mode_t *ret_rights)
{
	struct stat status;
	mode_t mask;

	if (stat(path, &status) < 0) {
		if (errno != ENOENT)
			return -errno;
		mask = umask(0);
		umask(mask);
		*ret_rights = 0666 & ~mask;
		return 0;
	}
	if (!S_ISREG(status.st_mode))
		return S_ISDIR(status.st_mode) ? -EISDIR : -EINVAL;
	*ret_rights = status.st_mode & 0777;
	/* what may not be written may not be replaced either */
	return access(path, W_OK) < 0 ? -errno : 0;
}

/* A file of another name beside @path. */
static int open_temporary(struct replacement *replacement, mode_t rights)
{
	int descriptor, r = 0;

	replacement->temporary = malloc(strlen(replacement->path) + sizeof ENDING);
	if (!replacement->temporary)
		return -ENOMEM;
	strcpy(replacement->temporary, replacement->path);
	strcat(replacement->temporary, ENDING);
	descriptor = mkostemp(replacement->temporary, O_CLOEXEC);
	if (descriptor < 0)
		return -errno;
	if (fchmod(descriptor, rights) == 0)
		replacement->file = fdopen(descriptor, "wb");
	if (!replacement->file) {
		r = -errno;
		close(descriptor);
		unlink(replacement->temporary);
	}
	return r;
}

int replace_begin(struct replacement *replacement, const char *path)
{
	struct replacement new = { .path = resolve(path) };
	mode_t rights = 0;
	int r;

	if (!new.path)
		return -errno;
	r = find_rights(new.path, &rights);
	if (r == 0)
		r = open_temporary(&new, rights);
	if (r < 0) {
		free(new.path);
		free(new.temporary);
		return r;
	}
	*replacement = new;
	return 0;
}

int replace_end(struct replacement *replacement)
{
	/* of the write that failed, if one did */
	int r = ferror(replacement->file) ? -(errno ? errno : EIO) : 0;

	errno = 0;
	/* what is only in memory could be lost behind the name that it takes */
	if (r == 0 && (fflush(replacement->file) != 0 || fsync(fileno(replacement->file)) < 0))
		r = -(errno ? errno : EIO);
	if (fclose(replacement->file) != 0 && r == 0)
		r = -(errno ? errno : EIO);
	if (r == 0 && rename(replacement->temporary, replacement->path) < 0)
		r = -errno;
	if (r < 0)
		unlink(replacement->temporary);
	free(replacement->path);
	free(replacement->temporary);
	return r;
}
