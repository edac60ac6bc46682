/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 by instructions that not every processor has. x86-64 multiplies without carries: 64 bytes
 * are folded into the 64 bytes after them, until 16 bytes are left that have the same sum as all
 * before ("Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel).
 * ARMv8 has the sum itself.
 */
#include "base/crc32_processor.h"

#if defined(__x86_64__)
#include <cpuid.h>
#include <immintrin.h>

#define BLOCK     64
#define PCLMULQDQ (1U << 1) /* in ECX of leaf 1 */

/* @value moved up by the distance of @factors, plus @next. */
__attribute__((target("pclmul"))) static inline __m128i moved(__m128i value, __m128i factors,
							      __m128i next)
{
	__m128i low = _mm_clmulepi64_si128(value, factors, 0x00);
	__m128i high = _mm_clmulepi64_si128(value, factors, 0x11);

	return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

__attribute__((target("pclmul"))) static size_t
by_multiplication(const struct crc32_processor *processor, const struct crc32_tables *tables,
		  uint32_t *sum, const unsigned char *bytes, size_t size)
{
	const __m128i *in = (const __m128i *)(const void *)bytes;
	const __m128i *end = in + size / BLOCK * 4;
	__m128i over_64 = _mm_loadu_si128((const __m128i *)(const void *)processor->over_64);
	__m128i over_16 = _mm_loadu_si128((const __m128i *)(const void *)processor->over_16);
	__m128i lanes[4];
	unsigned char left[16];

	if (size < BLOCK)
		return 0;
	for (int i = 0; i < 4; i++)
		lanes[i] = _mm_loadu_si128(in + i);
	lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)*sum));
	for (in += 4; in < end; in += 4) {
		for (int i = 0; i < 4; i++)
			lanes[i] = moved(lanes[i], over_64, _mm_loadu_si128(in + i));
	}
	for (int i = 1; i < 4; i++)
		lanes[i] = moved(lanes[i - 1], over_16, lanes[i]);
	_mm_storeu_si128((__m128i *)(void *)left, lanes[3]);
	*sum = crc32_by_tables(tables, 0, left, sizeof(left));
	return size / BLOCK * BLOCK;
}

void crc32_processor_init(struct crc32_processor *processor)
{
	unsigned a, b, c = 0, d;

	processor->bulk = NULL;
	if (__get_cpuid(1, &a, &b, &c, &d) && c & PCLMULQDQ)
		processor->bulk = by_multiplication;
	/* the halves of 128 bits are 64 bits apart, and what is multiplied by has 32 */
	processor->over_64[0] = crc32_power_of_x(512 + 32);
	processor->over_64[1] = crc32_power_of_x(512 - 32);
	processor->over_16[0] = crc32_power_of_x(128 + 32);
	processor->over_16[1] = crc32_power_of_x(128 - 32);
}

#elif defined(__aarch64__) && defined(__linux__)
#include <string.h>

#include <sys/auxv.h>

#include <asm/hwcap.h>

static inline uint32_t crc32_of_word(uint32_t sum, uint64_t word)
{
	__asm__(".arch_extension crc\n\tcrc32x %w0, %w0, %x1" : "+r"(sum) : "r"(word));
	return sum;
}

static size_t by_instruction(const struct crc32_processor *processor,
			     const struct crc32_tables *tables, uint32_t *sum,
			     const unsigned char *bytes, size_t size)
{
	size_t taken = 0;

	(void)processor;
	(void)tables;
	for (; size - taken >= sizeof(uint64_t); taken += sizeof(uint64_t)) {
		uint64_t word;

		memcpy(&word, bytes + taken, sizeof(word));
		*sum = crc32_of_word(*sum, word);
	}
	return taken;
}

void crc32_processor_init(struct crc32_processor *processor)
{
	processor->bulk = getauxval(AT_HWCAP) & HWCAP_CRC32 ? by_instruction : NULL;
}

#else

void crc32_processor_init(struct crc32_processor *processor)
{
	processor->bulk = NULL;
}
#endif
