/* SPDX-License-Identifier: MIT */
/*
 * What the report callback returns ends a log, at whichever finding that is: it is what the check
 * returns, and nothing is reported after it. Arguments: folders with traces, each with all below.
 */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>

#include "folder.h"
#include "sessionlint.h"
#include "tap.h"

/* Files with more findings are stopped at the first ones. */
#define STOPS 40U

static unsigned files, stops, ignored, continued;

struct stop {
	unsigned findings; /* so far */
	unsigned at;       /* the callback fails at this one */
};

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct stop *stop = userdata;

	(void)finding;
	return stop->findings++ == stop->at ? -ECANCELED : 0;
}

/* Checks a file, with the callback failing at finding @at. */
static int check(const char *path, unsigned at, unsigned *ret_findings)
{
	struct stop stop = { .at = at };
	struct sessionlint *run;
	int r;

	if (sessionlint_new(&run) < 0)
		exit(1);
	sessionlint_set_report(run, on_finding, &stop);
	r = sessionlint_check_file(run, path);
	sessionlint_free(run);
	*ret_findings = stop.findings;
	return r;
}

static void visit(const char *path)
{
	unsigned count, seen;

	if (!ends_in(path, ".trace"))
		return;
	check(path, UINT_MAX, &count);
	files++;
	for (unsigned at = 0; at < count && at < STOPS; at++) {
		stops++;
		if (check(path, at, &seen) != -ECANCELED) {
			ignored++;
			tap_note("%s: finding %u", path, at);
		}
		continued += seen != at + 1;
	}
}

int main(int argc, char *argv[])
{
	for (int i = 1; i < argc; i++)
		folder_visit(argv[i], true, visit);
	tap_ok(stops > 500, "%u files, stopped at %u findings", files, stops);
	tap_ok(ignored == 0, "the check returns what the callback returned: %u times not", ignored);
	tap_ok(continued == 0, "nothing is reported after that: %u times not", continued);
	return tap_done();
}
