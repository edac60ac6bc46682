/* SPDX-License-Identifier: MIT */
#ifndef BASE_SEED_H
#define BASE_SEED_H

#include <stdint.h>

/* A number that nobody outside can foresee, for hashes: an input cannot be made to collide in them.
 */
uint64_t random_seed(void);

#endif
