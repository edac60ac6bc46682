/* SPDX-License-Identifier: MIT */
/* What the numbers of the records of a log show, in the order in which these are judged. */
#ifndef CERTIFICATE_LOG_NUMBERS_H
#define CERTIFICATE_LOG_NUMBERS_H

#include "trace/keys.h"
#include "trace/record.h"

/* So many numbers of a driver are kept, to show that another one has the same. */
#define STREAM_NUMBERS 16U

struct log_number {
	uint64_t seq, line;
	uint32_t boot; /* hash of the value of that key; 0: none */
};

/* The records of a driver of a host, or of no driver, so far. */
struct log_stream {
	struct log_number list[STREAM_NUMBERS]; /* the first ones */
	unsigned count;
	struct sessionlint_text driver; /* owned */
	uint32_t hash;                  /* of that */
	struct log_stream *next;        /* of the same host */
	uint64_t seq;
	uint64_t line, marker; /* of that, and of the last marker of a boot with a number */
	uint64_t first;        /* number */
	uint64_t row;          /* so many numbers went on from the one before */
	uint64_t boots;        /* so many had no number, before the last one that has */
	uint64_t starts;       /* of its host, likewise */
	bool numbered;
};

/* The records of a host so far. */
struct log_host {
	struct sessionlint_text boot; /* the last value of that key; owned */
	struct log_stream *streams;   /* owned */
	struct log_stream *recent;    /* that of the last record; NULL: it has none */
	unsigned stream_count;
	uint64_t seq;
	uint64_t starts; /* so many numbers may begin a count: of boots, or with another value */
	uint64_t line;   /* the largest one */
	uint64_t begin;  /* of the current boot; all its lines are larger */
	uint64_t first_line; /* of it, so far */
	bool numbered;
	/* a numbered record without a driver is about all drivers: a marker, or one that a loss
	 * precedes */
	bool common;
	bool nameless; /* an incarnation that names no driver has ended */
};

struct log_numbers {
	struct log_host *hosts; /* by number */
	size_t room;
	uint64_t last_seq;
	uint64_t boots;                  /* markers without a number */
	struct sessionlint_text boot_of; /* the host of the last one; owned */
	uint64_t stop;              /* line of the last record that has neither number nor host */
	bool numbered;              /* a record has one */
	bool named;                 /* a record has the key boot */
	bool wrapped;               /* a count of 32 bits may have begun again */
	bool large;                 /* a number has more than 32 bits */
	bool several;               /* records of several drivers have numbers */
	bool crowded;               /* of more drivers of a host than are told apart */
	bool loaded;                /* a driver may have been loaded again */
	bool zero, one;             /* a count has begun with that number */
	bool one_in_trace;          /* that of all has, if they count together */
	bool again, again_in_trace; /* numbers of a host, or of all, begin again */
	bool moved;                 /* the records of a host are not in the order of the file */
	bool mixed;                 /* the records of a boot are not together in the file */
};

/* Follows the next record, of the host with that number: its count may begin again, or go on, with
 * a boot. @lost: something is missing before it. -ENOMEM. */
int log_numbers_follow(struct log_numbers *numbers, const struct record *record, uint32_t number,
		       bool lost);

/* An incarnation of that host and driver has ended. */
void log_numbers_end(struct log_numbers *numbers, uint32_t number, struct sessionlint_text driver);

/* Whether the host may have started since the last number of the stream. */
bool log_numbers_may_restart(const struct log_numbers *numbers, const struct log_stream *stream,
			     const struct record *record, uint32_t number);

/* The records of the driver of the record, or NULL. */
struct log_stream *log_numbers_stream(const struct log_numbers *numbers,
				      const struct record *record, uint32_t number);

/* Whether the number of the record shows that it came too late: it is @before, the last one of its
 * count, again; or a record without a number has stopped those that wait; or 32 in a row have shown
 * with which one the count begins. */
bool log_numbers_is_late(const struct log_numbers *numbers, const struct record *record,
			 uint32_t number, uint64_t before);

/* Whether the record may matter to log_numbers_follow(). */
static inline bool log_numbers_concern(const struct record *record)
{
	return record->keys & (KEY_BIT(KEY_SEQ) | KEY_BIT(KEY_BOOT)) ||
	       record->kind == RECORD_MARKER;
}

void log_numbers_forget(struct log_numbers *numbers);

#endif
