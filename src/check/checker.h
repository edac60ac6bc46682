/* SPDX-License-Identifier: MIT */
/* The checker: tracks each session of a log through the model, and reports what the model does
 * not allow. It knows nothing about formats. */
#ifndef CHECK_CHECKER_H
#define CHECK_CHECKER_H

#include "check/context.h"

/* Starts a run with @options; hosts are numbered as in @names. -ENOMEM. */
int checker_init(struct checker *checker, const struct run_options *options, struct hosts *names);
void checker_free(struct checker *checker);

/* Builds the tables that depend on the options, before the first log. */
void checker_tabulate(struct checker *checker);

/* Starts a log that findings call @file, which the caller owns. */
void checker_begin(struct checker *checker, const char *file, bool windows_log);

/* Checks the next records of the log. -ENOMEM, or what options.report returned. */
int checker_batch(struct checker *checker, const struct batch *batch);

/* Ends the log: all live sessions are unfinished. */
int checker_end(struct checker *checker);

#endif
