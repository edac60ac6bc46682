/* SPDX-License-Identifier: MIT */
/* An .evtx log while it is read, and the markers delivered before its records. */
#ifndef TRACE_EVTX_READER_H
#define TRACE_EVTX_READER_H

#include "trace/evtx/groups_ahead.h"
#include "trace/evtx/record_ids.h"
#include "trace/windows/repeats.h"

struct evtx {
	struct evtx_file file;
	size_t span;      /* index of the next one to read */
	size_t leftover;  /* index of the next one to search for leftovers */
	size_t malformed; /* index of the next one of the file to report */
	struct evtx_group group;
	struct groups_ahead *ahead; /* NULL: groups are read when they are needed */
	uint64_t previous;          /* id of the last record delivered; 0: none yet */
	uint32_t previous_chunk;
	bool doubt;        /* it, or a record skipped since then, may be wrong */
	bool recovering;   /* the records of the group are leftovers */
	uint64_t left;     /* number of leftovers that were not read */
	uint64_t left_at;  /* offset of the first of them */
	uint64_t channel;  /* of the last one recovered, and its computer, as numbers */
	bool left_matters; /* one of them is of a session log */

	struct evtx_numbering numbering;
	bool hole_reported, copy_reported; /* in a log of several channels, report them once */

	uint64_t ordinal;              /* of the current record, in the log */
	struct evtx_stream *releasing; /* some of its waiting records may be next; or NULL */
	bool ended;                    /* no record waits any longer */
	size_t waiting;                /* size of the waiting records */

	struct windows_repeats repeats;
};

/* Sets what the place of a record determines. */
void evtx_record_start(const struct evtx_location *place, struct record *record);

/* Delivers a gap before @place, where records of any host may be missing: @lost of them, or
 * RECORDS_UNCOUNTED. Without a reason it is not reported. */
void evtx_deliver_gap(struct batch *batch, const struct evtx_location *place, uint64_t lost,
		      struct sessionlint_text reason);
struct sessionlint_text evtx_missing_text(struct arena *arena, uint64_t count);

/* A record of a chunk with a wrong checksum was delivered or skipped: the state of sessions
 * becomes unknown. This was reported for the chunk. */
void evtx_deliver_doubt(struct evtx *evtx, struct batch *batch, const struct evtx_location *place);

/* Reports what the EventRecordID of the record at @place shows, unless only its channel is
 * concerned. */
void evtx_deliver_news(struct batch *batch, const struct evtx_location *place,
		       const struct evtx_news *news);

/* Reports that the record at @place is a copy; once in a log. */
void evtx_deliver_copy(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
		       uint64_t own);

/*
 * Delivers, before the last record of the batch, which is at @place, what is missing in its
 * @stream. In a log of one channel that is NULL, and @collect is the source of the record. -ENOMEM,
 * or what reading returned.
 */
int evtx_deliver_stream(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
			const struct collect *collect, struct evtx_stream *stream);

/* Finds the place of the record at @place in its stream, in a log of several channels. Returns 1
 * if it can be delivered now; 0 if it waits, or is a copy; -ENOMEM, or what reading returned. */
int evtx_reorder(struct evtx *evtx, struct batch *batch, const struct evtx_location *place,
		 struct collect *collect, struct evtx_stream **ret_stream);

/* Delivers one of the waiting records if possible: returns 1, otherwise 0; -ENOMEM, or what
 * reading returned. */
int evtx_release(struct evtx *evtx, struct batch *batch);

/* There are no more records: all waiting ones can be delivered. */
void evtx_release_all(struct evtx *evtx);

/* Counts a record that is not delivered; delivered ones are counted elsewhere. */
static inline void evtx_count(struct evtx *evtx, enum windows_interest interest)
{
	evtx->file.reader->counts.noted += interest == WINDOWS_NOTE;
	evtx->file.reader->counts.skipped += interest == WINDOWS_SKIP;
}

/* Whether other records can tell the same as @record: see evtx_repeats(). */
static inline bool evtx_may_repeat(const struct record *record)
{
	return record->kind == RECORD_EVENT &&
	       (record->source == SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL ||
		record->source == SESSIONLINT_SOURCE_PROFILE);
}

/* Whether @record, which is to be delivered, tells only what an earlier one told; then it is
 * counted as noted. @computer is a number, and so is @subscriber. */
static inline bool evtx_repeats(struct evtx *evtx, const struct record *record, uint64_t computer,
				uint64_t subscriber)
{
	/* in a log of one channel the computer may get another name */
	bool again = windows_repeats(&evtx->repeats, record,
				     record->flags & RECORD_OF_CHANNEL ? computer : 0, subscriber);

	evtx->file.reader->counts.noted += again;
	return again;
}

/* Makes a record of what was collected. Returns 1 if there is one to deliver, or 0; -ENOMEM. */
int evtx_record_make(struct evtx *evtx, struct collect *collect, struct record *record);

#endif
