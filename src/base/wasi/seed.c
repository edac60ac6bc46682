/* SPDX-License-Identifier: MIT */
#include "base/seed.h"

#include <time.h>
#include <unistd.h>

uint64_t random_seed(void)
{
	uint64_t seed;

	if (getentropy(&seed, sizeof seed) == 0)
		return seed;
	/* second best: the time; addresses are the same in each run */
	return (uint64_t)time(NULL) * 0x9e3779b97f4a7c15U;
}
