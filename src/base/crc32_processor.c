/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 by instructions that not every processor has. x86-64 multiplies without carries: 64 bytes
 * are folded into the 64 bytes after them, until 16 bytes are left that have the same sum as all
 * before
 * ("Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel). ARMv8 has
 * the sum itself.
 */
#include "base/crc32.h"

#if defined(__x86_64__)
#include <immintrin.h>

#define BLOCK 64

/* @value moved up by the distance of @factors, plus @next. */
__attribute__((target("pclmul"))) static inline __m128i moved(__m128i value, __m128i factors,
							      __m128i next)
{
	__m128i low = _mm_clmulepi64_si128(value, factors, 0x00);
	__m128i high = _mm_clmulepi64_si128(value, factors, 0x11);

	return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul"))) static size_t by_multiplication(const struct crc32 *crc32,
								  uint32_t *state,
								  const unsigned char *bytes,
								  size_t size)
{
	const __m128i *in = (const __m128i *)(const void *)bytes;
	const __m128i *end = in + size / BLOCK * 4;
	__m128i over_64 = _mm_loadu_si128((const __m128i *)(const void *)crc32->over_64);
	__m128i over_16 = _mm_loadu_si128((const __m128i *)(const void *)crc32->over_16);
	__m128i lanes[4];
	unsigned char left[16];

	if (size < BLOCK)
		return 0;
	for (int i = 0; i < 4; i++)
		lanes[i] = _mm_loadu_si128(in + i);
	lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)*state));
	for (in += 4; in < end; in += 4) {
		for (int i = 0; i < 4; i++)
			lanes[i] = moved(lanes[i], over_64, _mm_loadu_si128(in + i));
	}
	for (int i = 1; i < 4; i++)
		lanes[i] = moved(lanes[i - 1], over_16, lanes[i]);
	_mm_storeu_si128((__m128i *)(void *)left, lanes[3]);
	*state = crc32_by_tables(crc32, 0, left, sizeof(left));
	return size / BLOCK * BLOCK;
}

crc32_bulk *crc32_of_processor(void)
{
	return __builtin_cpu_supports("pclmul") ? by_multiplication : NULL;
}

#elif defined(__aarch64__) && defined(__linux__)
#include <string.h>

#include <sys/auxv.h>

#include <asm/hwcap.h>

static inline uint32_t crc32_of_word(uint32_t state, uint64_t word)
{
	__asm__(".arch_extension crc\n\tcrc32x %w0, %w0, %x1" : "+r"(state) : "r"(word));
	return state;
}

static size_t by_instruction(const struct crc32 *crc32, uint32_t *state, const unsigned char *bytes,
			     size_t size)
{
	size_t taken = 0;

	(void)crc32;
	for (; size - taken >= sizeof(uint64_t); taken += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, bytes + taken, sizeof(word));
		*state = crc32_of_word(*state, word);
	}
	return taken;
}

crc32_bulk *crc32_of_processor(void)
{
	return getauxval(AT_HWCAP) & HWCAP_CRC32 ? by_instruction : NULL;
}

#else

crc32_bulk *crc32_of_processor(void)
{
	return NULL;
}
#endif
