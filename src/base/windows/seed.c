/* SPDX-License-Identifier: MIT */
#define _CRT_RAND_S
#include "base/seed.h"

#include <stdlib.h>
#include <time.h>

uint64_t random_seed(void)
{
	unsigned low, high;

	if (rand_s(&low) == 0 && rand_s(&high) == 0)
		return (uint64_t)high << 32 | low;
	/* second best: where the stack is, and when */
	return (uint64_t)(uintptr_t)&low * 0x9e3779b97f4a7c15U ^ (uint64_t)time(NULL) << 20 ^
	       (uint64_t)clock();
}
