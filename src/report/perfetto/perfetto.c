/* SPDX-License-Identifier: MIT */
/*
 * Trace events in JSON for ui.perfetto.dev and chrome://tracing: a belief of a session is a slice
 * of its thread, a finding is an instant. Slices of a thread do not overlap.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/text.h"
#include "report/json.h"
#include "report/limit.h"
#include "report/perfetto/time_axis.h"
#include "report/perfetto/tracks.h"
#include "report/reporter.h"
#include "sessionlint.h"
#include "trace/time.h"

/* The same number as on the HTML page. */
#define SLICES_MAX 400000

static const unsigned places[4] = {
	[SESSIONLINT_SEVERITY_NOTE] = 20000,
	[SESSIONLINT_SEVERITY_WARNING] = 60000,
	[SESSIONLINT_SEVERITY_ERROR] = 100000,
};

/* Maximum numbers of slices and findings. */
#define TEXT_MAX ((size_t)64 << 20)

struct perfetto {
	struct json_writer json;
	struct axis axis;
	struct tracks tracks;
	struct fingerprints fingerprints;
	struct limit limit; /* for findings */
	uint32_t slices;
	size_t slice_text;      /* the remaining room */
	uint64_t steps_omitted; /* after the last slice that fits */
	uint64_t cut;           /* the position of that */

	/* the log being read */
	char *log;                     /* NULL at first */
	bool timed;                    /* whether it has times */
	uint64_t now;                  /* position of the last record */
	const struct process *stepped; /* host of the last step, and its number */
	uint32_t host_number;
};

static const char *const kinds[] = {
	[SESSIONLINT_STEP_EVENT] = "event",
	[SESSIONLINT_STEP_SAMPLE] = "sample",
	[SESSIONLINT_STEP_LOST] = "lost",
	[SESSIONLINT_STEP_END] = "end",
};

static const char *const verdicts[] = {
	[SESSIONLINT_VERDICT_LEGAL] = "legal",
	[SESSIONLINT_VERDICT_UNDOCUMENTED] = "undocumented",
	[SESSIONLINT_VERDICT_IMPLIED] = "implied",
	[SESSIONLINT_VERDICT_CONTRADICTED] = "contradicted",
	[SESSIONLINT_VERDICT_ILLEGAL] = "illegal",
};

static int perfetto_begin(struct report_output *output)
{
	struct perfetto *perfetto = calloc(1, sizeof *perfetto);

	if (!perfetto)
		return -ENOMEM;
	tracks_init(&perfetto->tracks);
	fingerprints_init(&perfetto->fingerprints);
	perfetto->limit = (struct limit) { .places = places, .text_room = TEXT_MAX };
	perfetto->slice_text = TEXT_MAX;
	output->state = perfetto;
	json_writer_init(&perfetto->json, output->file, NULL);
	json_open(&perfetto->json, '{');
	json_member_string(&perfetto->json, "displayTimeUnit", "ms");
	json_member_open(&perfetto->json, "traceEvents", '[');
	return 0;
}

/* ---- events ---- */

/* Begins an event with the members that all events have. */
static struct json_writer *begin_event(struct report_output *output, const char *phase,
				       const struct process *process, const struct thread *thread)
{
	struct json_writer *json = &((struct perfetto *)output->state)->json;

	json_line(json, "\n");
	json_open(json, '{');
	json_member_string(json, "ph", phase);
	json_member_number(json, "pid", process->number);
	if (thread)
		json_member_number(json, "tid", thread->number);
	return json;
}

/* Begins metadata of a process or a thread: the caller writes the value of @key in args. */
static struct json_writer *begin_metadata(struct report_output *output, const char *name,
					  const struct process *process,
					  const struct thread *thread, const char *key)
{
	struct json_writer *json = begin_event(output, "M", process, thread);

	json_member_string(json, "name", name);
	json_member_open(json, "args", '{');
	json_key(json, key);
	return json;
}

