/* SPDX-License-Identifier: MIT */
/*
 * The tracks of a timeline: a process for each host of a log, and in it a thread for each session,
 * for each driver, and for what is about neither. Numbers are given in the order of appearance.
 * Memory is bounded by the threads with an open slice: of the others, as many are remembered, or
 * TRACKS_IDLE_LEAST.
 */
#ifndef REPORT_TRACKS_H
#define REPORT_TRACKS_H

#include "base/table.h"

#define TRACKS_IDLE_LEAST 65536

enum thread_kind {
	THREAD_SESSION,
	THREAD_DRIVER,
	THREAD_LOG,
};

/* The text at the end is the key. */
struct process {
	struct table_entry entry;
	struct process *next; /* in order of appearance */
	uint32_t number;
	uint64_t now; /* where the last step of a session of this host lies */
	struct sessionlint_text host;
	char key[];
};

struct thread {
	struct table_entry entry;
	struct thread *next, *previous; /* open ones, or idle ones: the oldest first */
	struct process *process;
	uint32_t number;
	enum thread_kind kind;
	uint64_t now; /* no slice may begin before */

	bool open;                    /* a slice has begun */
	uint64_t start;               /* of it */
	struct sessionlint_step step; /* which began it; boot is owned, host is of no use */
	char key[];
};

struct tracks {
	uint32_t numbered; /* threads and processes alike, so that no thread is the main one */
	struct table processes, threads;
	struct table files; /* names, which steps show */
	struct process *first_process;
	struct thread_list {
		struct thread *first, *last;
		uint32_t count;
	} open, idle;
};

/* Whom a thread is of. */
struct thread_subject {
	enum thread_kind kind;
	enum sessionlint_source source;
	uint32_t session;
	struct sessionlint_text driver;
};

void tracks_init(struct tracks *tracks);

/* Forgets all processes and threads; numbers go on. No slice is open. */
void tracks_clear(struct tracks *tracks);

/* The one that has that host, or that subject in @process; *ret_new: it is new. NULL if memory is
 * short. */
struct process *tracks_process(struct tracks *tracks, struct sessionlint_text host, bool *ret_new);
struct thread *tracks_thread(struct tracks *tracks, struct process *process,
			     const struct thread_subject *subject, bool *ret_new);

/* Begins a slice of @thread, which has none, at @place by @step. -ENOMEM. */
int thread_open(struct tracks *tracks, struct thread *thread, uint64_t place,
		const struct sessionlint_step *step);

/* Ends the slice of @thread at @end. A thread that has been idle for long may be forgotten. */
void thread_close(struct tracks *tracks, struct thread *thread, uint64_t end);

#endif
