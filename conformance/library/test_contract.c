/* SPDX-License-Identifier: MIT */
/* What the header promises where a caller does what it should not, or the log changes. */
#include <sessionlint.h>

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "tap.h"
#include "totals.h"

#define FAR  INT_MAX
#define HOUR 36000000000U /* in 100 ns */

struct caller {
	struct sessionlint *run;
	FILE *file;
	unsigned findings, malformed;
	int checked, checked_file, judged, freed;
	bool settled;
	uint64_t offset;
	char message[200];
};

/* Begins a run that reports to @caller, or to nobody. */
static void run_new(struct caller *caller, sessionlint_report_callback *report)
{
	if (sessionlint_new(&caller->run) < 0)
		exit(1);
	sessionlint_set_report(caller->run, report, caller);
}

/* A file with @size bytes at its position, and that position. */
static FILE *file_with(const char *before, const char *bytes, size_t size)
{
	FILE *file = tmpfile();

	if (!file || fwrite(before, 1, strlen(before), file) != strlen(before) ||
	    fwrite(bytes, 1, size, file) != size || fflush(file) != 0 ||
	    lseek(fileno(file), (off_t)strlen(before), SEEK_SET) < 0)
		exit(1);
	return file;
}

/* ---- numbers out of range ---- */

static void test_settings(void)
{
	struct caller caller;
	struct sessionlint *run;

	run_new(&caller, NULL);
	run = caller.run;
	for (int far = -1; far != 0; far = far == FAR ? 0 : FAR) {
		tap_ok(sessionlint_set_start(run, (enum sessionlint_start)far) == -EINVAL,
		       "start %d", far);
		tap_ok(sessionlint_set_source(run, (enum sessionlint_source)far) == -EINVAL,
		       "source %d", far);
		tap_ok(sessionlint_set_severity(run, SESSIONLINT_RULE_GAP,
						(enum sessionlint_severity)far) == -EINVAL,
		       "severity %d", far);
		tap_ok(sessionlint_set_severity(run, (enum sessionlint_rule)far,
						SESSIONLINT_SEVERITY_NOTE) == -EINVAL,
		       "rule %d", far);
		tap_ok(sessionlint_total(run, (unsigned)far) == 0 &&
			       !sessionlint_total_name((unsigned)far) &&
			       sessionlint_findings_of(run, (unsigned)far) == 0,
		       "count %d", far);
		tap_ok(sessionlint_set_together(run, (enum sessionlint_together)far) == -EINVAL,
		       "together %d", far);
		tap_ok(sessionlint_set_pointer_size(run, (unsigned)far) == -EINVAL,
		       "pointers of %u bytes", (unsigned)far);
	}
	tap_ok(sessionlint_set_source(
		       run, (enum sessionlint_source)(SESSIONLINT_SOURCE_ACCOUNT + 1)) == -EINVAL,
	       "the source after the last");
	tap_ok(sessionlint_set_severity(run, SESSIONLINT_RULE_GAP, (enum sessionlint_severity)4) ==
		       -EINVAL,
	       "the severity after the last");
	tap_ok(sessionlint_set_severity(run, (enum sessionlint_rule)sessionlint_rule_count(),
					SESSIONLINT_SEVERITY_NOTE) == -EINVAL,
	       "the rule after the last");
	tap_ok(sessionlint_set_window(run, HOUR) == 0 &&
		       sessionlint_set_window(run, HOUR + 1) == -EINVAL,
	       "a window of more than an hour");
	for (unsigned size = 0; size < 20; size++)
		tap_ok(sessionlint_set_pointer_size(run, size) ==
			       (size == 4 || size == 8 ? 0 : -EINVAL),
		       "pointers of %u bytes", size);
	tap_ok(sessionlint_free(run) == 0 && sessionlint_free(NULL) == 0, "no run can be freed");
}

