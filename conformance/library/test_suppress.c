/* SPDX-License-Identifier: MIT */
/* Findings that somebody answers for: reported with the reason, and counted apart. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sessionlint.h"
#include "tap.h"
#include "totals.h"

static const char trace[] = "session=1 event=Created\n"
			    "session=1 event=Logon\n"
			    "session=1 event=Bogus\n"
			    "session=2 event=Logoff\n"
			    "session=1 event=Terminated\n";

struct seen {
	unsigned asked, asked_malformed;
	unsigned reported, suppressed, with_reason;
};

static void on_suppress(void *userdata, struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->asked++;
	seen->asked_malformed += finding->rule == SESSIONLINT_RULE_MALFORMED;
	if (finding->session != 1)
		return;
	finding->suppression = SESSIONLINT_SUPPRESSION_BASELINE;
	finding->reason = (struct sessionlint_text) { .data = "known", .size = 5 };
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->reported++;
	if (finding->suppression == SESSIONLINT_SUPPRESSION_NONE)
		return 0;
	seen->suppressed++;
	seen->with_reason += finding->reason.size == 5 &&
			     memcmp(finding->reason.data, "known", 5) == 0;
	return 0;
}

static bool check(bool suppressing, struct seen *ret_seen, struct totals *ret_totals)
{
	struct sessionlint *run;
	FILE *file = tmpfile();
	bool good;

	memset(ret_seen, 0, sizeof *ret_seen);
	if (!file || sessionlint_new(&run) < 0)
		return false;
	sessionlint_set_report(run, on_finding, ret_seen);
	sessionlint_set_suppress(run, suppressing ? on_suppress : NULL, ret_seen);
	fputs(trace, file);
	fflush(file);
	good = lseek(fileno(file), 0, SEEK_SET) == 0 &&
	       sessionlint_check_descriptor(run, fileno(file), "x") == 0;
	totals_read(run, ret_totals);
	sessionlint_free(run);
	fclose(file);
	return good;
}

int main(void)
{
	struct totals plain, answered;
	struct seen all, some;
	uint64_t errors;

	if (!check(false, &all, &plain) || !check(true, &some, &answered))
		return 1;
	tap_ok(some.reported == all.reported && all.suppressed == 0 &&
		       plain.of[SESSIONLINT_TOTAL_SUPPRESSED] == 0,
	       "a finding that is answered for is still reported");
	tap_ok(some.suppressed > 0 && some.with_reason == some.suppressed &&
		       answered.of[SESSIONLINT_TOTAL_SUPPRESSED] == some.suppressed,
	       "it bears its reason, and is counted apart");
	errors = plain.of[SESSIONLINT_TOTAL_ERRORS] - answered.of[SESSIONLINT_TOTAL_ERRORS];
	tap_ok(errors == some.suppressed, "it does not count as an error");
	tap_ok(some.asked_malformed == 0 && some.asked + 1 == some.reported &&
		       answered.rules[SESSIONLINT_RULE_MALFORMED] == 1,
	       "nobody is asked about what cannot be read");
	tap_ok(plain.of[SESSIONLINT_TOTAL_VIOLATING] == answered.of[SESSIONLINT_TOTAL_VIOLATING] &&
		       plain.of[SESSIONLINT_TOTAL_VIOLATING] == 2,
	       "the life breaks the model whoever answers for it");
	return tap_done();
}