static void end_metadata(struct json_writer *json)
{
	json_close(json);
	json_close(json);
}

static void write_sort_index(struct report_output *output, const struct process *process,
			     const struct thread *thread, int64_t index)
{
	struct json_writer *json =
		begin_metadata(output, thread ? "thread_sort_index" : "process_sort_index", process,
			       thread, "sort_index");

	json_signed(json, index);
	end_metadata(json);
}

static void write_process(struct report_output *output, const struct process *process)
{
	struct perfetto *perfetto = output->state;
	struct json_writer *json = begin_metadata(output, "process_name", process, NULL, "name");
	FILE *file = json_string_begin(json);

	if (process->host.size > 0) {
		escape_json(file, process->host);
		fputs(" in ", file);
	}
	escape_json(file, path_shown(perfetto->log));
	json_string_end(json);
	end_metadata(json);
	write_sort_index(output, process, NULL, process->number);
}

/* Sessions by id, after the track without a session. */
static void write_thread(struct report_output *output, const struct thread *thread,
			 const struct thread_subject *subject)
{
	struct json_writer *json = begin_metadata(output, "thread_name", thread->process, thread,
						  "name");
	FILE *file = json_string_begin(json);
	int64_t index = 0;

	switch (subject->kind) {
	case THREAD_SESSION:
		fprintf(file, "session %" PRIu32, subject->session);
		if (subject->source != SESSIONLINT_SOURCE_WDM)
			fprintf(file, " (%s)", sessionlint_source_name(subject->source));
		index = subject->session;
		break;
	case THREAD_DRIVER:
		fputs("driver ", file);
		escape_json(file, subject->driver);
		index = -1;
		break;
	case THREAD_LOG:
		fputs("log", file);
		index = -2;
		break;
	}
	json_string_end(json);
	end_metadata(json);
	write_sort_index(output, thread->process, thread, index);
}

/* "Connected or Disconnected"; "unknown" if it can be any. */
static void write_belief(struct json_writer *json, const char *key, sessionlint_belief belief)
{
	const char *before = "";
	FILE *file;

	if (belief == SESSIONLINT_BELIEF_ANY || belief == SESSIONLINT_BELIEF_NONE) {
		json_member_string(json, key, "unknown");
		return;
	}
	json_key(json, key);
	file = json_string_begin(json);
	for (unsigned state = 1; state < SESSIONLINT_STATE_MAX; state++) {
		if (!(belief & 1U << (state - 1)))
			continue;
		fprintf(file, "%s%s", before, sessionlint_state_name(state));
		before = " or ";
	}
	json_string_end(json);
}

/* The name of the event, or its number. */
static void write_event(struct json_writer *json, uint32_t event)
{
	const char *name = sessionlint_event_name(event);

	json_key(json, "event");
	if (name)
		json_string(json, name);
	else
		fprintf(json_value(json), "\"%" PRIu32 "\"", event);
}

/* The states before, the event, and the place in the log. */
static void write_step(struct json_writer *json, const struct sessionlint_step *step)
{
	json_member_open(json, "args", '{');
	json_member_string(json, "step", kinds[step->kind]);
	if (step->kind == SESSIONLINT_STEP_EVENT)
		write_event(json, step->event);
	write_belief(json, "before", step->before);
	if (step->kind != SESSIONLINT_STEP_LOST)
		json_member_string(json, "verdict", verdicts[step->verdict]);
	if (step->unseen)
		json_member_bool(json, "unseen", true);
	json_member_string(json, "file", step->file);
	json_member_number(json, "line", step->line);
	json_member_number(json, "incarnation", step->incarnation);
	if (step->time != SESSIONLINT_NO_TIME) {
		char time[TIME_TEXT_SIZE];

		time_format(step->time, time);
		json_member_string(json, "time", time);
	}
	if (step->boot.size > 0)
		json_member_text(json, "boot", step->boot);
	else if (step->boot_ordinal > 0)
		json_member_number(json, "boot", step->boot_ordinal);
	json_close(json);
}

