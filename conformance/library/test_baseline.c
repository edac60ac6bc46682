/* SPDX-License-Identifier: MIT */
/* A baseline in a run of the library: what it suppresses, which entries are stale or expired, and
 * what is no baseline. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sessionlint.h"
#include "tap.h"

static const char trace[] = "session=1 event=Created\n"
			    "session=1 event=Logon\n"
			    "session=1 event=Terminated\n"
			    "session=2 event=Created\n"
			    "session=2 event=Logon\n"
			    "session=2 event=Terminated\n";
static const char cut_trace[] = "session=1 event=Created\nnothing\n";

/* The fingerprint of the first finding is that of docs/gate.md. */
#define KNOWN(expires)                                                                             \
	"{\"fingerprint\":\"c25ae39f554bd021:1\",\"rule\":\"session/illegal-transition\","         \
	"\"log\":\"nightly.trace\",\"subject\":\"session 1\",\"message\":\"Logon is illegal in "   \
	"Created\",\"reason\":\"it is known\"" expires "}"
#define GONE(number, rule, log)                                                                    \
	"{\"fingerprint\":\"" number ":1\",\"rule\":\"" rule "\",\"log\":\"" log                   \
	"\",\"subject\":\"session 9\",\"message\":\"Logon is illegal in "                          \
	"Created\",\"reason\":\"it is gone\"}"
#define BASELINE(entries)                                                                          \
	"{\"baseline\":\"sessionlint\",\"version\":1,\"entries\":[\n" entries "\n]}\n"

#define GONE_HERE  GONE("0000000000000001", "session/illegal-transition", "nightly.trace")
#define GONE_OFF   GONE("0000000000000002", "session/unfinished", "nightly.trace")
#define GONE_OTHER GONE("0000000000000003", "session/illegal-transition", "weekly.trace")

/* 2026-03-02 */
#define NOW INT64_C(1772409600)

struct seen {
	unsigned findings, known, asked;
	unsigned stale, expired, line;
	char text[400];
	uint64_t errors, suppressed;
	int ended;
};

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->findings++;
	seen->known += finding->suppression == SESSIONLINT_SUPPRESSION_BASELINE &&
		       finding->reason.size == 11 &&
		       memcmp(finding->reason.data, "it is known", 11) == 0;
	return 0;
}

static void on_suppress(void *userdata, struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->asked++;
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		seen->known += 100;
}

static void on_entry(void *userdata, const struct sessionlint_baseline_entry *entry)
{
	struct seen *seen = userdata;

	seen->stale += entry->stale;
	seen->expired += entry->expired;
	seen->line = entry->line;
	snprintf(seen->text, sizeof seen->text, "%.*s|%.*s|%.*s|%.*s|%.*s|%.*s|%.*s",
		 (int)entry->fingerprint.size, entry->fingerprint.data, (int)entry->rule.size,
		 entry->rule.data, (int)entry->log.size, entry->log.data, (int)entry->subject.size,
		 entry->subject.data, (int)entry->message.size, entry->message.data,
		 (int)entry->reason.size, entry->reason.data, (int)entry->expires.size,
		 entry->expires.data ? entry->expires.data : "");
}

static struct sessionlint *run_with(const char *baseline, struct seen *seen)
{
	struct sessionlint_baseline_error error = { 0 };
	struct sessionlint *run;

	memset(seen, 0, sizeof *seen);
	if (sessionlint_new(&run) < 0 ||
	    sessionlint_set_baseline(run, baseline, strlen(baseline), NOW, &error) < 0) {
		printf("# %u:%u: %s\n", error.line, error.column, error.text);
		exit(1);
	}
	sessionlint_set_report(run, on_finding, seen);
	sessionlint_set_severity(run, SESSIONLINT_RULE_UNFINISHED, SESSIONLINT_SEVERITY_OFF);
	return run;
}

/* Ends the run. */
static struct seen end(struct sessionlint *run, struct seen *seen)
{
	seen->ended = sessionlint_end_baseline(run, on_entry, seen);
	seen->errors = sessionlint_total(run, SESSIONLINT_TOTAL_ERRORS);
	seen->suppressed = sessionlint_total(run, SESSIONLINT_TOTAL_SUPPRESSED);
	sessionlint_free(run);
	return *seen;
}

static struct seen check(const char *baseline, const char *text, const char *name)
{
	struct seen seen;
	struct sessionlint *run = run_with(baseline, &seen);

	sessionlint_set_suppress(run, on_suppress, &seen);
	sessionlint_check_buffer(run, text, strlen(text), name);
	return end(run, &seen);
}

