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

static int run_read(struct sessionlint *run, const char *name)
{
	uint64_t told = 0;
	int r;

	for (;;) {
		r = reader_read(&run->reader, &run->batch);
		if (r < 0 || run->batch.count == 0)
			return r;
		r = order_batch(&run->order, &run->batch);
		if (r < 0)
			return r;
		run_progress(run, name, &told);
	}
}

static int run_check(struct sessionlint *run, int descriptor, const char *name)
{
	struct sessionlint_totals *totals = &run->checker.totals;
	struct reader *reader = &run->reader;
	const struct reader_options options = {
		.name = name,
		.source = run->checker.options.source,
		.source_assumed = !run->checker.options.source_is_given,
		.recover = run->checker.options.recover,
	};
	int r, ordered, ended;

	r = reader_open(reader, descriptor, &options);
	if (r < 0)
		return r;
	checker_begin(&run->checker, name, reader->format->windows_log);
	r = run_read(run, name);
	/* what has been read is judged to its end, whatever stopped the reading */
	ordered = order_end(&run->order);
	ended = checker_end(&run->checker);
	totals->files++;
	totals->bytes += reader->done;
	totals->records += reader->counts.records;
	totals->noted += reader->counts.noted;
	totals->skipped += reader->counts.skipped;
	if (r == 0 && reader->counts.records == reader->counts.skipped &&
	    !reader->format->windows_log)
		r = -ENODATA;
	reader_close(reader);
	if (r == 0)
		r = ordered;
	return r < 0 ? r : ended;
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
