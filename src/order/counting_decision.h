/* SPDX-License-Identifier: MIT */
/* Decides from the buffered records what seq counts: the records of the trace, of each host, or
 * of each driver. */
#ifndef ORDER_COUNTING_DECISION_H
#define ORDER_COUNTING_DECISION_H

#include "order/order.h"

enum decision {
	DECIDE_SOON, /* more records may arrive between the buffered ones */
	DECIDE_NOW,
	DECIDE_AT_END,
};

/* Decides from the buffered records whether the streams of a host share a count; @complete: no
 * more records will arrive between them. -ENOMEM. */
int order_decide_host(struct order *order, uint32_t number, bool complete);

/*
 * Decides from all buffered records what seq counts, because some of them must or may be passed on
 * now. Except at the end, this waits until enough records have arrived since the last decision to
 * spread its cost. -ENOMEM.
 */
int order_decide(struct order *order, enum decision when);

#endif
