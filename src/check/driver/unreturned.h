/* SPDX-License-Identifier: MIT */
/* Calls and callbacks that still run when they must not. */
#ifndef CHECK_DRIVER_UNRETURNED_H
#define CHECK_DRIVER_UNRETURNED_H

#include "check/context.h"
#include "check/state/running_calls.h"

/*
 * The registration with @serial ends with the return of @call, or of one of which the begin was not
 * shown (NULL): reports its callbacks that still run.
 */
int running_check_end(struct subject *subject, const struct running *call, uint32_t serial);

/* The capture of @driver ends in order: reports calls that wait for the callback that made them. */
int running_check_stuck(struct subject *subject, const struct driver *driver);

#endif
