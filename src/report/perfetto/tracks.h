/* SPDX-License-Identifier: MIT */
/*
 * The tracks of a timeline: a process for each host of a log, with a thread for each session and
 * each driver, and one for everything else. They are numbered in the order of appearance. Memory is
 * bounded by the number of threads with an open slice: as many others are remembered, but at least
 * TRACKS_IDLE_MIN.
 */
#ifndef REPORT_PERFETTO_TRACKS_H
#define REPORT_PERFETTO_TRACKS_H

#include "base/table.h"
#include "sessionlint.h"

#define TRACKS_IDLE_MIN 65536

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
	uint64_t now; /* position of the last step of a session of this host */
	struct sessionlint_text host;
	char key[];
};

struct thread {
	struct table_entry entry;
	struct thread *next, *previous; /* open or idle ones, oldest first */
	struct process *process;
	uint32_t number;
	enum thread_kind kind;
	uint64_t now; /* no slice may begin earlier */

	bool open;                    /* a slice is open */
	uint64_t start;               /* its belief */
	struct sessionlint_step step; /* the step that began it; boot is owned, host is unused */
	char key[];
};

struct tracks {
	uint32_t numbered; /* shared by threads and processes, so that no thread is the main one */
	struct table processes, threads;
	struct table files; /* names that slices show */
	struct process *first_process;
	struct thread_list {
		struct thread *first, *last;
		uint32_t count;
	} open, idle;
};

/* The subject of a thread. */
struct thread_subject {
	enum thread_kind kind;
	enum sessionlint_source source;
	uint32_t session;
	struct sessionlint_text driver;
};

void tracks_init(struct tracks *tracks);

/* Forgets all processes and threads; numbers continue. No slice may be open. */
void tracks_clear(struct tracks *tracks);

/* The process of a host, or the thread of a subject in @process; *ret_new: it is new. NULL if
 * memory runs out. */
struct process *tracks_process(struct tracks *tracks, struct sessionlint_text host, bool *ret_new);
struct thread *tracks_thread(struct tracks *tracks, struct process *process,
			     const struct thread_subject *subject, bool *ret_new);

/* Begins a slice of @thread, which must have none, at @place with @step. -ENOMEM. */
int thread_open(struct tracks *tracks, struct thread *thread, uint64_t place,
		const struct sessionlint_step *step);

/* Ends the slice of @thread at @end. A thread that has been idle for a long time may be forgotten.
 */
void thread_close(struct tracks *tracks, struct thread *thread, uint64_t end);

#endif