/* Ends the slice of @thread at @place, but not before its begin. */
static void close_slice(struct report_output *output, struct thread *thread, uint64_t place)
{
	struct perfetto *perfetto = output->state;
	struct json_writer *json = begin_event(output, "X", thread->process, thread);
	uint64_t end = place > thread->start ? place : thread->start;

	axis_write_span(json, thread->start, end);
	json_member_string(json, "cat", "state");
	write_belief(json, "name", thread->step.after);
	write_step(json, &thread->step);
	json_close(json);
	thread_close(&perfetto->tracks, thread, end);
}

/* Ends all slices, or those of @process: a slice lasts as long as its host has records. */
static void close_slices(struct report_output *output, const struct process *process)
{
	struct perfetto *perfetto = output->state;
	struct thread *next;

	for (struct thread *thread = perfetto->tracks.open.first; thread; thread = next) {
		next = thread->next;
		if (!process || thread->process == process)
			close_slice(output, thread, thread->process->now);
	}
}

/* ---- subjects ---- */

/* Begins a log if @file has changed. */
static int follow_log(struct report_output *output, const char *file)
{
	struct perfetto *perfetto = output->state;
	size_t size = strlen(file) + 1;

	if (perfetto->log && strcmp(perfetto->log, file) == 0)
		return 0;
	close_slices(output, NULL);
	tracks_clear(&perfetto->tracks);
	free(perfetto->log);
	perfetto->log = malloc(size);
	if (!perfetto->log)
		return -ENOMEM;
	memcpy(perfetto->log, file, size);
	perfetto->timed = false;
	perfetto->now = AXIS_FIRST;
	perfetto->stepped = NULL;
	return 0;
}

/* The thread of @subject on @host; writes its metadata if it is new. NULL if memory runs out. */
static struct thread *find_thread(struct report_output *output, struct sessionlint_text host,
				  const struct thread_subject *subject)
{
	struct perfetto *perfetto = output->state;
	struct process *process;
	struct thread *thread;
	bool new;

	process = tracks_process(&perfetto->tracks, host, &new);
	if (!process)
		return NULL;
	if (new)
		write_process(output, process);
	thread = tracks_thread(&perfetto->tracks, process, subject, &new);
	if (thread && new)
		write_thread(output, thread, subject);
	return thread;
}

/* The position of a record. One without a time is placed at the previous one, or by its line. */
static uint64_t find_place(struct perfetto *perfetto, uint64_t time, uint64_t line)
{
	if (time != SESSIONLINT_NO_TIME)
		return axis_place(&perfetto->axis, time);
	return perfetto->timed ? perfetto->now : axis_place_line(line);
}

/* ---- steps ---- */

/* A log without hosts can name its own computer later. */
static void follow_name(struct report_output *output, const struct process *process,
			uint32_t host_number)
{
	struct perfetto *perfetto = output->state;

	if (perfetto->stepped && perfetto->stepped != process &&
	    perfetto->host_number == host_number)
		close_slices(output, perfetto->stepped);
	perfetto->stepped = process;
	perfetto->host_number = host_number;
}

/* Whether there is room for one more slice. The first without room ends all open slices: the
 * timeline is complete up to there. */
static bool has_room(struct report_output *output, const struct sessionlint_step *step,
		     uint64_t place)
{
	struct perfetto *perfetto = output->state;
	size_t size = strlen(perfetto->log) + step->boot.size;

	if (perfetto->steps_omitted == 0 && perfetto->slices < SLICES_MAX &&
	    size <= perfetto->slice_text) {
		perfetto->slices++;
		perfetto->slice_text -= size;
		return true;
	}
	if (perfetto->steps_omitted++ == 0) {
		close_slices(output, NULL);
		perfetto->cut = place;
	}
	return false;
}

