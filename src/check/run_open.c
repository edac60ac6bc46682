/* SPDX-License-Identifier: MIT */
/* How a run reads a log. */
#include "check/run.h"

#include <errno.h>

#include "trace/recognize.h"

void run_progress(const struct sessionlint *run, const char *name, uint64_t done, uint64_t size)
{
	const struct run_options *options = &run->checker.options;

	options->progress(options->progress_data, name, done, size);
}

static void on_progress(void *userdata, uint64_t done, uint64_t size)
{
	const struct sessionlint *run = userdata;

	run_progress(run, run->reader->options.name, done, size);
}

/* Whether every record that comes is only judged, with no regard to others of its log. */
static bool may_take_series(const struct sessionlint *run)
{
	return !run->anonymize && !run->checker.options.observe &&
	       run->machines.together == SESSIONLINT_TOGETHER_OFF &&
	       run->checker.options.reorder == 0;
}

struct reader_options run_reader_options(struct sessionlint *run, const char *name)
{
	return (struct reader_options) {
		.name = name,
		.source = run->checker.options.source,
		.source_assumed = !run->checker.options.source_is_given,
		.after = run->after,
		.reverse = run->checker.options.reverse,
		.digest = run->checker.options.digest,
		.recover = run->checker.options.recover,
		.series = may_take_series(run),
		.threads = run->jobs > 1,
		.progress = run->checker.options.progress ? on_progress : NULL,
		.userdata = run,
	};
}

int run_open(struct sessionlint *run, struct log_bytes log, const char *name)
{
	const struct reader_options options = run_reader_options(run, name);
	int r;

	r = reader_open(run->reader, log, &options);
	run->not_a_log = r == -EBADMSG ? run->reader->recognition->what : NULL;
	return r;
}
