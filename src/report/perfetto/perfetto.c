/* SPDX-License-Identifier: MIT */
/*
 * Trace events in JSON for ui.perfetto.dev and chrome://tracing: a belief of a session is a slice
 * of its thread, a finding is an instant. Slices of a thread do not overlap.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "report/perfetto/internal.h"

/* The same number as on the HTML page. */
#define SLICES_MAX 400000

static const unsigned places[4] = {
	[SESSIONLINT_SEVERITY_NOTE] = 20000,
	[SESSIONLINT_SEVERITY_WARNING] = 60000,
	[SESSIONLINT_SEVERITY_ERROR] = 100000,
};

/* Maximum numbers of slices and findings. */
#define TEXT_MAX ((size_t)64 << 20)

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

/* ---- subjects ---- */

/* Begins a log if @file has changed. */
static int follow_log(struct report_output *output, const char *file)
{
	struct perfetto *perfetto = output->state;
	size_t size = strlen(file) + 1;

	if (perfetto->log && strcmp(perfetto->log, file) == 0)
		return 0;
	perfetto_close_slices(output, NULL);
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
		perfetto_write_process(output, process);
	thread = tracks_thread(&perfetto->tracks, process, subject, &new);
	if (thread && new)
		perfetto_write_thread(output, thread, subject);
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
		perfetto_close_slices(output, perfetto->stepped);
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
		perfetto_close_slices(output, NULL);
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
		perfetto_close_slice(output, thread, place);
	if (!has_room(output, step, place))
		return 0;
	r = thread_open(&perfetto->tracks, thread, place, step);
	if (r == 0 && step->after == ended)
		perfetto_close_slice(output, thread, place);
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
			perfetto_close_slice(output, thread, thread->process->now);
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
	json = perfetto_begin_event(output, "i", thread->process, thread);
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
	struct json_writer *json = perfetto_begin_event(output, "i", &first, NULL);

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
			     const struct run_totals *totals)
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

static void perfetto_end(struct report_output *output, const struct run_totals *totals)
{
	struct perfetto *perfetto = output->state;
	struct json_writer *json = &perfetto->json;

	perfetto_close_slices(output, NULL);
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

static void perfetto_hidden(struct report_output *output, const struct sessionlint_finding *finding)
{
	struct perfetto *perfetto = output->state;
	char fingerprint[FINGERPRINT_SIZE];

	if (fingerprint_next(&perfetto->fingerprints, finding, fingerprint) < 0)
		output->error = -ENOMEM;
}

const struct reporter reporter_perfetto = {
	.name = "perfetto",
	.summary = "trace events: a timeline of all sessions for ui.perfetto.dev and "
		   "chrome://tracing",
	.begin = perfetto_begin,
	.finding = perfetto_finding,
	.hidden = perfetto_hidden,
	.step = perfetto_step,
	.end = perfetto_end,
};
