/* SPDX-License-Identifier: MIT */
/* Filters: what the callbacks are told to show, and that nothing else changes. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sessionlint.h"
#include "tap.h"
#include "totals.h"

static const char trace[] =
	"time=2026-03-02T08:00:00Z host=A.corp.example session=1 event=Created\n"
	"time=2026-03-02T08:00:01Z host=A.corp.example session=1 event=Logon user=CORP\\ada "
	"address=10.0.0.1\n"
	"time=2026-03-02T23:59:59.9999999Z host=B session=2 event=Created\n"
	"time=2026-03-03T00:00:00Z host=B session=2 event=Logoff user=bob address=10.0.1.7\n"
	"host=B session=2 event=Terminated\n"
	"host=B session=2 event=Logoff\n";

struct seen {
	unsigned findings, shown;
	unsigned steps, shown_steps;
	struct totals totals;
};

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->findings++;
	seen->shown += finding->shown;
	return 0;
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	struct seen *seen = userdata;

	seen->steps++;
	seen->shown_steps += step->shown;
}

/* A filter for each kind; NULL: none. */
struct filter {
	enum sessionlint_filter kind;
	const char *value;
};

static struct sessionlint *run_with(const struct filter *filters)
{
	struct sessionlint *run;

	if (sessionlint_new(&run) < 0)
		exit(1);
	for (; filters->value; filters++)
		tap_ok(sessionlint_add_filter(run, filters->kind, filters->value,
					      strlen(filters->value)) == 0,
		       "filter %d can be '%s'", (int)filters->kind, filters->value);
	return run;
}

static struct seen check(const struct filter *filters)
{
	struct sessionlint *run = run_with(filters);
	struct seen seen = { 0 };

	sessionlint_set_severity(run, SESSIONLINT_RULE_UNFINISHED, SESSIONLINT_SEVERITY_OFF);
	sessionlint_set_report(run, on_finding, &seen);
	sessionlint_set_observe(run, on_step, &seen);
	if (sessionlint_check_buffer(run, trace, strlen(trace), "trace") < 0)
		exit(1);
	totals_read(run, &seen.totals);
	sessionlint_free(run);
	return seen;
}

#define NO_FILTER                                                                                  \
	{                                                                                          \
		SESSIONLINT_FILTER_HOST, NULL                                                      \
	}

/* Sessions 1 and 2 have a finding each, and session 2 one more, which has neither time nor user.
 * Ends of sessions are always shown if the session is. */
static const struct {
	struct filter filters[4];
	unsigned shown, shown_steps;
	const char *claim;
} cases[] = {
	{ { NO_FILTER }, 3, 8, "without a filter" },
	{ { { SESSIONLINT_FILTER_HOST, "a" }, NO_FILTER }, 1, 3, "host a" },
	{ { { SESSIONLINT_FILTER_HOST, "A.CORP.*" }, NO_FILTER }, 1, 3, "host A.CORP.*" },
	{ { { SESSIONLINT_FILTER_HOST, "c" }, NO_FILTER }, 0, 0, "host c" },
	{ { { SESSIONLINT_FILTER_HOST, "a" }, { SESSIONLINT_FILTER_HOST, "b" }, NO_FILTER },
	  3,
	  8,
	  "hosts a and b" },
	{ { { SESSIONLINT_FILTER_HOST, "a" }, { SESSIONLINT_FILTER_SESSION, "2" }, NO_FILTER },
	  0,
	  0,
	  "session 2 of host a" },
	{ { { SESSIONLINT_FILTER_SESSION, "0x2" }, NO_FILTER }, 2, 5, "session 0x2" },
	{ { { SESSIONLINT_FILTER_USER, "ADA" }, NO_FILTER }, 1, 8, "user ADA" },
	{ { { SESSIONLINT_FILTER_USER, "corp\\a*" }, NO_FILTER }, 1, 8, "user corp\\a*" },
	{ { { SESSIONLINT_FILTER_ADDRESS, "10.0.1.*" }, NO_FILTER }, 1, 8, "address 10.0.1.*" },
	{ { { SESSIONLINT_FILTER_SINCE, "2026-03-03" }, NO_FILTER }, 1, 3, "since 2026-03-03" },
	{ { { SESSIONLINT_FILTER_UNTIL, "2026-03-02" }, NO_FILTER }, 1, 5, "until 2026-03-02" },
	{ { { SESSIONLINT_FILTER_UNTIL, "2026-03-02T08:00:00Z" }, NO_FILTER },
	  0,
	  3,
	  "until 2026-03-02T08:00:00Z" },
	{ { { SESSIONLINT_FILTER_SEVERITY, "error" }, NO_FILTER }, 3, 8, "severity error" },
};

static void test_shown(void)
{
	struct seen all = check(cases[0].filters);

	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct seen seen = check(cases[i].filters);

		tap_ok(seen.shown == cases[i].shown && seen.shown_steps == cases[i].shown_steps,
		       "%s: %u findings and %u steps are shown", cases[i].claim, seen.shown,
		       seen.shown_steps);
		tap_ok(seen.findings == all.findings && seen.steps == all.steps &&
			       memcmp(&seen.totals, &all.totals, sizeof all.totals) == 0,
		       "%s: nothing else changes", cases[i].claim);
	}
}

