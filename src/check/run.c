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

static int on_batch(void *userdata, const struct batch *batch)
{
	return checker_batch(userdata, batch);
}

static int on_split(void *userdata, uint32_t number, bool mixed)
{
	return hosts_follow_split(userdata, number, mixed);
}

int sessionlint_new(const struct sessionlint_options *options, struct sessionlint **ret_run)
{
	struct order_sink sink = { .take = on_batch, .split = on_split };
	struct sessionlint *run;
	int r;

	if (!are_known(options))
		return -EINVAL;
	run = calloc(1, sizeof *run);
	if (!run)
		return -ENOMEM;
	sink.userdata = &run->checker;
	r = order_init(&run->order, &sink, options->reorder, &run->checker.files);
	if (r == 0)
		r = checker_init(&run->checker, options, &run->order.names);
	if (r < 0) {
		order_free(&run->order);
		free(run);
		return r;
	}
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
	order_free(&run->order);
	arena_free(&run->batch.arena);
	direction_free(&run->direction);
	ends_free(&run->ends);
	free(run);
	return 0;
}

const struct sessionlint_totals *sessionlint_totals(const struct sessionlint *run)
{
	return &run->checker.totals;
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
