/* SPDX-License-Identifier: MIT */
/* Hashes of texts that cannot be predicted from outside. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stdint.h>

#include "base/text.h"

/* The product of two words, folded: each bit of either changes all of it. */
static inline uint64_t hash_fold(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	__extension__ typedef unsigned __int128 product;
	product whole = (product)a * b;

	return (uint64_t)whole ^ (uint64_t)(whole >> 64);
#else
	uint64_t low = (a & UINT32_MAX) * (b & UINT32_MAX), high = (a >> 32) * (b >> 32);
	uint64_t left = (a >> 32) * (b & UINT32_MAX), right = (a & UINT32_MAX) * (b >> 32);
	uint64_t middle = (low >> 32) + (left & UINT32_MAX) + (right & UINT32_MAX);

	high += (left >> 32) + (right >> 32) + (middle >> 32);
	return ((low & UINT32_MAX) | middle << 32) ^ high;
#endif
}

/*
 * A hash of @text, sixteen bytes at a time. No word goes into a product but with a secret one:
 * without these nobody can tell which bits of one word would undo those of another. Both are random
 * numbers, and @factor is odd. The size is multiplied by it: added as it is, it would change a few
 * bits of the seed, and one more character could undo that.
 */
static inline uint64_t hash_text(struct sessionlint_text text, uint64_t seed, uint64_t factor)
{
	uint64_t hash = seed + text.size * factor;
	const char *at = text.data;
	size_t left = text.size;

	for (; left > 16; at += 16, left -= 16)
		hash = hash_fold(text_word(at, 8) ^ hash, text_word(at + 8, 8) ^ factor) ^ seed;
	if (left > 8)
		return hash_fold(text_word(at, 8) ^ hash, text_word(at + left - 8, 8) ^ factor);
	return hash_fold(text_word(at, left) ^ hash, factor);
}

/* A hash of short texts (FNV-1a) that is the same on all machines. */
static inline uint32_t text_hash(struct sessionlint_text text)
{
	uint64_t hash = 0xcbf29ce484222325U;

	for (size_t i = 0; i < text.size; i++)
		hash = (hash ^ (unsigned char)text.data[i]) * 0x100000001b3U;
	return (uint32_t)(hash ^ hash >> 32);
}

#endif
