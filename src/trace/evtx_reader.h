/* SPDX-License-Identifier: MIT */
/* An .evtx log while it is read, and the markers that are delivered before its records. */
#ifndef TRACE_EVTX_READER_H
#define TRACE_EVTX_READER_H

#include "trace/evtx_numbering.h"

struct evtx {
	struct evtx_file file;
	size_t span;          /* the next one to read */
	size_t leftover;      /* the next one whose leftovers are to be looked at */
	size_t trouble;       /* the next one of the file to tell */
	unsigned char *bytes; /* of the group, GROUP_MAX chunks at most */
	struct evtx_chunk *chunks;
	const struct evtx_span *group;
	struct evtx_records records;
	struct arena arena; /* of the group */
	size_t next;        /* the record to deliver next */
	uint64_t previous;  /* the id delivered last; 0 before the first */
	uint32_t previous_chunk;
	bool doubt;        /* that one, or one that was passed over since, can be wrong */
	bool recovering;   /* the records of the group are leftovers */
	uint64_t left;     /* leftovers so far that are not read */
	uint64_t left_at;  /* where the first of them is */
	uint64_t channel;  /* of the last one that was recovered, and its computer, as a number */
	bool left_matters; /* one of them is of a session log */

	struct evtx_numbering numbering;
	bool hole_reported, copy_reported; /* in a log of several channels once is enough */
};

/* Fills in what is known of a record by its place. */
void evtx_record_start(const struct evtx *evtx, const struct evtx_record *source,
		       struct record *record);

/* Says that records of any host may be missing before @source: @lost of them, or RECORDS_UNCOUNTED.
 * Without a reason it is not reported. */
void evtx_deliver_gap(struct evtx *evtx, struct batch *batch, const struct evtx_record *source,
		      uint64_t lost, struct sessionlint_text reason);
struct sessionlint_text evtx_missing_text(struct arena *arena, uint64_t count);

/* Says what the EventRecordID of @source means, unless it concerns its channel alone. */
void evtx_deliver_news(struct evtx *evtx, struct batch *batch, const struct evtx_record *source,
		       const struct evtx_news *news);

/* Says before the last record of the batch what its channel, @stream, lacks; NULL: the log has one
 * channel. -ENOMEM, or what reading returned. */
int evtx_deliver_stream(struct evtx *evtx, struct batch *batch, const struct evtx_record *source,
			const struct collect *collect, struct evtx_stream *stream);

#endif
