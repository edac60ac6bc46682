/* SPDX-License-Identifier: MIT */
/* What is reported about a log beside its records. */
#ifndef CHECK_LOG_END_H
#define CHECK_LOG_END_H

#include "check/context.h"

/* A record of a session has come: reports the notes that were kept back, and keeps nothing back
 * from now on. Returns what options.report returned. */
int notes_release(struct checker *checker);

/* At the end of the log: reports the suppressions in the trace that suppressed nothing, and forgets
 * all. Returns what options.report returned. */
int suppressions_end(struct checker *checker);

/* Forgets the records of the log before that could not be read. */
void unreadable_begin(struct checker *checker);

/* Counts a record that cannot be read, and reports it, unless the log began with too many. */
int unreadable_report(struct subject *subject);

/* Reports how many records could not be read that have not been reported one by one. */
int unreadable_end(struct checker *checker);

#endif
