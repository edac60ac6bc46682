/* SPDX-License-Identifier: MIT */
/*
 * Logs that are read ahead, by threads, while earlier ones are judged. Their batches come in the
 * order in which one thread would read them: nothing depends on which thread was faster. Of each
 * log, and of all of them, a bounded number of batches is kept. Small logs are handed over several
 * at a time: to wake another thread takes as long as to read one.
 */
#ifndef TRACE_READ_AHEAD_H
#define TRACE_READ_AHEAD_H

#include "trace/reader.h"

struct ahead;

/* Begins with up to @jobs threads, which start when there is something to read. -ENOMEM, -ENOSYS.
 */
int ahead_new(unsigned jobs, struct ahead **ret_ahead);

/* Stops reading and frees all. */
void ahead_free(struct ahead *ahead);

/* Whether one more log can be expected. */
bool ahead_has_room(const struct ahead *ahead);

/* The file at @path, of about @size bytes, will be read after those that are expected already, with
 * @options, whose name is replaced by the path, and whose progress is not called. -ENOMEM. */
int ahead_expect(struct ahead *ahead, const char *path, uint64_t size,
		 const struct reader_options *options);

/* Whether the file at @path is the one that is expected next. A small one that no thread has begun
 * to read is not expected any more: the caller reads it in less time. */
bool ahead_is_next(struct ahead *ahead, const char *path);

/* Begins with that one. *ret_reader is open, or, after an error, shows why it is not; it belongs to
 * @ahead. Errors as of input_open() and reader_open(). */
int ahead_open(struct ahead *ahead, struct reader **ret_reader);

/* The next batch, which is valid until the next call, and how many bytes had been read of the log
 * by then. Returns what reader_read() did. */
int ahead_read(struct ahead *ahead, struct batch **ret_batch, uint64_t *ret_done);

/* The log is not read any further: from now on only the caller uses its reader. */
void ahead_stop(struct ahead *ahead);

/* Ends it. The caller has closed its reader, if that was open. */
void ahead_close(struct ahead *ahead);

#endif
