/* SPDX-License-Identifier: MIT */
/*
 * I/O objects with overlapping calls that register and unregister. It is unknown then which
 * registration a notification is for, and which ones were live when. Until all of the calls have
 * returned, nothing is reported about them; and afterwards, about registrations from that time,
 * only what does not depend on which events they received.
 */
#ifndef CHECK_DRIVER_OVERLAPPING_CALLS_H
#define CHECK_DRIVER_OVERLAPPING_CALLS_H

#include "check/context.h"

/* Calls overlap from now on. */
int overlap_begin(struct subject *subject, struct drivers *drivers, struct io_object *object);

/* A call has returned. After the last one, it is known again what is registered. */
int overlap_settle(struct subject *subject, struct drivers *drivers, struct io_object *object);

#endif
