/* SPDX-License-Identifier: MIT */
/*
 * Records of whole calls and callbacks, which have a number for the begin and one for the end
 * (seq_end): each becomes two records before the stage that puts them in order.
 */
#ifndef ORDER_CALL_PHASES_H
#define ORDER_CALL_PHASES_H

#include "order/order.h"

/* As order_batch(), for a batch in which some records have a seq_end. */
int spans_batch(struct order *order, struct batch *batch);

#endif
