/* SPDX-License-Identifier: MIT */
#include "coverage/durations.h"

#include <errno.h>

static unsigned bucket_of(uint64_t ticks)
{
	unsigned shift;

	if (ticks < DWELL_EXACT)
		return (unsigned)ticks;
	shift = 63 - (unsigned)__builtin_clzll(ticks) - (DWELL_BITS - 1);
	return (shift + 1) * (DWELL_EXACT / 2) + (unsigned)(ticks >> shift) - DWELL_EXACT / 2;
}

/* The middle of a bucket. */
static uint64_t bucket_middle(unsigned bucket)
{
	unsigned shift;
	uint64_t low;

	if (bucket < DWELL_EXACT)
		return bucket;
	shift = bucket / (DWELL_EXACT / 2) - 1;
	low = (uint64_t)(bucket % (DWELL_EXACT / 2) + DWELL_EXACT / 2) << shift;
	return low + (((uint64_t)1 << shift) - 1) / 2;
}

void dwell_add(struct dwell *dwell, uint64_t ticks)
{
	if (dwell->count == 0 || ticks < dwell->min)
		dwell->min = ticks;
	if (dwell->count == 0 || ticks > dwell->max)
		dwell->max = ticks;
	dwell->count++;
	dwell->buckets[bucket_of(ticks)]++;
}

int dwell_merge(struct dwell *dwell, const struct dwell *other)
{
	uint64_t count;

	if (__builtin_add_overflow(dwell->count, other->count, &count))
		return -EOVERFLOW;
	if (other->count == 0)
		return 0;
	if (dwell->count == 0 || other->min < dwell->min)
		dwell->min = other->min;
	if (dwell->count == 0 || other->max > dwell->max)
		dwell->max = other->max;
	dwell->count = count;
	/* no bucket holds more than there are */
	for (unsigned i = 0; i < DWELL_BUCKETS; i++)
		dwell->buckets[i] += other->buckets[i];
	return 0;
}

uint64_t dwell_median(const struct dwell *dwell)
{
	uint64_t before = 0, middle;
	unsigned i = 0;

	if (dwell->count == 0)
		return 0;
	while (before + dwell->buckets[i] <= (dwell->count - 1) / 2)
		before += dwell->buckets[i++];
	middle = bucket_middle(i);
	if (middle < dwell->min)
		return dwell->min;
	return middle > dwell->max ? dwell->max : middle;
}
