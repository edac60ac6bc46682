/* SPDX-License-Identifier: MIT */
/* A run and its parts: the log that is being checked, on its way from the reader to the checker. */
#ifndef CHECK_RUN_H
#define CHECK_RUN_H

#include "check/anonymous.h"
#include "check/checker.h"
#include "check/filters.h"
#include "check/machines.h"
#include "order/log_ends.h"
#include "order/newest_first.h"
#include "order/order.h"
#include "trace/read_ahead.h"

/* A log that is handed over record by record. */
struct run_feed {
	char *name;          /* owned; NULL: no such log */
	uint64_t events;     /* judged before this log */
	uint64_t unreadable; /* the same */
	int error;           /* the error that ended it */
};

struct sessionlint {
	struct checker checker;
	struct order order;
	struct direction direction;
	struct reader *reader, own_reader; /* of the log that is being checked */
	struct batch *batch, own_batch;    /* what was read last */
	bool busy;        /* a log is being checked, or a record that was handed over */
	bool begun;       /* a log has been checked: the options cannot change any more */
	uint64_t after;   /* highest EventRecordID in the earlier files of the log */
	struct ends ends; /* of the logs so far */
	struct reader_extent extent; /* of the text that is being read */
	struct run_totals before;    /* at the last sessionlint_check_judged() */
	const char *not_a_log;       /* what the last file is if it is not a log, or NULL */
	struct run_feed feed;
	struct machines machines;
	struct anonymous anonymous;
	struct filters filters; /* those of sessionlint_add_filter() */
	struct run_follower follower;
	bool anonymize;         /* names are replaced as records come in */
	uint64_t judged_before; /* machines.witnesses at that call */
	bool failed;            /* since then, a log could not be checked in full */

	/* logs that are read ahead */
	unsigned jobs;
	struct ahead *ahead; /* NULL: none so far */
	bool is_ahead;       /* the log that is being checked is */
	uint64_t progressed; /* bytes of it at the last call of progress */
};

/* Begins a run with a copy of @options, which are in range. -ENOMEM. */
int run_new(const struct run_options *options, struct sessionlint **ret_run);

/* Lets @follower, which is copied, follow the run, instead of the one before. */
void run_set_follower(struct sessionlint *run, const struct run_follower *follower);

/* Whether an option can still be set; @valid: the new value is valid. -EBUSY, -EINVAL. */
int run_may_set(const struct sessionlint *run, bool valid);

/* ---- run_open.c ---- */

/* Calls the user's callback. */
void run_progress(const struct sessionlint *run, const char *name, uint64_t done, uint64_t size);

/* How to read a log called @name. */
struct reader_options run_reader_options(struct sessionlint *run, const char *name);

/* Opens the reader on @log. Errors as of reader_open(). */
int run_open(struct sessionlint *run, struct log_bytes log, const char *name);

/* ---- run_log.c: reading one log ---- */

/* Whether a log is being checked, so that nothing else can be done. */
static inline bool run_is_busy(const struct sessionlint *run)
{
	return run->busy || run->feed.name;
}

/* Forgets the previous log. */
void run_clear(struct sessionlint *run);

/* Begins a log, of one file or of several. */
void run_begin(struct sessionlint *run, const char *name, bool windows_log);

/* The file @name of the log is read next, from the open reader. -ENOMEM. */
int run_begin_file(struct sessionlint *run, const char *name);

/* What comes from the reader: replaces names if that is wanted. -ENOMEM. */
static inline int run_receive(struct sessionlint *run)
{
	return run->anonymize ? anonymous_batch(&run->anonymous, run->batch) : 0;
}

/* Reads and judges what is in the open reader. */
int run_read(struct sessionlint *run);

/* Whether the log is text without records. */
bool run_is_empty(const struct sessionlint *run);

/* Counts what was read, unless it was not a log, and closes the reader. */
void run_close(struct sessionlint *run);

/* Tells what follows the run that the log @name was read, with the result @r; @unreadable: number
 * of such records before it. Returns @r, or a negative errno. */
int run_follow_log(struct sessionlint *run, const char *name, uint64_t unreadable, int r);

/* Ends the check of the log. @r: the result of reading. */
int run_end(struct sessionlint *run, int r);

/* Ends the log @name, before which @events had been judged, and closes the reader. @r: the result
 * of reading. -ENODATA: it is empty. */
int run_finish(struct sessionlint *run, const char *name, uint64_t events, int r);

/* ---- run_feed.c: records one by one ---- */

/* Judges what has been read into run->batch; @r is the result of reading. -EINVAL: nothing has been
 * read; otherwise what ended the log, or 0. */
int run_judge_fed(struct sessionlint *run, int r);

/* ---- run_ahead.c: logs that are read by other threads ---- */

/* Whether the file at @path is read ahead, and comes next. */
bool run_is_ahead(const struct sessionlint *run, const char *path);

/* Reads the next batch of the log that is being checked into run->batch. Returns what reader_read()
 * returns. */
int run_next(struct sessionlint *run);

/* ---- run_direction.c: text that is newest first ---- */

/* Passes on the records of run->batch, or lets them wait until their direction is known. */
int run_take(struct sessionlint *run);

/* The log ends, or cannot be read further: passes on what waits. -EILSEQ: it is newest first. */
int run_settle(struct sessionlint *run);

#endif
