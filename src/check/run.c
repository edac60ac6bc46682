/* SPDX-License-Identifier: MIT */
/* The public face: a run over one or more logs. */
#include <errno.h>
#include <stdlib.h>

#include "base/folder.h"
#include "base/input.h"
#include "check/checker.h"
#include "check/finding.h"
#include "check/host.h"
#include "order/call_phases.h"
#include "order/log_ends.h"
#include "order/newest_first.h"
#include "order/order.h"
#include "trace/recognize.h"

struct sessionlint {
	struct checker checker;
	struct order order;
	struct batch batch;
	struct direction direction;
	struct reader reader;
	bool busy;        /* a log is being checked */
	uint64_t after;   /* the EventRecordID up to which files before this one have the log */
	struct ends ends; /* of the logs so far */
	struct reader_extent extent;      /* of the text that is being read */
	struct sessionlint_totals before; /* at the last sessionlint_check_judged() */
	const char *not_a_log;            /* what the last log is instead; NULL: it is one */
	bool failed;                      /* a log since then could not be checked as a whole */
};

const char *sessionlint_version(void)
{
	return SESSIONLINT_VERSION;
}

void sessionlint_options_init(struct sessionlint_options *options, bool strict)
{
	*options = (struct sessionlint_options) { .pointer_size = 8 };
	for (unsigned rule = 0; rule < SESSIONLINT_RULES; rule++) {
		const struct sessionlint_rule_info *info = sessionlint_rule_info(rule);

		options->severities[rule] = strict ? info->strict_severity : info->severity;
	}
}

static bool are_known(const struct sessionlint_options *options)
{
	for (unsigned rule = 0; rule < SESSIONLINT_RULES; rule++)
		if ((unsigned)options->severities[rule] > SESSIONLINT_SEVERITY_ERROR)
			return false;
	return (unsigned)options->start <= SESSIONLINT_START_UNKNOWN &&
	       (unsigned)options->source < SESSIONLINT_SOURCES &&
	       (options->pointer_size == 4 || options->pointer_size == 8);
}

static int on_batch(void *userdata, const struct batch *batch)
{
	return checker_batch(userdata, batch);
}

static int on_split(void *userdata, uint32_t number, bool mixed)
{
	return hosts_follow_split(userdata, number, mixed);
}

int sessionlint_new(const struct sessionlint_options *options, struct sessionlint **ret_run)
{
	struct order_sink sink = { .take = on_batch, .split = on_split };
	struct sessionlint *run;
	int r;

	if (!are_known(options))
		return -EINVAL;
	run = calloc(1, sizeof *run);
	if (!run)
		return -ENOMEM;
	sink.userdata = &run->checker;
	r = order_init(&run->order, &sink, options->reorder, &run->checker.files);
	if (r == 0)
		r = checker_init(&run->checker, options, &run->order.names);
	if (r < 0) {
		order_free(&run->order);
		free(run);
		return r;
	}
	*ret_run = run;
	return 0;
}

int sessionlint_free(struct sessionlint *run)
{
	if (!run)
		return 0;
	if (run->busy)
		return -EBUSY;
	checker_free(&run->checker);
	order_free(&run->order);
	arena_free(&run->batch.arena);
	direction_free(&run->direction);
	ends_free(&run->ends);
	free(run);
	return 0;
}

const struct sessionlint_totals *sessionlint_totals(const struct sessionlint *run)
{
	return &run->checker.totals;
}

static void on_progress(void *userdata, uint64_t done, uint64_t size)
{
	const struct sessionlint *run = userdata;
	const struct sessionlint_options *options = &run->checker.options;

	options->progress(options->userdata, run->reader.options.name, done, size);
}

/* Counts lines on through the files of the log. */
static void run_number(struct sessionlint *run)
{
	for (unsigned i = 0; i < run->batch.count; i++)
		log_files_number(&run->checker.files, &run->batch.records[i].line);
}

/* ---- which way a text runs ---- */

