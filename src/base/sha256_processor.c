/* SPDX-License-Identifier: MIT */
/*
 * The instructions of x86-64 keep the state in two registers, as a, b, e, f and c, d, g, h, and
 * take two rounds at a time ("Intel SHA Extensions", Intel, 2013).
 */
#include "base/sha256_processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define SSSE3  (1U << 9)  /* in ECX of leaf 1 */
#define SSE4_1 (1U << 19) /* the same */
#define SHA    (1U << 29) /* in EBX of leaf 7 */

/* The words from number 4 * @step on of the message schedule, which take the place of those 16
 * before them. */
__attribute__((target("sha,sse4.1"))) static inline __m128i scheduled(const __m128i words[4],
								      unsigned step)
{
	__m128i last = words[(step + 3) % 4];
	__m128i sum = _mm_sha256msg1_epu32(words[step % 4], words[(step + 1) % 4]);

	sum = _mm_add_epi32(sum, _mm_alignr_epi8(last, words[(step + 2) % 4], 4));
	return _mm_sha256msg2_epu32(sum, last);
}

__attribute__((target("sha,sse4.1"))) static inline void
take_block(__m128i *abef, __m128i *cdgh, const uint32_t constants[64], const unsigned char *block)
{
	const __m128i big_endian = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
	const __m128i *in = (const __m128i *)(const void *)block;
	const __m128i *added = (const __m128i *)(const void *)constants;
	__m128i words[4], first = *abef, second = *cdgh;

#pragma GCC unroll 16
	for (unsigned step = 0; step < 16; step++) {
		__m128i sum;

		if (step < 4)
			words[step] = _mm_shuffle_epi8(_mm_loadu_si128(in + step), big_endian);
		else
			words[step % 4] = scheduled(words, step);
		sum = _mm_add_epi32(words[step % 4], _mm_loadu_si128(added + step));
		second = _mm_sha256rnds2_epu32(second, first, sum);
		first = _mm_sha256rnds2_epu32(first, second, _mm_shuffle_epi32(sum, 0x0e));
	}
	*abef = _mm_add_epi32(*abef, first);
	*cdgh = _mm_add_epi32(*cdgh, second);
}

__attribute__((target("sha,sse4.1"))) static void by_instructions(uint32_t state[8],
								  const uint32_t constants[64],
								  const unsigned char *blocks,
								  size_t count)
{
	__m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
	__m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);

	for (size_t i = 0; i < count; i++)
		take_block(&abef, &cdgh, constants, blocks + 64 * i);
	state[0] = (uint32_t)_mm_extract_epi32(abef, 3);
	state[1] = (uint32_t)_mm_extract_epi32(abef, 2);
	state[4] = (uint32_t)_mm_extract_epi32(abef, 1);
	state[5] = (uint32_t)_mm_extract_epi32(abef, 0);
	state[2] = (uint32_t)_mm_extract_epi32(cdgh, 3);
	state[3] = (uint32_t)_mm_extract_epi32(cdgh, 2);
	state[6] = (uint32_t)_mm_extract_epi32(cdgh, 1);
	state[7] = (uint32_t)_mm_extract_epi32(cdgh, 0);
}

sha256_blocks *sha256_processor(void)
{
	unsigned a, b, c, d;

	if (!__get_cpuid(1, &a, &b, &c, &d) || (c & (SSSE3 | SSE4_1)) != (SSSE3 | SSE4_1))
		return NULL;
	return __get_cpuid_count(7, 0, &a, &b, &c, &d) && b & SHA ? by_instructions : NULL;
}

#else

sha256_blocks *sha256_processor(void)
{
	return NULL;
}
#endif
