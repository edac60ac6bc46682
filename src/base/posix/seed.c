/* SPDX-License-Identifier: MIT */
#include "base/seed.h"

#include <time.h>
#ifdef __linux__
#include <sys/random.h>
#endif

uint64_t random_seed(void)
{
	uint64_t seed;

#ifdef __linux__
	if (getrandom(&seed, sizeof seed, GRND_NONBLOCK) == (ssize_t)sizeof seed)
		return seed;
#endif
	/* second best: where the stack is, and when */
	seed = (uint64_t)(uintptr_t)&seed * 0x9e3779b97f4a7c15U;
	return seed ^ (uint64_t)time(NULL) << 20 ^ (uint64_t)clock();
}
