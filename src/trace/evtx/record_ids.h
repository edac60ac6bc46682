/* SPDX-License-Identifier: MIT */
/*
 * How the EventRecordIDs in the documents of a log relate to the ids of its records. Within a
 * channel of a computer they give the order, and what is missing; across channels nothing does.
 */
#ifndef TRACE_EVTX_RECORD_IDS_H
#define TRACE_EVTX_RECORD_IDS_H

#include "trace/evtx/fields.h"
#include "trace/evtx/survey.h"

enum evtx_numbering_kind {
	EVTX_PLAIN,     /* they are the same: a log as Windows keeps it, of one channel */
	EVTX_EXPORTED,  /* an export of one channel counts again; what it left out is missing in the
			   documents' ids */
	EVTX_COLLECTED, /* the channels of several logs: each channel of each computer counts for
			   itself */
};

struct evtx_numbering {
	enum evtx_numbering_kind kind;
	bool current;               /* the two below are of a record of the present chunk */
	uint64_t computer, channel; /* of an earlier record, as numbers */
	uint64_t previous;          /* EventRecordID of the last record of an export */

	struct evtx_streams streams; /* of EVTX_COLLECTED */
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

/* Takes one of the first records of the log into account, which was visited as a whole. */
void numbering_sample(struct evtx_numbering *numbering, const struct collect *collect,
		      const struct evtx_record *source);
/* Decides by the records so far how the log is numbered. */
void numbering_settle(struct evtx_numbering *numbering);

/* What the EventRecordID of a record says of the records before it. */
enum evtx_news_kind {
	EVTX_NO_NEWS,
	EVTX_HOLE,    /* of an export: records are missing */
	EVTX_BACK,    /* of an export: it comes too late */
	EVTX_SEVERAL, /* from here on the log is EVTX_COLLECTED */
};

struct evtx_news {
	enum evtx_news_kind kind;
	uint64_t before, after; /* EventRecordIDs: of the last record, and of this one */
};

/* Follows the EventRecordID of the next record, unless the log is EVTX_COLLECTED. */
struct evtx_news numbering_follow(struct evtx_numbering *numbering, const struct collect *collect,
				  const struct evtx_record *source);

/* Finds the stream of the next record, in a log that is EVTX_COLLECTED. -ENOMEM, or what reading
 * returned. */
int numbering_stream(struct evtx_numbering *numbering, struct evtx_file *file,
		     const struct collect *collect, struct evtx_stream **ret_stream);

/* Whether some record of the log, before or after this one, shows that @computer booted. -ENOMEM,
 * or what reading returned. */
int numbering_boots(struct evtx_numbering *numbering, struct evtx_file *file, uint64_t computer,
		    bool *ret_boots);

#endif
