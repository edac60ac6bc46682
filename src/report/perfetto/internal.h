/* SPDX-License-Identifier: MIT */
/* What the files of this report share. */
#ifndef REPORT_PERFETTO_INTERNAL_H
#define REPORT_PERFETTO_INTERNAL_H

#include "base/escape.h"
#include "base/text.h"
#include "report/json.h"
#include "report/limit.h"
#include "report/perfetto/time_axis.h"
#include "report/perfetto/tracks.h"
#include "report/reporter.h"
#include "sessionlint.h"
#include "trace/time.h"

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

/* ---- trace_events.c ---- */

/* Begins an event with the members that all events have. */
struct json_writer *perfetto_begin_event(struct report_output *output, const char *phase,
					 const struct process *process,
					 const struct thread *thread);
void perfetto_write_process(struct report_output *output, const struct process *process);
/* Sessions by id, after the track without a session. */
void perfetto_write_thread(struct report_output *output, const struct thread *thread,
			   const struct thread_subject *subject);
/* Ends the slice of @thread at @place, but not before its begin. */
void perfetto_close_slice(struct report_output *output, struct thread *thread, uint64_t place);
/* Ends all slices, or those of @process: a slice lasts as long as its host has records. */
void perfetto_close_slices(struct report_output *output, const struct process *process);

#endif