static int report_newest_first(struct sessionlint *run)
{
	struct subject subject = { .checker = &run->checker };
	struct particulars particulars = NO_PARTICULARS;
	int r;

	particulars.place = &run->direction.first;
	r = report(&subject, SESSIONLINT_RULE_NEWEST_FIRST, particulars,
		   run->checker.options.reverse
			   ? "the times of the log run backward if it is read from its end: it is "
			     "oldest first; remove --reverse"
			   : "the times of the log run backward: it is newest first and is not "
			     "judged; --reverse reads it from its end");
	return r < 0 ? r : -EILSEQ;
}

/* How many errors there are in the records that wait, in their order or in the other. */
static int count_errors(const struct sessionlint *run, bool reversed, uint64_t *ret_errors)
{
	const struct batch *held = &run->direction.held;
	struct sessionlint_options options = run->checker.options;
	struct sessionlint *trial;
	int r;

	options.suppress = NULL;
	options.report = NULL;
	options.progress = NULL;
	options.observe = NULL;
	r = sessionlint_new(&options, &trial);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < held->count; i++) {
		struct record *record = &trial->batch.records[i];

		*record = held->records[reversed ? held->count - 1 - i : i];
		record->allowance = NULL;
	}
	trial->batch.count = held->count;
	checker_begin(&trial->checker, "", false);
	order_begin(&trial->order, false);
	r = order_batch(&trial->order, &trial->batch);
	if (r == 0)
		r = order_end(&trial->order);
	if (r == 0)
		r = checker_end(&trial->checker);
	order_clear(&trial->order);
	*ret_errors = trial->checker.totals.severities[SESSIONLINT_SEVERITY_ERROR];
	sessionlint_free(trial);
	return r;
}

/* A short log goes back once or twice: then the model has to tell a clock that was set back from
 * the other order. Returns 1 if it is newest first. */
static int is_short_newest_first(const struct sessionlint *run)
{
	uint64_t forward, backward;
	int r;

	if (run->direction.is != DIRECTION_UNKNOWN || run->direction.falls == 0)
		return 0;
	r = count_errors(run, false, &forward);
	if (r == 0 && forward > 0)
		r = count_errors(run, true, &backward);
	return r < 0 ? r : forward > 0 && backward == 0;
}

/* Passes records on to the stage that puts them in order. */
static int run_pass(struct sessionlint *run, struct batch *batch)
{
	if (run->reader.spans)
		return spans_batch(&run->order, batch);
	return order_batch(&run->order, batch);
}

/* Passes on what waits. */
static int run_release(struct sessionlint *run)
{
	struct batch *held = &run->direction.held;
	int r = held->count ? run_pass(run, held) : 0;

	held->count = 0;
	return r;
}

/* Passes on the records that have been read, or lets them wait for what shows which way they run.
 */
static int run_take(struct sessionlint *run)
{
	struct direction *direction = &run->direction;
	int r;

	if (direction->is == DIRECTION_UNKNOWN) {
		direction_look(direction, &run->batch);
		if (direction->is == DIRECTION_BACKWARD)
			return report_newest_first(run);
		r = direction->is == DIRECTION_UNKNOWN ? direction_hold(direction, &run->batch)
						       : -ENOSPC;
		if (r != -ENOSPC)
			return r;
		direction->is = DIRECTION_FORWARD;
		r = run_release(run);
		if (r < 0)
			return r;
	}
	return run_pass(run, &run->batch);
}

/* Begins a log, of one file or of several. */
static void run_begin(struct sessionlint *run, const char *name, bool windows_log)
{
	checker_begin(&run->checker, name, windows_log);
	order_begin(&run->order, windows_log);
	direction_begin(&run->direction, run->checker.options.reorder);
	if (windows_log || run->checker.options.severities[SESSIONLINT_RULE_NEWEST_FIRST] ==
				   SESSIONLINT_SEVERITY_OFF)
		run->direction.is = DIRECTION_FORWARD;
}

