/* SPDX-License-Identifier: MIT */
/* One log of a run. */
#include "check/run.h"

#include <errno.h>

#include "base/input.h"
#include "trace/recognize.h"

/* Continues line numbers across the files of the log. */
static void run_number(struct sessionlint *run)
{
	for (unsigned i = 0; i < run->batch->count; i++)
		log_files_number(&run->checker.files, &run->batch->records[i].line);
}

void run_clear(struct sessionlint *run)
{
	run->not_a_log = NULL;
	run->ends.earlier = run->ends.later = NULL;
	run->extent = (struct reader_extent) { 0 };
}

void run_begin(struct sessionlint *run, const char *name, bool windows_log)
{
	if (!run->begun)
		checker_tabulate(&run->checker);
	run->begun = true;
	checker_begin(&run->checker, name, windows_log);
	order_begin(&run->order, windows_log, run->checker.options.reorder);
	direction_begin(&run->direction, run->checker.options.reorder);
	if (windows_log || run->checker.options.severities[SESSIONLINT_RULE_NEWEST_FIRST] ==
				   SESSIONLINT_SEVERITY_OFF)
		run->direction.is = DIRECTION_FORWARD;
}

int run_begin_file(struct sessionlint *run, const char *name)
{
	if (run->machines.together == SESSIONLINT_TOGETHER_OFF)
		return 0;
	/* the clock is judged for the machine as a whole */
	run->checker.jitter = UINT64_MAX;
	return machines_begin_file(&run->machines, name, run->reader->format->windows_log);
}

/* Judges the records of the batch, or lets them wait. */
static int take_records(struct sessionlint *run)
{
	int r = run_receive(run);

	if (r < 0)
		return r;
	if (run->checker.files.count > 0)
		run_number(run);
	else if (!run->reader->format->windows_log)
		ends_follow(&run->extent, run->batch);
	return run_take(run);
}

/* Judges the series of the batch: as one if that is the same, otherwise record by record. */
static int take_series(struct sessionlint *run)
{
	int r = 0;

	/* in a log of several files, lines have numbers of their own */
	if (run->direction.is == DIRECTION_FORWARD && order_is_direct(&run->order) &&
	    !run->batch->spans && run->checker.files.count == 0) {
		ends_follow_unnumbered(&run->extent);
		return order_batch(&run->order, run->batch);
	}
	for (unsigned at = 0; r == 0 && at < run->batch->series.count; at += run->batch->count) {
		batch_expand(run->batch, at);
		r = take_records(run);
	}
	return r;
}

int run_read(struct sessionlint *run)
{
	int r;

	for (;;) {
		r = run_next(run);
		if (r == -EBADMSG)
			run->not_a_log = run->reader->recognition->what;
		if (r == 0 && batch_is_series(run->batch))
			r = take_series(run);
		else if (r < 0 || run->batch->count == 0)
			return r;
		else
			r = take_records(run);
		if (r < 0)
			return r;
	}
}

const char *sessionlint_not_a_log(const struct sessionlint *run)
{
	return run->not_a_log;
}

void run_set_inputs(struct sessionlint *run, run_input_callback *callback, bool digest,
		    void *userdata)
{
	run->checker.options.input = callback;
	run->checker.options.digest = digest;
	run->checker.options.input_data = userdata;
}

/* Passes on what was read. */
static void report_input(struct sessionlint *run)
{
	struct reader *reader = run->reader;
	struct run_input input = {
		.name = reader->options.name,
		.format = reader->format->name,
		.size = reader->seekable ? reader->size : reader->done,
		.records = reader->counts.records,
		.is_intricate = reader->is_intricate,
	};
	uint64_t size = input.size;

	input.digest = reader_hash(reader, input.sha256, &size);
	if (input.digest == DIGEST_WHOLE)
		input.size = size;
	run->checker.options.input(run->checker.options.input_data, &input);
}

void run_close(struct sessionlint *run)
{
	struct run_totals *totals = &run->checker.totals;
	struct reader *reader = run->reader;

	if (!run->not_a_log) {
		totals->files++;
		totals->bytes += reader->done;
		totals->records += reader->counts.records;
		totals->noted += reader->counts.noted;
		totals->skipped += reader->counts.skipped;
		if (run->checker.options.input)
			report_input(run);
	}
	reader_close(reader);
}

bool run_is_empty(const struct sessionlint *run)
{
	const struct reader *reader = run->reader;

	return reader->counts.records == reader->counts.skipped && !reader->format->windows_log;
}

void run_set_trail(struct sessionlint *run, const struct run_trail *trail)
{
	run->checker.options.trail = trail;
}

