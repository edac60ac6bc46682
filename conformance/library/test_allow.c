/* SPDX-License-Identifier: MIT */
/*
 * Findings that the trace itself answers for, beside the record that they are about: by allow and
 * allow_reason.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "sessionlint.h"
#include "tap.h"

#define WHY      " allow_reason=why"
#define REGISTER "call=IoRegisterContainerNotification mask=all registration=r status=0"

/* Each finding that is wanted is "LINE rule;", with "=reason" behind what the trace answers for and
 * "~" behind what the run's own suppress() was asked about. */
static const struct {
	const char *claim, *trace, *found;
} cases[] = {
	{ "a finding about the record is answered for, with the reason",
	  "session=1 event=Created\n"
	  "session=1 event=Logon allow=session/illegal-transition allow_reason=\"ticket 1: b\"\n"
	  "session=1 event=Terminated\n",
	  "2 session/illegal-transition=ticket 1: b;" },
	{ "in NDJSON too",
	  "{\"session\":1,\"event\":\"Created\"}\n"
	  "{\"allow\":\"illegal-transition\",\"session\":1,\"event\":\"Logon\","
	  "\"allow_reason\":\"ticket 1: b\"}\n"
	  "{\"session\":1,\"event\":\"Terminated\",\"allow\":null,\"allow_reason\":null}\n",
	  "2 session/illegal-transition=ticket 1: b;" },
	{ "in CSV too, for the line in which the record begins",
	  "session,user,event,allow,allow_reason\n"
	  "1,\"a\nb\",Created,,\n"
	  "1,\"a\nb\",Logon,illegal-transition,\"ticket 1,\nand 2\"\n"
	  "1,,Terminated,,\n",
	  "4 session/illegal-transition=ticket 1,\nand 2;" },
	{ "in debug output too",
	  "sessionlint: session=1 event=Created\n"
	  "ndis: session=1 allow=gap, another's line\n"
	  "[4312] sessionlint: session=1 event=Logon allow=illegal-transition" WHY "\n"
	  "sessionlint: session=1 event=Terminated\n",
	  "3 session/illegal-transition=why;" },
	{ "one finding of a record does not answer for the others",
	  "session=1 event=Created\n"
	  "session=1 event=Logon to=9 allow=invalid-state" WHY "\n"
	  "session=1 event=Terminated\n",
	  "2 session/invalid-state=why;2 session/illegal-transition~;" },
	{ "nor that of one record for another's",
	  "session=1 event=Created\n"
	  "session=1 event=Logon allow=illegal-transition" WHY "\n"
	  "session=1 event=Logon\n",
	  "2 session/illegal-transition=why;3 session/illegal-transition~;"
	  "3 session/unfinished~;" },
	{ "several rules, long and short, in capitals or not, twice or once",
	  "session=1 event=Created\n"
	  "session=1 event=Logon to=9 "
	  "allow=\"Invalid-State , SESSION/Illegal-Transition,unfinished,unfinished\"" WHY "\n",
	  "2 session/invalid-state=why;2 session/illegal-transition=why;"
	  "2 session/unfinished=why;" },
	{ "several findings of one rule about one record",
	  "object=created io=a\n"
	  "call=IoRegisterContainerNotification io=a mask=all flags=1 size=1 length=1"
	  " status=STATUS_INVALID_PARAMETER_1 allow=bad-size,bad-flags,bad-status" WHY "\n",
	  "2 registration/bad-size=why;2 registration/bad-flags=why;"
	  "2 registration/bad-status=why;" },
	{ "one that the end of the trace brings to light",
	  "session=1 event=Created\nsession=2 event=Created\n"
	  "session=1 event=Connected allow=unfinished" WHY "\nsession=2 event=Terminated\n",
	  "3 session/unfinished=why;" },
	{ "one that the next boot brings to light, and that of the boot itself",
	  "session=1 event=Created allow=unfinished" WHY "\n"
	  "marker=boot\n"
	  "session=1 event=Created\n"
	  "marker=boot allow=gap" WHY "\n",
	  "1 session/unfinished=why;3 session/unfinished~;4 trace/unused-suppression~;" },
	{ "a registration that is left over", "io=a " REGISTER " allow=leaked" WHY "\n",
	  "1 registration/leaked=why;" },
	{ "a notification that is missed, told of much later",
	  "host=h io=a " REGISTER "\n"
	  "host=h session=1 event=Created\n"
	  "host=h session=1 notify=Created io=a\n"
	  "host=h session=1 event=Connected allow=missed" WHY "\n"
	  "host=h session=1 event=Disconnected\n"
	  "host=h session=1 notify=Disconnected io=a\n"
	  "host=h session=1 event=Terminated\n"
	  "host=h session=1 notify=Terminated io=a\n"
	  "host=h call=IoUnregisterContainerNotification registration=r\n",
	  "4 notification/missed=why;" },
	{ "what seq puts into order keeps it, on whatever line it stands",
	  "seq=3 session=1 event=Logon allow=illegal-transition allow_reason=third\n"
	  "seq=4 session=1 event=Created allow=illegal-transition allow_reason=fourth\n"
	  "seq=2 session=1 event=Logon allow=illegal-transition allow_reason=second\n"
	  "seq=1 session=1 event=Created\n"
	  "seq=6 session=1 event=Terminated allow=gap allow_reason=lost\n",
	  "3 session/illegal-transition=second;1 session/illegal-transition=third;"
	  "2 session/illegal-transition=fourth;5 trace/gap=lost;" },
	{ "hosts are no matter, only the place is",
	  "host=a session=1 event=Created\nhost=b session=1 event=Created\n"
	  "host=a session=1 event=Logon allow=illegal-transition" WHY "\n"
	  "host=b session=1 event=Logon\n"
	  "host=a session=1 event=Terminated\nhost=b session=1 event=Terminated\n",
	  "3 session/illegal-transition=why;4 session/illegal-transition~;" },
	{ "a record of no session answers too",
	  "marker=gap allow=gap" WHY "\n"
	  "time=2026-01-01T10:00:01Z source=sens event=StartShell\n"
	  "time=2026-01-01T10:00:00Z source=sens event=StopScreenSaver allow=time-reversed" WHY
	  "\n",
	  "1 trace/gap=why;3 trace/time-reversed=why;" },
	{ "an answer to nothing is told of, at the end and in the order of the trace",
	  "session=1 event=Created allow=gap,unfinished" WHY "\n"
	  "session=1 event=Logon allow=illegal-transition,gap" WHY "\n"
	  "session=1 event=Terminated allow=illegal-transition" WHY "\n",
	  "2 session/illegal-transition=why;1 trace/unused-suppression~;"
	  "2 trace/unused-suppression~;3 trace/unused-suppression~;" },
	{ "a rule that is off is not asked for",
	  "session=1 event=Created allow=undocumented-transition" WHY "\n"
	  "session=1 event=Terminated allow=undocumented-transition,gap" WHY "\n",
	  "2 trace/unused-suppression~;" },
	{ "a record that cannot be read answers for nothing",
	  "seq=1 session=1 event=Created\n"
	  "seq=3 session=1 event=Logn allow=gap,illegal-transition" WHY "\n",
	  "2 trace/malformed;2 trace/gap~;" },
	{ "a record whose answer cannot be read is none",
	  "session=1 event=Created\n"
	  "session=1 event=Logon allow=malformed" WHY "\n"
	  "session=1 event=Terminated\n",
	  "2 trace/malformed;" },
};

