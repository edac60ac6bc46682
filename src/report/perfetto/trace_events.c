/* SPDX-License-Identifier: MIT */
/* The events of the trace, as the viewers read them. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "check/subject.h"
#include "report/perfetto/internal.h"

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

struct json_writer *perfetto_begin_event(struct report_output *output, const char *phase,
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
	struct json_writer *json = perfetto_begin_event(output, "M", process, thread);

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

void perfetto_write_process(struct report_output *output, const struct process *process)
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

void perfetto_write_thread(struct report_output *output, const struct thread *thread,
			   const struct thread_subject *subject)
{
	struct json_writer *json = begin_metadata(output, "thread_name", thread->process, thread,
						  "name");
	FILE *file = json_string_begin(json);
	int64_t index = 0;

	switch (subject->kind) {
	case THREAD_SESSION:
		fprintf(file, "%s %" PRIu32, session_word(subject->source), subject->session);
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

void perfetto_close_slice(struct report_output *output, struct thread *thread, uint64_t place)
{
	struct perfetto *perfetto = output->state;
	struct json_writer *json = perfetto_begin_event(output, "X", thread->process, thread);
	uint64_t end = place > thread->start ? place : thread->start;

	axis_write_span(json, thread->start, end);
	json_member_string(json, "cat", "state");
	write_belief(json, "name", thread->step.after);
	write_step(json, &thread->step);
	json_close(json);
	thread_close(&perfetto->tracks, thread, end);
}

void perfetto_close_slices(struct report_output *output, const struct process *process)
{
	struct perfetto *perfetto = output->state;
	struct thread *next;

	for (struct thread *thread = perfetto->tracks.open.first; thread; thread = next) {
		next = thread->next;
		if (!process || thread->process == process)
			perfetto_close_slice(output, thread, thread->process->now);
	}
}
