/* SPDX-License-Identifier: MIT */
/* Boots as they arrive: what they and their numbers say of whether numbers begin again. */
#ifndef ORDER_BOOTS_ARRIVING_H
#define ORDER_BOOTS_ARRIVING_H

#include "order/order.h"

/*
 * Follows a marker of a boot that says the same as one shortly before it: the host has started
 * twice, or the marker is there twice. Returns 1 if it is there twice.
 */
int order_follow_same(struct order *order, const struct record *record, struct stream *stream,
		      uint64_t line);

/*
 * Follows the boots of the host. When numbers begin again, what is held is of the past. Returns 1
 * if the record must not wait.
 */
int order_follow_boot(struct order *order, const struct record *record, struct stream *stream,
		      uint64_t number);

#endif
