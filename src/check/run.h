/* SPDX-License-Identifier: MIT */
/* A run and its parts: the log that is being checked, on its way from the reader to the checker. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include "check/checker.h"
#include "order/log_ends.h"
#include "order/newest_first.h"
#include "order/order.h"

/* A log that is handed over record by record. */
struct run_feed {
	char *name;      /* NULL: there is none; owned */
	uint64_t events; /* judged before it */
	int error;       /* that ended it */
};

struct sessionlint {
	struct checker checker;
	struct order order;
	struct batch batch;
	struct direction direction;
	struct reader reader;
	bool busy;        /* a log is being checked, or a record that was handed over */
	bool begun;       /* one has been: what is found is decided */
	uint64_t after;   /* the EventRecordID up to which files before this one have the log */
	struct ends ends; /* of the logs so far */
	struct reader_extent extent; /* of the text that is being read */
	struct run_totals before;    /* at the last sessionlint_check_judged() */
	const char *not_a_log;       /* what the last log is instead; NULL: it is one */
	struct run_feed feed;
	bool failed; /* a log since then could not be checked as a whole */
};

/* Begins a run with a copy of @options, which are in range. -ENOMEM. */
int run_new(const struct run_options *options, struct sessionlint **ret_run);

/* ---- run_log.c: reading one log ---- */

/* Whether the run cannot do anything else. */
static inline bool run_is_busy(const struct sessionlint *run)
{
	return run->busy || run->feed.name;
}

/* Opens the reader on @log. Errors as of reader_open(). */
int run_open(struct sessionlint *run, struct log_bytes log, const char *name);

/* Forgets what was found out about the log before. */
void run_clear(struct sessionlint *run);

/* Begins a log, of one file or of several. */
void run_begin(struct sessionlint *run, const char *name, bool windows_log);

/* Reads and judges what is in the open reader. */
int run_read(struct sessionlint *run);

/* Whether what was read is text without a record. */
bool run_is_empty(const struct sessionlint *run);

/* Counts what was read, unless it was not a log, and closes the reader. */
void run_close(struct sessionlint *run);

/* Judges what has been read to its end. @r: what stopped the reading. */
int run_end(struct sessionlint *run, int r);

/* Ends the log @name, before which @events had been judged, and closes the reader. @r: what stopped
 * the reading. -ENODATA: it is empty. */
int run_finish(struct sessionlint *run, const char *name, uint64_t events, int r);

/* ---- run_direction.c: in which direction a text is read ---- */

/* Passes on the records of run->batch, or lets them wait until their direction is known. */
int run_take(struct sessionlint *run);

/* The log ends, or cannot be read further: passes on what waits. -EILSEQ: it is newest first. */
int run_settle(struct sessionlint *run);

#endif
