/* SPDX-License-Identifier: MIT */
/* What a program can do that has the public header and the shared library, and nothing else. */
#include <sessionlint.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#ifdef _WIN32
#include <fcntl.h>
#include <io.h>
#define pipe(ends) _pipe(ends, 65536, _O_BINARY)
#endif

#include "tap.h"
#include "totals.h"

struct seen {
	unsigned count;
	enum sessionlint_rule rule;
	uint64_t line;
	int answer;
};

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct seen *seen = userdata;

	seen->count++;
	seen->rule = finding->rule;
	seen->line = finding->line;
	return seen->answer;
}

/* Checks @trace through a pipe; the result is that of the library. */
static int check(const char *trace, struct seen *seen, struct totals *ret_totals)
{
	struct sessionlint *run;
	int ends[2], r;

	if (pipe(ends) < 0 || sessionlint_new(&run) < 0)
		return -ENOMEM;
	sessionlint_set_report(run, on_finding, seen);
	if (write(ends[1], trace, (unsigned)strlen(trace)) != (int)strlen(trace))
		return -EIO;
	close(ends[1]);
	r = sessionlint_check_descriptor(run, ends[0], "pipe");
	close(ends[0]);
	totals_read(run, ret_totals);
	sessionlint_free(run);
	return r;
}

static void test_model(void)
{
	sessionlint_belief created = 1U << (SESSIONLINT_STATE_CREATED - 1);
	sessionlint_belief connected = 1U << (SESSIONLINT_STATE_CONNECTED - 1);

	tap_ok(sessionlint_model_next(SESSIONLINT_SOURCE_WDM, SESSIONLINT_TOLERANCE_PUBLISHED,
				      created, SESSIONLINT_EVENT_CONNECTED) == connected,
	       "Created --Connected--> Connected");
	tap_ok(sessionlint_model_next(SESSIONLINT_SOURCE_WDM, SESSIONLINT_TOLERANCE_PUBLISHED,
				      created, SESSIONLINT_EVENT_LOGON) == SESSIONLINT_BELIEF_NONE,
	       "Logon is illegal in Created");
	tap_ok(sessionlint_model_allowed(SESSIONLINT_SOURCE_WDM, SESSIONLINT_TOLERANCE_PUBLISHED,
					 created) ==
		       (1U << SESSIONLINT_EVENT_CONNECTED | 1U << SESSIONLINT_EVENT_DISCONNECTED |
			1U << SESSIONLINT_EVENT_TERMINATED),
	       "three events are allowed in Created");
	tap_ok(sessionlint_model_next(SESSIONLINT_SOURCE_WDM, SESSIONLINT_TOLERANCE_PUBLISHED,
				      created, 99) == SESSIONLINT_BELIEF_NONE,
	       "an event outside the enumeration leads nowhere");
}

static void test_names(void)
{
	enum sessionlint_rule rule = SESSIONLINT_RULE_GAP;
	unsigned event = 42, state = 42;

	tap_ok(sessionlint_event_parse(SESSIONLINT_SOURCE_WDM, "iosessioneventLOGON", 19, &event) ==
			       0 &&
		       event == SESSIONLINT_EVENT_LOGON,
	       "full names are read in any case");
	tap_ok(sessionlint_state_parse("DisconnectedLoggedOn", 20, &state) == 0 &&
		       state == SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON,
	       "short names are read");
	event = 42;
	tap_ok(sessionlint_event_parse(SESSIONLINT_SOURCE_WDM, "Logn", 4, &event) == -EINVAL &&
		       event == 42,
	       "an unknown name is refused and the result untouched");
	tap_ok(sessionlint_event_parse(SESSIONLINT_SOURCE_WTS, "8", 1, &event) == 0 &&
		       event == SESSIONLINT_EVENT_IGNORE,
	       "numbers are the source's own: 8 of wts is unlock");
	tap_ok(!sessionlint_event_name(8) && !sessionlint_state_name(0) &&
		       !sessionlint_source_name(99) &&
		       !sessionlint_rule_info(sessionlint_rule_count()),
	       "there is no name for a number that is none");
	tap_ok(sessionlint_rule_parse("wrong-state", 11, &rule) == 0 &&
		       rule == SESSIONLINT_RULE_WRONG_STATE,
	       "a rule is found by the short part of its name");
}

#ifdef _WIN32
#define EMPTY_FILE "NUL"
#else
#define EMPTY_FILE "/dev/null"
#endif

/* Files of one log that have nothing. */
static int check_nothing(void)
{
	const char *const paths[] = { EMPTY_FILE, EMPTY_FILE };
	struct sessionlint *run;
	size_t part = 0;
	int r;

	if (sessionlint_new(&run) < 0)
		return 0;
	r = sessionlint_check_parts(run, paths, 2, &part);
	sessionlint_free(run);
	return part == 2 ? r : 0;
}

