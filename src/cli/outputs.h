/* SPDX-License-Identifier: MIT */
/* The reports of a run: one on standard output and any number in files, all written in one pass. */
#ifndef CLI_OUTPUTS_H
#define CLI_OUTPUTS_H

#include "base/replace.h"
#include "cli/cli.h"
#include "report/paths.h"
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
	struct report_anchor anchor; /* without a line: none */
	char *anchor_file;
	bool all_notes, show_suppressed, hide_suppressed;
};

/* Adds a report in that format to @path, or to standard output if that is NULL. -E2BIG. */
int outputs_add(struct outputs *outputs, const struct reporter *reporter, const char *path);

/* The names of the formats, for the table of words. */
const char *outputs_format_at(unsigned index);

/* Adds a report as --output=@value says. Reports an error. Returns a status. */
int outputs_set(struct outputs *outputs, const struct command *command, const char *value);

/* Sets the anchor as --anchor=@value says. Reports an error. Returns a status. */
int outputs_set_anchor(struct outputs *outputs, const struct command *command, const char *value);

/* A path that two reports share; NULL if all are different. */
const char *outputs_clash(const struct outputs *outputs);

/* Whether a report goes to standard output. */
bool outputs_use_stdout(const struct outputs *outputs);

/*
 * Begins the reports and their files, which replace older ones when they are complete.
 * Reports what cannot be done: false. In both cases call outputs_cancel() or
 * outputs_end().
 */
bool outputs_begin(struct outputs *outputs, bool color, enum junit_flavor junit_flavor);

/* Returns -EPIPE if nobody reads standard output any more. */
int outputs_finding(struct outputs *outputs, const struct sessionlint_finding *finding);

/* A finding that the filters leave out. */
void outputs_hidden(struct outputs *outputs, const struct sessionlint_finding *finding);

/* All findings of a log have been passed on. */
void outputs_log(struct outputs *outputs);

/* Whether a report needs the steps of sessions. */
bool outputs_want_steps(const struct outputs *outputs);
void outputs_step(struct outputs *outputs, const struct sessionlint_step *step);

/* Whether a report shows annotations. */
bool outputs_want_annotations(const struct outputs *outputs);
void outputs_annotation(struct outputs *outputs, const struct sessionlint_annotation *annotation);

/* Whether a report lists what was read. */
bool outputs_want_inputs(const struct outputs *outputs);

/* Passes the run to the reports; it must remain valid until outputs_end(). */
void outputs_run(struct outputs *outputs, const struct report_run *run);

/* Passes the notices of the baseline to the reports; they must remain valid until outputs_end(). */
void outputs_notices(struct outputs *outputs, const struct report_notice *notices, size_t count);

/* Discards the reports in files because memory ran out. Older files stay. */
void outputs_discard_files(struct outputs *outputs);

/* Discards all reports. Older files stay. */
void outputs_cancel(struct outputs *outputs);

/* Ends the reports of a run with this @status. Reports what could not be written in full: false;
 * the older file stays. */
bool outputs_end(struct outputs *outputs, const struct run_totals *totals, int status);

#endif
