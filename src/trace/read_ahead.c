/* SPDX-License-Identifier: MIT */
#include "trace/read_ahead.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "base/thread.h"

/* Enough that neither side waits for each batch of the other. */
#define BATCHES_KEPT 8

/* A batch that was read, or is free to be read into. */
struct slot {
	struct slot *next;
	struct batch batch;
	uint64_t done;
	int result;
};

struct ahead_log {
	struct ahead_log *next;
	struct slot *first, **end; /* what was read */
	unsigned kept;
	struct reader_options options;
	struct reader reader; /* of the thread that reads it, until is_read */
	int descriptor;
	int result;   /* of opening it */
	bool is_open; /* or could not be opened */
	bool has_reader;
	bool is_read; /* no thread reads it any more */
	bool stops;   /* what is left is of no use */
	char path[];
};

struct ahead {
	struct monitor *monitor; /* of all that follows */
	struct ahead_log *first, **end;
	struct ahead_log *unread; /* the first that no thread has begun to read */
	unsigned expected;
	struct slot *unused;
	struct slot *current; /* that of the caller */
	bool quits;

	unsigned jobs, running;
	struct thread *threads[];
};

int ahead_new(unsigned jobs, struct ahead **ret_ahead)
{
	struct ahead *ahead = calloc(1, sizeof *ahead + jobs * sizeof(struct thread *));
	int r = ahead ? monitor_new(&ahead->monitor) : -ENOMEM;

	if (r < 0) {
		free(ahead);
		return r;
	}
	ahead->jobs = jobs;
	ahead->end = &ahead->first;
	*ret_ahead = ahead;
	return 0;
}

static void slots_free(struct slot *slot)
{
	while (slot) {
		struct slot *next = slot->next;

		arena_free(&slot->batch.arena);
		free(slot);
		slot = next;
	}
}

/* ---- reading, in threads ---- */

/* Takes an unused slot, or a new one; NULL: no memory. */
static struct slot *slot_take(struct ahead *ahead)
{
	struct slot *slot = ahead->unused;

	if (slot)
		ahead->unused = slot->next;
	else
		slot = calloc(1, sizeof *slot);
	if (slot)
		slot->next = NULL;
	return slot;
}

static void slot_drop(struct ahead *ahead, struct slot *slot)
{
	slot->next = ahead->unused;
	ahead->unused = slot;
}

/* Reads one batch of @log, which is for this thread alone. Returns whether there are more. */
static bool slot_fill(struct ahead_log *log, struct slot *slot)
{
	slot->result = reader_read(&log->reader, &slot->batch);
	if (slot->result == 0)
		slot->result = batch_keep(&slot->batch);
	slot->done = log->reader.done;
	return slot->result == 0 && !batch_is_empty(&slot->batch);
}

/* Reads an open log, in the monitor, which it leaves while it reads. */
static void log_read(struct ahead *ahead, struct ahead_log *log)
{
	bool more = true;

	while (more) {
		struct slot *slot;

		while (log->kept == BATCHES_KEPT && !log->stops && !ahead->quits)
			monitor_wait(ahead->monitor);
		if (log->stops || ahead->quits)
			return;
		slot = slot_take(ahead);
		if (!slot) {
			log->result = -ENOMEM;
			return;
		}
		monitor_leave(ahead->monitor);
		more = slot_fill(log, slot);
		monitor_enter(ahead->monitor);
		*log->end = slot;
		log->end = &slot->next;
		log->kept++;
		monitor_wake(ahead->monitor);
	}
}

static int log_open(struct ahead_log *log)
{
	log->descriptor = input_open(log->path);
	if (log->descriptor < 0)
		return log->descriptor;
	return reader_open(&log->reader, log_of_descriptor(log->descriptor), &log->options);
}

static void read_logs(void *userdata)
{
	struct ahead *ahead = userdata;

	monitor_enter(ahead->monitor);
	while (!ahead->quits) {
		struct ahead_log *log = ahead->unread;
		int r;

		if (!log) {
			monitor_wait(ahead->monitor);
			continue;
		}
		ahead->unread = log->next;
		monitor_leave(ahead->monitor);
		r = log_open(log);
		monitor_enter(ahead->monitor);
		log->result = r;
		log->is_open = true;
		log->has_reader = r == 0;
		monitor_wake(ahead->monitor);
		if (r == 0)
			log_read(ahead, log);
		log->is_read = true;
		monitor_wake(ahead->monitor);
	}
	monitor_leave(ahead->monitor);
}

