/* SPDX-License-Identifier: MIT */
/* What a run has to say besides findings: of its baseline, and of what it could not do. */
#ifndef REPORT_NOTICE_H
#define REPORT_NOTICE_H

#include "report/baseline.h"
#include "report/subject.h"

enum notice_kind {
	NOTICE_STALE,        /* nothing is as the entry says any more */
	NOTICE_EXPIRED,      /* it is, but the entry does not hold any more */
	NOTICE_FAILED,       /* a file or a folder could not be checked, or not in full */
	NOTICE_UNDETERMINED, /* sessions have no verdict, and that fails the run */
};

struct report_notice {
	enum notice_kind kind;
	enum sessionlint_severity severity; /* ERROR: it fails the run */
	const char *file; /* the baseline; what could not be checked; the first that was */
	const struct baseline_entry *entry; /* of a baseline, otherwise NULL */
	const char *reason;                 /* why it could not be checked */
	uint64_t sessions;                  /* how many are undetermined */
};

/* How many of @count notices are of that kind. */
size_t notices_of(const struct report_notice *notices, size_t count, enum notice_kind kind);

/* The line of the baseline; 0: the file as a whole. */
unsigned notice_line(const struct report_notice *notice);

/* "baseline/stale", as a rule has a name. */
const char *notice_name(const struct report_notice *notice);

/* Writes a sentence without a stop. The words around @escape'd text are letters, digits, blanks,
 * commas, slashes, hyphens and parentheses. */
void notice_write(FILE *file, const struct report_notice *notice, escape_text *escape);

#endif
