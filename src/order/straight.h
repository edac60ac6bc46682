/* SPDX-License-Identifier: MIT */
/* Records that are in order, as nearly always: they are passed on as they come, uncopied. */
#ifndef ORDER_STRAIGHT_H
#define ORDER_STRAIGHT_H

#include "order/order.h"

/*
 * Takes the first records of @batch as long as they can be passed on as they come, and nothing is
 * held; *ret_count is how many. -ENOMEM, or what options.report returned.
 */
int order_straight_batch(struct order *order, struct batch *batch, unsigned *ret_count);

#endif
