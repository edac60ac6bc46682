/* SPDX-License-Identifier: MIT */
/* The window of waiting records: which can be passed on, and which have waited for those. */
#ifndef ORDER_WINDOW_H
#define ORDER_WINDOW_H

#include "order/order.h"

/* The streams of a host have their own counts: they have no order, and each is checked
 * separately from now on. */
int order_split(struct order *order, uint32_t number);

/* The heap of buffered records of a host, and the first of them, or NULL. */
const struct heap *order_heap_of_host(const struct order *order, uint32_t number);
struct waiting_record *order_first_of_host(const struct order *order, uint32_t number);

/* Passes on a buffered record; its texts stay valid until the checker has seen it. */
int order_release(struct order *order, struct waiting_record *waiting);

/* Whether the record can be passed on: all earlier ones have been, or will not arrive. */
bool order_is_ready(struct order *order, struct stream *stream, const struct record *record,
		    uint64_t number);

/* Passes on the records that have waited for a record of @stream. */
int order_drain(struct order *order, struct stream *stream);

/* The same after deciding what seq counts, which any stream may have waited for. -ENOMEM. */
int order_drain_all(struct order *order);

/* Passes on the buffered records of a host that arrived before @since. */
int order_release_before(struct order *order, uint32_t number, uint64_t since);

#endif
