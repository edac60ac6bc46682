/* SPDX-License-Identifier: MIT */
#include "base/thread.h"

#include <errno.h>
#include <process.h>
#include <stdint.h>
#include <stdlib.h>
#include <windows.h>

struct thread {
	HANDLE handle;
	void (*run)(void *userdata);
	void *userdata;
};

static unsigned __stdcall thread_main(void *argument)
{
	struct thread *thread = argument;

	thread->run(thread->userdata);
	return 0;
}

int thread_start(void (*run)(void *userdata), void *userdata, struct thread **ret_thread)
{
	struct thread *thread = malloc(sizeof *thread);

	if (!thread)
		return -ENOMEM;
	*thread = (struct thread) { .run = run, .userdata = userdata };
	/* unlike CreateThread(), with what the C library needs for each thread */
	thread->handle = (HANDLE)_beginthreadex(NULL, 0, thread_main, thread, 0, NULL);
	if (!thread->handle) {
		free(thread);
		return -EAGAIN;
	}
	*ret_thread = thread;
	return 0;
}

void thread_join(struct thread *thread)
{
	WaitForSingleObject(thread->handle, INFINITE);
	CloseHandle(thread->handle);
	free(thread);
}

unsigned thread_processors(void)
{
	SYSTEM_INFO info;

	GetSystemInfo(&info);
	return info.dwNumberOfProcessors > 0 ? info.dwNumberOfProcessors : 1;
}

struct monitor {
	SRWLOCK lock;
	CONDITION_VARIABLE reasons[MONITOR_REASONS];
};

int monitor_new(struct monitor **ret_monitor)
{
	struct monitor *monitor = malloc(sizeof *monitor);

	if (!monitor)
		return -ENOMEM;
	InitializeSRWLock(&monitor->lock);
	for (unsigned i = 0; i < MONITOR_REASONS; i++)
		InitializeConditionVariable(&monitor->reasons[i]);
	*ret_monitor = monitor;
	return 0;
}

void monitor_free(struct monitor *monitor)
{
	free(monitor);
}

void monitor_enter(struct monitor *monitor)
{
	AcquireSRWLockExclusive(&monitor->lock);
}

void monitor_leave(struct monitor *monitor)
{
	ReleaseSRWLockExclusive(&monitor->lock);
}

void monitor_wait(struct monitor *monitor, unsigned reason)
{
	SleepConditionVariableSRW(&monitor->reasons[reason], &monitor->lock, INFINITE, 0);
}

void monitor_wake(struct monitor *monitor, unsigned reason)
{
	WakeAllConditionVariable(&monitor->reasons[reason]);
}

void monitor_wake_one(struct monitor *monitor, unsigned reason)
{
	WakeConditionVariable(&monitor->reasons[reason]);
}
