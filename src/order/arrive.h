/* SPDX-License-Identifier: MIT */
/* What a record says as it arrives: whose number it has, whether it was there before, what seq
 * counts. */
#ifndef ORDER_ARRIVE_H
#define ORDER_ARRIVE_H

#include "order/order.h"

/* The number of a record of @stream: where the count has wrapped, it goes on. */
uint64_t order_extend(const struct order *order, const struct stream *stream, uint64_t seq);

/* Finds the stream of a record that has a number, and what that is. -ENOMEM. */
int order_find(struct order *order, const struct record *record, struct stream **ret_stream,
	       uint64_t *ret_number);

/*
 * Passes over a record that there has been before, and follows a driver that was loaded again;
 * *ret_same is the line of a record that may be the same one, or 0. Returns 1 if the record is done
 * with. -ENOMEM, or what options.report returned.
 */
int order_recognize(struct order *order, const struct record *record, struct stream *stream,
		    uint64_t number, uint64_t *ret_same);

/*
 * Learns from the order in which records arrive with which number counts begin: what they show is
 * not the middle of a count that has wrapped, and a 0 would have come before the 1.
 */
void order_watch(struct order *order, struct stream *stream, uint64_t number, uint64_t seq);

/* Takes a number as it has arrived: what it says of what seq counts, and of where counts begin. */
int order_arrive(struct order *order, const struct record *record, struct stream *stream,
		 uint64_t number);

#endif
