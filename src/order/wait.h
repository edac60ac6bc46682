/* SPDX-License-Identifier: MIT */
/* When records stop waiting: the window is full, or nothing more will arrive. */
#ifndef ORDER_WAIT_H
#define ORDER_WAIT_H

#include "order/counting_decision.h"

/* Passes on all buffered records. */
int order_release_all(struct order *order, enum decision when);

/* Passes on the buffered records of a host, and any others that seq puts before them. */
int order_release_host(struct order *order, uint32_t number);

/* The same for all hosts of that name: a record without a driver applies to all of them. */
int order_release_name(struct order *order, uint32_t number);

/* Buffers a record, and passes others on if the window is full. */
int order_hold(struct order *order, const struct record *record, struct stream *stream,
	       uint64_t number, uint64_t same_as);

/* A record without a number keeps its place: records that arrived before it are passed on first.
 * Finds its host if that is needed, otherwise NO_HOST. */
int order_unnumbered(struct order *order, const struct record *record, uint32_t *ret_host);

#endif
