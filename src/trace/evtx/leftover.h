/* SPDX-License-Identifier: MIT */
/*
 * What a chunk holds after its own records. Windows does not clear a chunk before it uses it, so
 * that there are old records: of this log, of this chunk's earlier use, or of another log whose
 * memory it was. In a log that was copied while it was in use, there can also be records of its
 * own which no header counts yet.
 *
 * In a log that was closed none of them is its own. In another one a record is if its channel is
 * the log's, and if its id is one more than that of the record before it; where the log has no
 * record before it, if its id is not below the next one by the file header, for a log that was
 * cleared keeps its old records, with lower ids.
 */
#ifndef TRACE_EVTX_LEFTOVER_H
#define TRACE_EVTX_LEFTOVER_H

#include "trace/evtx/file.h"

/*
 * Decides which of the prepared chunks of @file hold records of its own: sets accepted, first and
 * last. The spans are in the order of their first record. -ENOMEM, or what reading returned.
 */
int evtx_leftover_accept(struct evtx_file *file);

/* Whether anything looks like a record from @begin of a chunk on. */
bool evtx_leftover_any(const struct evtx_span *span, const unsigned char *bytes, uint32_t begin);

/* Appends what looks like records from @begin of a chunk on to @records. -ENOMEM. */
int evtx_leftover_scan(const struct evtx_span *span, const unsigned char *bytes, uint32_t begin,
		       uint32_t buffer, struct evtx_records *records);

/* Takes those out of @records that the log itself holds: Windows begins a chunk with the memory of
 * the one before. -ENOMEM, or what reading returned. */
int evtx_leftover_drop_copies(struct evtx_file *file, struct evtx_records *records);

#endif
