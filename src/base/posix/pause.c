/* SPDX-License-Identifier: MIT */
#include "base/pause.h"

#include <signal.h>
#include <time.h>

static volatile sig_atomic_t interrupted;
static struct sigaction before;

static void on_interrupt(int number)
{
	(void)number;
	interrupted = 1;
}

void pause_begin(void)
{
	/* without SA_RESTART: the signal ends a wait at once */
	struct sigaction action = { .sa_handler = on_interrupt };

	interrupted = 0;
	sigaction(SIGINT, NULL, &before);
	/* a shell has it ignored in what it starts in the background */
	if (before.sa_handler != SIG_IGN)
		sigaction(SIGINT, &action, NULL);
}

bool pause_wait(unsigned milliseconds)
{
	struct timespec time = { .tv_sec = milliseconds / 1000,
				 .tv_nsec = (long)(milliseconds % 1000) * 1000000 };

	if (!interrupted)
		nanosleep(&time, NULL);
	return !interrupted;
}

void pause_end(void)
{
	sigaction(SIGINT, &before, NULL);
}
