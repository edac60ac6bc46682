/* SPDX-License-Identifier: MIT */
/* A record of a trace, in any format, and the batches in which readers deliver records. */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include "base/arena.h"
#include "base/text.h"
#include "sessionlint.h"

/* The keys of a record; trace_keys[] in keys.c has their names and values. */
enum record_key {
	KEY_TIME,
	KEY_SEQ,
	KEY_HOST,
	KEY_BOOT,
	KEY_SOURCE,
	KEY_SESSION,
	KEY_USER,
	KEY_ADDRESS,
	KEY_EVENT,
	KEY_FROM,
	KEY_TO,
	KEY_STATE,
	KEY_LOCAL,
	KEY_MARKER,
	KEY_REASON,
	KEY_ALLOW, /* in struct allowance */
	KEY_ALLOW_REASON,
	KEY_POINTER_SIZE,
	KEY_PROCESS, /* in struct annotation */

	/* of the driver's contract, in struct contract */
	KEY_DRIVER,
	KEY_NOTIFY,
	KEY_CALL,
	KEY_OBJECT,
	KEY_IO,
	KEY_REGISTRATION,
	KEY_SESSION_OBJECT,
	KEY_CLASS,
	KEY_SIZE,
	KEY_LENGTH,
	KEY_FLAGS,
	KEY_MASK,
	KEY_CONTEXT,
	KEY_STATUS,
	KEY_PAYLOAD_SESSION,
	KEY_PAYLOAD_LOCAL,
	KEY_PAYLOAD_LENGTH,
	KEY_DEVICE_SESSION,
	KEY_KIND,
	KEY_OWNER,
	KEY_PHASE,
	KEY_SEQ_END,
	KEY_IRQL,
	RECORD_KEYS, /* how many there are */
};
#define KEY_CONTRACT_FIRST KEY_DRIVER

#define KEY_BIT(key) ((uint64_t)1 << (key))

enum record_kind {
	RECORD_EVENT,      /* a session event */
	RECORD_STATE,      /* a sample of a session's state */
	RECORD_MARKER,     /* about the trace or the host; see enum record_marker */
	RECORD_NOTIFY,     /* a notification of a driver; see struct contract */
	RECORD_CALL,       /* of a routine of the driver's contract */
	RECORD_OBJECT,     /* creation or deletion of an I/O object */
	RECORD_NOTED,      /* valid, but not about a session: counted, not checked */
	RECORD_MALFORMED,  /* could not be read, for the reason in @reason */
	RECORD_ANNOTATION, /* about a session or the host, but no event: counted, not checked; see
			      struct annotation */
};

enum record_marker {
	MARKER_NONE,
	MARKER_BOOT,     /* the host booted: session ids are reused */
	MARKER_SHUTDOWN, /* the host is shutting down; events can still follow */
	MARKER_GAP,      /* records are missing here */
	MARKER_END,      /* the capture ended regularly */
	MARKER_REPORTED, /* Windows reports an invalid transition of the session */
	MARKER_SERVICE,  /* the service that writes the log started, with the host or alone */
	MARKER_REMARK,   /* the reader found something unusual, but nothing is missing */
	MARKER_LEFTOVER, /* the same, about leftover session records that are not the log's own */
};

enum record_flag {
	/* host names the computer for people only: it can change during an incarnation */
	RECORD_HOST_IS_LABEL = 1 << 0,
	/* of a log with several channels, whose records have no common order: source is the
	 * channel of the record */
	RECORD_OF_CHANNEL = 1 << 1,
	/* the sample in local is true */
	RECORD_LOCAL = 1 << 2,
	/* of a malformed record: its session is known, but not what happened */
	RECORD_NAMES_SESSION = 1 << 3,
	/* the event is a number of an assumed source, since the record names none */
	RECORD_SOURCE_ASSUMED = 1 << 4,
	/* of a gap: it was reported already */
	RECORD_REPORTED = 1 << 5,
	/* of an export, which numbers its records from 1 again: the document has another number
	 * than line
	 */
	RECORD_RENUMBERED = 1 << 6,
};

#define RECORDS_UNCOUNTED UINT64_MAX

/* Not a source: of an annotation whose channel has none. It has no KEY_SOURCE. */
#define RECORD_NO_SOURCE UINT8_MAX

struct contract;
struct allowance;
struct annotation;

struct record {
	uint64_t line;   /* counted from 1; in binary logs the EventRecordID */
	uint64_t offset; /* of the first byte in the file */
	uint64_t time;   /* 100 ns since 1601-01-01 UTC, or SESSIONLINT_NO_TIME */
	uint64_t seq;
	uint64_t lost; /* of a gap: max number of missing records, or RECORDS_UNCOUNTED */
	uint64_t keys; /* which are present: KEY_BIT() */
	uint32_t session;
	uint32_t event, from, to, state; /* numbers, which may be outside their enumeration */
	uint8_t kind;
	uint8_t marker;
	uint8_t source;
	uint8_t flags;
	uint8_t activity;                /* enum model_activity, of an Ignore */
	uint8_t pointer_size;            /* of the host, in bytes: 4 or 8 */
	const struct contract *contract; /* NULL if it has no such keys; in the batch's arena */
	/* NULL without allow and allow_reason; in the batch's arena */
	struct allowance *allowance;
	const struct annotation *annotation; /* NULL without; in the batch's arena */
	struct sessionlint_text host, boot, user, address, reason;
};

