/* SPDX-License-Identifier: MIT */
#include "base/console.h"

#include <poll.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

int console_begin(int *count, char ***arguments)
{
	const char *folder = getenv("PWD");

	(void)count;
	(void)arguments;
	/* WASI has no current folder: the host says where it is. If that is not there, it is the
	 * root. */
	if (folder && chdir(folder) < 0)
		chdir("/");
	return 0;
}

bool console_is_unread(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&output, 1, 0) == 1 && output.revents & (POLLERR | POLLHUP);
}

void console_end_unread(void)
{
	/* there are no signals */
}

bool console_is_terminal(FILE *file)
{
	return isatty(fileno(file));
}

unsigned console_width(FILE *file)
{
	(void)file;
	return 0;
}

void console_show(FILE *file)
{
	fflush(file);
}

double console_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
