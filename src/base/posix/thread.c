/* SPDX-License-Identifier: MIT */
#include "base/thread.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

struct thread {
	pthread_t handle;
	void (*run)(void *userdata);
	void *userdata;
};

static void *thread_main(void *argument)
{
	struct thread *thread = argument;

	thread->run(thread->userdata);
	return NULL;
}

int thread_start(void (*run)(void *userdata), void *userdata, struct thread **ret_thread)
{
	struct thread *thread = malloc(sizeof *thread);
	sigset_t all, before;
	int r;

	if (!thread)
		return -ENOMEM;
	*thread = (struct thread) { .run = run, .userdata = userdata };
	/* signals are for the thread that the program began with */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	r = pthread_create(&thread->handle, NULL, thread_main, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	if (r) {
		free(thread);
		return -r;
	}
	*ret_thread = thread;
	return 0;
}

void thread_join(struct thread *thread)
{
	pthread_join(thread->handle, NULL);
	free(thread);
}

unsigned thread_processors(void)
{
	long count;
#ifdef __linux__
	cpu_set_t set;

	if (sched_getaffinity(0, sizeof set, &set) == 0)
		return (unsigned)CPU_COUNT(&set);
#endif
	count = sysconf(_SC_NPROCESSORS_ONLN);
	return count > 0 ? (unsigned)count : 1;
}

struct monitor {
	pthread_mutex_t mutex;
	pthread_cond_t reasons[MONITOR_REASONS];
};

int monitor_new(struct monitor **ret_monitor)
{
	struct monitor *monitor = malloc(sizeof *monitor);

	if (!monitor)
		return -ENOMEM;
	pthread_mutex_init(&monitor->mutex, NULL);
	for (unsigned i = 0; i < MONITOR_REASONS; i++)
		pthread_cond_init(&monitor->reasons[i], NULL);
	*ret_monitor = monitor;
	return 0;
}

void monitor_free(struct monitor *monitor)
{
	if (!monitor)
		return;
	for (unsigned i = 0; i < MONITOR_REASONS; i++)
		pthread_cond_destroy(&monitor->reasons[i]);
	pthread_mutex_destroy(&monitor->mutex);
	free(monitor);
}

void monitor_enter(struct monitor *monitor)
{
	pthread_mutex_lock(&monitor->mutex);
}

void monitor_leave(struct monitor *monitor)
{
	pthread_mutex_unlock(&monitor->mutex);
}

void monitor_wait(struct monitor *monitor, unsigned reason)
{
	pthread_cond_wait(&monitor->reasons[reason], &monitor->mutex);
}

void monitor_wake(struct monitor *monitor, unsigned reason)
{
	pthread_cond_broadcast(&monitor->reasons[reason]);
}

void monitor_wake_one(struct monitor *monitor, unsigned reason)
{
	pthread_cond_signal(&monitor->reasons[reason]);
}
