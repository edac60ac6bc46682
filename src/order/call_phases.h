/* SPDX-License-Identifier: MIT */
/* Records of whole calls and callbacks have one number for the begin and one for the end
 * (seq_end): each is split in two before records are put in order. */
#ifndef ORDER_CALL_PHASES_H
#define ORDER_CALL_PHASES_H

#include "order/order.h"

/* Like order_batch(), for a batch in which some records have a seq_end. */
int spans_batch(struct order *order, struct batch *batch);

#endif
