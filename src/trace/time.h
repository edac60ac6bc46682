/* SPDX-License-Identifier: MIT */
/* Points in time as ticks of 100 ns since 1601-01-01 UTC, as in a FILETIME. */
#ifndef TRACE_TIME_H
#define TRACE_TIME_H

#include "base/text.h"

/* Parses RFC 3339, with up to seven fractional digits. -EINVAL. */
int time_parse(struct sessionlint_text text, uint64_t *ret_ticks);

/* Parses one of its two parts: YYYY-MM-DD at @at, and HH:MM:SS.fffffffZ up to @end; an offset
 * can make the result negative. */
int day_parse(const char *at, uint64_t *ret_ticks);
int clock_parse(const char *at, const char *end, int64_t *ret_ticks);

#define TIME_TEXT_SIZE 32

/* Writes RFC 3339 with as many fractional digits as the time has, Z, and a NUL. */
void time_format(uint64_t ticks, char text[TIME_TEXT_SIZE]);

/* Parses a duration: a whole number and a unit, ms, s, m, h or d. -EINVAL; -ERANGE: too long. */
int duration_parse(struct sessionlint_text text, uint64_t *ret_ticks);

#define DURATION_TEXT_SIZE 40

/* Writes a duration in its two largest units, such as "2 h 59 min" or "1.5 s", and a NUL. */
void duration_format(uint64_t ticks, char text[DURATION_TEXT_SIZE]);

#endif
