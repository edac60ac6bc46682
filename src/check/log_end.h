/* SPDX-License-Identifier: MIT */
/* Findings about a log as a whole. */
#ifndef CHECK_LOG_END_H
#define CHECK_LOG_END_H

#include "check/context.h"

/* At the first session record: reports the notes held back so far, and stops holding notes back.
 * Returns what options.report returned. */
int notes_release(struct checker *checker);

/* At the end of the log: reports the unused suppressions in the trace, and forgets all. Returns
 * what options.report returned. */
int suppressions_end(struct checker *checker);

/* Forgets the malformed records of the previous log. */
void unreadable_begin(struct checker *checker);

/* Counts a malformed record, and reports it unless the log started with too many. */
int unreadable_report(struct subject *subject);

/* Reports how many malformed records were not reported one by one. */
int unreadable_end(struct checker *checker);

#endif
