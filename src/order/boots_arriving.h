/* SPDX-License-Identifier: MIT */
/* Boots as they arrive: what they and their numbers show about whether counts restart. */
#ifndef ORDER_BOOTS_ARRIVING_H
#define ORDER_BOOTS_ARRIVING_H

#include "order/order.h"

/* Handles a boot marker identical to one shortly before it: either the host booted twice, or the
 * marker is a duplicate. Returns 1 for a duplicate. */
int order_follow_same(struct order *order, const struct record *record, struct stream *stream,
		      uint64_t line);

/* Tracks the boots of the host. When numbers restart, what is buffered is from before. Returns 1
 * if the record must not wait; 2 if then records of any host may be missing as well. */
int order_follow_boot(struct order *order, const struct record *record, struct stream *stream,
		      uint64_t number);

/* Records of any host may be missing before its next one. */
void order_mark_gap(struct order *order);

#endif
