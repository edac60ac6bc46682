/* SPDX-License-Identifier: MIT */
#ifndef BASE_NOW_H
#define BASE_NOW_H

#include <stdint.h>

/*
 * Seconds since 1970-01-01 UTC. SOURCE_DATE_EPOCH fixes them, so that a run can be repeated to the
 * byte; where it is no number of seconds, the clock counts.
 */
int64_t now_seconds(void);

#endif