/* What the numbers of the log count, as far as its order has been found out. */
static enum run_numbering run_numbering(const struct order *order)
{
	if (!order->seen)
		return NUMBERING_NONE;
	if (order->trace.parts == PARTS_TOGETHER)
		return NUMBERING_TRACE;
	for (uint32_t i = 0; i < order->names.count; i++) {
		const struct arrivals *arrivals = &order->names.hosts[i].arrivals;
		bool together = arrivals->whole &&
				arrivals->whole->counting.parts == PARTS_TOGETHER;

		if (together || arrivals->stream_count >= STREAMS_OF_HOST)
			return NUMBERING_DRIVERS;
	}
	return order->trace.parts == PARTS_APART || order->hosts <= 1 ? NUMBERING_HOST
								      : NUMBERING_UNSETTLED;
}

int run_end(struct sessionlint *run, int r)
{
	int settled = run_settle(run);
	int ordered = order_end(&run->order), ended = checker_end(&run->checker);
	const struct run_trail *trail = run->checker.options.trail;

	if (r == 0)
		r = settled;
	if (r == 0)
		r = ordered;
	if (r == 0)
		r = ended;
	if (trail)
		trail->log(trail->userdata, &run->order.names, run_numbering(&run->order), r == 0,
			   run->checker.trails.failed);
	order_clear(&run->order);
	return r;
}

/* Notes where the log @name begins and ends, if more events have been judged than @events. -ENOMEM,
 * or what reading returned. */
static int run_note_ends(struct sessionlint *run, const char *name, uint64_t events)
{
	const struct reader_format *format = run->reader->format;
	struct reader_extent extent = { 0 };
	int r = 0;

	if (run->checker.totals.events == events)
		return 0;
	if (format->windows_log)
		r = reader_find_extent(run->reader, &extent);
	else
		extent = run->extent;
	if (r == 0)
		ends_add(&run->ends, name, &extent);
	return r;
}

int run_finish(struct sessionlint *run, const char *name, uint64_t events, int r)
{
	bool empty = run_is_empty(run);

	r = run_end(run, r);
	if (r == 0)
		r = run_note_ends(run, name, events);
	run_close(run);
	return r == 0 && empty ? -ENODATA : r;
}

int run_follow_log(struct sessionlint *run, const char *name, uint64_t unreadable, int r)
{
	bool whole = r == 0 && run->checker.totals.unreadable == unreadable;
	int followed = run->follower.log ? run->follower.log(run->follower.userdata, name, whole)
					 : 0;

	return r < 0 ? r : followed;
}

static int run_judge(struct sessionlint *run, const char *name)
{
	uint64_t events = run->checker.totals.events;
	int r;

	run_begin(run, name, run->reader->format->windows_log);
	r = run_begin_file(run, name);
	if (r == 0)
		r = run_read(run);
	if (run->is_ahead) {
		ahead_stop(run->ahead);
		/* like that of any other log, it outlives the check */
		run->reader->options.name = name;
	}
	return run_finish(run, name, events, r);
}

static int log_check(struct sessionlint *run, struct log_bytes log, const char *name)
{
	int r;

	run_clear(run);
	r = run_open(run, log, name);
	return r < 0 ? r : run_judge(run, name);
}

/* Like log_check(), for the file that is read ahead. */
static int ahead_check(struct sessionlint *run, const char *path)
{
	int r;

	run_clear(run);
	r = ahead_open(run->ahead, &run->reader);
	if (r == -EBADMSG)
		run->not_a_log = run->reader->recognition->what;
	run->is_ahead = r == 0;
	run->progressed = 0;
	if (r == 0)
		r = run_judge(run, path);
	run->is_ahead = false;
	run->reader = &run->own_reader;
	run->batch = &run->own_batch;
	ahead_close(run->ahead);
	return r;
}

/* @log: NULL if it is read ahead. */
static int run_check(struct sessionlint *run, const struct log_bytes *log, const char *name)
{
	uint64_t unreadable = run->checker.totals.unreadable;
	int r;

	if (run_is_busy(run))
		return -EBUSY;
	run->busy = true;
	r = run_follow_log(run, name, unreadable,
			   log ? log_check(run, *log, name) : ahead_check(run, name));
	run->busy = false;
	run->failed |= r < 0;
	return r;
}

int sessionlint_check_descriptor(struct sessionlint *run, int descriptor, const char *name)
{
	const struct log_bytes log = log_of_descriptor(descriptor);

	return run_check(run, &log, name);
}

int sessionlint_check_buffer(struct sessionlint *run, const void *data, size_t size,
			     const char *name)
{
	const struct log_bytes log = log_of_memory(data, size);

	return run_check(run, &log, name);
}

int sessionlint_check_file(struct sessionlint *run, const char *path)
{
	int descriptor, r;

	if (run_is_busy(run))
		return -EBUSY;
	if (run_is_ahead(run, path))
		return run_check(run, NULL, path);
	descriptor = input_open(path);
	if (descriptor < 0) {
		run->failed = true;
		return run_follow_log(run, path, 0, descriptor);
	}
	r = sessionlint_check_descriptor(run, descriptor, path);
	input_close(descriptor);
	return r;
}
