/* SPDX-License-Identifier: MIT */
/* Reporters write the findings of a run. A reporter knows nothing about rules: all it needs is in
 * the finding. */
#ifndef REPORT_REPORTER_H
#define REPORT_REPORTER_H

#include <stdio.h>

#include "check/run_inputs.h"
#include "check/run_totals.h"

/* The place in the sources at which findings are shown. */
struct report_anchor {
	const char *file;
	uint64_t line;
};

/* The consumer of a report in JUnit XML. */
enum junit_flavor {
	JUNIT_FLAVOR_ANT,    /* only what the strict schema allows */
	JUNIT_FLAVOR_GITLAB, /* also the file and line of a case */
};

/* The run that a report is about. */
struct report_run {
	const char *command;       /* the command line */
	const char *configuration; /* path of the file; NULL: none */
	const struct run_input *inputs;
	size_t input_count;
};

struct report_notice; /* report/notice.h */
struct located;       /* report/paths.h */

struct report_output {
	FILE *file;
	bool color;
	bool all_notes;       /* show all notes, not only the first of each rule and file (text) */
	bool show_suppressed; /* show suppressed findings too (text) */
	bool hide_suppressed; /* leave out suppressed findings (sarif) */
	const struct report_anchor
		*anchor; /* NULL: findings are shown at their place in the trace */
	enum junit_flavor junit_flavor;
	struct located *located; /* paths of files for services */
	int status;              /* set at the end: the exit status; 2: the job could not be done */
	/* set at the end: the notices; the run, if the reporter wants inputs */
	const struct report_notice *notices;
	size_t notice_count;
	const struct report_run *run;
	int error;   /* negative errno: the report is incomplete */
	void *state; /* private data of the reporter, from begin to end */
};

struct reporter {
	const char *name;
	const char *summary;
	bool wants_inputs; /* the files that were read, with their digests */
	/* Called before the first finding; NULL if there is nothing to prepare. -ENOMEM. */
	int (*begin)(struct report_output *output);
	void (*finding)(struct report_output *output, const struct sessionlint_finding *finding);
	/* Called in place of finding for one that is not shown: it counts for the fingerprints of
	 * later ones. NULL if there is nothing to do. */
	void (*hidden)(struct report_output *output, const struct sessionlint_finding *finding);
	/* Called after the findings of each log; can be NULL. */
	void (*log)(struct report_output *output);
	/* Called for each step of a session, after the findings about it; can be NULL. */
	void (*step)(struct report_output *output, const struct sessionlint_step *step);
	/* Called for each annotation; can be NULL. */
	void (*annotation)(struct report_output *output,
			   const struct sessionlint_annotation *annotation);
	/* Called once, after the last finding; frees what begin allocated. NULL if there is nothing
	 * to do. */
	void (*end)(struct report_output *output, const struct run_totals *totals);
};

extern const struct reporter reporter_text, reporter_json, reporter_sarif, reporter_junit,
	reporter_gitlab, reporter_github, reporter_azure, reporter_markdown, reporter_csv,
	reporter_html, reporter_perfetto;

/* The formats; NULL after the last. */
const struct reporter *reporter_at(unsigned index);

/* The parts of the summary besides the totals. */
struct summary {
	double seconds;
	const char *configuration; /* path of the file; NULL: none */
	bool fail_on_undetermined; /* sessions without a verdict fail the run */
	bool related;              /* --together would make one account of several logs */
};

/* Writes the summary for people: what was read, the configuration, the verdicts, the findings by
 * rule, and the speed. */
void summary_write(FILE *file, const struct run_totals *totals, const struct summary *summary);

#endif
