/* SPDX-License-Identifier: MIT */
/* The fields of a document that are needed for a record. */
#ifndef TRACE_EVTX_FIELDS_H
#define TRACE_EVTX_FIELDS_H

#include "trace/evtx/file.h"

/* A document while its pieces are visited. */
struct collect {
	struct arena *arena;
	struct evtx_chunk *chunk;
	struct windows_event event;
	bool whole;      /* continue to the end, whatever the record is about */
	uint64_t own_id; /* EventRecordID in the document */
	uint64_t time;   /* TimeCreated in the document */
	bool has_id, has_provider;
	struct evtx_value values[WINDOWS_TEXTS];
	/* size of a text that was assembled; 0: it is in the chunk */
	uint32_t room[WINDOWS_TEXTS];
	uint32_t texts, texts_max; /* bytes of texts */
	const char *reason;        /* why the record is malformed */
};

/* Visits the document of a record of @chunk. @collect has its arena and whole set, and is
 * otherwise empty. -EBADMSG with a reason in static text if the document is malformed; -ENOMEM. */
int collect_visit(struct collect *collect, struct evtx_chunk *chunk,
		  const struct evtx_record *source, const char **ret_reason);

/* The computer and the channel of the record, as numbers that ignore letter case. */
uint64_t collect_computer(const struct collect *collect);
uint64_t collect_channel(const struct collect *collect);
/* Likewise the subscriber of Winlogon; 0: none. */
uint64_t collect_subscriber(const struct collect *collect);

/* Whether the record is about sessions. */
enum windows_interest collect_interest(const struct collect *collect);

/* Whether the record is an annotation, by which nothing is judged. */
bool collect_annotates(const struct collect *collect);

/* Makes a record of what was collected, if collect_interest() is WINDOWS_MAP. Returns 1 if there
 * is one to deliver, which may be malformed; 0 if not; -ENOMEM. */
int collect_record(struct collect *collect, struct record *record);

#endif
