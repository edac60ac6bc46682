/* SPDX-License-Identifier: MIT */
/* Random numbers that are the same in every run. */
#ifndef CONFORMANCE_RANDOM_H
#define CONFORMANCE_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

static uint64_t random_state = 42;

static inline unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(random_state >> 33) % limit;
}

static inline bool one_in(unsigned count)
{
	return random_below(count) == 0;
}

#endif
