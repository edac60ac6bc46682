/* SPDX-License-Identifier: MIT */
#include "base/console.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

static bool pipe_ignored; /* before the process began */

/* The null device, in the direction in which it is not used. */
static void open_missing(void)
{
	for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; descriptor++) {
		int flags = descriptor == STDIN_FILENO ? O_WRONLY : O_RDONLY;

		/* the lowest that is free: this one */
		if (fcntl(descriptor, F_GETFD) < 0 && open("/dev/null", flags) < 0)
			return;
	}
}

int console_begin(int *count, char ***arguments)
{
	struct sigaction pipe;

	/* they are what they should be already */
	(void)count;
	(void)arguments;
	open_missing();
	pipe_ignored = sigaction(SIGPIPE, NULL, &pipe) == 0 && pipe.sa_handler == SIG_IGN;
	signal(SIGPIPE, SIG_IGN);
	/* a limit on the sizes of files is a full disk */
	signal(SIGXFSZ, SIG_IGN);
	return 0;
}

bool console_is_unread(void)
{
	struct pollfd output = { .fd = STDOUT_FILENO, .events = POLLOUT };

	return poll(&output, 1, 0) == 1 && output.revents & POLLERR;
}

void console_end_unread(void)
{
	if (pipe_ignored)
		return;
	signal(SIGPIPE, SIG_DFL);
	raise(SIGPIPE);
}

bool console_is_terminal(FILE *file)
{
	return isatty(fileno(file));
}

unsigned console_width(FILE *file)
{
	struct winsize size;

	return ioctl(fileno(file), TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
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
