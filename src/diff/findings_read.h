/* SPDX-License-Identifier: MIT */
/* Reads what json.c writes: the findings of a run, by fingerprint (docs/findings.schema.json).
 */
#ifndef DIFF_FINDINGS_READ_H
#define DIFF_FINDINGS_READ_H

#include <stdio.h>

#include "base/arena.h"
#include "base/table.h"

/* A finding of a report. Its texts are unescaped and clipped. */
struct reported {
	struct table_entry entry; /* by fingerprint */
	struct reported *next;
	uint64_t at; /* line in the report */
	bool paired; /* also in the other report */

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
	uint64_t suppressed; /* number of suppressed findings, which are not included */
};

/* Where and why a report cannot be read. */
struct findings_reason {
	uint64_t line; /* 0: the report as a whole */
	const char *what;
	const char *key; /* the member of the object in question, or NULL */
};

void findings_init(struct findings *findings);
void findings_free(struct findings *findings);

/*
 * Reads a report to its end. -EBADMSG: invalid or incomplete: *ret_reason says where and why;
 * otherwise -ENOMEM, or the error of reading. What has been read so far is kept.
 */
int findings_read(struct findings *findings, FILE *file, struct findings_reason *ret_reason);

#endif
