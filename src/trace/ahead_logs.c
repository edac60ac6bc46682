/* SPDX-License-Identifier: MIT */
/* How logs are read ahead, in threads. */
#include "trace/ahead_logs.h"

#include <errno.h>
#include <stdlib.h>

#include "base/input.h"

static void progress_add(struct progress *progress, struct slot *slot)
{
	*progress->end = slot;
	progress->end = &slot->next;
	progress->count++;
}

struct slot *progress_take(struct progress *progress)
{
	struct slot *slot = progress->first;

	if (!slot)
		return NULL;
	progress->first = slot->next;
	progress->count--;
	if (!progress->first)
		progress->end = &progress->first;
	slot->next = NULL;
	return slot;
}

/* Takes an unused slot, or a new one; NULL: no memory. */
static struct slot *slot_take(struct ahead *ahead)
{
	struct slot *slot = ahead->unused;

	if (slot)
		ahead->unused = slot->next;
	else
		slot = calloc(1, sizeof *slot);
	if (!slot)
		return NULL;
	slot->next = NULL;
	ahead->filled++;
	return slot;
}

void slot_drop(struct ahead *ahead, struct slot *slot)
{
	slot->next = ahead->unused;
	ahead->unused = slot;
	ahead->filled--;
}

/* Shows what was made of the logs from @log to @last. The caller frees those that are read. */
static void logs_show(struct ahead *ahead, struct ahead_log *log, const struct ahead_log *last)
{
	bool is_last = false;

	while (!is_last) {
		struct ahead_log *next = log->next;
		struct progress *made = &log->made, *shown = &log->shown;

		is_last = log == last;
		for (struct slot *slot; (slot = progress_take(made));)
			progress_add(shown, slot);
		shown->opened = made->opened;
		shown->ended = made->ended;
		shown->is_open = made->is_open;
		shown->is_read = made->is_read;
		if (log == ahead->first && (shown->is_read || shown->count >= BATCHES_WAKE))
			monitor_wake(ahead->monitor, FOR_BATCH);
		log = next;
	}
}

/* Whether there are as many batches as may be. The caller needs those of the first log. */
static bool is_full(const struct ahead *ahead, const struct ahead_log *log)
{
	unsigned count = log->shown.count + log->made.count;

	if (log == ahead->first)
		return count >= BATCHES_JUDGED;
	return count >= BATCHES_NEXT || ahead->filled >= BATCHES_NEXT * (2 * ahead->jobs + 2);
}

/* Finds what the caller asks for when it has judged events of a Windows log; errors are found
 * again. Then the memory is for the next log of this thread. */
static void end_log(struct ahead_log *log)
{
	const struct reader_format *format = log->reader.format;
	struct reader_extent extent;

	if (log->has_events && format->windows_log)
		reader_find_extent(&log->reader, &extent);
	if (format->rest)
		format->rest(&log->reader);
}

/* Reads one batch. Returns whether there are more. */
static bool batch_read(struct ahead_log *log, struct slot *slot)
{
	int r = reader_read(&log->reader, &slot->batch);

	if (r == 0)
		r = batch_keep(&slot->batch);
	slot->done = log->reader.done;
	log->made.ended = r;
	log->has_events |= !batch_is_empty(&slot->batch);
	if (r == 0 && !batch_is_empty(&slot->batch))
		return true;
	end_log(log);
	return false;
}

/*
 * Reads an open log, in the monitor, which it leaves while it reads. *from is the first log whose
 * progress is not shown.
 */
static void log_read(struct ahead *ahead, struct ahead_log *log, struct ahead_log **from)
{
	bool more = true;

	while (more) {
		struct slot *slot;

		while (is_full(ahead, log) && !log->stops && !ahead->quits) {
			logs_show(ahead, *from, log);
			*from = log;
			monitor_wait(ahead->monitor, FOR_ROOM);
		}
		if (log->stops || ahead->quits)
			return;
		slot = slot_take(ahead);
		if (!slot) {
			log->made.ended = -ENOMEM;
			return;
		}
		monitor_leave(ahead->monitor);
		more = batch_read(log, slot);
		monitor_enter(ahead->monitor);
		if (!more) {
			slot_drop(ahead, slot);
			return;
		}
		progress_add(&log->made, slot);
		if (log->cost == PIECE_COST)
			logs_show(ahead, log, log);
	}
}

static int log_open(struct ahead_log *log)
{
	log->descriptor = input_open(log->path);
	if (log->descriptor < 0)
		return log->descriptor;
	return reader_open(&log->reader, log_of_descriptor(log->descriptor), &log->options);
}

/* Whether there is enough to read for a thread. */
static bool has_work(const struct ahead *ahead)
{
	return ahead->unread_cost >= PIECE_COST;
}

/* Takes the logs that are read next: returns the first, and *ret_last. */
static struct ahead_log *piece_take(struct ahead *ahead, struct ahead_log **ret_last)
{
	struct ahead_log *first = ahead->unread, *last = first;
	uint64_t cost = first->cost;

	while (last->next && cost + last->next->cost <= PIECE_COST) {
		last = last->next;
		cost += last->cost;
	}
	ahead->unread = last->next;
	ahead->unread_cost -= cost;
	*ret_last = last;
	return first;
}

/* Reads the logs from @log to @last, in the monitor. */
static void piece_read(struct ahead *ahead, struct ahead_log *log, struct ahead_log *last)
{
	struct ahead_log *from = log;

	for (;;) {
		int r;

		monitor_leave(ahead->monitor);
		r = log_open(log);
		monitor_enter(ahead->monitor);
		log->made.opened = r;
		log->made.is_open = true;
		log->has_reader = r == 0;
		if (r == 0)
			log_read(ahead, log, &from);
		log->made.is_read = true;
		if (log == last || ahead->quits)
			break;
		log = log->next;
	}
	logs_show(ahead, from, log);
}

void ahead_call(struct ahead *ahead)
{
	if (ahead->unread_cost < PIECE_COST * (ahead->called + 1) || ahead->idle <= ahead->called)
		return;
	ahead->called++;
	monitor_wake_one(ahead->monitor, FOR_WORK);
}

void ahead_read_logs(void *userdata)
{
	struct ahead *ahead = userdata;

	monitor_enter(ahead->monitor);
	ahead->begun++;
	while (!ahead->quits) {
		struct ahead_log *log, *last;

		if (!has_work(ahead)) {
			ahead->idle++;
			monitor_wait(ahead->monitor, FOR_WORK);
			ahead->idle--;
			ahead->called -= ahead->called > 0;
			continue;
		}
		log = piece_take(ahead, &last);
		ahead_call(ahead);
		piece_read(ahead, log, last);
	}
	monitor_leave(ahead->monitor);
}
