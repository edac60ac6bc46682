/* SPDX-License-Identifier: MIT */
/* What becomes of boots that wait until the numbers show whether they begin again with each. */
#ifndef ORDER_BOOTS_SETTLE_H
#define ORDER_BOOTS_SETTLE_H

#include "order/order.h"

/* The numbers of a host begin again with each boot: passes on what is held of all but its last. */
int order_begin_again(struct order *order, uint32_t number);

/* What is held of a host has to be passed on. Where nothing shows whether its numbers go on from
 * one boot to the next, the boots follow each other as they have arrived. */
int order_settle_boots(struct order *order, uint32_t number);

#endif
