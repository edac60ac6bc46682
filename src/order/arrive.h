/* SPDX-License-Identifier: MIT */
/* What an arriving record shows: which count its number belongs to, whether it is a duplicate,
 * and what seq counts. */
#ifndef ORDER_ARRIVE_H
#define ORDER_ARRIVE_H

#include "order/order.h"

/* Extends the seq of a record of @stream to 64 bits, which continue when the count wraps. */
uint64_t order_extend(const struct order *order, const struct stream *stream, uint64_t seq);

/* Finds the stream of a record with a seq, and its extended number. -ENOMEM. */
int order_find(struct order *order, const struct record *record, struct stream **ret_stream,
	       uint64_t *ret_number);

/*
 * Skips duplicates, and detects that a driver was loaded again. *ret_same is the line of an earlier
 * record that may be identical, or 0. Returns 1 if the record needs no more work. -ENOMEM, or what
 * options.report returned.
 */
int order_recognize(struct order *order, const struct record *record, struct stream *stream,
		    uint64_t number, uint64_t *ret_same);

/* Learns from the order of arrival which number counts start with: in-order records are not from
 * the middle of a count that has wrapped, and a 0 would have come before the 1. */
void order_watch(struct order *order, struct stream *stream, uint64_t number, uint64_t seq);

/* Notes the number of a record on arrival: evidence of what seq counts and where counts start. */
int order_arrive(struct order *order, const struct record *record, struct stream *stream,
		 uint64_t number);

#endif
