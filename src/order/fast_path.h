/* SPDX-License-Identifier: MIT */
/* The fast path: records in order are passed on at once, without a copy. */
#ifndef ORDER_FAST_PATH_H
#define ORDER_FAST_PATH_H

#include "order/order.h"

/* Takes records from the start of @batch while they are in order and nothing is buffered;
 * *ret_count is how many. -ENOMEM, or what options.report returned. */
int order_fast_path(struct order *order, struct batch *batch, unsigned *ret_count);

#endif
