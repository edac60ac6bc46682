/* SPDX-License-Identifier: MIT */
/* Passes records from the reader to the stage that puts them in order, unless the text is newest
 * first, which is not judged. */
#include "check/run.h"

#include <errno.h>

#include "check/finding.h"
#include "order/call_phases.h"

static int report_newest_first(struct sessionlint *run)
{
	struct subject subject = { .checker = &run->checker };
	struct particulars particulars = NO_PARTICULARS;
	int r;

	particulars.place = &run->direction.first;
	r = report(
		&subject, SESSIONLINT_RULE_NEWEST_FIRST, particulars,
		run->checker.options.reverse
			? "the times run backward when the log is read from its end: it is oldest "
			  "first; remove --reverse"
			: "the times of the log run backward: it is newest first and is not "
			  "judged; --reverse reads it from its end");
	return r < 0 ? r : -EILSEQ;
}

/* Counts the errors in the waiting records, in their order or in the reverse order. */
static int count_errors(const struct sessionlint *run, bool reversed, uint64_t *ret_errors)
{
	const struct batch *waiting = &run->direction.waiting;
	struct run_options options = run->checker.options;
	struct sessionlint *trial;
	int r;

	options.suppress = NULL;
	options.follower = NULL;
	options.trail = NULL;
	options.report = NULL;
	options.progress = NULL;
	options.observe = NULL;
	r = run_new(&options, &trial);
	if (r < 0)
		return r;
	for (unsigned i = 0; i < waiting->count; i++) {
		struct record *record = &trial->batch->records[i];

		*record = waiting->records[reversed ? waiting->count - 1 - i : i];
		record->allowance = NULL;
	}
	trial->batch->count = waiting->count;
	checker_tabulate(&trial->checker);
	checker_begin(&trial->checker, "", false);
	order_begin(&trial->order, false, options.reorder);
	r = order_batch(&trial->order, trial->batch);
	if (r == 0)
		r = order_end(&trial->order);
	if (r == 0)
		r = checker_end(&trial->checker);
	order_clear(&trial->order);
	*ret_errors = trial->checker.totals.severities[SESSIONLINT_SEVERITY_ERROR];
	sessionlint_free(trial);
	return r;
}

/* In a short log, times go back only once or twice. Then the model decides whether the clock was
 * set back or the log is newest first. Returns 1 if it is newest first. */
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
	if (run->batch->spans)
		return spans_batch(&run->order, batch);
	return order_batch(&run->order, batch);
}

/* Passes on the waiting records. */
static int run_release(struct sessionlint *run)
{
	struct batch *waiting = &run->direction.waiting;
	int r = waiting->count ? run_pass(run, waiting) : 0;

	waiting->count = 0;
	return r;
}

int run_take(struct sessionlint *run)
{
	struct direction *direction = &run->direction;
	int r;

	if (direction->is == DIRECTION_UNKNOWN) {
		direction_look(direction, run->batch);
		if (direction->is == DIRECTION_BACKWARD)
			return report_newest_first(run);
		r = direction->is == DIRECTION_UNKNOWN ? direction_store(direction, run->batch)
						       : -ENOSPC;
		if (r != -ENOSPC)
			return r;
		direction->is = DIRECTION_FORWARD;
		r = run_release(run);
		if (r < 0)
			return r;
	}
	return run_pass(run, run->batch);
}

int run_settle(struct sessionlint *run)
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
