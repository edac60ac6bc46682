/* SPDX-License-Identifier: MIT */
/* How long records wait: until the window is full, or something says that nothing more will come.
 */
#ifndef ORDER_WAIT_H
#define ORDER_WAIT_H

#include "order/counting_decision.h"

/* Passes on all that is held. */
int order_release_all(struct order *order, enum decision when);

/* Passes on what is held of a host, and what seq puts before that. */
int order_release_host(struct order *order, uint32_t number);

/* The same of all hosts of the name: a record that names no driver is of them all. */
int order_release_name(struct order *order, uint32_t number);

/* Holds a record, and passes others on if the window is full. */
int order_hold(struct order *order, const struct record *record, struct stream *stream,
	       uint64_t number, uint64_t same_as);

/*
 * A record without a number keeps its place: whatever came before it goes before it. Finds its
 * host if that has to be followed, otherwise NO_HOST.
 */
int order_unnumbered(struct order *order, const struct record *record, uint32_t *ret_host);

#endif
