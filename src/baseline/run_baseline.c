/* SPDX-License-Identifier: MIT */
/* The baseline of a run of the library. */
#include <errno.h>
#include <stdlib.h>

#include "baseline/matcher.h"
#include "check/run.h"

static void release(void *userdata)
{
	matcher_free(userdata);
	free(userdata);
}

int sessionlint_set_baseline(struct sessionlint *run, const void *data, size_t size, int64_t now,
			     struct sessionlint_baseline_error *ret_error)
{
	struct sessionlint_baseline_error error = { 0 };
	struct matcher *matcher;
	int r = run_may_set(run, true);

	if (r < 0)
		return r;
	matcher = malloc(sizeof *matcher);
	if (!matcher)
		return -ENOMEM;
	matcher_init(matcher);
	r = baseline_read(&matcher->baseline, data, size, now, &error);
	if (r < 0) {
		release(matcher);
		if (r == -EBADMSG)
			*ret_error = error;
		return r;
	}
	matcher_attach(matcher, run);
	run->follower.release = release;
	return 0;
}

int sessionlint_end_baseline(struct sessionlint *run, sessionlint_baseline_callback *callback,
			     void *userdata)
{
	const struct matcher *matcher = run->follower.userdata;

	if (run_is_busy(run))
		return -EBUSY;
	if (!matcher)
		return -EINVAL;
	run->busy = true;
	for (size_t i = 0; i < matcher->baseline.count; i++) {
		const struct baseline_entry *one = matcher->baseline.entries[i];
		const struct sessionlint_baseline_entry entry = {
			.stale = matcher_is_stale(matcher, one, run),
			.expired = one->expired && one->matched,
			.line = one->line,
			.column = one->column,
			.fingerprint = one->by_fingerprint.key,
			.rule = one->rule,
			.log = one->log,
			.subject = one->subject,
			.message = one->message,
			.reason = one->reason,
			.expires = one->expires,
		};

		if (entry.stale || entry.expired)
			callback(userdata, &entry);
	}
	run->busy = false;
	return 0;
}
