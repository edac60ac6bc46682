/* SPDX-License-Identifier: MIT */
/* Bytes that are compared many at a time. */
#ifndef BASE_MATCH_H
#define BASE_MATCH_H

#include <stdbool.h>

#include "base/bytes.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* Loads eight bytes with the first one lowest, on any machine. */
static inline uint64_t load_word(const void *at)
{
	return read_u64(at);
}

/* Whether the 16 bytes at @at are @wanted where @masks says so; @wanted is 0 elsewhere. */
static inline bool bytes_match(const void *at, const void *wanted, const void *masks)
{
#ifdef __SSE2__
	const __m128i bytes = _mm_loadu_si128(at);
	const __m128i mask = _mm_loadu_si128(masks);
	const __m128i want = _mm_loadu_si128(wanted);

	return _mm_movemask_epi8(_mm_cmpeq_epi8(_mm_and_si128(bytes, mask), want)) == 0xffff;
#else
	const char *first = at, *second = wanted, *third = masks;

	return (((load_word(first) & load_word(third)) ^ load_word(second)) |
		((load_word(first + 8) & load_word(third + 8)) ^ load_word(second + 8))) == 0;
#endif
}

/* Which bytes of two words are alike: a bit for each, the first lowest. */
static inline unsigned words_alike(uint64_t first, uint64_t second)
{
	const uint64_t low = 0x7f7f7f7f7f7f7f7fU, differ = first ^ second;
	/* the highest bit of each byte that is zero, then one bit a byte, gathered at the top */
	uint64_t alike = ~(((differ & low) + low) | differ | low) >> 7;

	return (unsigned)(alike * 0x0102040810204080U >> 56);
}

/* Which of the 16 bytes at @first are those at @second: a bit for each, the first lowest. */
static inline unsigned bytes_alike(const void *first, const void *second)
{
#ifdef __SSE2__
	return (unsigned)_mm_movemask_epi8(
		_mm_cmpeq_epi8(_mm_loadu_si128(first), _mm_loadu_si128(second)));
#else
	const char *left = first, *right = second;

	return words_alike(load_word(left), load_word(right)) |
	       words_alike(load_word(left + 8), load_word(right + 8)) << 8;
#endif
}

#endif
