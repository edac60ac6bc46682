/* SPDX-License-Identifier: MIT */
/* Whom a finding is about, and the words that formats share. */
#ifndef REPORT_SUBJECT_H
#define REPORT_SUBJECT_H

#include <stdio.h>

#include "sessionlint.h"

/* Writes text of the trace; see report/escape.h. */
typedef void escape_text(FILE *file, struct sessionlint_text text);

/* Whether subject_write() has something to say. */
bool subject_known(const struct sessionlint_finding *finding);

/* "session 1 (life 2) on HOST, boot 3", or the I/O object and driver, or the host alone. The words
 * around @escape'd text hold letters, blanks, commas, slashes and parentheses only. */
void subject_write(FILE *file, const struct sessionlint_finding *finding, escape_text *escape);

/* The line that a viewer opens: 1 for the file as a whole. */
uint64_t line_shown(const struct sessionlint_finding *finding);

/* "Logon", or what an event outside the enumeration is called. */
const char *past_event_name(const struct sessionlint_history *past);

/* "baseline" or "trace": who answers for a finding; empty if nobody does. */
const char *suppression_name(enum sessionlint_suppression suppression);

#endif
