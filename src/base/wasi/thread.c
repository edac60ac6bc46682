/* SPDX-License-Identifier: MIT */
/* There is one thread. */
#include "base/thread.h"

#include <errno.h>
#include <stddef.h>

int thread_start(void (*run)(void *userdata), void *userdata, struct thread **ret_thread)
{
	(void)run;
	(void)userdata;
	(void)ret_thread;
	return -ENOSYS;
}

void thread_join(struct thread *thread)
{
	(void)thread;
}

unsigned thread_processors(void)
{
	return 1;
}

int monitor_new(struct monitor **ret_monitor)
{
	*ret_monitor = NULL;
	return -ENOSYS;
}

void monitor_free(struct monitor *monitor)
{
	(void)monitor;
}

void monitor_enter(struct monitor *monitor)
{
	(void)monitor;
}

void monitor_leave(struct monitor *monitor)
{
	(void)monitor;
}

void monitor_wait(struct monitor *monitor, unsigned reason)
{
	(void)monitor;
	(void)reason;
}

void monitor_wake(struct monitor *monitor, unsigned reason)
{
	(void)monitor;
	(void)reason;
}

void monitor_wake_one(struct monitor *monitor, unsigned reason)
{
	(void)monitor;
	(void)reason;
}
