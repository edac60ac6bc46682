/* SPDX-License-Identifier: MIT */
/*
 * The stage between a reader and the checker that puts records into the order of seq. A kernel
 * capture is written one processor's buffer after the other, so that what happened first may stand
 * later in the file.
 *
 * Records in order, and those of traces without seq, are passed on as they come, uncopied. Once
 * one is ahead of its time, copies are held until what lies before them has come, or the window is
 * full, or something says that it will not come.
 */
#ifndef CHECK_ORDER_H
#define CHECK_ORDER_H

#include "check/checker.h"
#include "check/held.h"

/* What is held at most. */
#define ORDER_WINDOW 16384U
#define ORDER_BYTES  ((size_t)64 << 20)

struct order {
	struct checker *checker;
	bool seen;      /* a seq */
	uint64_t boots; /* of all hosts */
	struct numbering numbering;
	struct held_records held;
	uint64_t next_decision; /* of what seq counts: by arrivals */
	struct batch batch;     /* on its way to the checker; texts are others' */
	struct held *passed;    /* what in it was held, by newer */
};

/* Begins with an empty window before @checker, whose hosts it shares. */
void order_init(struct order *order, struct checker *checker);

/* Passes on the next records of the log, or holds them. -ENOMEM, or what options.report returned.
 */
int order_batch(struct order *order, struct batch *batch);

/* Passes on what is held: the log is at its end. The same errors; then the rest is dropped. */
int order_end(struct order *order);

#endif
