/* SPDX-License-Identifier: MIT */
/*
 * Records without seq put in order by their times, for --reorder: each waits until one of its host
 * arrives that is so much later. Part of the stage in order.h.
 */
#ifndef ORDER_BY_TIME_H
#define ORDER_BY_TIME_H

#include "order/order.h"

/* Whether the record is put in order by its time. */
bool reorder_takes(const struct order *order, const struct record *record);

/* Holds such a record, and passes on those that have waited long enough. -ENOMEM, or what
 * options.report returned. */
int reorder_put(struct order *order, const struct record *record);

/* Passes on what is held of the host of @record, or of all hosts if it names none: it keeps its
 * place. The same errors. */
int reorder_stop(struct order *order, const struct record *record);

/* The same of all hosts. */
int reorder_end(struct order *order);

#endif
