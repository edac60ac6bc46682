/* SPDX-License-Identifier: MIT */
#include "fault.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

struct fault *fault;

/* In the child alone. */
static bool active;

/* Whether this call of that kind is to fail. */
static bool fails(enum fault_kind kind)
{
	unsigned call;

	if (!active)
		return false;
	call = ++fault->calls[kind];
	if (fault->kind != kind || fault->from == 0 || call < fault->from ||
	    (call > fault->from && !fault->for_good))
		return false;
	/* with ASAN_OPTIONS=handle_abort=1, a sanitizer says which call it was */
	if (getenv("FAULT_ABORT"))
		abort();
	fault->failed++;
	errno = fault->error;
	return true;
}

/* The function @name, which returns @failure when it is to fail. */
#define WRAP(kind, type, failure, name, parameters, arguments)                                     \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		return fails(kind) ? (failure) : __real_##name arguments;                          \
	}

/* ---- memory ---- */

WRAP(FAULT_MEMORY, void *, NULL, malloc, (size_t size), (size))
WRAP(FAULT_MEMORY, void *, NULL, calloc, (size_t count, size_t size), (count, size))
WRAP(FAULT_MEMORY, void *, NULL, realloc, (void *memory, size_t size), (memory, size))
WRAP(FAULT_MEMORY, void *, NULL, aligned_alloc, (size_t alignment, size_t size), (alignment, size))
WRAP(FAULT_MEMORY, void *, MAP_FAILED, mmap64,
     (void *address, size_t size, int protection, int flags, int descriptor, off64_t offset),
     (address, size, protection, flags, descriptor, offset))
WRAP(FAULT_MEMORY, char *, NULL, strdup, (const char *text), (text))
WRAP(FAULT_MEMORY, char *, NULL, strndup, (const char *text, size_t size), (text, size))

/* ---- descriptors ---- */

WRAP(FAULT_READ, ssize_t, -1, read, (int descriptor, void *bytes, size_t size),
     (descriptor, bytes, size))
WRAP(FAULT_READ, ssize_t, -1, pread64, (int descriptor, void *bytes, size_t size, off64_t offset),
     (descriptor, bytes, size, offset))
WRAP(FAULT_WRITE, ssize_t, -1, write, (int descriptor, const void *bytes, size_t size),
     (descriptor, bytes, size))
WRAP(FAULT_WRITE, int, -1, fsync, (int descriptor), (descriptor))
WRAP(FAULT_RENAME, int, -1, rename, (const char *from, const char *to), (from, to))
WRAP(FAULT_RENAME, int, -1, linkat,
     (int from_folder, const char *from, int to_folder, const char *to, int flags),
     (from_folder, from, to_folder, to, flags))
WRAP(FAULT_STATUS, int, -1, stat64, (const char *path, struct stat64 *status), (path, status))
WRAP(FAULT_STATUS, int, -1, lstat64, (const char *path, struct stat64 *status), (path, status))
WRAP(FAULT_STATUS, int, -1, fstat64, (int descriptor, struct stat64 *status), (descriptor, status))
WRAP(FAULT_STATUS, int, -1, access, (const char *path, int mode), (path, mode))
WRAP(FAULT_STATUS, ssize_t, -1, readlink, (const char *path, char *text, size_t size),
     (path, text, size))
WRAP(FAULT_STATUS, off64_t, -1, lseek64, (int descriptor, off64_t offset, int whence),
     (descriptor, offset, whence))
WRAP(FAULT_STATUS, int, -1, flock, (int descriptor, int operation), (descriptor, operation))
WRAP(FAULT_STATUS, int, -1, fchmod, (int descriptor, mode_t mode), (descriptor, mode))

char *__real_realpath(const char *path, char *resolved);
char *__wrap_realpath(const char *path, char *resolved);

char *__wrap_realpath(const char *path, char *resolved)
{
	/* where the current folder is, a report says if it is known */
	if (fails(FAULT_MEMORY) || (strcmp(path, ".") != 0 && fails(FAULT_STATUS)))
		return NULL;
	return __real_realpath(path, resolved);
}

int __real_scandir64(const char *, struct dirent64 ***, int (*)(const struct dirent64 *),
		     int (*)(const struct dirent64 **, const struct dirent64 **));
int __wrap_scandir64(const char *, struct dirent64 ***, int (*)(const struct dirent64 *),
		     int (*)(const struct dirent64 **, const struct dirent64 **));