static bool are_defaults(const struct sessionlint *run, bool strict)
{
	bool same = true;

	for (unsigned rule = 0; rule < sessionlint_rule_count(); rule++) {
		const struct sessionlint_rule_info *info = sessionlint_rule_info(rule);

		same &= sessionlint_rule_severity(run, rule) ==
			(strict ? info->strict_severity : info->severity);
	}
	return same;
}

static void test_severities(void)
{
	struct caller caller;

	run_new(&caller, NULL);
	tap_ok(are_defaults(caller.run, false), "each rule begins with its default severity");
	tap_ok(sessionlint_set_strict(caller.run, true) == 0 && are_defaults(caller.run, true),
	       "with strict, with the stricter one");
	tap_ok(sessionlint_set_severity(caller.run, SESSIONLINT_RULE_GAP,
					SESSIONLINT_SEVERITY_ERROR) == 0 &&
		       sessionlint_rule_severity(caller.run, SESSIONLINT_RULE_GAP) ==
			       SESSIONLINT_SEVERITY_ERROR,
	       "one rule can be set");
	tap_ok(sessionlint_set_strict(caller.run, false) == 0 && are_defaults(caller.run, false),
	       "and all set back");
	tap_ok(sessionlint_rule_severity(caller.run, sessionlint_rule_count()) ==
		       SESSIONLINT_SEVERITY_OFF,
	       "what is no rule is off");
	sessionlint_free(caller.run);
}

/* All setters, of which @of_findings decide what is found. Returns whether each returned that. */
static bool set_all(struct sessionlint *run, int of_findings, int callbacks)
{
	static const char baseline[] =
		"{\"baseline\":\"sessionlint\",\"version\":1,\"entries\":[]}";
	struct sessionlint_baseline_error error;

	return sessionlint_set_strict(run, false) == of_findings &&
	       sessionlint_set_severity(run, SESSIONLINT_RULE_GAP, SESSIONLINT_SEVERITY_NOTE) ==
		       of_findings &&
	       sessionlint_set_start(run, SESSIONLINT_START_AUTO) == of_findings &&
	       sessionlint_set_source(run, SESSIONLINT_SOURCE_WDM) == of_findings &&
	       sessionlint_set_pointer_size(run, 8) == of_findings &&
	       sessionlint_set_reorder(run, 0) == of_findings &&
	       sessionlint_set_reverse(run, false) == of_findings &&
	       sessionlint_set_recover(run, false) == of_findings &&
	       sessionlint_set_anonymize(run, false) == of_findings &&
	       sessionlint_set_together(run, SESSIONLINT_TOGETHER_OFF) == of_findings &&
	       sessionlint_set_window(run, 0) == of_findings &&
	       sessionlint_set_baseline(run, baseline, strlen(baseline), 0, &error) ==
		       of_findings &&
	       sessionlint_add_filter(run, SESSIONLINT_FILTER_SESSION, "1", 1) == callbacks &&
	       sessionlint_set_observe(run, NULL, NULL) == callbacks &&
	       sessionlint_set_annotate(run, NULL, NULL) == callbacks &&
	       sessionlint_set_progress(run, NULL, NULL) == callbacks &&
	       sessionlint_set_suppress(run, NULL, NULL) == callbacks &&
	       sessionlint_set_report(run, NULL, NULL) == callbacks;
}

static void test_begun(void)
{
	struct caller caller = { .file = file_with("", "session=1 event=Created\n", 24) };

	run_new(&caller, NULL);
	tap_ok(set_all(caller.run, 0, 0), "before the first log all can be set");
	sessionlint_check_descriptor(caller.run, fileno(caller.file), "trace");
	tap_ok(set_all(caller.run, -EBUSY, 0), "after it only the callbacks");
	tap_ok(sessionlint_set_pointer_size(caller.run, 3) == -EBUSY,
	       "which is said before a value out of range");
	sessionlint_free(caller.run);
	fclose(caller.file);
}