/* The log is at its end, or cannot be read on: judges what waits. */
static int run_settle(struct sessionlint *run)
{
	int r;

	if (run->checker.stopped < 0 || run->direction.is == DIRECTION_BACKWARD)
		return 0;
	direction_end(&run->direction);
	r = run->direction.is == DIRECTION_BACKWARD ? 1 : is_short_newest_first(run);
	if (r > 0)
		return report_newest_first(run);
	return r < 0 ? r : run_release(run);
}

static int run_read(struct sessionlint *run)
{
	int r;

	for (;;) {
		r = reader_read(&run->reader, &run->batch);
		if (r == -EBADMSG)
			run->not_a_log = run->reader.recognition->what;
		if (r < 0 || run->batch.count == 0)
			return r;
		if (run->checker.files.count > 0)
			run_number(run);
		else if (!run->reader.format->windows_log)
			ends_follow(&run->extent, &run->batch);
		r = run_take(run);
		if (r < 0)
			return r;
	}
}

const char *sessionlint_not_a_log(const struct sessionlint *run)
{
	return run->not_a_log;
}

static int run_open(struct sessionlint *run, int descriptor, const char *name)
{
	int r;
	const struct reader_options options = {
		.name = name,
		.source = run->checker.options.source,
		.source_assumed = !run->checker.options.source_is_given,
		.after = run->after,
		.reverse = run->checker.options.reverse,
		.recover = run->checker.options.recover,
		.progress = run->checker.options.progress ? on_progress : NULL,
		.userdata = run,
	};

	r = reader_open(&run->reader, descriptor, &options);
	run->not_a_log = r == -EBADMSG ? run->reader.recognition->what : NULL;
	return r;
}

/* Counts what was read, unless it was no log, and closes the reader. */
static void run_close(struct sessionlint *run)
{
	struct sessionlint_totals *totals = &run->checker.totals;
	struct reader *reader = &run->reader;

	if (!run->not_a_log) {
		totals->files++;
		totals->bytes += reader->done;
		totals->records += reader->counts.records;
		totals->noted += reader->counts.noted;
		totals->skipped += reader->counts.skipped;
	}
	reader_close(reader);
}

/* Whether the file is text without a record. */
static bool run_is_empty(const struct sessionlint *run)
{
	const struct reader *reader = &run->reader;

	return reader->counts.records == reader->counts.skipped && !reader->format->windows_log;
}

/* Judges what has been read to its end, whatever stopped the reading. */
static int run_end(struct sessionlint *run, int r)
{
	int settled = run_settle(run);
	int ordered = order_end(&run->order), ended = checker_end(&run->checker);

	order_clear(&run->order);
	if (r == 0)
		r = settled;
	if (r == 0)
		r = ordered;
	return r < 0 ? r : ended;
}

/* Notes where a log begins and ends of which something was judged. */
static int run_note_ends(struct sessionlint *run, const char *name, uint64_t events)
{
	const struct reader_format *format = run->reader.format;
	struct reader_extent extent = { 0 };
	int r = 0;

	if (run->checker.totals.events == events)
		return 0;
	if (format->windows_log)
		r = format->extent(&run->reader, &extent);
	else
		extent = run->extent;
	if (r == 0)
		ends_add(&run->ends, name, &extent);
	return r;
}

static int run_check(struct sessionlint *run, int descriptor, const char *name)
{
	uint64_t events = run->checker.totals.events;
	int r = run_open(run, descriptor, name);
	bool empty;

	run->ends.earlier = run->ends.later = NULL;
	run->extent = (struct reader_extent) { 0 };
	if (r < 0)
		return r;
	run_begin(run, name, run->reader.format->windows_log);
	r = run_read(run);
	empty = run_is_empty(run);
	r = run_end(run, r);
	if (r == 0)
		r = run_note_ends(run, name, events);
	run_close(run);
	return r == 0 && empty ? -ENODATA : r;
}

