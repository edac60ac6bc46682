/* SPDX-License-Identifier: MIT */
/* Calls and callbacks that are running when they must not. */
#ifndef CHECK_DRIVER_UNRETURNED_H
#define CHECK_DRIVER_UNRETURNED_H

#include "check/context.h"
#include "check/state/running_calls.h"

/* The registration with @serial ends when @call returns (NULL: its begin is not in the trace):
 * reports its callbacks that are still running. */
int running_check_end(struct subject *subject, const struct running *call, uint32_t serial);

/* The capture of @driver ends regularly: reports calls that wait for the callback that made
 * them. */
int running_check_stuck(struct subject *subject, const struct driver *driver);

#endif
