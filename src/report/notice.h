/* SPDX-License-Identifier: MIT */
/* Notices: what a run reports besides findings, about its baseline and about what it could not do.
 */
#ifndef REPORT_NOTICE_H
#define REPORT_NOTICE_H

#include "baseline/baseline.h"
#include "check/subject.h"

enum notice_kind {
	NOTICE_STALE,        /* the entry matches nothing any more */
	NOTICE_EXPIRED,      /* it matches, but the entry is no longer valid */
	NOTICE_FAILED,       /* a file or folder could not be checked in full */
	NOTICE_UNDETERMINED, /* sessions without a verdict fail the run */
};

struct report_notice {
	enum notice_kind kind;
	enum sessionlint_severity severity; /* ERROR if it fails the run */
	const char *file; /* the baseline; the file that could not be checked; or the first checked
			     file */
	const struct baseline_entry *entry; /* entry of the baseline, otherwise NULL */
	const char *reason;                 /* why the file could not be checked */
	uint64_t sessions;                  /* the number of undetermined sessions */
};

/* The number of notices of that kind among @count. */
size_t notices_of(const struct report_notice *notices, size_t count, enum notice_kind kind);

/* The line of the baseline; 0: the file as a whole. */
unsigned notice_line(const struct report_notice *notice);

/* A name like that of a rule: "baseline/stale". */
const char *notice_name(const struct report_notice *notice);

/* Writes a sentence without a full stop. Around @escape'd text there are only letters, digits,
 * blanks, commas, slashes, hyphens and parentheses. */
void notice_write(FILE *file, const struct report_notice *notice, escape_text *escape);

#endif
