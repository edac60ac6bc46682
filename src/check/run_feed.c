/* SPDX-License-Identifier: MIT */
/* A log whose records a program hands over one by one. */
#include <errno.h>
#include <stdlib.h>

#include "check/run.h"
#include "trace/text/feed.h"
#include "trace/text/feed_columns.h"

int sessionlint_feed_begin(struct sessionlint *run, const char *name)
{
	char *copy;
	int r;

	if (run_is_busy(run))
		return -EBUSY;
	copy = strdup(name);
	r = copy ? feed_open(run->reader,
			     &(struct reader_options) {
				     .name = copy,
				     .source = run->checker.options.source,
				     .source_assumed = !run->checker.options.source_is_given,
			     })
		 : -ENOMEM;
	if (r < 0) {
		free(copy);
		return r;
	}
	run->feed = (struct run_feed) {
		.name = copy,
		.events = run->checker.totals.events,
		.unreadable = run->checker.totals.unreadable,
	};
	run_clear(run);
	run_begin(run, copy, false);
	/* records that are handed over as they occur are oldest first */
	run->direction.is = DIRECTION_FORWARD;
	return 0;
}

/* Whether a record can be handed over now. */
static int feed_check(const struct sessionlint *run)
{
	if (run->busy)
		return -EBUSY;
	return run->feed.name ? run->feed.error : -EINVAL;
}

int run_judge_fed(struct sessionlint *run, int r)
{
	if (r == -EINVAL)
		return r;
	run->busy = true;
	if (r == 0)
		r = run_receive(run);
	if (r == 0 && run->batch->count > 0) {
		ends_follow(&run->extent, run->batch);
		r = run_take(run);
	}
	run->busy = false;
	run->feed.error = r;
	return r;
}

int sessionlint_feed(struct sessionlint *run, const struct sessionlint_pair *pairs, size_t count)
{
	int r = feed_check(run);

	return r < 0 ? r : run_judge_fed(run, feed_pairs(run->reader, pairs, count, run->batch));
}

static int feed_row(void *userdata, const struct sessionlint_pair *pairs, size_t count)
{
	return sessionlint_feed(userdata, pairs, count);
}

int sessionlint_feed_columns(struct sessionlint *run, const struct sessionlint_column *columns,
			     size_t count, size_t rows)
{
	int r = feed_check(run);

	return r < 0 ? r : feed_columns(columns, count, rows, feed_row, run);
}

int sessionlint_feed_line(struct sessionlint *run, const char *line, size_t size)
{
	int r = feed_check(run);

	return r < 0 ? r : run_judge_fed(run, feed_line(run->reader, line, size, run->batch));
}

int sessionlint_feed_end(struct sessionlint *run)
{
	int r;

	if (run->busy)
		return -EBUSY;
	if (!run->feed.name)
		return -EINVAL;
	run->busy = true;
	r = run_finish(run, run->feed.name, run->feed.events, run->feed.error);
	r = run_follow_log(run, run->feed.name, run->feed.unreadable, r);
	run->busy = false;
	free(run->feed.name);
	run->feed = (struct run_feed) { 0 };
	run->failed |= r < 0;
	return r;
}
