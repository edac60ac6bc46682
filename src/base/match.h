/* SPDX-License-Identifier: MIT */
/*
 * Bytes that are compared sixteen at a time: by SSE2, by NEON, or in words of eight. Results are
 * the same: a bit for each byte, the first lowest.
 */
#ifndef BASE_MATCH_H
#define BASE_MATCH_H

#include <stdbool.h>

#include "base/bytes.h"

#if defined(__SSE2__)
#include <emmintrin.h>
#elif defined(__aarch64__) && defined(__ARM_NEON)
#include <arm_neon.h>
#define MATCH_BY_NEON
#endif

/* Loads eight bytes with the first one lowest, on any machine. */
static inline uint64_t load_word(const void *at)
{
	return read_u64(at);
}

#if defined(__SSE2__)

static inline __m128i bytes_load(const void *at)
{
	return _mm_loadu_si128(at);
}

/* Whether the 16 bytes at @at are @wanted where @masks says so; @wanted is 0 elsewhere. */
static inline bool bytes_match(const void *at, const void *wanted, const void *masks)
{
	const __m128i bytes = _mm_and_si128(bytes_load(at), bytes_load(masks));

	return _mm_movemask_epi8(_mm_cmpeq_epi8(bytes, bytes_load(wanted))) == 0xffff;
}

/* Which of the 16 bytes at @first are those at @second. */
static inline unsigned bytes_alike(const void *first, const void *second)
{
	return (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes_load(first), bytes_load(second)));
}

/* Which of the 16 bytes at @at cannot be part of a value that ends with @stop: that, those below a
 * space, a quote and DEL. */
static inline unsigned bytes_ending(const void *at, char stop)
{
	const __m128i bytes = bytes_load(at);
	const __m128i low = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1f)), bytes);
	const __m128i quotes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"'));
	const __m128i deletes = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(0x7f));
	const __m128i stops = _mm_cmpeq_epi8(bytes, _mm_set1_epi8(stop));

	return (unsigned)_mm_movemask_epi8(
		_mm_or_si128(_mm_or_si128(low, stops), _mm_or_si128(quotes, deletes)));
}

#elif defined(MATCH_BY_NEON)

/* A bit for each byte of @set, which are 0 or 0xff. */
static inline unsigned bits_of_bytes(uint8x16_t set)
{
	static const uint8_t bits[] = { 1, 2, 4, 8, 16, 32, 64, 128, 1, 2, 4, 8, 16, 32, 64, 128 };
	const uint8x16_t each = vandq_u8(set, vld1q_u8(bits));

	return vaddv_u8(vget_low_u8(each)) | (unsigned)vaddv_u8(vget_high_u8(each)) << 8;
}

static inline bool bytes_match(const void *at, const void *wanted, const void *masks)
{
	const uint8x16_t bytes = vandq_u8(vld1q_u8(at), vld1q_u8(masks));

	return vmaxvq_u8(veorq_u8(bytes, vld1q_u8(wanted))) == 0;
}

static inline unsigned bytes_alike(const void *first, const void *second)
{
	return bits_of_bytes(vceqq_u8(vld1q_u8(first), vld1q_u8(second)));
}

static inline unsigned bytes_ending(const void *at, char stop)
{
	const uint8x16_t bytes = vld1q_u8(at);
	const uint8x16_t low = vcltq_u8(bytes, vdupq_n_u8(' '));
	const uint8x16_t quotes = vceqq_u8(bytes, vdupq_n_u8('"'));
	const uint8x16_t deletes = vceqq_u8(bytes, vdupq_n_u8(0x7f));
	const uint8x16_t stops = vceqq_u8(bytes, vdupq_n_u8((uint8_t)stop));

	return bits_of_bytes(vorrq_u8(vorrq_u8(low, stops), vorrq_u8(quotes, deletes)));
}

#else

static inline bool bytes_match(const void *at, const void *wanted, const void *masks)
{
	const char *first = at, *second = wanted, *third = masks;

	return (((load_word(first) & load_word(third)) ^ load_word(second)) |
		((load_word(first + 8) & load_word(third + 8)) ^ load_word(second + 8))) == 0;
}

/* Which bytes of two words are alike. */
static inline unsigned words_alike(uint64_t first, uint64_t second)
{
	const uint64_t low = 0x7f * EACH_BYTE, differ = first ^ second;
	/* the highest bit of each byte that is zero, then one bit a byte, gathered at the top */
	uint64_t alike = ~(((differ & low) + low) | differ | low) >> 7;

	return (unsigned)(alike * 0x0102040810204080U >> 56);
}

static inline unsigned bytes_alike(const void *first, const void *second)
{
	const char *left = first, *right = second;

	return words_alike(load_word(left), load_word(right)) |
	       words_alike(load_word(left + 8), load_word(right + 8)) << 8;
}

static inline unsigned word_ending(uint64_t word, char stop)
{
	return words_alike(word & 0xe0 * EACH_BYTE, 0) | words_alike(word, '"' * EACH_BYTE) |
	       words_alike(word, 0x7f * EACH_BYTE) |
	       words_alike(word, (unsigned char)stop * EACH_BYTE);
}

static inline unsigned bytes_ending(const void *at, char stop)
{
	const char *bytes = at;

	return word_ending(load_word(bytes), stop) | word_ending(load_word(bytes + 8), stop) << 8;
}

#endif

#endif
