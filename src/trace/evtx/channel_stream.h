/* SPDX-License-Identifier: MIT */
/*
 * A channel of a computer in a log of several. The EventRecordIDs in its documents show the order
 * of its records, and which are missing. If the log has them in another order, records wait for
 * those with smaller ids, whose places were found in a survey of the whole log.
 */
#ifndef TRACE_EVTX_CHANNEL_STREAM_H
#define TRACE_EVTX_CHANNEL_STREAM_H

#include "base/table.h"
#include "trace/evtx/file.h"

/* A record after one with a greater id. */
struct evtx_late {
	uint64_t ordinal; /* number of the record in the log, in the order of reading */
	uint64_t own;     /* EventRecordID in its document */
	uint64_t min;     /* smallest of this one and those after it, up to a restart */
	bool restart;     /* not late: another count begins here */
};

/* The EventRecordID of a document, and its time. */
struct evtx_id {
	uint64_t own, time;
};

/* A record that waits for others with smaller ids. */
struct evtx_waiting {
	struct evtx_id id;
	uint64_t ordinal;    /* as in struct evtx_late */
	size_t size;         /* of the allocation */
	bool skipped;        /* only its number is needed */
	uint64_t subscriber; /* of Winlogon, as a number */
	struct evtx_location place;
	struct record record; /* followed by its texts */
};

struct evtx_stream {
	struct table_entry entry;
	struct evtx_stream *next;
	uint64_t key, computer;
	uint64_t previous, time; /* EventRecordID and time of its last record */

	/* since its last delivered record */
	uint64_t lost;   /* number of missing records, or RECORDS_UNCOUNTED */
	bool unordered;  /* a record came before one with a smaller id, */
	uint64_t before; /* which is this one */
	uint64_t after;

	struct evtx_late *late; /* in the order of reading */
	size_t late_count, late_capacity;
	size_t late_next; /* index of the first one not read yet */

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

/* Finds or adds the stream of a channel of a computer, given as numbers. -ENOMEM. */
int evtx_streams_find(struct evtx_streams *streams, uint64_t computer, uint64_t channel,
		      struct evtx_stream **ret_stream);

/* ---- survey ---- */

/* Adds a record of the stream to the survey, by number in the order of reading. -ENOMEM. */
int evtx_stream_survey(struct evtx_stream *stream, uint64_t ordinal, struct evtx_id id);
/* Ends the survey: finds which of its records are late. */
void evtx_stream_surveyed(struct evtx_stream *stream);

/* ---- reading ---- */

/* Advances to the id of the next record of the stream, which may have waited. Returns whether it
 * is a copy of the last one. */
bool evtx_stream_follow(struct evtx_stream *stream, struct evtx_id id, bool waited);

/* The record with number @ordinal in the log has been read. */
void evtx_stream_pass(struct evtx_stream *stream, uint64_t ordinal);

/* Whether a record with a smaller id than @own is still to be read. */
bool evtx_stream_expects(const struct evtx_stream *stream, uint64_t own);

/* Lets a record wait; the stream owns it then. -ENOMEM. */
int evtx_stream_hold(struct evtx_stream *stream, struct evtx_waiting *waiting);
/* Removes and returns the waiting record with the smallest id, for the caller to free(); NULL:
 * none. */
struct evtx_waiting *evtx_stream_take(struct evtx_stream *stream);

#endif