static void test_model(void)
{
	for (int far = -1; far != 0; far = far == FAR ? 0 : FAR) {
		enum sessionlint_source source = (enum sessionlint_source)far;
		enum sessionlint_tolerance tolerance = (enum sessionlint_tolerance)far;
		unsigned event = 42;

		tap_ok(sessionlint_model_next(source, SESSIONLINT_TOLERANCE_KNOWN, 1, 1) == 0 &&
			       sessionlint_model_closure(source, SESSIONLINT_TOLERANCE_KNOWN, 1) ==
				       0 &&
			       sessionlint_model_allowed(source, SESSIONLINT_TOLERANCE_KNOWN, 1) ==
				       0,
		       "source %d allows nothing", far);
		tap_ok(sessionlint_model_next(SESSIONLINT_SOURCE_WDM, tolerance, 1, 1) == 0 &&
			       sessionlint_model_closure(SESSIONLINT_SOURCE_WDM, tolerance, 1) ==
				       0 &&
			       sessionlint_model_allowed(SESSIONLINT_SOURCE_WDM, tolerance, 1) == 0,
		       "tolerance %d allows nothing", far);
		tap_ok(sessionlint_event_parse(source, "Logon", 5, &event) == -EINVAL &&
			       event == 42,
		       "source %d has no events", far);
		tap_ok(!sessionlint_event_name((unsigned)far) &&
			       !sessionlint_state_name((unsigned)far) &&
			       !sessionlint_source_name((unsigned)far) &&
			       !sessionlint_severity_name((unsigned)far) &&
			       !sessionlint_rule_info((unsigned)far),
		       "%u has no name", (unsigned)far);
	}
	tap_ok(sessionlint_model_next((enum sessionlint_source)(SESSIONLINT_SOURCE_ACCOUNT + 1),
				      SESSIONLINT_TOLERANCE_KNOWN, 1, 1) == 0 &&
		       sessionlint_model_next(
			       SESSIONLINT_SOURCE_WDM,
			       (enum sessionlint_tolerance)(SESSIONLINT_TOLERANCE_IMPLIED + 1), 1,
			       1) == 0,
	       "those after the last allow nothing");
}

/* ---- callbacks ---- */

static void misuse(struct caller *caller)
{
	caller->checked = sessionlint_check_descriptor(caller->run, fileno(caller->file), "again");
	caller->checked_file = sessionlint_check_file(caller->run, "nowhere");
	caller->judged = sessionlint_check_judged(caller->run, "again");
	caller->settled = set_all(caller->run, -EBUSY, -EBUSY);
	caller->freed = sessionlint_free(caller->run);
}

static int on_finding(void *userdata, const struct sessionlint_finding *finding)
{
	struct caller *caller = userdata;

	(void)finding;
	caller->findings++;
	misuse(caller);
	return 0;
}

static void on_suppress(void *userdata, struct sessionlint_finding *finding)
{
	(void)finding;
	misuse(userdata);
}

static void on_step(void *userdata, const struct sessionlint_step *step)
{
	(void)step;
	misuse(userdata);
}

static void on_progress(void *userdata, const char *file, uint64_t done, uint64_t size)
{
	(void)file, (void)done, (void)size;
	misuse(userdata);
}

static bool are_busy(const struct caller *caller)
{
	return caller->checked == -EBUSY && caller->checked_file == -EBUSY &&
	       caller->judged == -EBUSY && caller->settled && caller->freed == -EBUSY;
}

