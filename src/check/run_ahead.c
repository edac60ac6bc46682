/* SPDX-License-Identifier: MIT */
#include "check/run_ahead.h"

#include "check/run.h"

void run_set_jobs(struct sessionlint *run, unsigned jobs)
{
	run->jobs = jobs < JOBS_MAX ? jobs : JOBS_MAX;
}

bool run_has_room(const struct sessionlint *run)
{
	return run->jobs > 1 && (!run->ahead || ahead_has_room(run->ahead));
}

void run_expect(struct sessionlint *run, const char *path, uint64_t size)
{
	const struct reader_options options = run_reader_options(run, path);

	/* a log that cannot be read ahead is read when it is checked */
	if (!run->ahead && ahead_new(run->jobs, &run->ahead) < 0)
		run->jobs = 0;
	if (run->ahead && ahead_expect(run->ahead, path, size, &options) < 0)
		run->jobs = 0;
}

bool run_is_ahead(const struct sessionlint *run, const char *path)
{
	return run->ahead && ahead_is_next(run->ahead, path);
}

int run_next(struct sessionlint *run)
{
	uint64_t done;
	int r;

	if (!run->is_ahead)
		return reader_read(run->reader, run->batch);
	r = ahead_read(run->ahead, &run->batch, &done);
	if (r == 0 && run->checker.options.progress && done >= run->progressed + READER_PROGRESS) {
		run->progressed = done;
		run_progress(run, run->checker.file, done, run->reader->size);
	}
	return r;
}