/* What seq, or time, shows about the records before one. */
enum record_sequel {
	SEQUEL_NEXT,       /* none are missing */
	SEQUEL_BEGINS,     /* those at the start of the count are missing */
	SEQUEL_MISSING,    /* some are missing */
	SEQUEL_DOUBTFUL,   /* some may be missing, depending on what seq counts */
	SEQUEL_LATE,       /* none: this is a duplicate, or too late */
	SEQUEL_AFTER_LATE, /* none, but the previous record was late */
	SEQUEL_UNTIMELY,   /* records with later times have been checked already */
};

/* Not the number of a host. */
#define NO_HOST UINT32_MAX

/* Where the subject of a finding is. */
struct place {
	uint64_t line, offset, time;
	uint32_t event; /* or SESSIONLINT_NO_EVENT */
};

/* What the ordering stage finds out about a record. */
struct record_place {
	uint32_t host;       /* its number; NO_HOST: not needed */
	uint8_t sequel;      /* enum record_sequel */
	bool lost_of_all;    /* the missing ones may be of any host */
	uint64_t lost;       /* max number of missing records, or RECORDS_UNCOUNTED */
	uint64_t seq_before; /* of the record that it should have followed */
};

/* An event of a series. */
struct series_event {
	uint64_t time; /* or SESSIONLINT_NO_TIME */
	uint32_t session;
	uint32_t offset;         /* in the file, from that of the first */
	uint8_t event, from, to; /* without those keys, from and to are 0 */
};

#define SERIES_EVENTS 512

/*
 * Events that differ in their time, session and states alone, in one line each, without a line
 * between them. Most of a long trace is such events: a series keeps of each what differs.
 */
struct series {
	struct record like; /* the first; its texts are valid until the next batch is read */
	uint32_t host;      /* found by the ordering stage */
	unsigned count;
	struct series_event events[SERIES_EVENTS];
};

#define BATCH_RECORDS 256

/* Records as delivered: those in @records, or those in @series. Their texts are in the reader's
 * buffer or in the arena, and valid until the next batch is read. */
struct batch {
	struct record records[BATCH_RECORDS];
	/* of each record; zeroed by readers */
	struct record_place places[BATCH_RECORDS];
	unsigned count;
	bool spans; /* a record so far had a seq_end */
	struct arena arena;
	struct series series; /* only if the reader may deliver one */
};

static inline bool record_has(const struct record *record, enum record_key key)
{
	return record->keys & KEY_BIT(key);
}

/* Whether a call or a callback is recorded with its begin or its end. */
static inline bool record_is_timed(const struct record *record)
{
	return record->keys & (KEY_BIT(KEY_PHASE) | KEY_BIT(KEY_SEQ_END));
}

/* Whether the record is of one session. */
static inline bool record_is_of_session(const struct record *record)
{
	const unsigned kinds = 1U << RECORD_EVENT | 1U << RECORD_STATE | 1U << RECORD_NOTIFY;

	return kinds >> record->kind & 1 ||
	       (record->kind == RECORD_MARKER && record->marker == MARKER_REPORTED);
}

/* Event @i of a series as a record. */
static inline void series_record(const struct series *series, unsigned i, struct record *ret_record)
{
	const struct series_event *event = &series->events[i];

	*ret_record = series->like;
	ret_record->line += i;
	ret_record->offset += event->offset;
	ret_record->time = event->time;
	ret_record->session = event->session;
	ret_record->event = event->event;
	if (record_has(ret_record, KEY_FROM))
		ret_record->from = event->from;
	if (record_has(ret_record, KEY_TO))
		ret_record->to = event->to;
}

static inline bool batch_is_empty(const struct batch *batch)
{
	return batch->count == 0 && batch->series.count == 0;
}

static inline bool batch_is_series(const struct batch *batch)
{
	return batch->count == 0 && batch->series.count > 0;
}

/* Moves up to BATCH_RECORDS events of the batch's series, from event @at on, into its records.
 * Returns how many. */
unsigned batch_expand(struct batch *batch, unsigned at);

/* The size of everything that the record points to: texts, contract, allowance and
 * annotation. */
size_t record_texts_size(const struct record *record);

/* Moves the texts of a batch into its arena, so that they outlive what the reader does next.
 * -ENOMEM. */
int batch_keep(struct batch *batch);

/* Moves everything that @record points to into @room, which has record_texts_size() bytes and is
 * aligned for any type, so that it outlives the batch. */
void record_keep(struct record *record, void *room);

#endif
