/* SPDX-License-Identifier: MIT */
/*
 * The stage between a reader and the checker that puts records into the order of seq. A kernel
 * capture is written one processor's buffer after the other, so that what happened first may stand
 * later in the file.
 *
 * Records in order, and those of traces without seq, are passed on as they come, uncopied. Once
 * one is ahead of its time, copies are held until what comes before them has arrived, or the window
 * is full, or something says that it will not come.
 */
#ifndef ORDER_ORDER_H
#define ORDER_ORDER_H

#include "order/duplicates.h"
#include "order/hosts.h"
#include "order/log_files.h"

/*
 * So many records that arrive in order show with which number counts begin. The first ones wait for
 * that: a 1 may be preceded by a 0, and a 0 by the end of a count that has wrapped.
 */
#define ORDER_RUN 32U

/* A marker of a boot without a time is the same as one of an earlier boot by nature; so near to it,
 * it can be the same record. */
#define ORDER_BOOTS_APART 32U

enum order_base {
	BASE_UNKNOWN,
	BASE_ZERO,
	BASE_ONE,
};

struct bare_boot {
	uint64_t hash, line;
	uint64_t at; /* how many records there had been */
};

/* What comes after this stage. */
struct order_sink {
	void *userdata;
	/* Takes records in order. A negative result ends the log. */
	int (*take)(void *userdata, const struct batch *batch);
	/* Host @number has been split: those of its name have counts of their own. @mixed: records
	 * of all of them have been taken for those of one. */
	int (*split)(void *userdata, uint32_t number, bool mixed);
};

struct order {
	struct order_sink sink;
	const struct log_files *files; /* of the log; for remarks */
	struct hosts names;            /* of its hosts */
	uint64_t reorder; /* duration in 100 ns; 0: records without seq keep their order */
	bool windows_log;
	int stopped;    /* what ended the log, or 0 */
	bool seen;      /* a seq */
	uint64_t boots; /* of all hosts */

	struct counting trace;
	uint32_t hosts; /* those that have had a number */
	uint64_t owed;  /* records that are missing in the trace, if its hosts count together; every
			   host has yet to learn of them */
	uint64_t lost_alone; /* records that were missing while the trace had one host */
	enum order_base base;
	unsigned in_order;      /* how many records have arrived so, until one did not */
	bool disorder, zero;    /* one did not; there was a 0 */
	struct numbers arrived; /* the last one */

	struct held_records held;
	struct held_records timed; /* by time: by_time.h */
	struct duplicates duplicates;
	struct bare_boot bare[ORDER_BOOTS_APART]; /* the last ones, a ring */
	uint64_t bare_count;
	uint64_t decisions;     /* of what seq counts, so far */
	uint64_t next_decision; /* when: by arrivals */
	struct batch batch;     /* on its way to the checker; texts are others' */
	struct held *passed;    /* what in it was held, by newer */
};

/* Begins with an empty window before @sink, which is copied. -ENOMEM. */
int order_init(struct order *order, const struct order_sink *sink, const struct log_files *files);
void order_free(struct order *order);

/* Begins a log, of which text records without seq are sorted by time if they are at most @reorder
 * late. */
void order_begin(struct order *order, bool windows_log, uint64_t reorder);

/* Passes on the next records of the log, or holds them. -ENOMEM, or what options.report returned.
 */
int order_batch(struct order *order, struct batch *batch);

/* Passes on what is held: the log is at its end. The same errors; then the rest is dropped. */
int order_end(struct order *order);

/* Forgets the log, and the names of its hosts. */
void order_clear(struct order *order);

/* ---- pass.c: what is on its way to the checker ---- */

/* Passes on a record, which is copied; its texts are not: one of @stream, or one without a number,
 * at @place, with NO_HOST where the host has not been looked for. */
int order_pass(struct order *order, const struct record *record, struct stream *stream,
	       uint64_t number);
int order_pass_unnumbered(struct order *order, const struct record *record,
			  const struct record_place *place);

/* Passes on a remark about @record in its place: it is the same as the one at @line. */
int order_pass_duplicate(struct order *order, const struct record *record, uint64_t line);

/* The trace has another host: what was missing before it may have been of it. */
void order_meet_host(struct order *order);

/* The host of a record, as far as anything after this stage asks for it; otherwise NO_HOST. */
int order_find_host(struct order *order, const struct record *record, uint32_t *ret_host);

/* Hands records on. */
int order_deliver(struct order *order, const struct batch *batch);

/* Hands on what has been passed. */
int order_flush(struct order *order);

/* Forgets what has been passed on and not been seen. */
void order_drop_passed(struct order *order);

/* Notes that a record of @stream is passed on, without a copy and with nothing missing before it.
 */
int order_pass_straight(struct order *order, const struct record *record, struct stream *stream,
			uint64_t number);

/* What the record says, to know it again; and remembers that. -ENOMEM. */
uint64_t order_hash(const struct order *order, const struct record *record,
		    const struct stream *stream);
int order_remember(struct order *order, const struct record *record, const struct stream *stream);

/* The counts that a record of a stream may be of: see numbering_place(). */
struct order_counts {
	struct numbers *finest, *coarsest, *own;
	bool of_trace; /* finest is that of the trace */
};

struct order_counts order_counts(struct order *order, struct stream *stream);

enum numbering_place order_place(struct order *order, struct stream *stream, uint64_t number);

/* Follows the boot of a record that is passed on; its seq comes after it. -ENOMEM. */
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

/* Whether hosts count for themselves. */
static inline bool order_is_apart(const struct order *order)
{
	return order->trace.parts == PARTS_APART;
}

/* Whether the record is about every host. */
static inline bool order_is_for_all(const struct record *record)
{
	return record->kind == RECORD_MARKER && !record_has(record, KEY_HOST);
}

/* The next numbers may begin again: of all hosts, or of that one. */
void order_restart(struct order *order, const struct record *record, uint32_t host);

static inline bool order_boot_differs(const struct arrivals *arrivals, const struct record *record)
{
	return record_has(record, KEY_BOOT) && arrivals->boot.data &&
	       !text_equal(arrivals->boot, record->boot);
}

#endif
