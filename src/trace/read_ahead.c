/* SPDX-License-Identifier: MIT */
#include "trace/read_ahead.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/input.h"
#include "trace/ahead_logs.h"

/* ---- what is expected ---- */

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

bool ahead_has_room(const struct ahead *ahead)
{
	/* small logs are read faster than they are judged */
	return ahead->cost + PIECE_COST <= PIECE_COST * (2 * ahead->jobs + 2);
}

static uint64_t cost_of(uint64_t size)
{
	return size < COST_MIN ? COST_MIN : size < PIECE_COST ? size : PIECE_COST;
}

static struct ahead_log *log_new(const char *path, uint64_t size,
				 const struct reader_options *options)
{
	size_t length = strlen(path) + 1;
	struct ahead_log *log = calloc(1, sizeof *log + length);

	if (!log)
		return NULL;
	memcpy(log->path, path, length);
	log->descriptor = -1;
	log->cost = cost_of(size);
	log->shown.end = &log->shown.first;
	log->made.end = &log->made.first;
	log->options = *options;
	log->options.name = log->path;
	log->options.progress = NULL;
	return log;
}

/* Starts a thread if there is work for one more, now that @cost is added. A negative errno: there
 * is work, and no thread. */
static int start_thread(struct ahead *ahead, uint64_t cost)
{
	bool needed;
	int r;

	if (ahead->running == ahead->jobs)
		return 0;
	monitor_enter(ahead->monitor);
	needed = ahead->idle == ahead->called &&
		 ahead->unread_cost + cost >=
			 PIECE_COST * (1 + ahead->called + ahead->running - ahead->begun);
	monitor_leave(ahead->monitor);
	if (!needed)
		return 0;
	r = thread_start(ahead_read_logs, ahead, &ahead->threads[ahead->running]);
	ahead->running += r == 0;
	return ahead->running > 0 ? 0 : r;
}

int ahead_expect(struct ahead *ahead, const char *path, uint64_t size,
		 const struct reader_options *options)
{
	struct ahead_log *log = log_new(path, size, options);
	int r = log ? start_thread(ahead, log->cost) : -ENOMEM;

	if (r < 0) {
		free(log);
		return r;
	}
	monitor_enter(ahead->monitor);
	*ahead->end = log;
	ahead->end = &log->next;
	if (!ahead->unread)
		ahead->unread = log;
	ahead->unread_cost += log->cost;
	ahead->cost += log->cost;
	ahead_call(ahead);
	monitor_leave(ahead->monitor);
	return 0;
}

/* Takes the first log, which no thread reads, off the list. */
static void remove_first(struct ahead *ahead)
{
	struct ahead_log *log = ahead->first;

	ahead->first = log->next;
	if (!ahead->first)
		ahead->end = &ahead->first;
	ahead->cost -= log->cost;
}

bool ahead_is_next(struct ahead *ahead, const char *path)
{
	struct ahead_log *log = ahead->first;
	bool is_next = log && strcmp(log->path, path) == 0;

	if (!is_next || log->cost == PIECE_COST)
		return is_next;
	monitor_enter(ahead->monitor);
	if (ahead->unread == log) {
		ahead->unread = log->next;
		ahead->unread_cost -= log->cost;
		remove_first(ahead);
		is_next = false;
	}
	monitor_leave(ahead->monitor);
	if (!is_next)
		free(log);
	return is_next;
}

/* ---- the log of the caller ---- */

int ahead_open(struct ahead *ahead, struct reader **ret_reader)
{
	struct ahead_log *log = ahead->first;
	int r;

	monitor_enter(ahead->monitor);
	while (!log->shown.is_open)
		monitor_wait(ahead->monitor, FOR_BATCH);
	r = log->shown.opened;
	monitor_leave(ahead->monitor);
	*ret_reader = &log->reader;
	return r;
}

int ahead_read(struct ahead *ahead, struct batch **ret_batch, uint64_t *ret_done)
{
	struct ahead_log *log = ahead->first;
	struct slot *slot;
	int r;

	monitor_enter(ahead->monitor);
	if (ahead->current)
		slot_drop(ahead, ahead->current);
	while (!log->shown.first && !log->shown.is_read)
		monitor_wait(ahead->monitor, FOR_BATCH);
	ahead->current = slot = progress_take(&log->shown);
	r = slot ? 0 : log->shown.ended;
	if (log->shown.count <= BATCHES_JUDGED - BATCHES_WAKE)
		monitor_wake(ahead->monitor, FOR_ROOM);
	monitor_leave(ahead->monitor);
	*ret_batch = slot ? &slot->batch : &ahead->none;
	*ret_done = slot ? slot->done : log->reader.done;
	return r;
}

/* Waits until no thread reads the log of the caller. */
static void wait_for_reader(struct ahead *ahead)
{
	while (!ahead->first->shown.is_read)
		monitor_wait(ahead->monitor, FOR_BATCH);
}

void ahead_stop(struct ahead *ahead)
{
	monitor_enter(ahead->monitor);
	ahead->first->stops = true;
	monitor_wake(ahead->monitor, FOR_ROOM);
	wait_for_reader(ahead);
	monitor_leave(ahead->monitor);
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

/* Frees a log that no thread reads. */
static void log_free(struct ahead *ahead, struct ahead_log *log)
{
	for (struct slot *slot; (slot = progress_take(&log->shown));)
		slot_drop(ahead, slot);
	for (struct slot *slot; (slot = progress_take(&log->made));)
		slot_drop(ahead, slot);
	if (log->descriptor >= 0)
		input_close(log->descriptor);
	free(log);
}

void ahead_close(struct ahead *ahead)
{
	struct ahead_log *log = ahead->first;

	monitor_enter(ahead->monitor);
	wait_for_reader(ahead);
	remove_first(ahead);
	if (ahead->current)
		slot_drop(ahead, ahead->current);
	ahead->current = NULL;
	log_free(ahead, log);
	/* another log is the first now */
	monitor_wake(ahead->monitor, FOR_ROOM);
	monitor_leave(ahead->monitor);
}

void ahead_free(struct ahead *ahead)
{
	if (!ahead)
		return;
	monitor_enter(ahead->monitor);
	ahead->quits = true;
	monitor_wake(ahead->monitor, FOR_WORK);
	monitor_wake(ahead->monitor, FOR_ROOM);
	monitor_leave(ahead->monitor);
	for (unsigned i = 0; i < ahead->running; i++)
		thread_join(ahead->threads[i]);
	while (ahead->first) {
		struct ahead_log *log = ahead->first;

		remove_first(ahead);
		if (log->has_reader)
			reader_close(&log->reader);
		log_free(ahead, log);
	}
	slots_free(ahead->current);
	slots_free(ahead->unused);
	monitor_free(ahead->monitor);
	free(ahead);
}
