/* SPDX-License-Identifier: MIT */
/* Resolves boots that wait until the numbers show whether counts restart with each of them. */
#ifndef ORDER_BOOTS_SETTLE_H
#define ORDER_BOOTS_SETTLE_H

#include "order/order.h"

/* The counts of a host restart with each boot: passes on what is buffered from all but its last. */
int order_begin_again(struct order *order, uint32_t number);

/* The buffered records of a host must be passed on now. If nothing shows whether counts restart
 * with a boot, boots keep their order of arrival. */
int order_settle_boots(struct order *order, uint32_t number);

#endif
