/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 by instructions that not every processor has. x86-64 multiplies without carries: 64 bytes
 * are folded into the 64 bytes after them, or 128 where a register has 32, until 16 bytes are left
 * that have the same sum as all before ("Fast CRC Computation for Generic Polynomials Using
 * PCLMULQDQ Instruction", Intel). ARMv8 has the sum itself.
 */
#include "base/crc32_processor.h"

#if defined(__x86_64__)
#include <stdbool.h>

#include <cpuid.h>
#include <immintrin.h>

#define BLOCK      64
#define WIDE_BLOCK 128
#define PCLMULQDQ  (1U << 1) /* in ECX of leaf 1 */

/* @value moved up by the distance of @factors, plus @next. */
__attribute__((target("pclmul"))) static inline __m128i moved(__m128i value, __m128i factors,
							      __m128i next)
{
	__m128i low = _mm_clmulepi64_si128(value, factors, 0x00);
	__m128i high = _mm_clmulepi64_si128(value, factors, 0x11);

	return _mm_xor_si128(_mm_xor_si128(low, high), next);
}

static inline __m128i factors_of(const uint64_t factors[2])
{
	return _mm_loadu_si128((const __m128i *)(const void *)factors);
}

/* The sum of @count lanes of 16 bytes, one after the other. */
__attribute__((target("pclmul"))) static uint32_t
sum_of_lanes(const struct crc32_processor *processor, const struct crc32_tables *tables,
	     const __m128i lanes[], int count)
{
	__m128i over_16 = factors_of(processor->over_16), sum = lanes[0];
	unsigned char left[16];

	for (int i = 1; i < count; i++)
		sum = moved(sum, over_16, lanes[i]);
	_mm_storeu_si128((__m128i *)(void *)left, sum);
	return crc32_by_tables(tables, 0, left, sizeof(left));
}

__attribute__((target("pclmul"))) static size_t
by_multiplication(const struct crc32_processor *processor, const struct crc32_tables *tables,
		  uint32_t *sum, const unsigned char *bytes, size_t size)
{
	const __m128i *in = (const __m128i *)(const void *)bytes;
	const __m128i *end = in + size / BLOCK * 4;
	__m128i over_64 = factors_of(processor->over_64);
	__m128i lanes[4];

	if (size < BLOCK)
		return 0;
	for (int i = 0; i < 4; i++)
		lanes[i] = _mm_loadu_si128(in + i);
	lanes[0] = _mm_xor_si128(lanes[0], _mm_cvtsi32_si128((int)*sum));
	for (in += 4; in < end; in += 4) {
		for (int i = 0; i < 4; i++)
			lanes[i] = moved(lanes[i], over_64, _mm_loadu_si128(in + i));
	}
	*sum = sum_of_lanes(processor, tables, lanes, 4);
	return size / BLOCK * BLOCK;
}

/* The same with two lanes in each register. */
__attribute__((target("vpclmulqdq,avx2"))) static inline __m256i
moved_twice(__m256i values, __m256i factors, __m256i next)
{
	__m256i low = _mm256_clmulepi64_epi128(values, factors, 0x00);
	__m256i high = _mm256_clmulepi64_epi128(values, factors, 0x11);

	return _mm256_xor_si256(_mm256_xor_si256(low, high), next);
}

__attribute__((target("vpclmulqdq,avx2"))) static size_t
by_wide_multiplication(const struct crc32_processor *processor, const struct crc32_tables *tables,
		       uint32_t *sum, const unsigned char *bytes, size_t size)
{
	const __m256i *in = (const __m256i *)(const void *)bytes;
	const __m256i *end = in + size / WIDE_BLOCK * 4;
	__m256i over_128 = _mm256_broadcastsi128_si256(factors_of(processor->over_128));
	__m256i pairs[4];
	__m128i lanes[8];
	size_t taken = size / WIDE_BLOCK * WIDE_BLOCK;

	if (size < WIDE_BLOCK)
		return by_multiplication(processor, tables, sum, bytes, size);
	for (int i = 0; i < 4; i++)
		pairs[i] = _mm256_loadu_si256(in + i);
	pairs[0] = _mm256_xor_si256(pairs[0], _mm256_set_epi32(0, 0, 0, 0, 0, 0, 0, (int)*sum));
	for (in += 4; in < end; in += 4) {
		for (int i = 0; i < 4; i++)
			pairs[i] = moved_twice(pairs[i], over_128, _mm256_loadu_si256(in + i));
	}
	for (int i = 0; i < 4; i++) {
		lanes[2 * i] = _mm256_castsi256_si128(pairs[i]);
		lanes[2 * i + 1] = _mm256_extracti128_si256(pairs[i], 1);
	}
	*sum = sum_of_lanes(processor, tables, lanes, 8);
	return taken;
}

/* What moves a sum over @bits: the halves of 128 bits are 64 bits apart, and what is multiplied by
 * has 32. */
static void factors_make(uint64_t factors[2], unsigned bits)
{
	factors[0] = crc32_power_of_x(bits + 32);
	factors[1] = crc32_power_of_x(bits - 32);
}

void crc32_processor_init(struct crc32_processor *processor)
{
	unsigned a, b, c = 0, d;
	bool multiplies = __get_cpuid(1, &a, &b, &c, &d) && c & PCLMULQDQ;
	bool wide = multiplies && __builtin_cpu_supports("avx2") &&
		    __builtin_cpu_supports("vpclmulqdq");

	processor->narrow = multiplies ? by_multiplication : NULL;
	processor->bulk = wide ? by_wide_multiplication : processor->narrow;
	factors_make(processor->over_128, 1024);
	factors_make(processor->over_64, 512);
	factors_make(processor->over_16, 128);
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
	processor->narrow = processor->bulk;
}

#else

void crc32_processor_init(struct crc32_processor *processor)
{
	processor->bulk = processor->narrow = NULL;
}
#endif