static void test_callbacks(void)
{
	static const char trace[] = "session=1 event=Created\nsession=1 event=Logon\n";
	struct caller caller = { 0 };
	char *large = malloc(4 << 20);

	if (!large)
		exit(1);
	for (size_t at = 0; at + 24 <= 4 << 20; at += 24)
		memcpy(large + at, "session=1 event=Created\n", 24);
	for (unsigned which = 0; which < 4; which++) {
		static const char *const names[] = { "report", "suppress", "observe", "progress" };
		int r;

		caller = (struct caller) { 0 };
		caller.file = which == 3 ? file_with("", large, 4 << 20)
					 : file_with("", trace, sizeof trace - 1);
		run_new(&caller, which == 0 ? on_finding : NULL);
		sessionlint_set_suppress(caller.run, which == 1 ? on_suppress : NULL, &caller);
		sessionlint_set_observe(caller.run, which == 2 ? on_step : NULL, &caller);
		sessionlint_set_progress(caller.run, which == 3 ? on_progress : NULL, &caller);
		r = sessionlint_check_descriptor(caller.run, fileno(caller.file), "trace");
		tap_ok(r == 0 && are_busy(&caller), "%s: the run is busy", names[which]);
		tap_ok(sessionlint_total(caller.run, SESSIONLINT_TOTAL_FILES) == 1 &&
			       sessionlint_free(caller.run) == 0,
		       "%s: and goes on, and can be freed behind it", names[which]);
		fclose(caller.file);
	}
	free(large);
	caller = (struct caller) { 0 };
	caller.file = file_with("", "marker=boot\n", 12);
	run_new(&caller, on_finding);
	sessionlint_check_descriptor(caller.run, fileno(caller.file), "trace");
	tap_ok(sessionlint_check_judged(caller.run, "trace") == 0 && caller.findings == 1 &&
		       are_busy(&caller),
	       "sessionlint_check_judged: the run is busy");
	tap_ok(sessionlint_free(caller.run) == 0, "and can be freed behind it");
	fclose(caller.file);
}

static void on_spoil(void *userdata, struct sessionlint_finding *finding)
{
	(void)userdata;
	finding->severity = (enum sessionlint_severity)FAR;
	finding->rule = (enum sessionlint_rule)FAR;
	finding->suppression = (enum sessionlint_suppression)FAR;
	finding->history_count = UINT_MAX;
}

static int on_spoilt(void *userdata, const struct sessionlint_finding *finding)
{
	struct caller *caller = userdata;

	caller->findings += finding->rule == SESSIONLINT_RULE_ILLEGAL_TRANSITION &&
			    finding->severity == SESSIONLINT_SEVERITY_ERROR &&
			    finding->suppression == SESSIONLINT_SUPPRESSION_NONE;
	return 0;
}

static void test_spoilt(void)
{
	static const char trace[] = "session=1 event=Created\nsession=1 event=Logon\n";
	struct caller caller = { .file = file_with("", trace, sizeof trace - 1) };

	run_new(&caller, on_spoilt);
	sessionlint_set_suppress(caller.run, on_spoil, &caller);
	sessionlint_check_descriptor(caller.run, fileno(caller.file), "trace");
	tap_ok(caller.findings == 1 && sessionlint_total(caller.run, SESSIONLINT_TOTAL_ERRORS) == 1,
	       "suppress changes nothing but the suppression");
	sessionlint_free(caller.run);
	fclose(caller.file);
}

/* ---- the log ---- */

static int on_malformed(void *userdata, const struct sessionlint_finding *finding)
{
	struct caller *caller = userdata;

	caller->findings++;
	/* at the first finding, most of it has yet to be read */
	if (caller->findings == 1 && caller->file && ftruncate(fileno(caller->file), 1 << 19) < 0)
		exit(1);
	if (finding->rule == SESSIONLINT_RULE_MALFORMED) {
		caller->malformed++;
		caller->offset = finding->offset;
		snprintf(caller->message, sizeof caller->message, "%.*s",
			 (int)finding->message.size, finding->message.data);
	}
	return 0;
}

static void test_truncated(const char *name, const char *line, size_t size)
{
	size_t count = (2 << 20) / size;
	char *text = malloc(count * size);
	struct caller caller = { 0 };
	int r;

	if (!text)
		exit(1);
	for (size_t i = 0; i < count; i++)
		memcpy(text + i * size, line, size);
	caller.file = file_with("", text, count * size);
	run_new(&caller, on_malformed);
	r = sessionlint_check_descriptor(caller.run, fileno(caller.file), "trace");
	tap_ok(r == 0 && strstr(caller.message, "truncated while it was being read") &&
		       caller.offset == 1 << 19,
	       "%s: a log that is truncated while it is read says so: %s", name, caller.message);
	sessionlint_free(caller.run);
	fclose(caller.file);
	free(text);
}