/* ---- what is expected ---- */

bool ahead_has_room(const struct ahead *ahead)
{
	/* small logs are read faster than they are judged */
	return ahead->expected < 2 * ahead->jobs + 2;
}

int ahead_expect(struct ahead *ahead, const char *path, const struct reader_options *options)
{
	size_t size = strlen(path) + 1;
	struct ahead_log *log = calloc(1, sizeof *log + size);
	int r = 0;

	if (!log)
		return -ENOMEM;
	memcpy(log->path, path, size);
	log->descriptor = -1;
	log->end = &log->first;
	log->options = *options;
	log->options.name = log->path;
	log->options.progress = NULL;
	if (ahead->running < ahead->jobs)
		r = thread_start(read_logs, ahead, &ahead->threads[ahead->running]);
	ahead->running += ahead->running < ahead->jobs && r == 0;
	if (ahead->running == 0) {
		free(log);
		return r;
	}
	monitor_enter(ahead->monitor);
	*ahead->end = log;
	ahead->end = &log->next;
	if (!ahead->unread)
		ahead->unread = log;
	ahead->expected++;
	monitor_wake(ahead->monitor);
	monitor_leave(ahead->monitor);
	return 0;
}

bool ahead_is_next(const struct ahead *ahead, const char *path)
{
	return ahead->first && strcmp(ahead->first->path, path) == 0;
}

/* ---- the log of the caller ---- */

int ahead_open(struct ahead *ahead, struct reader **ret_reader)
{
	struct ahead_log *log = ahead->first;
	int r;

	monitor_enter(ahead->monitor);
	while (!log->is_open)
		monitor_wait(ahead->monitor);
	r = log->result;
	monitor_leave(ahead->monitor);
	*ret_reader = &log->reader;
	return r;
}

int ahead_read(struct ahead *ahead, struct batch **ret_batch, uint64_t *ret_done)
{
	struct ahead_log *log = ahead->first;
	struct slot *slot;
	int r = 0;

	monitor_enter(ahead->monitor);
	if (ahead->current)
		slot_drop(ahead, ahead->current);
	while (!log->first && !log->is_read)
		monitor_wait(ahead->monitor);
	ahead->current = slot = log->first;
	if (slot) {
		log->first = slot->next;
		if (!log->first)
			log->end = &log->first;
		log->kept--;
		monitor_wake(ahead->monitor);
	} else {
		r = log->result;
	}
	monitor_leave(ahead->monitor);
	if (!slot)
		return r;
	*ret_batch = &slot->batch;
	*ret_done = slot->done;
	return slot->result;
}

void ahead_stop(struct ahead *ahead)
{
	struct ahead_log *log = ahead->first;

	monitor_enter(ahead->monitor);
	log->stops = true;
	monitor_wake(ahead->monitor);
	while (!log->is_read)
		monitor_wait(ahead->monitor);
	monitor_leave(ahead->monitor);
}

/* Frees a log that no thread reads. */
static void log_free(struct ahead *ahead, struct ahead_log *log)
{
	while (log->first) {
		struct slot *slot = log->first;

		log->first = slot->next;
		slot_drop(ahead, slot);
	}
	if (log->descriptor >= 0)
		input_close(log->descriptor);
	free(log);
}

void ahead_close(struct ahead *ahead)
{
	struct ahead_log *log = ahead->first;

	monitor_enter(ahead->monitor);
	while (!log->is_read)
		monitor_wait(ahead->monitor);
	ahead->first = log->next;
	if (!ahead->first)
		ahead->end = &ahead->first;
	ahead->expected--;
	if (ahead->current)
		slot_drop(ahead, ahead->current);
	ahead->current = NULL;
	log_free(ahead, log);
	monitor_leave(ahead->monitor);
}

void ahead_free(struct ahead *ahead)
{
	if (!ahead)
		return;
	monitor_enter(ahead->monitor);
	ahead->quits = true;
	monitor_wake(ahead->monitor);
	monitor_leave(ahead->monitor);
	for (unsigned i = 0; i < ahead->running; i++)
		thread_join(ahead->threads[i]);
	while (ahead->first) {
		struct ahead_log *log = ahead->first;

		ahead->first = log->next;
		if (log->has_reader)
			reader_close(&log->reader);
		log_free(ahead, log);
	}
	slots_free(ahead->current);
	slots_free(ahead->unused);
	monitor_free(ahead->monitor);
	free(ahead);
}
