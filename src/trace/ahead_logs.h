/* SPDX-License-Identifier: MIT */
/* Logs that are read ahead: what the caller and the threads that read have in common. */
#ifndef TRACE_AHEAD_LOGS_H
#define TRACE_AHEAD_LOGS_H

#include "base/thread.h"
#include "trace/read_ahead.h"

/* Enough of the log that is judged that neither side waits for each batch of the other, and some of
 * each that is next. To wake a thread can take longer than to read a batch: one that waits is woken
 * when it can go on for several. */
#define BATCHES_JUDGED 32
#define BATCHES_NEXT   8
#define BATCHES_WAKE   (BATCHES_JUDGED / 2)

/*
 * Logs that have so many bytes together are read by one thread and handed over at once: reading
 * them takes much longer than waking a thread. One that is as large is handed over batch by batch.
 * Opening a log takes as long as reading COST_MIN bytes.
 */
#define PIECE_COST (8 * COST_MIN)
#define COST_MIN   ((uint64_t)64 << 10)

/* What threads wait for. */
enum {
	FOR_BATCH, /* the caller: for the log that is next */
	FOR_WORK,
	FOR_ROOM, /* for another batch */
};

/* A batch that was read, or is free to be read into. */
struct slot {
	struct slot *next;
	struct batch batch;
	uint64_t done;
};

/* What has been read of a log. */
struct progress {
	struct slot *first, **end;
	unsigned count;    /* of slots */
	int opened, ended; /* the results of opening and of reading it */
	bool is_open;      /* or could not be opened */
	bool is_read;      /* no thread reads it any more */
};

struct ahead_log {
	struct ahead_log *next;
	struct progress shown; /* to the caller */
	struct progress made;  /* since then, by the thread that reads it */
	struct reader_options options;
	struct reader reader; /* of that thread, until the caller sees is_read */
	int descriptor;
	uint64_t cost;
	bool has_reader, has_events;
	bool stops; /* what is left is of no use */
	char path[];
};

struct ahead {
	struct monitor *monitor; /* of all that follows */
	struct ahead_log *first, **end;
	struct ahead_log *unread; /* the first that no thread has begun to read */
	uint64_t unread_cost, cost;
	struct slot *unused;
	struct slot *current; /* that of the caller */
	unsigned filled;      /* slots that are not unused */
	struct batch none;    /* comes after the last one of a log */
	bool quits;

	unsigned jobs, running, begun; /* threads; a thread begins some time after it is started */
	unsigned idle, called; /* those that wait for work, and those of them that get some */
	struct thread *threads[];
};

/* Takes the first slot, or NULL. */
struct slot *progress_take(struct progress *progress);

/* The slot is not used any more. */
void slot_drop(struct ahead *ahead, struct slot *slot);

/* Calls a thread that waits for work, if there is work for one more. */
void ahead_call(struct ahead *ahead);

/* What a thread does: reads logs until it quits. */
void ahead_read_logs(void *userdata);

#endif
