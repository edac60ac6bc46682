/* SPDX-License-Identifier: MIT */
#include "base/pause.h"

#include <time.h>

void pause_begin(void)
{
	/* there are no signals: the host ends the process */
}

bool pause_wait(unsigned milliseconds)
{
	struct timespec time = { .tv_sec = milliseconds / 1000,
				 .tv_nsec = (long)(milliseconds % 1000) * 1000000 };

	nanosleep(&time, NULL);
	return true;
}

void pause_end(void)
{
}