int __wrap_scandir64(const char *path, struct dirent64 ***entries,
		     int (*filter)(const struct dirent64 *),
		     int (*compare)(const struct dirent64 **, const struct dirent64 **))
{
	/* it opens the folder, and it allocates */
	if (fails(FAULT_OPEN) || fails(FAULT_MEMORY))
		return -1;
	return __real_scandir64(path, entries, filter, compare);
}

int __real_close(int descriptor);
int __wrap_close(int descriptor);

int __wrap_close(int descriptor)
{
	int r = __real_close(descriptor);

	/* a descriptor is closed even if that says that something was lost */
	return fails(FAULT_CLOSE) ? -1 : r;
}

int __real_open64(const char *path, int flags, ...);
int __wrap_open64(const char *path, int flags, ...);
int __wrap___open64_2(const char *path, int flags);

static int open_file(const char *path, int flags, va_list arguments)
{
	bool creates = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE;
	mode_t mode = creates ? va_arg(arguments, mode_t) : 0;

	return fails(FAULT_OPEN) ? -1 : __real_open64(path, flags, mode);
}

int __wrap_open64(const char *path, int flags, ...)
{
	va_list arguments;
	int descriptor;

	va_start(arguments, flags);
	descriptor = open_file(path, flags, arguments);
	va_end(arguments);
	return descriptor;
}

int __wrap___open64_2(const char *path, int flags)
{
	return __wrap_open64(path, flags);
}

/* ---- streams ---- */

#define STREAMS 64

struct cookie {
	FILE *stream;
	int descriptor;
};

static struct cookie cookies[STREAMS];

static ssize_t cookie_read(void *cookie, char *bytes, size_t size)
{
	return __wrap_read(((struct cookie *)cookie)->descriptor, bytes, size);
}

static ssize_t cookie_write(void *cookie, const char *bytes, size_t size)
{
	ssize_t put = __wrap_write(((struct cookie *)cookie)->descriptor, bytes, size);

	/* how such a function says that it has failed */
	return put < 0 ? 0 : put;
}

static int cookie_seek(void *cookie, off64_t *offset, int whence)
{
	off64_t at = __real_lseek64(((struct cookie *)cookie)->descriptor, *offset, whence);

	if (at < 0)
		return -1;
	*offset = at;
	return 0;
}

static int cookie_close(void *data)
{
	struct cookie *cookie = data;
	int descriptor = cookie->descriptor;

	*cookie = (struct cookie) { 0 };
	return __wrap_close(descriptor);
}

static FILE *stream_of(int descriptor, const char *mode)
{
	static const cookie_io_functions_t functions = { cookie_read, cookie_write, cookie_seek,
							 cookie_close };

	for (unsigned i = 0; i < STREAMS; i++) {
		if (cookies[i].stream)
			continue;
		cookies[i].descriptor = descriptor;
		cookies[i].stream = fopencookie(&cookies[i], mode, functions);
		return cookies[i].stream;
	}
	abort();
}

FILE *__wrap_fdopen(int descriptor, const char *mode);
FILE *__wrap_fopen64(const char *path, const char *mode);
int __real_fileno(FILE *file);
int __wrap_fileno(FILE *file);
FILE *__real_tmpfile64(void);
FILE *__wrap_tmpfile64(void);

FILE *__wrap_fdopen(int descriptor, const char *mode)
{
	return fails(FAULT_MEMORY) ? NULL : stream_of(descriptor, mode);
}

/* Files are only read like this. */
FILE *__wrap_fopen64(const char *path, const char *mode)
{
	int descriptor = __wrap_open64(path, O_RDONLY | O_CLOEXEC);

	return descriptor < 0 ? NULL : stream_of(descriptor, mode);
}

FILE *__wrap_tmpfile64(void)
{
	return fails(FAULT_OPEN) ? NULL : __real_tmpfile64();
}

int __wrap_fileno(FILE *file)
{
	for (unsigned i = 0; i < STREAMS; i++)
		if (cookies[i].stream == file)
			return cookies[i].descriptor;
	return __real_fileno(file);
}

void fault_begin(void)
{
	stdin = stream_of(STDIN_FILENO, "r");
	stdout = stream_of(STDOUT_FILENO, "w");
	fault->failed = 0;
	active = true;
}
