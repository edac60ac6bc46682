/* SPDX-License-Identifier: MIT */
#include "base/sha256.h"

#include <string.h>

#define ROUNDS 64

/* FIPS 180-4, section 4.2.2: of the cube roots of the first 64 primes. */
static const uint32_t constants[ROUNDS] = {
	0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4,
	0xab1c5ed5, 0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
	0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f,
	0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7,
	0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc,
	0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b,
	0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116,
	0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
	0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
	0xc67178f2,
};

/* Section 5.3.3. */
static const uint32_t initial[8] = {
	0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
	0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};

void sha256_init(struct sha256 *sha256)
{
	*sha256 = (struct sha256) { .processor = sha256_processor() };
	memcpy(sha256->state, initial, sizeof initial);
}

static uint32_t rotate(uint32_t word, unsigned by)
{
	return word >> by | word << (32 - by);
}

static uint32_t read_word(const unsigned char *bytes)
{
	return (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 |
	       bytes[3];
}

/* Section 6.2.2, step 1: the message schedule. */
static void schedule(uint32_t words[ROUNDS], const unsigned char *block)
{
	for (unsigned i = 0; i < 16; i++)
		words[i] = read_word(block + 4 * (size_t)i);
	for (unsigned i = 16; i < ROUNDS; i++) {
		uint32_t a = words[i - 15], b = words[i - 2];

		words[i] = words[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + words[i - 7] +
			   (rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

/* Steps 2 to 4; a to h are v[0] to v[7]. */
static void take_block(uint32_t state[8], const unsigned char *block)
{
	uint32_t words[ROUNDS], v[8];

	schedule(words, block);
	memcpy(v, state, sizeof v);
	for (unsigned i = 0; i < ROUNDS; i++) {
		uint32_t sum = rotate(v[4], 6) ^ rotate(v[4], 11) ^ rotate(v[4], 25);
		uint32_t first = v[7] + sum + ((v[4] & v[5]) ^ (~v[4] & v[6])) + constants[i] +
				 words[i];
		uint32_t second = (rotate(v[0], 2) ^ rotate(v[0], 13) ^ rotate(v[0], 22)) +
				  ((v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]));

		memmove(v + 1, v, 7 * sizeof *v);
		v[4] += first;
		v[0] = first + second;
	}
	for (unsigned i = 0; i < 8; i++)
		state[i] += v[i];
}

static void take_blocks(struct sha256 *sha256, const unsigned char *blocks, size_t count)
{
	if (sha256->processor) {
		sha256->processor(sha256->state, constants, blocks, count);
		return;
	}
	for (size_t i = 0; i < count; i++)
		take_block(sha256->state, blocks + SHA256_BLOCK * i);
}

void sha256_update(struct sha256 *sha256, const void *bytes, size_t size)
{
	const unsigned char *from = bytes;
	size_t used = sha256->size % SHA256_BLOCK;

	sha256->size += size;
	if (used + size < SHA256_BLOCK) {
		if (size > 0)
			memcpy(sha256->block + used, from, size);
		return;
	}
	if (used > 0) {
		size_t part = SHA256_BLOCK - used;

		memcpy(sha256->block + used, from, part);
		take_blocks(sha256, sha256->block, 1);
		from += part;
		size -= part;
	}
	take_blocks(sha256, from, size / SHA256_BLOCK);
	if (size % SHA256_BLOCK > 0)
		memcpy(sha256->block, from + size / SHA256_BLOCK * SHA256_BLOCK,
		       size % SHA256_BLOCK);
}

void sha256_end(struct sha256 *sha256, unsigned char ret_digest[SHA256_SIZE])
{
	static const unsigned char padding[SHA256_BLOCK] = { 0x80 };
	uint64_t bits = sha256->size * 8;
	unsigned char length[8];

	for (unsigned i = 0; i < 8; i++)
		length[i] = (unsigned char)(bits >> (56 - 8 * i));
	/* section 5.1.1: a one, zeros, and the length at the end of a block */
	sha256_update(sha256, padding,
		      1 + (2 * SHA256_BLOCK - 9 - sha256->size % SHA256_BLOCK) % SHA256_BLOCK);
	sha256_update(sha256, length, sizeof length);
	for (unsigned i = 0; i < SHA256_SIZE; i++)
		ret_digest[i] = (unsigned char)(sha256->state[i / 4] >> (24 - 8 * (i % 4)));
}

void sha256_hex(const unsigned char digest[SHA256_SIZE], char ret_hex[SHA256_HEX_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (unsigned i = 0; i < SHA256_SIZE; i++) {
		ret_hex[2 * i] = digits[digest[i] >> 4];
		ret_hex[2 * i + 1] = digits[digest[i] & 15];
	}
	ret_hex[2 * SHA256_SIZE] = '\0';
}
