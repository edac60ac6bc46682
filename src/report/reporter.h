/* SPDX-License-Identifier: MIT */
/* Reporters write what a run found. A reporter knows nothing of rules: all it needs is in the
 * finding. */
#ifndef REPORT_REPORTER_H
#define REPORT_REPORTER_H

#include <stdio.h>

#include "sessionlint.h"

/* Where in the sources findings are to be shown. */
struct report_anchor {
	const char *file;
	uint64_t line;
};

/* Whom a report in JUnit's XML is for. */
enum junit_flavor {
	JUNIT_FLAVOR_ANT,    /* what the strict schema allows */
	JUNIT_FLAVOR_GITLAB, /* and in which file and line a case is */
};

struct report_notice; /* report/notice.h */
struct located;       /* report/located.h */

struct report_output {
	FILE *file;
	bool color;
	bool all_notes; /* not only the first of each rule and file, where people read (text) */
	bool show_suppressed; /* findings that do not count too, where people read (text) */
	bool hide_suppressed; /* not even marked, where services read (sarif) */
	const struct report_anchor *anchor; /* NULL: findings are shown in the trace */
	enum junit_flavor junit_flavor;
	struct located *located; /* how services find files */
	int status; /* once the run ends: what it exits with; 2: the job could not be done */
	/* once the run ends: what it has to say of its baseline */
	const struct report_notice *notices;
	size_t notice_count;
	int error;   /* negative errno: the report is not whole, and the reporter cannot help it */
	void *state; /* the reporter's own, from begin to end */
};

struct reporter {
	const char *name;
	const char *summary;
	/* Called before the first finding; NULL if there is nothing to prepare. -ENOMEM. */
	int (*begin)(struct report_output *output);
	void (*finding)(struct report_output *output, const struct sessionlint_finding *finding);
	/* Called once the findings about a log have come; NULL: not wanted. */
	void (*log)(struct report_output *output);
	/* Called for each step of a session, behind the findings about it; NULL: not wanted. */
	void (*step)(struct report_output *output, const struct sessionlint_step *step);
	/* Called once, behind the last finding; gives back what begin took. NULL if there is
	 * nothing to say. */
	void (*end)(struct report_output *output, const struct sessionlint_totals *totals);
};

extern const struct reporter reporter_text, reporter_json, reporter_sarif, reporter_junit,
	reporter_gitlab, reporter_github, reporter_azure, reporter_markdown, reporter_csv,
	reporter_html, reporter_perfetto;

/* The formats; NULL behind the last. */
const struct reporter *reporter_at(unsigned index);

/* What a run says of itself besides its totals. */
struct summary {
	double seconds;
	const char *configuration; /* the file; NULL: none */
	bool fail_on_undetermined; /* sessions without a verdict fail it */
};

/* The summary for people: what was read, by which configuration, the verdicts, the findings by
 * rule, and how fast it went. */
void summary_write(FILE *file, const struct sessionlint_totals *totals,
		   const struct summary *summary);

#endif