static void test_refused(void)
{
	static const struct filter refused[] = {
		{ SESSIONLINT_FILTER_HOST, "" },
		{ SESSIONLINT_FILTER_USER, "" },
		{ SESSIONLINT_FILTER_ADDRESS, "" },
		{ SESSIONLINT_FILTER_SESSION, "x" },
		{ SESSIONLINT_FILTER_SESSION, "" },
		{ SESSIONLINT_FILTER_SESSION, "4294967296" },
		{ SESSIONLINT_FILTER_SINCE, "yesterday" },
		{ SESSIONLINT_FILTER_SINCE, "2026-02-30" },
		{ SESSIONLINT_FILTER_UNTIL, "-2d" },
		{ SESSIONLINT_FILTER_UNTIL, "" },
		{ SESSIONLINT_FILTER_SEVERITY, "off" },
		{ SESSIONLINT_FILTER_SEVERITY, "bad" },
		{ (enum sessionlint_filter) - 1, "x" },
		{ (enum sessionlint_filter)7, "x" },
	};
	struct sessionlint *run = run_with((const struct filter[]) { NO_FILTER });

	for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
		tap_ok(sessionlint_add_filter(run, refused[i].kind, refused[i].value,
					      strlen(refused[i].value)) == -EINVAL,
		       "filter %d cannot be '%s'", (int)refused[i].kind, refused[i].value);
	tap_ok(sessionlint_add_filter(run, SESSIONLINT_FILTER_HOST, "a\0b", 3) == -EINVAL,
	       "nor can a name have a NUL");
	sessionlint_free(run);
}

/* Whether @value passes. */
static bool passes(const struct sessionlint *run, enum sessionlint_filter kind, const char *value)
{
	return sessionlint_passes_filter(run, kind, value, strlen(value));
}

static void test_passes(void)
{
	static const struct filter filters[] = {
		{ SESSIONLINT_FILTER_HOST, "A" },
		{ SESSIONLINT_FILTER_USER, "*a*" },
		{ SESSIONLINT_FILTER_SESSION, "7" },
		{ SESSIONLINT_FILTER_SINCE, "2026-03-02" },
		{ SESSIONLINT_FILTER_UNTIL, "2026-03-02" },
		{ SESSIONLINT_FILTER_SEVERITY, "warning" },
		NO_FILTER,
	};
	struct sessionlint *run = run_with(filters);

	tap_ok(passes(run, SESSIONLINT_FILTER_HOST, "a.corp.example") &&
		       !passes(run, SESSIONLINT_FILTER_HOST, "b") &&
		       !passes(run, SESSIONLINT_FILTER_HOST, ""),
	       "hosts pass or not");
	tap_ok(passes(run, SESSIONLINT_FILTER_USER, "CORP\\ada") &&
		       !passes(run, SESSIONLINT_FILTER_USER, "bob"),
	       "users too");
	tap_ok(passes(run, SESSIONLINT_FILTER_SESSION, "7") &&
		       !passes(run, SESSIONLINT_FILTER_SESSION, "8") &&
		       !passes(run, SESSIONLINT_FILTER_SESSION, ""),
	       "sessions too");
	tap_ok(passes(run, SESSIONLINT_FILTER_ADDRESS, "10.0.0.1") &&
		       passes(run, SESSIONLINT_FILTER_ADDRESS, ""),
	       "all values do if there is no filter for them");
	tap_ok(passes(run, SESSIONLINT_FILTER_SINCE, "2026-03-02T00:00:00Z") &&
		       !passes(run, SESSIONLINT_FILTER_SINCE, "2026-03-01T23:59:59.9999999Z") &&
		       passes(run, SESSIONLINT_FILTER_UNTIL, "2026-03-02T23:59:59.9999999Z") &&
		       !passes(run, SESSIONLINT_FILTER_UNTIL, "2026-03-03T00:00:00Z"),
	       "times pass one after the other");
	tap_ok(!passes(run, SESSIONLINT_FILTER_SINCE, "") &&
		       !passes(run, SESSIONLINT_FILTER_UNTIL, ""),
	       "no time does not");
	tap_ok(passes(run, SESSIONLINT_FILTER_SEVERITY, "error") &&
		       passes(run, SESSIONLINT_FILTER_SEVERITY, "warning") &&
		       !passes(run, SESSIONLINT_FILTER_SEVERITY, "note") &&
		       !passes(run, SESSIONLINT_FILTER_SEVERITY, "off"),
	       "severities from that one on do");
	tap_ok(!passes(run, (enum sessionlint_filter)7, ""), "nothing passes a filter of no kind");
	sessionlint_free(run);
}

struct caller {
	struct sessionlint *run;
	int added;
};

static int add_one(void *userdata, const struct sessionlint_finding *finding)
{
	struct caller *caller = userdata;

	(void)finding;
	caller->added = sessionlint_add_filter(caller->run, SESSIONLINT_FILTER_HOST, "x", 1);
	return 0;
}

static void test_busy(void)
{
	struct caller caller = { .added = 1 };

	caller.run = run_with((const struct filter[]) { NO_FILTER });
	sessionlint_set_report(caller.run, add_one, &caller);
	sessionlint_check_buffer(caller.run, trace, strlen(trace), "trace");
	tap_ok(caller.added == -EBUSY, "a callback can add no filter");
	tap_ok(sessionlint_add_filter(caller.run, SESSIONLINT_FILTER_HOST, "x", 1) == 0,
	       "between logs one can be added");
	sessionlint_free(caller.run);
}

int main(void)
{
	test_shown();
	test_refused();
	test_passes();
	test_busy();
	return tap_done();
}
