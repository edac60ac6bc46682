/* SPDX-License-Identifier: MIT */
/* SHA-256 by instructions that not every processor has. */
#ifndef BASE_SHA256_PROCESSOR_H
#define BASE_SHA256_PROCESSOR_H

#include <stddef.h>
#include <stdint.h>

/* Takes @count blocks into @state; @constants are those of the 64 rounds. */
typedef void sha256_blocks(uint32_t state[8], const uint32_t constants[64],
			   const unsigned char *blocks, size_t count);

/* Such a function for this processor, or NULL. */
sha256_blocks *sha256_processor(void);

#endif