/* Whether the open slice also shows the belief after the step. */
static bool goes_on(const struct thread *thread, const struct sessionlint_step *step)
{
	if (!thread->open)
		return false;
	if (step->kind == SESSIONLINT_STEP_EVENT && step->event != SESSIONLINT_EVENT_IGNORE)
		return false;
	return thread->step.after == step->after;
}

static int take_step(struct report_output *output, struct thread *thread,
		     const struct sessionlint_step *step, uint64_t place)
{
	static const sessionlint_belief ended = 1U << (SESSIONLINT_STATE_TERMINATED - 1);
	struct perfetto *perfetto = output->state;
	int r;

	/* when the clock is set back, nothing happens until it catches up */
	if (place < thread->now)
		place = thread->now;
	if (thread->open && place < thread->start)
		place = thread->start;
	if (goes_on(thread, step))
		return 0;
	if (thread->open)
		close_slice(output, thread, place);
	if (!has_room(output, step, place))
		return 0;
	r = thread_open(&perfetto->tracks, thread, place, step);
	if (r == 0 && step->after == ended)
		close_slice(output, thread, place);
	return r;
}

static int perfetto_try_step(struct report_output *output, const struct sessionlint_step *step)
{
	const struct thread_subject subject = {
		.kind = THREAD_SESSION,
		.source = step->source,
		.session = step->session,
	};
	struct perfetto *perfetto = output->state;
	struct thread *thread;
	uint64_t place;
	bool seen = step->kind == SESSIONLINT_STEP_EVENT || step->kind == SESSIONLINT_STEP_SAMPLE;
	int r = follow_log(output, step->log);

	/* a session without a record has no position yet */
	if (r < 0 || (!seen && step->line == 0))
		return r;
	place = find_place(perfetto, step->time, step->log_line);
	if (perfetto->steps_omitted > 0) {
		/* nor has a thread without a slice */
		perfetto->steps_omitted += step->kind != SESSIONLINT_STEP_END;
		return 0;
	}
	thread = find_thread(output, step->host, &subject);
	if (!thread)
		return -ENOMEM;
	follow_name(output, thread->process, step->host_number);
	if (step->kind == SESSIONLINT_STEP_END) {
		if (thread->open)
			close_slice(output, thread, thread->process->now);
		return 0;
	}
	if (seen) {
		perfetto->timed |= step->time != SESSIONLINT_NO_TIME;
		perfetto->now = thread->process->now = place;
	}
	return take_step(output, thread, step, place);
}

static void perfetto_step(struct report_output *output, const struct sessionlint_step *step)
{
	int r = perfetto_try_step(output, step);

	if (r < 0)
		output->error = r;
}

/* ---- findings ---- */

static int perfetto_try_finding(struct report_output *output,
				const struct sessionlint_finding *finding)
{
	const struct thread_subject subject = {
		.kind = finding->has_session   ? THREAD_SESSION
			: finding->driver.size ? THREAD_DRIVER
					       : THREAD_LOG,
		.source = finding->source,
		.session = finding->session,
		.driver = finding->driver,
	};
	struct perfetto *perfetto = output->state;
	const struct thread *thread;
	struct json_writer *json;
	uint64_t place;
	int r = follow_log(output, finding->log);

	if (r < 0)
		return r;
	if (!limit_take(&perfetto->limit, finding))
		return fingerprint_next(&perfetto->fingerprints, finding,
					(char[FINGERPRINT_SIZE]) { 0 });
	place = find_place(perfetto, finding->time, finding->log_line);
	if (finding->time != SESSIONLINT_NO_TIME && !perfetto->timed) {
		perfetto->timed = true;
		perfetto->now = place;
	}
	thread = find_thread(output, finding->host, &subject);
	if (!thread)
		return -ENOMEM;
	json = begin_event(output, "i", thread->process, thread);
	axis_write(json, place);
	json_member_string(json, "s", "t");
	json_key(json, "cat");
	fprintf(json_string_begin(json), "finding,%s",
		sessionlint_severity_name(finding->severity));
	json_string_end(json);
	json_member_string(json, "name", sessionlint_rule_info(finding->rule)->name);
	json_key(json, "args");
	r = json_write_finding(json, &perfetto->fingerprints, finding);
	json_close(json);
	return r;
}