static void test_check(void)
{
	struct seen seen = { 0 };
	struct totals totals;

	tap_ok(check("session=1 event=Created\nsession=1 event=Logon\n", &seen, &totals) == 0 &&
		       seen.count == 2 && totals.rules[SESSIONLINT_RULE_ILLEGAL_TRANSITION] == 1 &&
		       totals.of[SESSIONLINT_TOTAL_VIOLATING] == 1 &&
		       totals.of[SESSIONLINT_TOTAL_INCARNATIONS] == 1,
	       "a trace through a pipe is checked");
	seen = (struct seen) { .answer = -ECANCELED };
	tap_ok(check("session=1 event=Logon\nsession=2 event=Logon\n", &seen, &totals) ==
			       -ECANCELED &&
		       seen.count == 1 && seen.line == 1,
	       "the caller can end a run");
	seen = (struct seen) { .answer = -ECANCELED };
	tap_ok(check("session=1 event=Logoff from=Connected\n", &seen, &totals) == -ECANCELED &&
		       seen.count == 1 && seen.rule == SESSIONLINT_RULE_WRONG_STATE,
	       "also at the first of two findings of one record");
	seen = (struct seen) { 0 };
	seen = (struct seen) { .answer = -ECANCELED };
	tap_ok(check("host=a seq=1 session=1 event=Created\nsession=1 event=Created\n"
		     "host=a seq=3 session=2 event=Logon\nhost=b seq=1 session=1 event=Logon\n",
		     &seen, &totals) == -ECANCELED &&
		       seen.count == 1 && seen.line == 4,
	       "also while a record waits for another");
	seen = (struct seen) { .answer = -ECANCELED };
	tap_ok(check("seq=3 session=1 event=Logon\nseq=5 session=2 event=Logon\n"
		     "seq=4 session=3 event=Logon\nseq=9 session=4 event=Logon\n",
		     &seen, &totals) == -ECANCELED &&
		       seen.count == 1 && seen.line == 1,
	       "also at the end, where all that waits is judged");
	seen = (struct seen) { .answer = -ECANCELED };
	tap_ok(check("session=1 event=Created\nsession=2 event=Created\n", &seen, &totals) ==
			       -ECANCELED &&
		       seen.count == 1 && seen.rule == SESSIONLINT_RULE_UNFINISHED,
	       "also by a session that has not ended");
	seen = (struct seen) { .answer = -ECANCELED };
	tap_ok(check("session=1 event=Created allow=wrong-state allow_reason=known\n"
		     "session=1 event=Terminated\n",
		     &seen, &totals) == -ECANCELED &&
		       seen.count == 1 && seen.rule == SESSIONLINT_RULE_UNUSED_SUPPRESSION,
	       "also by the last of all, a suppression of nothing");
	seen = (struct seen) { .answer = -ECANCELED };
	tap_ok(check("call=IoRegisterContainerNotification io=A registration=R mask=all status=0\n"
		     "call=IoRegisterContainerNotification io=B registration=S mask=logon,logoff "
		     "status=0\n"
		     "notify=Logon io=A session=1\nnotify=Logon io=B session=1\n"
		     "notify=Logoff io=B session=1\nnotify=Logon io=B session=1\n"
		     "notify=Disconnected io=A session=1\n"
		     "call=IoUnregisterContainerNotification registration=S\n"
		     "call=IoUnregisterContainerNotification registration=R\n"
		     "session=2 event=Logon from=Terminated\n",
		     &seen, &totals) == -ECANCELED &&
		       seen.count == 1 && seen.rule == SESSIONLINT_RULE_MISSED,
	       "also when notifications are compared at the end of a registration");
	seen = (struct seen) { 0 };
	tap_ok(check("", &seen, &totals) == -ENODATA, "nothing is -ENODATA");
	tap_ok(check("# only a remark\n", &seen, &totals) == -ENODATA,
	       "text without records is -ENODATA");
	tap_ok(check_nothing() == -ENODATA, "files of one log, without a record, are -ENODATA");
	tap_ok(check("\x7f\x45\x4c\x46\x02\x01", &seen, &totals) == -EBADMSG,
	       "bytes that are no text are -EBADMSG");
	tap_ok(check("what is this?\n", &seen, &totals) == -EBADMSG &&
		       totals.of[SESSIONLINT_TOTAL_UNREADABLE] == 0,
	       "text that holds no record is -EBADMSG");
	tap_ok(check("session=1 event=?\n", &seen, &totals) == 0 &&
		       totals.of[SESSIONLINT_TOTAL_UNREADABLE] == 1,
	       "a record that makes no sense is malformed");
}

int main(void)
{
	char version[40];

	tap_ok(strcmp(sessionlint_version(), SESSIONLINT_VERSION) == 0,
	       "the version is the project's");
	snprintf(version, sizeof version, "%d.%d.%d", SESSIONLINT_VERSION_MAJOR,
		 SESSIONLINT_VERSION_MINOR, SESSIONLINT_VERSION_PATCH);
	tap_ok(strcmp(version, SESSIONLINT_VERSION) == 0, "and that of the header");
	tap_ok(sessionlint_version_number() == SESSIONLINT_VERSION_NUMBER &&
		       SESSIONLINT_VERSION_NUMBER == 1000000 * SESSIONLINT_VERSION_MAJOR +
							     1000 * SESSIONLINT_VERSION_MINOR +
							     SESSIONLINT_VERSION_PATCH,
	       "also as a number");
	test_model();
	test_names();
	test_check();
	return tap_done();
}
