/* SPDX-License-Identifier: MIT */
/* Reads what json.c writes: the findings of a run, by their fingerprints. docs/findings.schema.json
 */
#ifndef REPORT_FINDINGS_H
#define REPORT_FINDINGS_H

#include <stdio.h>

#include "base/arena.h"
#include "base/table.h"

/* A finding of a report. Its text is the report's, escapes read, long text clipped. */
struct reported {
	struct table_entry entry; /* by its fingerprint */
	struct reported *next;
	uint64_t at; /* line of the report */
	bool paired; /* the other report has it too */

	struct sessionlint_text fingerprint, rule, severity, file, message;
	struct sessionlint_text host; /* size 0: none */
	uint64_t line, session;
	bool has_session;
};

struct findings {
	struct table table;
	struct arena arena;
	struct reported *first, **last; /* in the order of the report */
	uint64_t count;
	uint64_t suppressed; /* that do not count, as somebody has answered for them: not here */
};

/* Where a report cannot be read, and why. */
struct findings_trouble {
	uint64_t line; /* 0: the report as a whole */
	const char *what;
	const char *key; /* the member of the object that it is about, or NULL */
};

void findings_init(struct findings *findings);
void findings_free(struct findings *findings);

/*
 * Reads a report to its end. -EBADMSG: it is none, or not whole: *ret_trouble says where and why;
 * otherwise -ENOMEM, or what reading returned. What has been read by then stays.
 */
int findings_read(struct findings *findings, FILE *file, struct findings_trouble *ret_trouble);

#endif
