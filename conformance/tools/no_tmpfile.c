/* SPDX-License-Identifier: MIT */
/* For LD_PRELOAD: a file system that has no files without a name, as NFS. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stddef.h>

int open64(const char *path, int flags, ...);

int open64(const char *path, int flags, ...)
{
	int (*real)(const char *path, int flags, ...) = NULL;
	va_list arguments;
	mode_t mode = 0;

	if ((flags & O_TMPFILE) == O_TMPFILE) {
		errno = EOPNOTSUPP;
		return -1;
	}
	if (flags & O_CREAT) {
		va_start(arguments, flags);
		mode = va_arg(arguments, mode_t);
		va_end(arguments);
	}
	/* as POSIX has it for functions */
	*(void **)&real = dlsym(RTLD_NEXT, "open64");
	return real ? real(path, flags, mode) : -1;
}
