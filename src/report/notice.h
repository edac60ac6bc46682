/* SPDX-License-Identifier: MIT */
/* What a run has to say of its baseline, besides findings: why it fails although they are known. */
#ifndef REPORT_NOTICE_H
#define REPORT_NOTICE_H

#include "report/baseline.h"
#include "report/subject.h"

enum notice_kind {
	NOTICE_STALE,   /* nothing is as the entry says any more */
	NOTICE_EXPIRED, /* it is, but the entry does not hold any more */
};

struct report_notice {
	enum notice_kind kind;
	enum sessionlint_severity severity; /* ERROR: it fails the run */
	const char *file;                   /* the baseline */
	const struct baseline_entry *entry;
};

/* "baseline/stale", as a rule has a name. */
const char *notice_name(const struct report_notice *notice);

/* Writes a sentence without a stop. The words around @escape'd text are letters, digits, blanks,
 * commas, slashes, hyphens and parentheses. */
void notice_write(FILE *file, const struct report_notice *notice, escape_text *escape);

#endif
