/* SPDX-License-Identifier: MIT */
/* The public face: a run over one or more logs. */
#include <errno.h>
#include <stdlib.h>

#include "base/input.h"
#include "check/order.h"
#include "trace/reader.h"

#define PROGRESS_STEP ((uint64_t)1 << 20)

struct sessionlint {
	struct checker checker;
	struct order order;
	struct batch batch;
	struct reader reader;
	bool busy;                        /* a log is being checked */
	bool windows_log;                 /* it is one of several files, of Windows */
	struct sessionlint_totals before; /* at the last sessionlint_check_judged() */
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

int sessionlint_new(const struct sessionlint_options *options, struct sessionlint **ret_run)
{
	struct sessionlint *run;
	int r;

	if (!are_known(options))
		return -EINVAL;
	run = calloc(1, sizeof *run);
	if (!run)
		return -ENOMEM;
	r = checker_init(&run->checker, options);
	if (r < 0) {
		free(run);
		return r;
	}
	order_init(&run->order, &run->checker);
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
	arena_free(&run->batch.arena);
	free(run);
	return 0;
}

const struct sessionlint_totals *sessionlint_totals(const struct sessionlint *run)
{
	return &run->checker.totals;
}

static void run_progress(struct sessionlint *run, const char *name, uint64_t *told)
{
	const struct sessionlint_options *options = &run->checker.options;

	if (!options->progress || run->reader.done - *told < PROGRESS_STEP)
		return;
	*told = run->reader.done;
	options->progress(options->userdata, name, run->reader.done, run->reader.size);
}

/* Counts lines on through the files of the log. */
static void run_number(struct sessionlint *run)
{
	for (unsigned i = 0; i < run->batch.count; i++)
		parts_number(&run->checker.parts, &run->batch.records[i].line);
}

static int run_read(struct sessionlint *run, const char *name)
{
	uint64_t told = 0;
	int r;

	for (;;) {
		r = reader_read(&run->reader, &run->batch);
		if (r < 0 || run->batch.count == 0)
			return r;
		if (run->checker.parts.count > 0)
			run_number(run);
		r = order_batch(&run->order, &run->batch);
		if (r < 0)
			return r;
		run_progress(run, name, &told);
	}
}

static int run_open(struct sessionlint *run, int descriptor, const char *name)
{
	const struct reader_options options = {
		.name = name,
		.source = run->checker.options.source,
		.source_assumed = !run->checker.options.source_is_given,
		.recover = run->checker.options.recover,
	};

	return reader_open(&run->reader, descriptor, &options);
}

/* Counts what was read and closes the reader. */
static void run_close(struct sessionlint *run)
{
	struct sessionlint_totals *totals = &run->checker.totals;
	struct reader *reader = &run->reader;

	totals->files++;
	totals->bytes += reader->done;
	totals->records += reader->counts.records;
	totals->noted += reader->counts.noted;
	totals->skipped += reader->counts.skipped;
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
	int ordered = order_end(&run->order), ended = checker_end(&run->checker);

	if (r == 0)
		r = ordered;
	return r < 0 ? r : ended;
}

static int run_check(struct sessionlint *run, int descriptor, const char *name)
{
	int r = run_open(run, descriptor, name);
	bool empty;

	if (r < 0)
		return r;
	checker_begin(&run->checker, name, run->reader.format->windows_log);
	r = run_read(run, name);
	empty = run_is_empty(run);
	run_close(run);
	r = run_end(run, r);
	return r == 0 && empty ? -ENODATA : r;
}

/* ---- a log of several files ---- */

#define STANDARD_INPUT 0
#define STANDARD_NAME  "<stdin>"

/* Reads a file that goes on where the one before ended. Returns 1 if it held records. */
static int part_read(struct sessionlint *run, int descriptor, const char *name)
{
	struct checker *checker = &run->checker;
	int r = run_open(run, descriptor, name);
	bool some;

	if (r < 0)
		return r;
	if (checker->parts.count == 0) {
		run->windows_log = run->reader.format->windows_log;
		checker_begin(checker, name, run->windows_log);
	} else if (run->windows_log || run->reader.format->windows_log) {
		r = -EXDEV;
	}
	if (r == 0)
		r = parts_add(&checker->parts, name);
	if (r == 0)
		r = run_read(run, name);
	some = !run_is_empty(run);
	run_close(run);
	return r < 0 ? r : some;
}

static int part_check(struct sessionlint *run, const char *path)
{
	int descriptor = path ? input_open(path) : STANDARD_INPUT, r = descriptor;

	if (r >= 0)
		r = part_read(run, descriptor, path ? path : STANDARD_NAME);
	if (path && descriptor >= 0)
		input_close(descriptor);
	/* a file that rotation has just begun */
	return r == -ENODATA ? 0 : r;
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

static int run_parts(struct sessionlint *run, const char *const *paths, size_t count,
		     size_t *ret_part)
{
	bool some = false;
	size_t part = 0;
	int r = 0;

	for (; part < count; part++) {
		r = part_check(run, paths[part]);
		if (r < 0)
			break;
		some |= r > 0;
	}
	*ret_part = part;
	r = r < 0 ? r : 0;
	if (run->checker.parts.count > 0)
		r = run_end(run, r);
	run->checker.parts.count = 0;
	return r == 0 && !some ? -ENODATA : r;
}

int sessionlint_check_parts(struct sessionlint *run, const char *const *paths, size_t count,
			    size_t *ret_part)
{
	int r;

	if (run->busy)
		return -EBUSY;
	run->busy = true;
	r = run_parts(run, paths, count, ret_part);
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
