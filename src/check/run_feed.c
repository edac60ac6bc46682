/* SPDX-License-Identifier: MIT */
/* A log whose records a program hands over one by one. */
#include <errno.h>
#include <stdlib.h>

#include "check/run.h"
#include "trace/text/feed.h"

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

/* Judges what has been read; @r is the result of reading. */
static int feed_judge(struct sessionlint *run, int r)
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

	return r < 0 ? r : feed_judge(run, feed_pairs(run->reader, pairs, count, run->batch));
}

/* Whether the values of @rows records are where the column says. */
static bool column_is_valid(const struct sessionlint_column *column, size_t rows)
{
	const int32_t *offsets = column->offsets;
	size_t end = column->first + rows;

	if (!column->key || !offsets || offsets[column->first] < 0)
		return false;
	for (size_t i = column->first; i < end; i++)
		if (offsets[i + 1] < offsets[i])
			return false;
	return column->data || offsets[end] == offsets[column->first];
}

/* Puts the keys that have a value in record @row into @pairs. Returns their number. */
static size_t columns_read(const struct sessionlint_column *columns, size_t count, size_t row,
			   struct sessionlint_pair *pairs)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++) {
		const struct sessionlint_column *column = &columns[i];
		size_t at = column->first + row;
		const int32_t *offset = &column->offsets[at];

		if (column->valid && !(column->valid[at / 8] >> at % 8 & 1))
			continue;
		pairs[size++] = (struct sessionlint_pair) {
			.key = column->key,
			.value = text_of(column->data ? column->data + offset[0] : "",
					 (size_t)(offset[1] - offset[0])),
		};
	}
	return size;
}

int sessionlint_feed_columns(struct sessionlint *run, const struct sessionlint_column *columns,
			     size_t count, size_t rows)
{
	struct sessionlint_pair *pairs;
	int r = feed_check(run);

	for (size_t i = 0; i < count && r == 0; i++)
		if (!column_is_valid(&columns[i], rows))
			r = -EINVAL;
	if (r < 0)
		return r;
	pairs = malloc((count + 1) * sizeof *pairs);
	if (!pairs)
		return -ENOMEM;
	for (size_t row = 0; row < rows && r == 0; row++)
		r = sessionlint_feed(run, pairs, columns_read(columns, count, row, pairs));
	free(pairs);
	return r;
}

int sessionlint_feed_line(struct sessionlint *run, const char *line, size_t size)
{
	int r = feed_check(run);

	return r < 0 ? r : feed_judge(run, feed_line(run->reader, line, size, run->batch));
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
