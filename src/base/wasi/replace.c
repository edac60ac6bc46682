/* SPDX-License-Identifier: MIT */
/* WASI has no rights and no signals: a new file takes the place of the old one. */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/stream.h"
#include "base/wasi/temporary.h"

/* Returns a descriptor or a negative errno. */
static int open_place(struct replacement *replacement)
{
	const char *path = replacement->path;
	int begin = O_TRUNC, descriptor;
	struct stat old;
	char *folder;

	if (stat(path, &old) == 0) {
		if (S_ISDIR(old.st_mode))
			return -EISDIR;
		if (stream_is_open(STREAM_OUTPUT, path) || stream_is_open(STREAM_ERROR, path))
			begin = O_APPEND; /* it must not get another file */
		else if (S_ISREG(old.st_mode))
			begin = 0;
		if (begin) {
			replacement->way = REPLACE_THROUGH;
			descriptor = open(path, O_WRONLY | begin);
			return descriptor < 0 ? -errno : descriptor;
		}
	} else if (errno != ENOENT) {
		return -errno;
	}
	folder = path_folder(path);
	descriptor = folder ? temporary_create(folder, &replacement->temporary) : -ENOMEM;
	free(folder);
	return descriptor;
}

static void end(struct replacement *replacement)
{
	if (replacement->temporary)
		unlink(replacement->temporary);
	free(replacement->temporary);
	free(replacement->path);
	*replacement = (struct replacement) { 0 };
}

int replace_begin(struct replacement *replacement, const char *path)
{
	struct replacement new = { 0 };
	int descriptor = path_follow(path, &new.path);

	if (descriptor == 0)
		descriptor = open_place(&new);
	if (descriptor >= 0) {
		new.file = fdopen(descriptor, "wb");
		if (!new.file) {
			close(descriptor);
			descriptor = -ENOMEM;
		}
	}
	if (descriptor < 0) {
		end(&new);
		return descriptor;
	}
	*replacement = new;
	return 0;
}

int replace_end(struct replacement *replacement)
{
	FILE *file = replacement->file;
	int r = 0;

	errno = 0;
	if (fflush(file) != 0 || ferror(file))
		r = -(errno ? errno : EIO);
	if (fclose(file) != 0 && r == 0)
		r = -(errno ? errno : EIO);
	if (r == 0 && replacement->temporary) {
		if (rename(replacement->temporary, replacement->path) < 0) {
			r = -errno;
		} else {
			free(replacement->temporary);
			replacement->temporary = NULL;
		}
	}
	end(replacement);
	return r;
}

void replace_cancel(struct replacement *replacement)
{
	if (replacement->file)
		fclose(replacement->file);
	end(replacement);
}
