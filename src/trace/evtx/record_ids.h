/* SPDX-License-Identifier: MIT */
/* How the EventRecordIDs in the documents of a log relate to the ids of its records. Within a
 * channel of a computer they show the order, and what is missing; across channels nothing does. */
#ifndef TRACE_EVTX_RECORD_IDS_H
#define TRACE_EVTX_RECORD_IDS_H

#include "trace/evtx/fields.h"
#include "trace/evtx/survey.h"

enum evtx_numbering_kind {
	EVTX_PLAIN, /* equal: a log kept by Windows, of one channel */
	/* an export of one channel has a new count; records that were left out are missing in
	 * the documents' ids */
	EVTX_EXPORTED,
	/* the channels of several logs: each channel of each computer has its own count */
	EVTX_COLLECTED,
};

struct evtx_numbering {
	enum evtx_numbering_kind kind;
	bool current;               /* the next two are of a record in the current chunk */
	uint64_t computer, channel; /* of an earlier record, as numbers */
	uint64_t previous;          /* EventRecordID of the last record of an export */

	struct evtx_streams streams; /* if EVTX_COLLECTED */
	struct evtx_boots boots;
	bool boots_known, late_known;

	struct { /* of the first records */
		size_t same, other;
		uint64_t before;
		bool unordered, several;
	} sample;
};

void numbering_init(struct evtx_numbering *numbering);
void numbering_free(struct evtx_numbering *numbering);

/* Adds one of the first records of the log to the sample; its whole document was visited. */
void numbering_sample(struct evtx_numbering *numbering, const struct collect *collect,
		      const struct evtx_record *source);
/* Decides from the sample how the log is numbered. */
void numbering_settle(struct evtx_numbering *numbering);

/* What the EventRecordID of a record shows about earlier records. */
enum evtx_news_kind {
	EVTX_NO_NEWS,
	EVTX_HOLE,    /* in an export: records are missing */
	EVTX_BACK,    /* in an export: it is late */
	EVTX_SEVERAL, /* from here on, the log is EVTX_COLLECTED */
};

struct evtx_news {
	enum evtx_news_kind kind;
	uint64_t before, after; /* EventRecordIDs of the last record, and of this one */
};

/* Evaluates the EventRecordID of the next record, unless the log is EVTX_COLLECTED. */
struct evtx_news numbering_follow(struct evtx_numbering *numbering, const struct collect *collect,
				  const struct evtx_record *source);

/* Finds the stream of the next record, if the log is EVTX_COLLECTED. -ENOMEM, or what reading
 * returned. */
int numbering_stream(struct evtx_numbering *numbering, struct evtx_file *file,
		     const struct collect *collect, struct evtx_stream **ret_stream);

/* Whether any record of the log, before or after this one, is a boot of @computer. -ENOMEM, or
 * what reading returned. */
int numbering_boots(struct evtx_numbering *numbering, struct evtx_file *file, uint64_t computer,
		    bool *ret_boots);

#endif
