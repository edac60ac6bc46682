/* SPDX-License-Identifier: MIT */
/* What seq counts, judging by all that is held: the records of the trace, of each host, or of each
 * driver. */
#ifndef ORDER_COUNTING_DECISION_H
#define ORDER_COUNTING_DECISION_H

#include "order/order.h"

enum decision {
	DECIDE_SOON, /* more may come between what is held */
	DECIDE_NOW,
	DECIDE_AT_END,
};

/* Finds what the streams of a host do from what is held of it; @complete: no more will come between
 * that. -ENOMEM. */
int order_decide_host(struct order *order, uint32_t number, bool complete);

/*
 * Finds what seq counts from all that is held, because some of that has to be passed on now, or may
 * be. The cost of many is shared by the records that have come since it was found out last, but at
 * the end. -ENOMEM.
 */
int order_decide(struct order *order, enum decision when);

#endif
