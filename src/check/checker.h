/* SPDX-License-Identifier: MIT */
/*
 * The checker: it follows each session of a log through the model and reports what the model does
 * not allow. It knows nothing of formats.
 */
#ifndef CHECK_CHECKER_H
#define CHECK_CHECKER_H

#include "check/context.h"

/* Begins a run with @options; hosts have the numbers that they have in @names. -ENOMEM. */
int checker_init(struct checker *checker, const struct run_options *options, struct hosts *names);
void checker_free(struct checker *checker);

/* Makes what depends on the options that decide what is found, before the first log. */
void checker_tabulate(struct checker *checker);

/* Begins a log that findings call @file, which stays the caller's. */
void checker_begin(struct checker *checker, const char *file, bool windows_log);

/* Checks the next records of the log. -ENOMEM, or what options.report returned. */
int checker_batch(struct checker *checker, const struct batch *batch);

/* Ends the log: every session that is still alive is unfinished. */
int checker_end(struct checker *checker);

#endif
