/* SPDX-License-Identifier: MIT */
/*
 * The records of one host that name the same driver, or none: these may have their own count. Most
 * hosts have one stream. The streams of a host are assumed to share a count until they are seen not
 * to; then each becomes a host of its own, with the same name, because no order between them is
 * known.
 */
#ifndef ORDER_STREAMS_H
#define ORDER_STREAMS_H

#include "base/recent.h"
#include "order/boots.h"
#include "order/waiting_records.h"
#include "trace/contract.h"

/* Further drivers of a host are treated as the first one. */
#define STREAMS_OF_HOST 256U

struct hosts;

struct stream {
	struct sessionlint_text driver; /* owned; empty: records without a driver */
	uint32_t hash;                  /* of driver */
	uint32_t host;                  /* number of the host */
	uint32_t part;                  /* number within the host */
	struct numbers numbers;
	struct heap heap;
	struct numbers arrived; /* the last one to arrive, until the count has started */
	uint32_t era;           /* how often the count has restarted */
	uint32_t era_known;
	uint64_t era_begun;  /* number of records in the log before that */
	uint32_t live;       /* open registrations of the driver */
	bool released_all;   /* the driver has released everything */
	bool zero;           /* it begins with 0, as far as is known */
	bool wraps;          /* it had numbers from before it wrapped */
	bool gap_before;     /* records may be missing before the next one */
	struct stream *next; /* of the same host */
};

/* A host with several streams. */
struct whole {
	struct counting counting;
	struct recent recent; /* streams of recent records, by driver */
	struct stream *plain; /* of records without a driver; NULL: none */
	uint64_t decision;    /* the last one on whether streams share a count */
	struct heap heap;
};

/* The records of a host as they arrive, which may not have been checked yet. */
struct arrivals {
	struct stream *streams, *recent;
	uint32_t stream_count;
	struct whole *whole;          /* NULL: a single stream */
	struct sessionlint_text boot; /* owned */
	/* with options.reorder: the previous boot, whose records can be late; owned */
	struct sessionlint_text boot_before;
	uint64_t boots;              /* of all hosts, up to the last one handled here */
	enum boots_count over_boots; /* whether counts restart with a boot */
	struct boots *waiting;       /* its boots until that is known; NULL: one; owned */
	uint64_t late_number;
	struct heap timed;    /* records waiting by time */
	uint64_t latest;      /* latest time that has arrived */
	uint64_t passed_time; /* time of the last record passed on by time */
	unsigned late_count;  /* late records in a row */
	bool has_passed;
	bool untimely;  /* the last record passed on was late */
	bool late;      /* the last record was too late: its number is late_number */
	bool split;     /* streams have their own counts: those after the first are hosts */
	bool split_off; /* this is one of those, of split_from */
	bool was_mixed; /* and its records have been treated as those of split_from */
	uint32_t split_from;
	uint32_t next_of_name; /* next host that was split off; 0: none */
};

/* The driver that a record names; empty if it names none. */
static inline struct sessionlint_text record_driver(const struct record *record)
{
	return record->contract ? record->contract->driver : (struct sessionlint_text) { 0 };
}

/* The stream of @driver if it was used recently, or NULL. Drivers often alternate, record by
 * record. */
static inline struct stream *streams_recent(struct arrivals *arrivals,
					    struct sessionlint_text driver)
{
	struct stream *stream = arrivals->recent;
	void **slot;

	if (stream && text_equal(stream->driver, driver))
		return stream;
	if (!arrivals->whole)
		return NULL;
	if (driver.size == 0) {
		stream = arrivals->whole->plain;
	} else {
		slot = recent_at(&arrivals->whole->recent, text_ends(driver));
		stream = slot ? *slot : NULL;
		if (!stream || !text_equal(stream->driver, driver))
			return NULL;
	}
	if (!stream)
		return NULL;
	arrivals->recent = stream;
	return stream;
}

/* Finds or adds the stream of host number @host with @driver. -ENOMEM. */
int streams_find(struct hosts *hosts, uint32_t host, struct sessionlint_text driver,
		 struct stream **ret_stream);

/* Turns all streams of @host but the first into hosts; the state of those with checked records
 * becomes unknown. -ENOMEM. */
int streams_split(struct hosts *hosts, uint32_t host);

/* Finds or adds the host for records of @driver, of a @host that has been split. -ENOMEM. */
int streams_host(struct hosts *hosts, uint32_t host, struct sessionlint_text driver,
		 uint32_t *ret_number);

/* The stream with number @part. */
const struct stream *stream_of_part(const struct arrivals *arrivals, uint32_t part);

/*
 * The weight, of COUNTING_AGREEMENTS, of one stream continuing where the other stopped: whoever
 * records both a driver and its notifications counts both together, but drivers count for
 * themselves.
 */
unsigned streams_weight(const struct stream *one, const struct stream *other);

/* The heaps of the buffered records of @stream. */
struct record_heaps stream_heaps(const struct hosts *hosts, struct stream *stream);

/* The counts of the host may restart, and a record identical to an earlier one is not a
 * duplicate; or only one of these. */
void arrivals_restart(struct arrivals *arrivals);
void arrivals_count_again(struct arrivals *arrivals);
void arrivals_new_era(struct arrivals *arrivals);

/* Records may be missing before the next one of each stream. */
void arrivals_mark_gap(struct arrivals *arrivals);

/* Tracks the registrations of the driver of @stream, to detect that it is unloaded. */
void stream_follow(struct stream *stream, const struct record *record);

void arrivals_free(struct arrivals *arrivals);

/* The hash of a driver's name, without a seed: a host has few drivers, so collisions are
 * harmless. */
uint32_t driver_hash(struct sessionlint_text driver);

/* Allocates a stream that is number @part of its host. NULL: no memory. */
struct stream *stream_new(struct sessionlint_text driver, uint32_t host, uint32_t part);
void stream_free(struct stream *stream);

/* The streams of the host no longer share a count. */
void whole_free(struct arrivals *arrivals);

#endif