struct seen {
	const char *asked; /* rules that suppress() was asked about since the last finding */
	char found[1 << 16];
	size_t size;
	unsigned counted[64], suppressed;
};

static void on_suppress(void *userdata, struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->asked = "~";
	/* what the trace answers for is not to be asked about */
	if (finding->suppression != SESSIONLINT_SUPPRESSION_NONE)
		seen->asked = "~~";
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;
	bool answered = finding->suppression == SESSIONLINT_SUPPRESSION_TRACE;
	int size = snprintf(seen->found + seen->size, sizeof seen->found - seen->size,
			    "%" PRIu64 " %s%s%.*s%s;", finding->line,
			    sessionlint_rule_info(finding->rule)->name, answered ? "=" : "",
			    answered ? (int)finding->reason.size : 0,
			    answered ? finding->reason.data : "", seen->asked);

	if (size > 0 && seen->size + (size_t)size < sizeof seen->found)
		seen->size += (size_t)size;
	seen->asked = "";
	seen->counted[finding->rule] += !answered;
	seen->suppressed += answered;
	return 0;
}

static struct sessionlint *run_new(struct seen *seen)
{
	struct sessionlint *run = NULL;

	memset(seen, 0, sizeof *seen);
	seen->asked = "";
	if (sessionlint_new(&run) < 0)
		exit(1);
	sessionlint_set_severity(run, SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION,
				 SESSIONLINT_SEVERITY_OFF);
	sessionlint_set_suppress(run, on_suppress, seen);
	sessionlint_set_report(run, on_finding, seen);
	return run;
}

/* Checks what has been written to @file, and closes it. */
static bool file_check(struct sessionlint *run, FILE *file)
{
	bool good = fflush(file) == 0 && lseek(fileno(file), 0, SEEK_SET) == 0 &&
		    sessionlint_check_descriptor(run, fileno(file), "x") == 0;

	fclose(file);
	return good;
}

