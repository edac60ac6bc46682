/* SPDX-License-Identifier: MIT */
/*
 * Logs that are read ahead and not checked, checked in another order, or checked in part: what is
 * left is freed, and what is checked is the same.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "check/run_ahead.h"
#include "tap.h"
#include "totals.h"

#define LOGS   12
#define EVENTS 4000

static char folder[512];
static char paths[LOGS][sizeof folder + 16];

/* What the logs are expected to be: so large that each is handed over batch by batch, or so small
 * that several are at once. */
static const uint64_t sizes[] = { 1 << 20, 1 };
static uint64_t size;

static void write_logs(void)
{
	const char *place = getenv("TMPDIR");

	snprintf(folder, sizeof folder, "%s/sessionlint-XXXXXX", place ? place : "/tmp");
	if (!mkdtemp(folder))
		exit(1);
	for (unsigned i = 0; i < LOGS; i++) {
		FILE *file;

		snprintf(paths[i], sizeof paths[i], "%s/%02u.trace", folder, i);
		file = fopen(paths[i], "w");
		if (!file)
			exit(1);
		/* Logon is illegal in every fourth */
		for (unsigned j = 0; j < EVENTS; j++)
			fprintf(file, "session=%u event=%s user=u%u\n", j / 4 * LOGS + i,
				(const char *const[]) { "Created", "Connected", "Logon",
							i % 4 ? "Logoff" : "Logon" }[j % 4],
				i);
		fclose(file);
	}
}

static void remove_logs(void)
{
	for (unsigned i = 0; i < LOGS; i++)
		unlink(paths[i]);
	rmdir(folder);
}

static struct sessionlint *new_run(unsigned jobs)
{
	struct sessionlint *run;

	if (sessionlint_new(&run) < 0)
		exit(1);
	run_set_jobs(run, jobs);
	return run;
}

/* Expects as many logs as there is room for, from *next on. */
static void expect(struct sessionlint *run, unsigned *next)
{
	while (*next < LOGS && run_has_room(run))
		run_expect(run, paths[(*next)++], size);
}

static struct totals totals_of(struct sessionlint *run)
{
	struct totals totals;

	totals_read(run, &totals);
	return totals;
}

/* Checks all logs, of which every @step-th is expected. */
static struct totals check_all(unsigned jobs, unsigned step)
{
	struct sessionlint *run = new_run(jobs);
	unsigned next = 0;
	struct totals totals;

	for (unsigned i = 0; i < LOGS; i++) {
		for (; next < LOGS && step > 0 && run_has_room(run); next += step)
			run_expect(run, paths[next], size);
		if (sessionlint_check_file(run, paths[i]) < 0)
			exit(1);
	}
	totals = totals_of(run);
	sessionlint_free(run);
	return totals;
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	unsigned *left = userdata;

	(void)finding;
	return --*left == 0 ? -7 : 0;
}

static void test_stopped(unsigned jobs)
{
	struct sessionlint *run = new_run(jobs);
	unsigned next = 0, left = 3;
	int r, other;

	sessionlint_set_report(run, on_finding, &left);
	expect(run, &next);
	r = sessionlint_check_file(run, paths[0]);
	expect(run, &next);
	left = 1000000;
	other = sessionlint_check_file(run, paths[1]);
	tap_ok(r == -7 && other == 0,
	       "%u threads: the caller ends a log after three findings, and checks the next", jobs);
	sessionlint_free(run);
}

/* So many small logs have room, and as many are read or taken back. */
static void test_room(unsigned jobs, unsigned expected)
{
	struct sessionlint *run = new_run(jobs);
	unsigned count = 0;

	for (; run_has_room(run); count++)
		run_expect(run, paths[count % LOGS], size);
	tap_ok(count == expected, "%u threads have room for %u logs of %u bytes: %u", jobs,
	       expected, (unsigned)size, count);
	for (unsigned i = 0; i < count / 2; i++)
		if (sessionlint_check_file(run, paths[i % LOGS]) < 0)
			exit(1);
	tap_ok(sessionlint_total(run, SESSIONLINT_TOTAL_EVENTS) == (uint64_t)(count / 2) * EVENTS,
	       "half of them are checked");
	sessionlint_free(run);
}

static void test_size(const struct totals *one)
{
	struct sessionlint *run;

	for (unsigned jobs = 2; jobs <= 9; jobs += 7)
		for (unsigned step = 1; step <= 3; step++) {
			struct totals totals = check_all(jobs, step);

			tap_ok(memcmp(&totals, one, sizeof totals) == 0,
			       "%u threads, every %u. log is expected, of %u bytes: the same "
			       "totals",
			       jobs, step, (unsigned)size);
		}
	run = new_run(3);
	run_expect(run, "/none", size);
	tap_ok(sessionlint_check_file(run, "/none") == -2 &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_FILES) == 0,
	       "a file that is not there is an error when it is checked");
	sessionlint_free(run);
	test_stopped(1);
	test_stopped(2);
	test_stopped(9);
}

int main(void)
{
	struct totals alone;
	struct sessionlint *run;

	write_logs();
	alone = check_all(1, 0);
	tap_ok(alone.of[SESSIONLINT_TOTAL_EVENTS] == LOGS * EVENTS &&
		       alone.rules[SESSIONLINT_RULE_ILLEGAL_TRANSITION] > 0,
	       "without threads, all is read and judged");
	run = new_run(1);
	tap_ok(!run_has_room(run), "one thread reads nothing ahead");
	sessionlint_free(run);
	for (unsigned i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		size = sizes[i];
		test_size(&alone);
	}
	test_room(3, 57);
	size = sizes[0];
	test_room(3, 8);
	remove_logs();
	return tap_done();
}
