/* SPDX-License-Identifier: MIT */
#include "base/replace.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/input.h"
#include "base/posix/temporary.h"
#include "base/stream.h"

/* ---- where it goes ---- */

/* Whether standard output or error goes to the file at @path: it must not get another one. */
static bool is_standard(const char *path)
{
	return stream_is_open(STREAM_OUTPUT, path) || stream_is_open(STREAM_ERROR, path);
}

/* Whether @path names a descriptor and no file, whatever it leads to. */
static bool is_descriptor(const char *path)
{
	static const char *const prefixes[] = { "/dev/fd/", "/dev/std", "/proc/" };

	for (unsigned i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
		if (strncmp(path, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	return false;
}

/* ---- rights ---- */

/* Those of the file that it replaces, or of any new one. */
static void set_rights(int descriptor, const struct stat *old)
{
	mode_t mask;

	if (old) {
		/* only root can give a file away; others keep what they can */
		if (fchown(descriptor, old->st_uid, old->st_gid) < 0)
			errno = 0;
		fchmod(descriptor, old->st_mode & 0777);
		return;
	}
	mask = umask(0);
	umask(mask);
	fchmod(descriptor, 0666 & ~mask);
}

/* ---- the three ways ---- */

static int open_through(const char *path)
{
	/* what standard error has written already is not to be lost */
	int begin = is_standard(path) ? O_APPEND : O_TRUNC;
	int descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | begin, 0666);

	return descriptor < 0 ? -errno : descriptor;
}

/* Whether the folder takes no new file, which says nothing of the file in it. */
static bool is_refused(int error)
{
	return error == -EACCES || error == -EPERM || error == -EROFS || error == -EBUSY ||
	       error == -EXDEV;
}

/* Opens what is written into. @old is the file that is there, or NULL. */
static int open_new(struct replacement *replacement, const struct stat *old)
{
	int descriptor = temporary_create(replacement->path, &replacement->temporary);

	if (descriptor < 0 && old && is_refused(descriptor)) {
		descriptor = input_temporary();
		replacement->way = REPLACE_COPY;
	}
	if (descriptor >= 0)
		set_rights(descriptor, old);
	return descriptor;
}

/* Returns a descriptor or a negative errno. */
static int open_place(struct replacement *replacement, const char *path)
{
	struct stat old;

	if (is_descriptor(path) || is_standard(path)) {
		replacement->way = REPLACE_THROUGH;
		return open_through(path);
	}
	if (stat(replacement->path, &old) < 0)
		return errno == ENOENT ? open_new(replacement, NULL) : -errno;
	if (S_ISDIR(old.st_mode))
		return -EISDIR;
	if (!S_ISREG(old.st_mode)) {
		replacement->way = REPLACE_THROUGH;
		return open_through(replacement->path);
	}
	/* what may not be written may not be replaced either */
	return access(replacement->path, W_OK) < 0 ? -errno : open_new(replacement, &old);
}

int replace_begin(struct replacement *replacement, const char *path)
{
	struct replacement new = { 0 };
	int descriptor = path_follow(path, &new.path);

	if (descriptor == 0)
		descriptor = open_place(&new, path);
	if (descriptor >= 0) {
		new.file = fdopen(descriptor, "wb");
		if (!new.file) {
			int error = errno;

			close(descriptor);
			descriptor = -error;
		}
	}
	if (descriptor < 0) {
		temporary_drop(new.temporary);
		free(new.path);
		return descriptor;
	}
	*replacement = new;
	return 0;
}

/* ---- the end ---- */

/* Overwrites the file at @path, which is there. */
static int copy_to(int descriptor, const char *path)
{
	int to = open(path, O_WRONLY | O_TRUNC | O_CLOEXEC), r;

	if (to < 0)
		return -errno;
	r = input_copy(descriptor, to);
	if (r == 0 && fsync(to) < 0)
		r = -errno;
	if (close(to) < 0 && r == 0)
		r = -errno;
	return r;
}

/* Whether all of it has reached the file. */
static int write_out(struct replacement *replacement)
{
	FILE *file = replacement->file;

	errno = 0;
	if (fflush(file) != 0 || ferror(file)) {
		/* a write that failed long ago says why if it is tried again */
		if (errno == 0 && write(fileno(file), "", 1) == 1)
			errno = EIO;
		return -(errno ? errno : EIO);
	}
	/* what is only in memory could be lost after its name has been given */
	if (replacement->way != REPLACE_THROUGH && fsync(fileno(file)) < 0)
		return -(errno ? errno : EIO);
	return 0;
}

static int put_in_place(struct replacement *replacement)
{
	int descriptor = fileno(replacement->file), r, copied;

	switch (replacement->way) {
	case REPLACE_MOVE:
		r = temporary_move(descriptor, replacement->temporary, replacement->path);
		if (r == 0) {
			free(replacement->temporary);
			replacement->temporary = NULL;
		}
		if (!is_refused(r))
			return r;
		/* a file that is mounted there, or somebody else's in a folder that all may use */
		copied = copy_to(descriptor, replacement->path);
		return copied == -ENOENT ? r : copied;
	case REPLACE_COPY:
		return copy_to(descriptor, replacement->path);
	case REPLACE_THROUGH:
		break;
	}
	return 0;
}

int replace_end(struct replacement *replacement)
{
	int r = write_out(replacement);

	if (r == 0)
		r = put_in_place(replacement);
	errno = 0;
	if (fclose(replacement->file) != 0 && r == 0)
		r = -(errno ? errno : EIO);
	temporary_drop(replacement->temporary);
	free(replacement->path);
	*replacement = (struct replacement) { 0 };
	return r;
}

void replace_cancel(struct replacement *replacement)
{
	if (replacement->file)
		fclose(replacement->file);
	temporary_drop(replacement->temporary);
	free(replacement->path);
	*replacement = (struct replacement) { 0 };
}
