/* SPDX-License-Identifier: MIT */
/* Threads, and how they wait for one another. What is here differs between systems. */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <stdbool.h>

struct thread;

/* Starts @run in a thread of its own; thread_join() frees *ret_thread. A negative errno: there is
 * no such thread, as always on systems without any. */
int thread_start(void (*run)(void *userdata), void *userdata, struct thread **ret_thread);

/* Waits until it has returned. */
void thread_join(struct thread *thread);

/* How many threads can run at a time; at least 1. */
unsigned thread_processors(void);

/* What several threads use, one at a time. */
struct monitor;

int monitor_new(struct monitor **ret_monitor);
void monitor_free(struct monitor *monitor);

void monitor_enter(struct monitor *monitor);
void monitor_leave(struct monitor *monitor);

/* What threads wait for: each of so many reasons. */
#define MONITOR_REASONS 3

/* Leaves until @reason is woken, or for no reason, and enters again. */
void monitor_wait(struct monitor *monitor, unsigned reason);

/* Wakes all that wait for @reason; or one of them. */
void monitor_wake(struct monitor *monitor, unsigned reason);
void monitor_wake_one(struct monitor *monitor, unsigned reason);

#endif
