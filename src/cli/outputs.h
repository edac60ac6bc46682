/* SPDX-License-Identifier: MIT */
/* The reports of one run: one on standard output, and any number in files, all written in one
 * pass. */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "base/replace.h"
#include "report/located.h"
#include "report/reporter.h"

#define OUTPUTS_MAX 16

struct outputs {
	struct output {
		const struct reporter *reporter;
		struct report_output to;
		const char *path; /* NULL: standard output */
		struct replacement replacement;
	} list[OUTPUTS_MAX];
	unsigned count;
	struct located located;
	bool all_notes, show_suppressed, hide_suppressed;
};

/* Adds a report in that format to @path, or to standard output if that is NULL. -E2BIG. */
int outputs_add(struct outputs *outputs, const struct reporter *reporter, const char *path);

/* The path that two reports have; NULL: all are different. */
const char *outputs_clash(const struct outputs *outputs);

/* Whether some report goes to standard output. */
bool outputs_use_stdout(const struct outputs *outputs);

/*
 * Begins the reports and the files that they go to, which replace older ones when they are
 * complete. @anchor may be NULL. Complains of what cannot be done: false. Either way
 * outputs_cancel() or outputs_end() takes what has begun.
 */
bool outputs_begin(struct outputs *outputs, bool color, const struct report_anchor *anchor,
		   enum junit_flavor junit_flavor);

/* -EPIPE: nobody reads standard output any more. */
int outputs_finding(struct outputs *outputs, const struct sessionlint_finding *finding);

/* The findings about a log have come. */
void outputs_log(struct outputs *outputs);

/* Whether some report wants to see the steps of sessions. */
bool outputs_want_steps(const struct outputs *outputs);
void outputs_step(struct outputs *outputs, const struct sessionlint_step *step);

/* Tells reports what the run has to say of its baseline; it must stay until outputs_end(). */
void outputs_notices(struct outputs *outputs, const struct report_notice *notices, size_t count);

/* Gives up the reports in files, whatever they say: memory was short. Older ones stay. */
void outputs_spoil(struct outputs *outputs);

/* Gives up all reports: older files stay. */
void outputs_cancel(struct outputs *outputs);

/* Ends the reports of a run with that @status. Complains of what could not be written in full, in
 * whose place the older file stays: false. */
bool outputs_end(struct outputs *outputs, const struct sessionlint_totals *totals, int status);

#endif
