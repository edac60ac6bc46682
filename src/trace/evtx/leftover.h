/* SPDX-License-Identifier: MIT */
/*
 * What a chunk contains after its own records. Windows does not clear a chunk before using it, so
 * there are old records: of this log, of an earlier use of this chunk, or of another log that used
 * the same memory. In a log that was copied while in use, there may also be records of its own that
 * no header counts yet.
 *
 * In a log that was closed, none of them are its own. In another one a record is, if its channel is
 * that of the log, and its id is one more than that of the previous record. If the log has no
 * previous record, its id must not be below the next id in the file header, because a cleared log
 * keeps its old records, with lower ids.
 */
#ifndef TRACE_EVTX_LEFTOVER_H
#define TRACE_EVTX_LEFTOVER_H

#include "trace/evtx/file.h"

/* Decides which prepared chunks of @file contain records of its own: sets accepted, first and
 * last. The spans are in the order of their first record. -ENOMEM, or what reading returned. */
int evtx_leftover_accept(struct evtx_file *file);

/* Whether anything after @begin in a chunk looks like a record. */
bool evtx_leftover_any(const struct evtx_span *span, const unsigned char *bytes, uint32_t begin);

/* Appends what looks like records after @begin in a chunk to @records. -ENOMEM. */
int evtx_leftover_scan(const struct evtx_span *span, const unsigned char *bytes, uint32_t begin,
		       uint32_t buffer, struct evtx_records *records);

/* Removes those @records that are in the log itself: Windows starts a chunk with the memory of
 * the previous one. -ENOMEM, or what reading returned. */
int evtx_leftover_drop_copies(struct evtx_file *file, struct evtx_records *records);

#endif
