/* SPDX-License-Identifier: MIT */
/* A run over one or more logs. */
#include "check/run.h"

#include <errno.h>
#include <stdlib.h>

#include "check/finding.h"
#include "check/host.h"

const char *sessionlint_version(void)
{
	return SESSIONLINT_VERSION;
}

unsigned sessionlint_version_number(void)
{
	return SESSIONLINT_VERSION_NUMBER;
}

static int on_batch(void *userdata, const struct batch *batch)
{
	struct sessionlint *run = userdata;
	int r = 0;

	if (run->machines.together != SESSIONLINT_TOGETHER_OFF)
		r = machines_take(&run->machines, &run->checker, batch, &batch);
	if (r == 0 && run->checker.options.trail)
		run->checker.options.trail->batch(run->checker.options.trail->userdata, batch);
	return r < 0 ? r : checker_batch(&run->checker, batch);
}

static int on_split(void *userdata, uint32_t number, bool mixed)
{
	struct sessionlint *run = userdata;

	return hosts_follow_split(&run->checker, number, mixed);
}

int run_new(const struct run_options *options, struct sessionlint **ret_run)
{
	struct order_sink sink = { .take = on_batch, .split = on_split };
	struct sessionlint *run = calloc(1, sizeof *run);
	int r;

	if (!run)
		return -ENOMEM;
	sink.userdata = run;
	run->machines.window = ACCOUNT_WINDOW;
	anonymous_init(&run->anonymous);
	r = order_init(&run->order, &sink, &run->checker.files);
	if (r == 0) {
		r = checker_init(&run->checker, options, &run->order.names);
		if (r < 0)
			order_free(&run->order);
	}
	if (r < 0) {
		anonymous_free(&run->anonymous);
		free(run);
		return r;
	}
	run->checker.options.filters = &run->filters;
	run->reader = &run->own_reader;
	run->batch = &run->own_batch;
	*ret_run = run;
	return 0;
}

int sessionlint_new(struct sessionlint **ret_run)
{
	struct run_options options;

	run_options_init(&options);
	return run_new(&options, ret_run);
}

int sessionlint_free(struct sessionlint *run)
{
	if (!run)
		return 0;
	if (run->busy)
		return -EBUSY;
	if (run->feed.name)
		run->reader->format->close(run->reader);
	free(run->feed.name);
	ahead_free(run->ahead);
	checker_free(&run->checker);
	order_free(&run->order);
	arena_free(&run->own_batch.arena);
	direction_free(&run->direction);
	ends_free(&run->ends);
	machines_free(&run->machines);
	anonymous_free(&run->anonymous);
	filters_free(&run->filters);
	if (run->follower.release)
		run->follower.release(run->follower.userdata);
	free(run);
	return 0;
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

bool sessionlint_has_related_logs(const struct sessionlint *run)
{
	return run->ends.related;
}

static uint64_t judged(const struct run_totals *totals)
{
	return totals->events + totals->notifications + totals->calls + totals->objects;
}

/* Reports that nothing in @name was judged. */
static int report_nothing(struct sessionlint *run, const char *name, unsigned long long records,
			  unsigned long long annotations)
{
	struct subject subject = { .checker = &run->checker };

	run->checker.file = name;
	run->checker.stopped = 0;
	if (records == 0)
		return report(&subject, SESSIONLINT_RULE_NOTHING_JUDGED, NO_PARTICULARS,
			      "nothing was judged: there are no records");
	if (annotations)
		return report(&subject, SESSIONLINT_RULE_NOTHING_JUDGED, NO_PARTICULARS,
			      "nothing was judged: %llu record%s, %llu of them annotation%s, none "
			      "shows what a session did",
			      records, records == 1 ? "" : "s", annotations,
			      annotations == 1 ? "" : "s");
	return report(&subject, SESSIONLINT_RULE_NOTHING_JUDGED, NO_PARTICULARS,
		      "nothing was judged: %llu record%s, none about a session or a driver",
		      records, records == 1 ? "" : "s");
}

int sessionlint_check_judged(struct sessionlint *run, const char *name)
{
	const struct run_totals before = run->before, *totals = &run->checker.totals;
	bool failed = run->failed || totals->files == before.files;
	uint64_t witnesses = run->machines.witnesses - run->judged_before;
	int r = 0;

	if (run_is_busy(run))
		return -EBUSY;
	run->before = *totals;
	run->failed = false;
	run->judged_before = run->machines.witnesses;
	if (run->follower.log)
		r = run->follower.log(run->follower.userdata, name, !failed);
	if (r < 0 || failed || judged(totals) > judged(&before) || witnesses > 0 ||
	    totals->severities[SESSIONLINT_SEVERITY_ERROR] >
		    before.severities[SESSIONLINT_SEVERITY_ERROR])
		return r;
	run->busy = true;
	r = report_nothing(run, name, totals->records - before.records,
			   totals->annotations - before.annotations);
	run->busy = false;
	return r;
}
