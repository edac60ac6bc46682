/* SPDX-License-Identifier: MIT */
/* Numbers and times of a trace; false: invalid text. */
#ifndef TRACE_TO_EVTX_TIME_H
#define TRACE_TO_EVTX_TIME_H

#include <stdbool.h>
#include <stdint.h>

/* RFC 3339, with at most the seven digits that a FILETIME can hold: 100 ns since 1601-01-01 UTC. */
bool trace_time_parse(const char *at, uint64_t *ret_time);

/* Decimal, at most @most. */
bool trace_number_parse(const char *text, uint64_t most, uint64_t *ret_number);

#endif