static void test_position(void)
{
	static const char trace[] = "session=1 event=Created\nsession=1 event=Logn\n";
	struct caller caller = { 0 };
	FILE *file = file_with("something else that is no trace\n", trace, sizeof trace - 1);
	int r;

	run_new(&caller, on_malformed);
	r = sessionlint_check_descriptor(caller.run, fileno(file), "trace");
	tap_ok(r == 0 && caller.malformed == 1 && caller.offset == 24 &&
		       sessionlint_total(caller.run, SESSIONLINT_TOTAL_BYTES) == sizeof trace - 1,
	       "a text log is read from where the descriptor is: %s", caller.message);
	sessionlint_free(caller.run);
	fclose(file);
}

/* ---- .evtx ---- */

static char *load(const char *path, size_t *ret_size)
{
	FILE *file = fopen(path, "rb");
	char *bytes = malloc(1 << 20);

	if (!file || !bytes)
		exit(1);
	*ret_size = fread(bytes, 1, 1 << 20, file);
	fclose(file);
	return bytes;
}

static int on_count(void *userdata, const struct sessionlint_finding *finding)
{
	struct caller *caller = userdata;

	/* where it is, and what it says */
	caller->findings++;
	caller->offset = caller->offset * 31 + finding->offset + finding->message.size;
	return 0;
}

static void check_log(struct caller *caller, struct totals *ret_totals)
{
	run_new(caller, on_count);
	if (sessionlint_check_descriptor(caller->run, fileno(caller->file), "log.evtx") < 0)
		exit(1);
	totals_read(caller->run, ret_totals);
	sessionlint_free(caller->run);
	fclose(caller->file);
}

static void test_evtx_position(const char *bytes, size_t size)
{
	struct totals whole, behind;
	struct caller first = { .file = file_with("", bytes, size) };
	struct caller second = { .file = file_with("what stands before it", bytes, size) };

	check_log(&first, &whole);
	check_log(&second, &behind);
	tap_ok(whole.of[SESSIONLINT_TOTAL_EVENTS] > 0 &&
		       memcmp(&whole, &behind, sizeof whole) == 0 &&
		       first.findings == second.findings && first.offset == second.offset,
	       "an .evtx log is read from where the descriptor is: %u findings", second.findings);
}

static void on_megabytes(void *userdata, const char *file, uint64_t done, uint64_t size)
{
	struct caller *caller = userdata;

	(void)file;
	/* it only grows, and never beyond the end */
	caller->malformed += done < caller->offset || done > size;
	caller->offset = done;
	caller->findings++;
}

static void test_progress(const char *name, const char *bytes, size_t size)
{
	struct caller caller = { .file = file_with("", bytes, size) };

	if (ftruncate(fileno(caller.file), 64 << 20) < 0)
		exit(1);
	run_new(&caller, NULL);
	sessionlint_set_progress(caller.run, on_megabytes, &caller);
	sessionlint_check_descriptor(caller.run, fileno(caller.file), "sparse");
	tap_ok(caller.findings >= 60 && caller.findings <= 70 && caller.malformed == 0,
	       "%s: the holes of a sparse file are passed with %u calls of progress", name,
	       caller.findings);
	sessionlint_free(caller.run);
	fclose(caller.file);
}

int main(int count, char **arguments)
{
	size_t size;
	char *evtx;

	if (count != 2)
		return 1;
	test_settings();
	test_severities();
	test_begun();
	test_model();
	test_callbacks();
	test_spoilt();
	/* a line that is found something about */
	test_truncated("text", "session=1 event=Logon  \n", 24);
	test_truncated("NDJSON", "{\"session\":1,\"event\":\"Logon\"}  \n", 32);
	test_position();
	evtx = load(arguments[1], &size);
	test_evtx_position(evtx, size);
	test_progress(".evtx", evtx, size);
	test_progress("text", "session=1 event=Created\n", 24);
	free(evtx);
	return tap_done();
}
