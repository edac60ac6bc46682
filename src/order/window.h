/* SPDX-License-Identifier: MIT */
/* Records that wait: which of them can be passed on, and what has waited for them. */
#ifndef ORDER_WINDOW_H
#define ORDER_WINDOW_H

#include "order/order.h"

/* The streams of a host count apart: they have no order among each other, and each of them is
 * judged by itself from now on. */
int order_split(struct order *order, uint32_t number);

/* What is held of a host, and the next record of that; NULL if there is none. */
const struct heap *order_held_of_host(const struct order *order, uint32_t number);
struct held *order_first_of_host(const struct order *order, uint32_t number);

/* Passes on a record that was held; its texts live until the checker has seen it. */
int order_release(struct order *order, struct held *held);

/* Whether the record can be passed on: all that comes before it has been, or does not come any
 * more. */
bool order_is_ready(struct order *order, struct stream *stream, const struct record *record,
		    uint64_t number);

/* Passes on what has waited for a record of @stream. */
int order_drain(struct order *order, struct stream *stream);

/* The same after it was found out what seq counts: any stream can have waited for that. -ENOMEM. */
int order_drain_all(struct order *order);

/* Passes on what is held of a host and arrived before @since. */
int order_release_before(struct order *order, uint32_t number, uint64_t since);

#endif
