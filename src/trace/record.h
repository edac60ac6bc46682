/* SPDX-License-Identifier: MIT */
/*
 * A record of a trace, whatever format it came in, and the batches in which readers deliver them.
 */
#ifndef TRACE_RECORD_H
#define TRACE_RECORD_H

#include "base/arena.h"
#include "base/text.h"
#include "sessionlint.h"

/* The keys of a record; trace_keys[] in keys.c says how each is spelt and what it holds. */
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
	KEY_ALLOW, /* what struct allowance holds */
	KEY_ALLOW_REASON,
	KEY_POINTER_SIZE,

	/* of the driver's contract: what struct contract holds */
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
	RECORD_EVENT,     /* what a session did */
	RECORD_STATE,     /* a sample of its state */
	RECORD_MARKER,    /* about the trace or the host; see enum record_marker */
	RECORD_NOTIFY,    /* what a driver was told; see struct contract */
	RECORD_CALL,      /* of a routine of the driver's contract */
	RECORD_OBJECT,    /* the life of an I/O object */
	RECORD_NOTED,     /* in order, but of no session: counted, not judged */
	RECORD_MALFORMED, /* could not be read; reason says why */
};

enum record_marker {
	MARKER_NONE,
	MARKER_BOOT,     /* the host started: session ids are reused */
	MARKER_SHUTDOWN, /* the host is going down; events can still follow */
	MARKER_GAP,      /* records are missing here */
	MARKER_END,      /* the capture ended in order */
	MARKER_REPORTED, /* Windows itself reports an invalid transition of the session */
	MARKER_SERVICE,  /* the service that writes the log started, with the host or by itself */
	MARKER_REMARK,   /* the reader found something odd, but nothing is missing */
	MARKER_LEFTOVER, /* likewise: records of sessions that are not the log's own */
};

enum record_flag {
	/* host names the computer for people only: it can change in the middle of a life */
	RECORD_HOST_IS_LABEL = 1 << 0,
	/* the log holds several channels, and nothing orders the records of one among those of
	 * another: its source is the channel that the record is of */
	RECORD_OF_CHANNEL = 1 << 1,
	/* the sample in local is true */
	RECORD_LOCAL = 1 << 2,
	/* of a malformed record: whose it is has been understood, what happened has not */
	RECORD_NAMES_SESSION = 1 << 3,
	/* the event is a number, and whose number it is has been assumed: no source is named */
	RECORD_SOURCE_ASSUMED = 1 << 4,
	/* of a gap: a finding about it has been made */
	RECORD_REPORTED = 1 << 5,
};

#define RECORDS_UNCOUNTED UINT64_MAX

struct contract;
struct allowance;

struct record {
	uint64_t line;   /* counted from 1; in a binary log the EventRecordID */
	uint64_t offset; /* of its first byte in the file */
	uint64_t time;   /* 100 ns since 1601-01-01 UTC, or SESSIONLINT_NO_TIME */
	uint64_t seq;
	uint64_t lost; /* of a gap: at most so many records are missing; RECORDS_UNCOUNTED */
	uint64_t keys; /* which of them are there: KEY_BIT() */
	uint32_t session;
	uint32_t event, from, to, state; /* numbers, possibly outside their enumeration */
	uint8_t kind;
	uint8_t marker;
	uint8_t source;
	uint8_t flags;
	uint8_t activity;                /* enum model_activity, of an Ignore */
	uint8_t pointer_size;            /* of the host, in bytes: 4 or 8 */
	const struct contract *contract; /* NULL without a key of it; in the batch's arena */
	struct allowance *allowance;     /* likewise, without allow and allow_reason */
	struct sessionlint_text host, boot, user, address, reason;
};

/* What seq, or time, says of the records before one. */
enum record_sequel {
	SEQUEL_NEXT,       /* none is missing */
	SEQUEL_BEGINS,     /* those with which the count begins are missing */
	SEQUEL_MISSING,    /* some are missing */
	SEQUEL_DOUBTFUL,   /* some may be missing, depending on what seq counts */
	SEQUEL_LATE,       /* they have come long ago: it comes twice, or too late */
	SEQUEL_AFTER_LATE, /* none is missing, but the last one was late */
	SEQUEL_UNTIMELY,   /* later ones, by their times, have been judged */
};

/* The number of no host. */
#define NO_HOST UINT32_MAX

/* Where something is that a finding is about. */
struct place {
	uint64_t line, offset, time;
	uint32_t event; /* or SESSIONLINT_NO_EVENT */
};

/* What the stage that puts records in order finds out about one. */
struct record_place {
	uint32_t host;       /* number, or NO_HOST where none is asked for */
	uint8_t sequel;      /* enum record_sequel */
	bool lost_of_all;    /* those that are lost may be of any host */
	uint64_t lost;       /* at most so many may have been between; RECORDS_UNCOUNTED */
	uint64_t seq_before; /* which it should have followed */
};

#define BATCH_RECORDS 256

/*
 * Records as they are delivered. Text in them lies in the reader's buffer or in the arena and lives
 * until the next batch is read.
 */
struct batch {
	struct record records[BATCH_RECORDS];
	/* of each; readers leave them zeroed */
	struct record_place places[BATCH_RECORDS];
	unsigned count;
	struct arena arena;
};

static inline bool record_has(const struct record *record, enum record_key key)
{
	return record->keys & KEY_BIT(key);
}

/* How many bytes the record points to: its texts, its contract and its allowance. */
size_t record_texts_size(const struct record *record);

/* Moves what @record points to into @room, which has record_texts_size() bytes and is aligned for
 * anything, so that it outlives the batch. */
void record_keep(struct record *record, void *room);

#endif
