/* SPDX-License-Identifier: MIT */
#include "base/console.h"

#include <time.h>
#include <unistd.h>

int console_begin(int *count, char ***arguments)
{
	/* they are what they should be already */
	(void)count;
	(void)arguments;
	return 0;
}

bool console_is_terminal(FILE *file)
{
	return isatty(fileno(file));
}

void console_show(FILE *file)
{
	/* terminals are flushed at each line, and standard error at each character */
	(void)file;
}

double console_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}
