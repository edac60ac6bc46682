/* SPDX-License-Identifier: MIT */
/*
 * A channel of a computer in a log that holds several. The EventRecordIDs of its documents give
 * the order of its records, and what is missing. Where the log has them in another order, records
 * wait for those with smaller ids, of which a survey of the whole log has found the places.
 */
#ifndef TRACE_EVTX_CHANNEL_STREAM_H
#define TRACE_EVTX_CHANNEL_STREAM_H

#include "base/table.h"
#include "trace/evtx/file.h"

/* A record that comes after another one with a greater id. */
struct evtx_late {
	uint64_t ordinal; /* its number among the records of the log, in the order of reading */
	uint64_t own;     /* EventRecordID in its document */
	uint64_t min;     /* the smallest of this one and those after it, up to a restart */
	bool restart;     /* it is not late: another count begins with it */
};

/* Of a document: its EventRecordID, and its time. */
struct evtx_id {
	uint64_t own, time;
};

/* A record that waits for others with smaller ids. */
struct evtx_waiting {
	struct evtx_id id;
	uint64_t ordinal; /* as of struct evtx_late */
	size_t size;      /* bytes allocated for it */
	bool skipped;     /* only its number matters */
	struct evtx_location place;
	struct record record; /* its texts follow */
};

struct evtx_stream {
	struct table_entry entry;
	struct evtx_stream *next;
	uint64_t key, computer;
	uint64_t previous, time; /* EventRecordID and time of its last record */

	/* since its last record that was delivered */
	uint64_t lost;   /* so many records are missing; RECORDS_UNCOUNTED */
	bool unordered;  /* one came before another with a smaller id, */
	uint64_t before; /* which is this one */
	uint64_t after;

	struct evtx_late *late; /* in the order of reading */
	size_t late_count, late_capacity;
	size_t late_next; /* the first that has not been read yet */

	struct evtx_waiting **waiting; /* a heap */
	size_t waiting_count, waiting_capacity;

	/* during the survey */
	struct evtx_id *ids; /* of all its records so far */
	size_t id_count, id_capacity;
	struct evtx_id greatest; /* of its records since the last restart */
};

struct evtx_streams {
	struct evtx_stream *first;
	struct table table;
};

void evtx_streams_init(struct evtx_streams *streams);
void evtx_streams_free(struct evtx_streams *streams);

/* The stream of a channel of a computer, given as numbers; it is added if it is new. -ENOMEM. */
int evtx_streams_find(struct evtx_streams *streams, uint64_t computer, uint64_t channel,
		      struct evtx_stream **ret_stream);

/* ---- survey ---- */

/* Takes a record of the stream into account, by its number in the order of reading. -ENOMEM. */
int evtx_stream_survey(struct evtx_stream *stream, uint64_t ordinal, struct evtx_id id);
/* Ends it: finds out which of its records are late. */
void evtx_stream_surveyed(struct evtx_stream *stream);

/* ---- reading ---- */

/* Follows the id of the next record of the stream, which may have waited. Returns whether it is the
 * last one once more. */
bool evtx_stream_follow(struct evtx_stream *stream, struct evtx_id id, bool waited);

/* The record number @ordinal of the log has been read. */
void evtx_stream_pass(struct evtx_stream *stream, uint64_t ordinal);

/* Whether a record with a smaller id than @own is still to be read. */
bool evtx_stream_expects(const struct evtx_stream *stream, uint64_t own);

/* Lets a record wait, which is the stream's then. -ENOMEM. */
int evtx_stream_hold(struct evtx_stream *stream, struct evtx_waiting *waiting);
/* Takes out the one with the smallest id, for the caller to free(); NULL if none waits. */
struct evtx_waiting *evtx_stream_take(struct evtx_stream *stream);

#endif