static void test_known(void)
{
	struct seen none = check(BASELINE(""), trace, "folder/nightly.trace");
	struct seen some = check(BASELINE(KNOWN("")), trace, "folder/nightly.trace");
	struct seen late = check(BASELINE(KNOWN(",\"expires\":\"2026-03-01\"")), trace,
				 "nightly.trace");
	struct seen last = check(BASELINE(KNOWN(",\"expires\":\"2026-03-02\"")), trace,
				 "nightly.trace");

	tap_ok(none.findings == 2 && none.known == 0 && none.errors == 2 && none.asked == 2,
	       "without entries both findings count");
	tap_ok(some.findings == 2 && some.known == 1 && some.errors == 1 && some.suppressed == 1 &&
		       some.asked == 1,
	       "a known one is reported, with the reason, and does not count; nobody else is "
	       "asked");
	tap_ok(some.stale == 0 && some.expired == 0 && some.ended == 0, "its entry is fine");
	tap_ok(late.known == 0 && late.errors == 2 && late.expired == 1 && late.stale == 0 &&
		       late.line == 2,
	       "after its day it counts again");
	tap_ok(strcmp(late.text,
		      "c25ae39f554bd021:1|session/illegal-transition|nightly.trace|"
		      "session 1|Logon is illegal in Created|it is known|2026-03-01") == 0,
	       "the entry is handed over: %s", late.text);
	tap_ok(last.known == 1 && last.expired == 0, "on that day it is still known");
}

static void test_stale(void)
{
	static const char gone[] = BASELINE(GONE_HERE "," GONE_OFF "," GONE_OTHER);
	struct seen seen = check(gone, trace, "nightly.trace");
	struct sessionlint *run;

	tap_ok(seen.stale == 1 && strstr(seen.text, "0000000000000001"),
	       "an entry that matches nothing is stale, but not if its rule is off or its log was "
	       "not read: %s",
	       seen.text);
	tap_ok(check(gone, cut_trace, "nightly.trace").stale == 0,
	       "nor if the log has unreadable records");
	tap_ok(check(gone, "GIF89a", "nightly.trace").stale == 0, "nor if it is no log");
	run = run_with(gone, &seen);
	sessionlint_check_file(run, "/nowhere/nightly.trace");
	tap_ok(end(run, &seen).stale == 0, "nor if it cannot be opened");
	run = run_with(gone, &seen);
	sessionlint_check_buffer(run, trace, strlen(trace), "a/nightly.trace");
	sessionlint_check_buffer(run, cut_trace, strlen(cut_trace), "b/nightly.trace");
	tap_ok(end(run, &seen).stale == 0, "nor if another log of its name has some");
	run = run_with(gone, &seen);
	sessionlint_feed_begin(run, "nightly.trace");
	sessionlint_feed_line(run, "session=1 event=Created", 23);
	tap_ok(sessionlint_end_baseline(run, on_entry, &seen) == -EBUSY,
	       "the baseline is not ended before the log");
	sessionlint_feed_end(run);
	tap_ok(end(run, &seen).stale == 1, "records that are handed over are a log too");
	run = run_with(BASELINE(GONE("0000000000000004", "trace/nothing-judged", "logs")), &seen);
	sessionlint_check_buffer(run, trace, strlen(trace), "logs/nightly.trace");
	sessionlint_check_judged(run, "logs");
	tap_ok(end(run, &seen).stale == 1, "so is a folder");
}

static void test_invalid(void)
{
	static const char *const invalid[] = {
		"", "{}", "[]", BASELINE("{\"fingerprint\":\"x\"}"), BASELINE(KNOWN("") KNOWN("")),
	};
	struct sessionlint_baseline_error error = { .line = 77 };
	struct sessionlint *run;
	struct seen seen;

	if (sessionlint_new(&run) < 0)
		exit(1);
	tap_ok(sessionlint_end_baseline(run, on_entry, &seen) == -EINVAL, "there is no baseline");
	tap_ok(sessionlint_set_baseline(run, BASELINE(""), strlen(BASELINE("")), NOW, &error) ==
			       0 &&
		       error.line == 77,
	       "a valid one sets no error");
	for (size_t i = 0; i < sizeof invalid / sizeof invalid[0]; i++) {
		int r;

		error = (struct sessionlint_baseline_error) { 0 };
		r = sessionlint_set_baseline(run, invalid[i], strlen(invalid[i]), NOW, &error);
		tap_ok(r == -EBADMSG && error.line > 0 && error.column > 0 && error.text[0],
		       "baseline %zu is invalid: %u:%u: %s", i, error.line, error.column,
		       error.text);
	}
	tap_ok(sessionlint_set_baseline(run, NULL, 0, NOW, &error) == -EBADMSG, "so is nothing");
	tap_ok(sessionlint_end_baseline(run, on_entry, &seen) == 0, "the one before remains");
	sessionlint_check_buffer(run, trace, strlen(trace), "trace");
	tap_ok(sessionlint_set_baseline(run, BASELINE(""), strlen(BASELINE("")), NOW, &error) ==
		       -EBUSY,
	       "it is set before the first log");
	sessionlint_free(run);
}

int main(void)
{
	test_known();
	test_stale();
	test_invalid();
	return tap_done();
}