/* Checks @size bytes of a trace. */
static bool run_check(struct sessionlint *run, const char *trace, size_t size)
{
	FILE *file = tmpfile();

	return file && fwrite(trace, 1, size, file) == size && file_check(run, file);
}

static void test_cases(void)
{
	static struct seen seen;

	for (unsigned i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct sessionlint *run = run_new(&seen);
		bool good = run_check(run, cases[i].trace, strlen(cases[i].trace)), counted = true;

		for (unsigned rule = 0; rule < sessionlint_rule_count(); rule++)
			counted &= sessionlint_findings_of(run, rule) == seen.counted[rule];
		if (!tap_ok(good && strcmp(seen.found, cases[i].found) == 0, "%s",
			    cases[i].claim)) {
			tap_note("want %s", cases[i].found);
			tap_note("have %s", seen.found);
		}
		tap_ok(counted && sessionlint_total(run, SESSIONLINT_TOTAL_SUPPRESSED) ==
					  seen.suppressed,
		       "and is counted as it is told");
		sessionlint_free(run);
	}
}

static void test_logs(void)
{
	static struct seen seen;
	static const char one[] = "session=1 event=Created\n"
				  "session=1 event=Logon allow=illegal-transition" WHY "\n"
				  "session=1 event=Terminated\n";
	static const char other[] = "session=1 event=Created\nsession=1 event=Logon\n"
				    "session=1 event=Terminated allow=gap" WHY "\n";
	struct sessionlint *run = run_new(&seen);

	tap_ok(run_check(run, one, strlen(one)) && run_check(run, other, strlen(other)) &&
		       run_check(run, one, strlen(one)) &&
		       strcmp(seen.found, "2 session/illegal-transition=why;"
					  "2 session/illegal-transition~;"
					  "3 trace/unused-suppression~;"
					  "2 session/illegal-transition=why;") == 0,
	       "what a log answers for, another does not: the same line of it neither");
	sessionlint_free(run);
}

static void test_life(void)
{
	static struct seen seen;
	static const char trace[] = "session=1 event=Created\n"
				    "session=1 event=Logon allow=illegal-transition" WHY "\n"
				    "session=1 event=Terminated\n";
	struct sessionlint *run = run_new(&seen);

	tap_ok(run_check(run, trace, strlen(trace)) &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_VIOLATING) == 1 &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_CONFORMING) == 0,
	       "a life breaks the model whoever answers for it");
	sessionlint_free(run);
}

static int nothing_more(void *userdata, const struct sessionlint_finding *finding)
{
	unsigned *told = userdata;

	(void)finding;
	++*told;
	return -1;
}

static void test_stop(void)
{
	static const char trace[] = "session=1 event=Created allow=gap" WHY "\n"
				    "session=1 event=Logon\n"
				    "session=1 event=Terminated allow=gap" WHY "\n";
	struct sessionlint *run;
	unsigned told = 0;

	if (sessionlint_new(&run) < 0)
		exit(1);
	sessionlint_set_report(run, nothing_more, &told);
	tap_ok(!run_check(run, trace, strlen(trace)) && told == 1,
	       "behind the end of a run nothing is told of");
	sessionlint_free(run);
}

#define MANY 100000

/* Long reasons of any bytes, many records, and a trace out of order. */
static void test_many(void)
{
	static struct seen seen;
	struct sessionlint *run = run_new(&seen);
	FILE *file = tmpfile();
	bool good;

	if (!file)
		exit(1);
	for (unsigned i = 0; i < MANY; i++)
		fprintf(file,
			"seq=%u host=h%u session=%u event=Created allow=unfinished%s "
			"allow_reason=\"\\u0000\\u001b[2J%%s \\u202e %u %.*s\"\n",
			i ^ 3U, i % 7, i, i % 2 ? "" : ",gap", i, (int)(i % 50),
			"xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");
	good = file_check(run, file);
	tap_ok(good && sessionlint_total(run, SESSIONLINT_TOTAL_SUPPRESSED) == MANY &&
		       sessionlint_total(run, SESSIONLINT_TOTAL_UNREADABLE) == 0 &&
		       sessionlint_findings_of(run, SESSIONLINT_RULE_UNFINISHED) == 0,
	       "%d records answer for what is found at the end", MANY);
	tap_ok(sessionlint_findings_of(run, SESSIONLINT_RULE_UNUSED_SUPPRESSION) == MANY / 2,
	       "half of them for something else as well");
	sessionlint_free(run);
}

int main(void)
{
	test_cases();
	test_logs();
	test_life();
	test_stop();
	test_many();
	return tap_done();
}
