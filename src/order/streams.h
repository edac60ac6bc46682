/* SPDX-License-Identifier: MIT */
/*
 * Records of one host and one driver, or of none: what can have a count of its own. Most hosts have
 * one stream. Where a host has several, they share one count until they are seen to count apart;
 * then each becomes a host of its own, of the same name, for no order between them is known.
 */
#ifndef ORDER_STREAMS_H
#define ORDER_STREAMS_H

#include "base/recent.h"
#include "order/boots.h"
#include "order/waiting_records.h"
#include "trace/contract.h"

/* Records of more drivers of one host are taken to be of the first. */
#define STREAMS_OF_HOST 256U

struct hosts;

struct stream {
	struct sessionlint_text driver; /* owned; empty: its records name none */
	uint32_t hash;                  /* of it */
	uint32_t host;                  /* number */
	uint32_t part;                  /* of its host: number */
	struct numbers numbers;
	struct heap held;
	struct numbers arrived; /* the last record to arrive, until the count has begun */
	uint32_t era;           /* how often the count has begun again */
	uint32_t era_known;
	uint64_t era_begun;  /* how many records of the log there had been then */
	uint32_t live;       /* registrations of the driver */
	bool gone;           /* it has given back all that it had */
	bool torn;           /* records may be missing before its next one */
	struct stream *next; /* of the host */
};

/* A host with several streams. */
struct whole {
	struct counting counting;
	struct recent recent; /* streams of the last records, by the driver */
	struct stream *plain; /* that of records without a driver; NULL: there is none */
	uint64_t decision;    /* the last one of what the streams do */
	struct heap held;
};

/* What has arrived of a host, and need not have been judged. */
struct arrivals {
	struct stream *streams, *recent;
	uint32_t stream_count;
	struct whole *whole;          /* NULL: one stream */
	struct sessionlint_text boot; /* owned */
	/* with options.reorder: that of the boot before, of which records can come late; owned */
	struct sessionlint_text boot_before;
	uint64_t boots;              /* of all hosts, as far as this one has followed them */
	enum boots_count over_boots; /* what the numbers do with a boot */
	struct boots *waiting;       /* its boots while that is not known; NULL: one; owned */
	uint64_t late_number;
	struct heap timed;    /* what waits by its time */
	uint64_t latest;      /* of the times that have arrived */
	uint64_t passed_time; /* of the last one that was passed on by it */
	unsigned late_count;  /* how many have come late in a row */
	bool has_passed;
	bool untimely;  /* the last record that was passed on came late */
	bool late;      /* the last record came too late: its number is late_number */
	bool split;     /* the streams count apart: those after the first are hosts of their own */
	bool split_off; /* it is one of these: of split_from */
	bool was_mixed; /* and its records have been taken for those of split_from */
	uint32_t split_from;
	uint32_t next_of_name; /* the next host that was split off; 0: none */
};

/* The driver that a record names; empty if it names none. */
static inline struct sessionlint_text record_driver(const struct record *record)
{
	return record->contract ? record->contract->driver : (struct sessionlint_text) { 0 };
}

/* The stream of @driver, if one of the last records was of it, or NULL. Drivers take turns, a
 * record each. */
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

/* The stream of host number @host with @driver; a new one is made if there is none. -ENOMEM. */
int streams_find(struct hosts *hosts, uint32_t host, struct sessionlint_text driver,
		 struct stream **ret_stream);

/* Makes hosts of the streams of @host after the first; of those that had records judged, nothing
 * is known. -ENOMEM. */
int streams_split(struct hosts *hosts, uint32_t host);

/* The number of the host of the records of @driver, of @host that was split; a new one is made if
 * there is none. -ENOMEM. */
int streams_host(struct hosts *hosts, uint32_t host, struct sessionlint_text driver,
		 uint32_t *ret_number);

/* The stream that is that part of its host. */
const struct stream *stream_of_part(const struct arrivals *arrivals, uint32_t part);

/* How much it says that one goes on where the other has left off, of COUNTING_AGREEMENTS: who
 * records a driver and what drivers are notified of counts both; drivers count for themselves. */
unsigned streams_weight(const struct stream *one, const struct stream *other);

/* Where what is held of @stream lies. */
struct held_heaps stream_heaps(const struct hosts *hosts, struct stream *stream);

/* The counts of the host can begin again; and a record that says the same as one of before that is
 * another one. */
void arrivals_restart(struct arrivals *arrivals);
void arrivals_count_again(struct arrivals *arrivals);
void arrivals_new_era(struct arrivals *arrivals);

/* Records may be missing before the next of each stream. */
void arrivals_tear(struct arrivals *arrivals);

/* Follows what the driver of @stream has registered, to see when it is unloaded. */
void stream_follow(struct stream *stream, const struct record *record);

void arrivals_free(struct arrivals *arrivals);

/* The hash of a driver's name. A host has few drivers: whoever chooses their names gains nothing by
 * equal hashes. */
uint32_t driver_hash(struct sessionlint_text driver);

/* A stream that is part @part of its host; NULL: there is no memory. */
struct stream *stream_new(struct sessionlint_text driver, uint32_t host, uint32_t part);
void stream_free(struct stream *stream);

/* From now on the streams of the host do not count together. */
void whole_free(struct arrivals *arrivals);

#endif