static void perfetto_finding(struct report_output *output,
			     const struct sessionlint_finding *finding)
{
	int r = perfetto_try_finding(output, finding);

	if (r < 0)
		output->error = r;
}

/* Begins an instant of the whole timeline; the caller writes its name and ends it. */
static FILE *begin_omitted(struct report_output *output, uint64_t place)
{
	/* the first process, of any log */
	const struct process first = { .number = 1 };
	struct json_writer *json = begin_event(output, "i", &first, NULL);

	axis_write(json, place);
	json_member_string(json, "s", "g");
	json_member_string(json, "cat", "omitted");
	json_key(json, "name");
	return json_string_begin(json);
}

static void end_omitted(struct json_writer *json)
{
	json_string_end(json);
	json_close(json);
}

/* Says that something is left out, for people and for programs. */
static void write_omitted(struct report_output *output)
{
	struct perfetto *perfetto = output->state;

	if (perfetto->tracks.numbered == 0)
		return;
	if (perfetto->steps_omitted > 0) {
		fprintf(begin_omitted(output, perfetto->cut),
			"the timeline ends here: %" PRIu64 " steps are left out",
			perfetto->steps_omitted);
		end_omitted(&perfetto->json);
	}
	if (limit_omitted(&perfetto->limit) > 0) {
		limit_write(begin_omitted(output, perfetto->now), &perfetto->limit, "findings");
		end_omitted(&perfetto->json);
	}
}

static void write_other_data(struct json_writer *json, const struct perfetto *perfetto,
			     const struct sessionlint_totals *totals)
{
	char time[TIME_TEXT_SIZE];

	json_member_open(json, "otherData", '{');
	json_member_string(json, "tool", "sessionlint");
	json_member_string(json, "version", sessionlint_version());
	json_member_number(json, "files", totals->files);
	json_member_number(json, "events", totals->events);
	if (perfetto->axis.begun)
		time_format(perfetto->axis.first, time);
	json_member_string(json, "time",
			   perfetto->axis.begun ? time : "none: microseconds count lines");
	if (perfetto->steps_omitted > 0 || limit_omitted(&perfetto->limit) > 0) {
		json_member_number(json, "steps_omitted", perfetto->steps_omitted);
		json_member_number(json, "findings_omitted", limit_omitted(&perfetto->limit));
	}
	json_member_number(json, "ts_of_time", AXIS_FIRST / AXIS_MICROSECONDS);
	json_close(json);
}

static void perfetto_end(struct report_output *output, const struct sessionlint_totals *totals)
{
	struct perfetto *perfetto = output->state;
	struct json_writer *json = &perfetto->json;

	close_slices(output, NULL);
	write_omitted(output);
	json_line(json, "\n");
	json_close(json);
	write_other_data(json, perfetto, totals);
	json_finish(json);
	tracks_clear(&perfetto->tracks);
	table_free(&perfetto->tracks.processes);
	table_free(&perfetto->tracks.threads);
	table_free(&perfetto->tracks.files);
	fingerprints_free(&perfetto->fingerprints);
	free(perfetto->log);
	free(perfetto);
}

const struct reporter reporter_perfetto = {
	.name = "perfetto",
	.summary = "trace events: a timeline of all sessions for ui.perfetto.dev and "
		   "chrome://tracing",
	.begin = perfetto_begin,
	.finding = perfetto_finding,
	.step = perfetto_step,
	.end = perfetto_end,
};