/* ---- a log of several files ---- */

#define STANDARD_INPUT 0
#define STANDARD_NAME  "<stdin>"

/* A file of the log. */
struct part_file {
	const char *path; /* NULL: standard input */
	size_t number;    /* as it was given, from 0 */
	bool windows_log;
	struct reader_extent extent; /* of a log of Windows */
};

static const char *part_name(const struct part_file *file)
{
	return file->path ? file->path : STANDARD_NAME;
}

/* Looks what a file is. What is not one is not opened before it is read: it can be read once. */
static int part_look(struct sessionlint *run, struct part_file *file)
{
	enum path_kind kind = PATH_OTHER;
	int descriptor, r = file->path ? path_kind(file->path, true, &kind) : 0;

	if (r < 0 || kind != PATH_FILE)
		return r;
	descriptor = input_open(file->path);
	if (descriptor < 0)
		return descriptor;
	r = run_open(run, descriptor, file->path);
	if (r == 0) {
		file->windows_log = run->reader.format->windows_log;
		if (file->windows_log)
			r = run->reader.format->extent(&run->reader, &file->extent);
		reader_close(&run->reader);
	}
	input_close(descriptor);
	/* one that rotation has just begun */
	return r == -ENODATA ? 0 : r;
}

static int compare_parts(const void *a, const void *b)
{
	const struct part_file *x = a, *y = b;

	if (x->extent.first != y->extent.first)
		return x->extent.first < y->extent.first ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

/* Whether @next can go on where @file ends. A computer can get another name, but not between two
 * files that nothing else holds together. */
static bool goes_on(const struct reader_extent *file, const struct reader_extent *next)
{
	return file->first == 0 || next->first == 0 ||
	       (file->channel == file->last_channel && file->last_channel == next->channel &&
		next->channel == next->last_channel && file->last_computer == next->computer);
}

static void parts_reverse(struct part_file *files, size_t count)
{
	for (size_t i = 0; i < count / 2; i++) {
		struct part_file file = files[i];

		files[i] = files[count - 1 - i];
		files[count - 1 - i] = file;
	}
}

/* Puts the files into the order of their records. -EXDEV: they are not of one log. */
static int parts_sort(const struct sessionlint *run, struct part_file *files, size_t count,
		      size_t *ret_part)
{
	for (size_t i = 1; i < count; i++) {
		*ret_part = files[i].number;
		if (files[i].windows_log != files[0].windows_log)
			return -EXDEV;
	}
	if (!files[0].windows_log) {
		if (run->checker.options.reverse)
			parts_reverse(files, count);
		return 0;
	}
	qsort(files, count, sizeof *files, compare_parts);
	for (size_t i = 1; i < count; i++) {
		*ret_part = files[i].number;
		if (!goes_on(&files[i - 1].extent, &files[i].extent))
			return -EXDEV;
	}
	return 0;
}

/* Reads a file that goes on where the one before ended. Returns 1 if it held records. */
static int part_read(struct sessionlint *run, int descriptor, const struct part_file *file)
{
	struct checker *checker = &run->checker;
	int r = run_open(run, descriptor, part_name(file));
	bool some;

	if (r < 0)
		return r;
	if (run->reader.format->windows_log != file->windows_log)
		r = -EXDEV;
	else if (checker->files.count == 0)
		run_begin(run, part_name(file), file->windows_log);
	if (r == 0)
		r = log_files_add(&checker->files, part_name(file));
	if (r == 0)
		r = run_read(run);
	some = !run_is_empty(run);
	run_close(run);
	return r < 0 ? r : some;
}

static int part_check(struct sessionlint *run, const struct part_file *file)
{
	int descriptor = file->path ? input_open(file->path) : STANDARD_INPUT, r = descriptor;

	if (r >= 0)
		r = part_read(run, descriptor, file);
	if (file->path && descriptor >= 0)
		input_close(descriptor);
	return r == -ENODATA ? 0 : r;
}

static int run_parts(struct sessionlint *run, struct part_file *files, size_t count,
		     size_t *ret_part)
{
	bool some = false;
	int r = 0;

	for (size_t i = 0; i < count && r >= 0; i++) {
		*ret_part = files[i].number;
		r = part_look(run, &files[i]);
	}
	if (r >= 0 && count > 0)
		r = parts_sort(run, files, count, ret_part);
	for (size_t i = 0; i < count && r >= 0; i++) {
		*ret_part = files[i].number;
		r = part_check(run, &files[i]);
		some |= r > 0;
		if (files[i].extent.last > run->after)
			run->after = files[i].extent.last;
	}
	run->after = 0;
	r = r < 0 ? r : 0;
	if (run->checker.files.count > 0)
		r = run_end(run, r);
	run->checker.files.count = 0;
	if (r < 0 || some)
		return r;
	/* none of them alone is to blame */
	*ret_part = count;
	return -ENODATA;
}

int sessionlint_check_parts(struct sessionlint *run, const char *const *paths, size_t count,
			    size_t *ret_part)
{
	struct part_file *files;
	int r;

	*ret_part = 0;
	if (run->busy)
		return -EBUSY;
	files = calloc(count + 1, sizeof *files);
	if (!files)
		return -ENOMEM;
	for (size_t i = 0; i < count; i++)
		files[i] = (struct part_file) { .path = paths[i], .number = i };
	run->busy = true;
	r = run_parts(run, files, count, ret_part);
	run->busy = false;
	run->failed |= r < 0;
	free(files);
	return r;
}

int sessionlint_check_descriptor(struct sessionlint *run, int descriptor, const char *name)
{
	int r;

	if (run->busy)
		return -EBUSY;
	run->busy = true;
	r = run_check(run, descriptor, name);
	run->busy = false;
	run->failed |= r < 0;
	return r;
}

int sessionlint_check_file(struct sessionlint *run, const char *path)
{
	int descriptor, r;

	if (run->busy)
		return -EBUSY;
	descriptor = input_open(path);
	if (descriptor < 0) {
		run->failed = true;
		return descriptor;
	}
	r = sessionlint_check_descriptor(run, descriptor, path);
	input_close(descriptor);
	return r;
}

bool sessionlint_continued(const struct sessionlint *run, const char **ret_earlier,
			   const char **ret_later)
{
	if (!run->ends.earlier)
		return false;
	*ret_earlier = run->ends.earlier;
	*ret_later = run->ends.later;
	return true;
}

static uint64_t judged(const struct sessionlint_totals *totals)
{
	return totals->events + totals->notifications + totals->calls + totals->objects;
}

/* Says that nothing was judged of @name. */
static int report_nothing(struct sessionlint *run, const char *name, unsigned long long records)
{
	struct subject subject = { .checker = &run->checker };

	run->checker.file = name;
	run->checker.stopped = 0;
	if (records == 0)
		return report(&subject, SESSIONLINT_RULE_NOTHING_JUDGED, NO_PARTICULARS,
			      "nothing was judged: there are no records");
	return report(&subject, SESSIONLINT_RULE_NOTHING_JUDGED, NO_PARTICULARS,
		      "nothing was judged: %llu record%s, none about a session or a driver",
		      records, records == 1 ? "" : "s");
}

int sessionlint_check_judged(struct sessionlint *run, const char *name)
{
	const struct sessionlint_totals before = run->before, *totals = &run->checker.totals;
	bool failed = run->failed || totals->files == before.files;
	int r;

	if (run->busy)
		return -EBUSY;
	run->before = *totals;
	run->failed = false;
	if (failed || judged(totals) > judged(&before) ||
	    totals->severities[SESSIONLINT_SEVERITY_ERROR] >
		    before.severities[SESSIONLINT_SEVERITY_ERROR])
		return 0;
	run->busy = true;
	r = report_nothing(run, name, totals->records - before.records);
	run->busy = false;
	return r;
}
