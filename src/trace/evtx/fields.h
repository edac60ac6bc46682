/* SPDX-License-Identifier: MIT */
/* What a record of a log says of a session: the fields of its document that somebody asks for. */
#ifndef TRACE_EVTX_FIELDS_H
#define TRACE_EVTX_FIELDS_H

#include "trace/evtx/file.h"

/* A document while its pieces are visited. */
struct collect {
	struct arena *arena;
	struct windows_event event;
	bool whole;      /* go on to the end, whatever the record is about */
	uint64_t own_id; /* the EventRecordID in the document */
	uint64_t time;   /* its TimeCreated */
	bool has_id;
	struct evtx_value values[WINDOWS_FIELDS];
	uint32_t
		room[WINDOWS_FIELDS]; /* of a text that was put together; 0: it lies in the chunk */
	uint32_t texts, texts_max;    /* bytes of texts */
	const char *reason;           /* why the record cannot be read */
};

/*
 * Visits the document of a record of @chunk. @collect has its arena and whole set, and is empty
 * otherwise. -EBADMSG with a reason in static text if the document cannot be read; -ENOMEM.
 */
int collect_visit(struct collect *collect, struct evtx_chunk *chunk,
		  const struct evtx_record *source, const char **ret_reason);

/* The computer and the channel of the record, as numbers; letter case does not count. */
uint64_t collect_computer(const struct collect *collect);
uint64_t collect_channel(const struct collect *collect);

/* Whether the record means something for sessions. */
enum windows_interest collect_interest(const struct collect *collect);

/*
 * Makes a record of what was collected, of which collect_interest() says WINDOWS_MAP. Returns 1 if
 * there is one to deliver, which can be malformed; 0 if it turns out to be none; -ENOMEM.
 */
int collect_record(const struct collect *collect, struct record *record);

#endif
