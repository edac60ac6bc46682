/* SPDX-License-Identifier: MIT */
/*
 * I/O objects of which calls overlap that register them and that end their registrations. Which of
 * those registrations a notification is of is not known then, nor who was live when: until all of
 * the calls have returned, nothing is said of them, and of what is registered then, only what does
 * not depend on which events it has got.
 */
#ifndef CHECK_DRIVER_OVERLAPPING_CALLS_H
#define CHECK_DRIVER_OVERLAPPING_CALLS_H

#include "check/context.h"

/* Calls overlap from now on. */
int contest_begin(struct subject *subject, struct drivers *drivers, struct io_object *object);

/* A call has returned: if it was the last, it is known again what is registered. */
int contest_settle(struct subject *subject, struct drivers *drivers, struct io_object *object);

#endif
