/* SPDX-License-Identifier: MIT */
/* Sorts records without seq by time, for --reorder: each waits until a record of the same host
 * arrives whose time is later by at least that duration. Part of the stage in order.h. */
#ifndef ORDER_BY_TIME_H
#define ORDER_BY_TIME_H

#include "order/order.h"

/* Whether the record is sorted by time. */
bool reorder_takes(const struct order *order, const struct record *record);

/* Buffers such a record, and passes on those that have waited long enough. -ENOMEM, or what
 * options.report returned. */
int reorder_put(struct order *order, const struct record *record);

/* Passes on what is buffered of the host of @record, or of all hosts if it names none, since
 * @record keeps its place. The same errors. */
int reorder_stop(struct order *order, const struct record *record);

/* The same for all hosts. */
int reorder_end(struct order *order);

#endif
