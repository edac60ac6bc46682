/* SPDX-License-Identifier: MIT */
/*
 * How long sessions stay: a histogram of bounded size. Durations below DWELL_EXACT ticks have a
 * bucket each; above, each power of two is cut into DWELL_EXACT / 2 buckets, so that the middle of
 * a bucket is at most 1/32 away from whatever fell into it.
 */
#ifndef COVERAGE_DURATIONS_H
#define COVERAGE_DURATIONS_H

#include <stdint.h>

#define DWELL_BITS    5
#define DWELL_EXACT   (1U << DWELL_BITS)
#define DWELL_BUCKETS (DWELL_EXACT + (64 - DWELL_BITS) * (DWELL_EXACT / 2))

/* In ticks of 100 ns. */
struct dwell {
	uint64_t count;
	uint64_t min, max; /* exact; of no meaning while count is 0 */
	uint64_t buckets[DWELL_BUCKETS];
};

void dwell_add(struct dwell *dwell, uint64_t ticks);

/* Adds what @other holds; the order does not matter. -EOVERFLOW; then nothing has changed. */
int dwell_merge(struct dwell *dwell, const struct dwell *other);

/* The smaller of the two in the middle where the count is even; at most 1/32 off. 0 of nothing. */
uint64_t dwell_median(const struct dwell *dwell);

#endif
