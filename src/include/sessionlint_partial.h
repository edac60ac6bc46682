/* SPDX-License-Identifier: MIT */
/* A log that several programs read: partials of sessionlint.h, which includes this. */
#ifndef SESSIONLINT_PARTIAL_H
#define SESSIONLINT_PARTIAL_H

#include <stddef.h>

#include "sessionlint_model.h"

#ifdef __cplusplus
extern "C" {
#endif

struct sessionlint;
struct sessionlint_pair;
struct sessionlint_column;

/*
 * A partial is what a program knows of a stretch of a log: of the records from one on to another,
 * without those before. Programs make partials of the stretches of a log, side by side; merged in
 * the order of the log and finished, they are judged as one log. Findings, their order and totals
 * are then those of sessionlint_feed() with all records, byte for byte, in whatever groups partials
 * were merged.
 *
 * A partial contains the records that can still matter. What is left out of a condensed one is
 * whole incarnations that conform, whatever came before: the trace shows the end of the one before,
 * every transition is in the published table, and the next one has begun. Of a session there
 * remain the first records of the stretch, the last incarnation, and every one that is not as
 * above. Records with a seq all remain.
 *
 * A partial may be used by one thread at a time, and belongs to the caller.
 */
struct sessionlint_partial;

enum sessionlint_partial_kind {
	SESSIONLINT_PARTIAL_WHOLE, /* nothing is left out: all settings of a run can be used */
	/* The log has no records of drivers (see traces/README.md): with some, what is left out
	 * would not be known to conform. */
	SESSIONLINT_PARTIAL_CONDENSED,
};

/* Makes an empty partial, which reads records as a run like @run does: its source counts, and
 * nothing else. -EINVAL: there is no such kind; -ENOMEM. */
SESSIONLINT_PUBLIC int sessionlint_partial_new(const struct sessionlint *run,
					       enum sessionlint_partial_kind kind,
					       struct sessionlint_partial **ret_partial);
/* NULL is allowed. */
SESSIONLINT_PUBLIC void sessionlint_partial_free(struct sessionlint_partial *partial);

/*
 * Adds records at the end of the stretch, as sessionlint_feed(), _line() and _columns() hand them
 * over. -EINVAL as there; -ENOTSUP: the partial is condensed and the record is of a driver;
 * -ENOMEM. After the last two, all calls but sessionlint_partial_free() return the same error.
 */
SESSIONLINT_PUBLIC int sessionlint_partial_feed(struct sessionlint_partial *partial,
						const struct sessionlint_pair *pairs, size_t count);
SESSIONLINT_PUBLIC int sessionlint_partial_feed_line(struct sessionlint_partial *partial,
						     const char *line, size_t size);
SESSIONLINT_PUBLIC int sessionlint_partial_feed_columns(struct sessionlint_partial *partial,
							const struct sessionlint_column *columns,
							size_t count, size_t rows);

/* Adds the stretch of @next, which follows that of @partial. @next does not change. -EINVAL: they
 * are of different kinds, or read records differently, or are the same one; -ENOMEM. */
SESSIONLINT_PUBLIC int sessionlint_partial_merge(struct sessionlint_partial *partial,
						 const struct sessionlint_partial *next);

/*
 * A partial as bytes, which are the same for all ways of making it from the same records; valid
 * until the next call with @partial. -ENOMEM.
 */
SESSIONLINT_PUBLIC int sessionlint_partial_save(struct sessionlint_partial *partial,
						const void **ret_data, size_t *ret_size);
/* Makes a partial of such bytes, which are copied. -EBADMSG: they are damaged, or of another
 * version of the library; -ENOMEM. */
SESSIONLINT_PUBLIC int sessionlint_partial_load(const void *data, size_t size,
						struct sessionlint_partial **ret_partial);

/*
 * Judges the records of a partial as a log of @run that findings call @name. Findings are reported
 * during the call; @partial stays as it is. Returns what sessionlint_feed_end() returns; -EBUSY:
 * the run has a log that is not at its end; -EINVAL: its source is another than when the partial
 * was made, or the partial is condensed and @run has an observer, replaces names, sorts by time or
 * makes accounts, for which all records are needed.
 */
SESSIONLINT_PUBLIC int sessionlint_partial_finish(struct sessionlint_partial *partial,
						  struct sessionlint *run, const char *name);

/*
 * Hands over the records of a partial, like one of the functions of feeding, after those that the
 * log has so far; @partial stays as it is. With the partials of all stretches, one after the other,
 * the log is judged as with what they are merged to, and need not be in memory as a whole. Errors
 * of sessionlint_feed(), and -EINVAL as above.
 */
SESSIONLINT_PUBLIC int sessionlint_feed_partial(struct sessionlint *run,
						struct sessionlint_partial *partial);

#ifdef __cplusplus
}
#endif

#endif
