/* SPDX-License-Identifier: MIT */
/* An .evtx log while it is read, and the markers that are delivered before its records. */
#ifndef TRACE_EVTX_READER_H
#define TRACE_EVTX_READER_H

#include "trace/evtx/group.h"
#include "trace/evtx/record_ids.h"

struct evtx {
	struct evtx_file file;
	size_t span;     /* the next one to read */
	size_t leftover; /* the next one whose leftovers are to be looked at */
	size_t trouble;  /* the next one of the file to tell */
	struct evtx_group group;
	uint64_t previous; /* the id delivered last; 0 before the first */
	uint32_t previous_chunk;
	bool doubt;        /* that one, or one that was passed over since, can be wrong */
	bool recovering;   /* the records of the group are leftovers */
	uint64_t left;     /* leftovers so far that are not read */
	uint64_t left_at;  /* where the first of them is */
	uint64_t channel;  /* of the last one that was recovered, and its computer, as a number */
	bool left_matters; /* one of them is of a session log */

	struct evtx_numbering numbering;
	bool hole_reported, copy_reported; /* in a log of several channels once is enough */

	uint64_t ordinal;              /* of the record that is read, among those of the log */
	struct evtx_stream *releasing; /* some of its waiting records may be ready; or NULL */
	bool ended;                    /* none waits any longer */
	size_t waiting;                /* bytes of the records that wait */
};

/* Fills in what is known of a record by its place. */
void evtx_record_start(const struct evtx_location *place, struct record *record);

/* Says that records of any host may be missing before @place: @lost of them, or RECORDS_UNCOUNTED.
 * Without a reason it is not reported. */
void evtx_deliver_gap(struct batch *batch, const struct evtx_location *place, uint64_t lost,
		      struct sessionlint_text reason);
struct sessionlint_text evtx_missing_text(struct arena *arena, uint64_t count);

/* A record of a chunk whose checksum is wrong was delivered or passed over: what is known of
 * sessions does not outlive it. That has been reported for the chunk. */
void evtx_deliver_doubt(struct evtx *evtx, struct batch *batch, const struct evtx_location *place);

/* Says what the EventRecordID of the record at @place means, unless it concerns its channel alone.
 */
void evtx_deliver_news(struct batch *batch, const struct evtx_location *place,
		       const struct evtx_news *news);

/* Says that the record at @place was read already; once in a log. */
void evtx_deliver_copy(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
		       uint64_t own);

/* Says before the last record of the batch, which is at @place, what is missing in its @stream. In
 * a log of one channel that is NULL, and @collect is what the record was made of. -ENOMEM, or what
 * reading returned. */
int evtx_deliver_stream(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
			const struct collect *collect, struct evtx_stream *stream);

/*
 * Follows the record at @place in its stream, in a log of several channels. Returns 1 if it can be
 * delivered now; 0 if it waits, or is a copy; -ENOMEM, or what reading returned.
 */
int evtx_reorder(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
		 const struct collect *collect, struct evtx_stream **ret_stream);

/* Delivers one of the records that wait, if one can be: then 1 is returned, 0 otherwise; -ENOMEM,
 * or what reading returned. */
int evtx_release(struct evtx *evtx, struct batch *batch);

/* No other record is to come: all that wait can be delivered. */
void evtx_release_all(struct evtx *evtx);

/* Counts a record that is not delivered; one that makes a record is counted elsewhere. */
static inline void evtx_count(struct evtx *evtx, enum windows_interest interest)
{
	evtx->file.reader->counts.noted += interest == WINDOWS_NOTE;
	evtx->file.reader->counts.skipped += interest == WINDOWS_SKIP;
}

/* Makes a record of what was collected. Returns 1 if there is one to deliver, or 0; -ENOMEM. */
int evtx_record_make(struct evtx *evtx, const struct collect *collect, struct record *record);

#endif
