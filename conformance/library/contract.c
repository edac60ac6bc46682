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

#define FAR INT_MAX

struct caller {
	struct sessionlint *run;
	FILE *file;
	unsigned findings, malformed;
	int checked, checked_file, judged, freed;
	uint64_t offset;
	char message[200];
};

static struct sessionlint *run_new(struct sessionlint_options *options, struct caller *caller)
{
	options->userdata = caller;
	if (sessionlint_new(options, &caller->run) < 0)
		exit(1);
	return caller->run;
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

static void test_options(void)
{
	struct sessionlint_options good, bad;
	struct sessionlint *const untouched = (struct sessionlint *)&good, *run = untouched;

	sessionlint_options_init(&good, false);
	for (int far = -1; far != 0; far = far == FAR ? 0 : FAR) {
		bad = good;
		bad.start = (enum sessionlint_start)far;
		tap_ok(sessionlint_new(&bad, &run) == -EINVAL, "start %d", far);
		bad = good;
		bad.source = (enum sessionlint_source)far;
		tap_ok(sessionlint_new(&bad, &run) == -EINVAL, "source %d", far);
		bad = good;
		bad.severities[SESSIONLINT_RULE_GAP] = (enum sessionlint_severity)far;
		tap_ok(sessionlint_new(&bad, &run) == -EINVAL, "severity %d", far);
		bad = good;
		bad.pointer_size = (unsigned)far;
		tap_ok(sessionlint_new(&bad, &run) == -EINVAL, "pointers of %u bytes",
		       (unsigned)far);
	}
	bad = good;
	bad.source = (enum sessionlint_source)SESSIONLINT_SOURCES;
	tap_ok(sessionlint_new(&bad, &run) == -EINVAL, "the source after the last");
	bad = good;
	bad.severities[SESSIONLINT_RULES - 1] = (enum sessionlint_severity)4;
	tap_ok(sessionlint_new(&bad, &run) == -EINVAL, "the severity after the last");
	for (unsigned size = 0; size < 20; size++) {
		bad = good;
		bad.pointer_size = size;
		if (size == 4 || size == 8)
			continue;
		tap_ok(sessionlint_new(&bad, &run) == -EINVAL, "pointers of %u bytes", size);
	}
	tap_ok(run == untouched, "the result is untouched");
	tap_ok(sessionlint_free(NULL) == 0, "no run can be freed");
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
	tap_ok(sessionlint_model_next((enum sessionlint_source)SESSIONLINT_SOURCES,
				      SESSIONLINT_TOLERANCE_KNOWN, 1, 1) == 0 &&
		       sessionlint_model_next(SESSIONLINT_SOURCE_WDM,
					      (enum sessionlint_tolerance)SESSIONLINT_TOLERANCES, 1,
					      1) == 0,
	       "those after the last allow nothing");
}

/* ---- callbacks ---- */

static void misuse(struct caller *caller)
{
	caller->checked = sessionlint_check_descriptor(caller->run, fileno(caller->file), "again");
	caller->checked_file = sessionlint_check_file(caller->run, "nowhere");
	caller->judged = sessionlint_check_judged(caller->run, "again");
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
	       caller->judged == -EBUSY && caller->freed == -EBUSY;
}

static void test_callbacks(void)
{
	static const char trace[] = "session=1 event=Created\nsession=1 event=Logon\n";
	struct sessionlint_options options;
	struct caller caller = { 0 };
	char *large = malloc(4 << 20);

	if (!large)
		exit(1);
	for (size_t at = 0; at + 24 <= 4 << 20; at += 24)
		memcpy(large + at, "session=1 event=Created\n", 24);
	for (unsigned which = 0; which < 4; which++) {
		static const char *const names[] = { "report", "suppress", "observe", "progress" };
		int r;

		sessionlint_options_init(&options, false);
		options.report = which == 0 ? on_finding : NULL;
		options.suppress = which == 1 ? on_suppress : NULL;
		options.observe = which == 2 ? on_step : NULL;
		options.progress = which == 3 ? on_progress : NULL;
		caller = (struct caller) { 0 };
		caller.file = which == 3 ? file_with("", large, 4 << 20)
					 : file_with("", trace, sizeof trace - 1);
		run_new(&options, &caller);
		r = sessionlint_check_descriptor(caller.run, fileno(caller.file), "trace");
		tap_ok(r == 0 && are_busy(&caller), "%s: the run is busy", names[which]);
		tap_ok(sessionlint_totals(caller.run)->files == 1 &&
			       sessionlint_free(caller.run) == 0,
		       "%s: and goes on, and can be freed behind it", names[which]);
		fclose(caller.file);
	}
	free(large);
	caller = (struct caller) { 0 };
	caller.file = file_with("", "marker=boot\n", 12);
	sessionlint_options_init(&options, false);
	options.report = on_finding;
	run_new(&options, &caller);
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
	struct sessionlint_options options;
	struct caller caller = { .file = file_with("", trace, sizeof trace - 1) };

	sessionlint_options_init(&options, false);
	options.suppress = on_spoil;
	options.report = on_spoilt;
	run_new(&options, &caller);
	sessionlint_check_descriptor(caller.run, fileno(caller.file), "trace");
	tap_ok(caller.findings == 1 &&
		       sessionlint_totals(caller.run)->severities[SESSIONLINT_SEVERITY_ERROR] == 1,
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
	struct sessionlint_options options;
	struct caller caller = { 0 };
	int r;

	if (!text)
		exit(1);
	for (size_t i = 0; i < count; i++)
		memcpy(text + i * size, line, size);
	caller.file = file_with("", text, count * size);
	sessionlint_options_init(&options, false);
	options.report = on_malformed;
	run_new(&options, &caller);
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
	struct sessionlint_options options;
	struct caller caller = { 0 };
	FILE *file = file_with("something else that is no trace\n", trace, sizeof trace - 1);
	int r;

	sessionlint_options_init(&options, false);
	options.report = on_malformed;
	run_new(&options, &caller);
	r = sessionlint_check_descriptor(caller.run, fileno(file), "trace");
	tap_ok(r == 0 && caller.malformed == 1 && caller.offset == 24 &&
		       sessionlint_totals(caller.run)->bytes == sizeof trace - 1,
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

static void check_log(struct caller *caller, struct sessionlint_totals *ret_totals)
{
	struct sessionlint_options options;

	sessionlint_options_init(&options, false);
	options.report = on_count;
	run_new(&options, caller);
	if (sessionlint_check_descriptor(caller->run, fileno(caller->file), "log.evtx") < 0)
		exit(1);
	*ret_totals = *sessionlint_totals(caller->run);
	sessionlint_free(caller->run);
	fclose(caller->file);
}

static void test_evtx_position(const char *bytes, size_t size)
{
	struct sessionlint_totals whole, behind;
	struct caller first = { .file = file_with("", bytes, size) };
	struct caller second = { .file = file_with("what stands before it", bytes, size) };

	check_log(&first, &whole);
	check_log(&second, &behind);
	tap_ok(whole.events > 0 && memcmp(&whole, &behind, sizeof whole) == 0 &&
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
	struct sessionlint_options options;
	struct caller caller = { .file = file_with("", bytes, size) };

	if (ftruncate(fileno(caller.file), 64 << 20) < 0)
		exit(1);
	sessionlint_options_init(&options, false);
	options.progress = on_megabytes;
	run_new(&options, &caller);
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
	test_options();
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
