/* SPDX-License-Identifier: MIT */
/*
 * The stage between reader and checker that sorts records by seq. A kernel capture is written one
 * processor's buffer after the other, so an earlier event may be later in the file.
 *
 * Records in order, and those of traces without seq, are passed on at once, without a copy. When a
 * record is ahead, records are copied and buffered until the missing ones have arrived, the window
 * is full, or something shows that they will not arrive.
 */
#ifndef ORDER_ORDER_H
#define ORDER_ORDER_H

#include "order/duplicates.h"
#include "order/hosts.h"
#include "order/log_files.h"

/* After this many records in order it is known which number counts start with. The first ones
 * wait for that: a 1 may be preceded by a 0, and a 0 by the end of a count that has wrapped. */
#define ORDER_RUN 32U

/* Boot markers without a time are all identical; only within this many records are two of them
 * checked for being the same record. */
#define ORDER_BOOTS_APART 32U

enum order_base {
	BASE_UNKNOWN,
	BASE_ZERO,
	BASE_ONE,
};

struct anonymous_boot {
	uint64_t hash, line;
	uint64_t at; /* number of records before it */
};

/* The next stage. */
struct order_sink {
	void *userdata;
	/* Receives records in order. A negative result ends the log. */
	int (*take)(void *userdata, const struct batch *batch);
	/* Host @number has been split: the hosts of its name have counts of their own. @mixed:
	 * records of all of them have been treated as those of one. */
	int (*split)(void *userdata, uint32_t number, bool mixed);
};

struct order {
	struct order_sink sink;
	const struct log_files *files; /* of the log, for remarks */
	struct hosts names;            /* hosts of the log */
	uint64_t reorder; /* duration in 100 ns; 0: keep the order of records without seq */
	bool windows_log;
	int stopped;    /* why the log was ended, or 0 */
	bool seen;      /* whether any record had a seq */
	uint64_t boots; /* number of boots of all hosts */

	struct counting trace;
	uint32_t hosts; /* number of hosts with a seq */
	/* records missing in the trace, if its hosts share a count; hosts have not been notified
	 * yet */
	uint64_t lost_pending;
	uint64_t lost_alone; /* records that were missing while the trace had one host */
	enum order_base base;
	unsigned in_order;      /* number of records before the first one out of order */
	bool disorder;          /* a record was out of order */
	uint32_t zeros;         /* number of streams that begin with 0 */
	struct numbers arrived; /* last number */

	struct reorder_buffer buffer;
	struct reorder_buffer timed; /* by time: see by_time.h */
	struct duplicates duplicates;
	struct anonymous_boot anonymous[ORDER_BOOTS_APART]; /* a ring of the last ones */
	uint64_t anonymous_count;
	uint64_t decisions;            /* on what seq counts, so far */
	uint64_t next_decision;        /* at this number of arrivals */
	struct batch batch;            /* on its way to the checker; does not own its texts */
	struct waiting_record *passed; /* buffered records in it, linked by newer */
};

/* Initializes an empty window. @sink is copied. -ENOMEM. */
int order_init(struct order *order, const struct order_sink *sink, const struct log_files *files);
void order_free(struct order *order);

/* Starts a log. Text records without seq are sorted by time if they are at most @reorder late. */
void order_begin(struct order *order, bool windows_log, uint64_t reorder);

/* Whether records without a number are passed on at once, as they come. */
static inline bool order_is_direct(const struct order *order)
{
	return !order->reorder && !order->seen;
}

/* Passes on or buffers the next records of the log; a series only if order_is_direct(). -ENOMEM, or
 * what options.report returned. */
int order_batch(struct order *order, struct batch *batch);

/* Passes on all buffered records at the end of the log. The same errors; then the rest is
 * dropped. */
int order_end(struct order *order);

/* Forgets the log and its hosts. */
void order_clear(struct order *order);

/* ---- pass.c: what is on its way to the checker ---- */

/* Passes on a copy of a record, which shares its texts: one of @stream, or one without a number,
 * at @place, with NO_HOST if the host has not been looked up. */
int order_pass(struct order *order, const struct record *record, struct stream *stream,
	       uint64_t number);
int order_pass_unnumbered(struct order *order, const struct record *record,
			  const struct record_place *place);

/* Passes on a remark in place of @record, which duplicates the one at @line. */
int order_pass_duplicate(struct order *order, const struct record *record, uint64_t line);

/* The trace has another host: records missing so far may have been of that host. */
void order_meet_host(struct order *order);

/* Finds the host of a record if later stages need it; otherwise NO_HOST. */
int order_find_host(struct order *order, const struct record *record, uint32_t *ret_host);

/* Hands records to the sink. */
int order_deliver(struct order *order, const struct batch *batch);

/* Hands the batch to the sink. */
int order_flush(struct order *order);

/* Frees buffered records that the sink will not see. */
void order_drop_passed(struct order *order);

/* Notes that a record of @stream is passed on uncopied, with nothing missing before it. */
int order_pass_uncopied(struct order *order, const struct record *record, struct stream *stream,
			uint64_t number);

/* The hash of a record, to detect a duplicate; and remembers it. -ENOMEM. */
uint64_t order_hash(const struct order *order, const struct record *record,
		    const struct stream *stream);
int order_remember(struct order *order, const struct record *record, const struct stream *stream);

/* The counts that a record of a stream may belong to: see numbering_place(). */
struct order_counts {
	struct numbers *finest, *coarsest, *own;
	bool of_trace; /* finest is the count of the trace */
};

struct order_counts order_counts(struct order *order, struct stream *stream);

/* The next buffered record in the finest count that @stream may have, or NULL. */
struct waiting_record *order_next(const struct order *order, const struct stream *stream);

enum numbering_place order_place(struct order *order, struct stream *stream, uint64_t number);

/* Handles the boot of a record that is passed on; its seq is handled afterwards. -ENOMEM. */
int order_take_boot(struct order *order, const struct record *record, uint32_t host);

static inline struct arrivals *order_arrivals(const struct order *order,
					      const struct stream *stream)
{
	return &order->names.hosts[stream->host].arrivals;
}

static inline bool order_is_boot(const struct record *record)
{
	return record->kind == RECORD_MARKER && record->marker == MARKER_BOOT;
}

/* Whether each host has its own count. */
static inline bool order_is_apart(const struct order *order)
{
	return order->trace.parts == PARTS_APART;
}

/* Whether the record applies to every host. */
static inline bool order_is_for_all(const struct record *record)
{
	return record->kind == RECORD_MARKER && !record_has(record, KEY_HOST);
}

/* Numbers may restart, for all hosts or that one. */
void order_restart(struct order *order, const struct record *record, uint32_t host);

static inline bool order_boot_differs(const struct arrivals *arrivals, const struct record *record)
{
	return record_has(record, KEY_BOOT) && arrivals->boot.data &&
	       !text_equal(arrivals->boot, record->boot);
}

#endif
