/* SPDX-License-Identifier: MIT */
/* SHA-256, as in FIPS 180-4, "Secure Hash Standard". */
#ifndef BASE_SHA256_H
#define BASE_SHA256_H

#include <stddef.h>
#include <stdint.h>

#include "base/sha256_processor.h"

#define SHA256_SIZE     32U /* of a digest, in bytes */
#define SHA256_BLOCK    64U
#define SHA256_HEX_SIZE (2 * SHA256_SIZE + 1)

struct sha256 {
	uint32_t state[8];
	uint64_t size; /* of what was hashed, in bytes */
	unsigned char block[SHA256_BLOCK];
	sha256_blocks *processor; /* NULL: by plain arithmetic */
};

void sha256_init(struct sha256 *sha256);
void sha256_update(struct sha256 *sha256, const void *bytes, size_t size);

/* The digest of all bytes so far; nothing can be added after it. */
void sha256_end(struct sha256 *sha256, unsigned char ret_digest[SHA256_SIZE]);

/* Writes a digest in lower case, with a NUL. */
void sha256_hex(const unsigned char digest[SHA256_SIZE], char ret_hex[SHA256_HEX_SIZE]);

#endif
