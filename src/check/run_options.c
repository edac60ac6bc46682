/* SPDX-License-Identifier: MIT */
/* The options of a run. */
#include "check/run_options.h"

#include <errno.h>

#include "check/run.h"

void run_options_set_strict(struct run_options *options, bool strict)
{
	for (unsigned rule = 0; rule < RULE_COUNT; rule++) {
		const struct sessionlint_rule_info *info = sessionlint_rule_info(rule);

		options->severities[rule] = strict ? info->strict_severity : info->severity;
	}
}

void run_options_init(struct run_options *options)
{
	*options = (struct run_options) { .pointer_size = 8 };
	run_options_set_strict(options, false);
}

int run_may_set(const struct sessionlint *run, bool valid)
{
	if (run_is_busy(run) || run->begun)
		return -EBUSY;
	return valid ? 0 : -EINVAL;
}

int sessionlint_set_strict(struct sessionlint *run, bool strict)
{
	int r = run_may_set(run, true);

	if (r == 0)
		run_options_set_strict(&run->checker.options, strict);
	return r;
}

int sessionlint_set_severity(struct sessionlint *run, enum sessionlint_rule rule,
			     enum sessionlint_severity severity)
{
	int r = run_may_set(run, (unsigned)rule < RULE_COUNT &&
					 (unsigned)severity <= SESSIONLINT_SEVERITY_ERROR);

	if (r == 0)
		run->checker.options.severities[rule] = severity;
	return r;
}

int sessionlint_set_start(struct sessionlint *run, enum sessionlint_start start)
{
	int r = run_may_set(run, (unsigned)start <= SESSIONLINT_START_UNKNOWN);

	if (r == 0)
		run->checker.options.start = start;
	return r;
}

int sessionlint_set_source(struct sessionlint *run, enum sessionlint_source source)
{
	int r = run_may_set(run, (unsigned)source < SOURCE_COUNT);

	if (r < 0)
		return r;
	run->checker.options.source = source;
	run->checker.options.source_is_given = true;
	return 0;
}

int sessionlint_set_pointer_size(struct sessionlint *run, unsigned size)
{
	int r = run_may_set(run, size == 4 || size == 8);

	if (r == 0)
		run->checker.options.pointer_size = size;
	return r;
}

int sessionlint_set_reorder(struct sessionlint *run, uint64_t duration)
{
	int r = run_may_set(run, true);

	if (r == 0)
		run->checker.options.reorder = duration;
	return r;
}

int sessionlint_set_reverse(struct sessionlint *run, bool reverse)
{
	int r = run_may_set(run, true);

	if (r == 0)
		run->checker.options.reverse = reverse;
	return r;
}

int sessionlint_set_recover(struct sessionlint *run, bool recover)
{
	int r = run_may_set(run, true);

	if (r == 0)
		run->checker.options.recover = recover;
	return r;
}

int sessionlint_set_anonymize(struct sessionlint *run, bool anonymize)
{
	int r = run_may_set(run, true);

	if (r == 0)
		run->anonymize = anonymize;
	return r;
}

enum sessionlint_severity sessionlint_rule_severity(const struct sessionlint *run, unsigned rule)
{
	return rule < RULE_COUNT ? run->checker.options.severities[rule] : SESSIONLINT_SEVERITY_OFF;
}

/* ---- callbacks ---- */

int sessionlint_set_report(struct sessionlint *run, sessionlint_report_callback *callback,
			   void *userdata)
{
	if (run_is_busy(run))
		return -EBUSY;
	run->checker.options.report = callback;
	run->checker.options.report_data = userdata;
	return 0;
}

void run_set_follower(struct sessionlint *run, const struct run_follower *follower)
{
	if (run->follower.release)
		run->follower.release(run->follower.userdata);
	run->follower = *follower;
	run->checker.options.follower = &run->follower;
}

int sessionlint_set_suppress(struct sessionlint *run, sessionlint_suppress_callback *callback,
			     void *userdata)
{
	if (run_is_busy(run))
		return -EBUSY;
	run->checker.options.suppress = callback;
	run->checker.options.suppress_data = userdata;
	return 0;
}

int sessionlint_set_observe(struct sessionlint *run, sessionlint_observe_callback *callback,
			    void *userdata)
{
	if (run_is_busy(run))
		return -EBUSY;
	run->checker.options.observe = callback;
	run->checker.options.observe_data = userdata;
	return 0;
}

int sessionlint_set_progress(struct sessionlint *run, sessionlint_progress_callback *callback,
			     void *userdata)
{
	if (run_is_busy(run))
		return -EBUSY;
	run->checker.options.progress = callback;
	run->checker.options.progress_data = userdata;
	return 0;
}

int sessionlint_set_together(struct sessionlint *run, enum sessionlint_together together)
{
	int r = run_may_set(run, (unsigned)together <= SESSIONLINT_TOGETHER_COMPUTER);

	if (r == 0)
		run->machines.together = together;
	return r;
}

int sessionlint_set_window(struct sessionlint *run, uint64_t window)
{
	int r = run_may_set(run, window <= ACCOUNT_WINDOW_MAX);

	if (r == 0)
		run->machines.window = window;
	return r;
}

int sessionlint_set_annotate(struct sessionlint *run, sessionlint_annotate_callback *callback,
			     void *userdata)
{
	if (run_is_busy(run))
		return -EBUSY;
	run->checker.options.annotate = callback;
	run->checker.options.annotate_data = userdata;
	return 0;
}
