/* SPDX-License-Identifier: MIT */
#ifndef BASE_SEED_H
#define BASE_SEED_H

#include <stdint.h>

/* An unpredictable number for hashes, so that inputs cannot be made to collide.
 */
uint64_t random_seed(void);

#endif
