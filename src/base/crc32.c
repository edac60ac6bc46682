/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"

#include "base/bytes.h"

#define POLYNOMIAL 0xedb88320U /* reflected */

/* x to the power of @exponent, as a polynomial modulo that of the CRC, reflected in 33 bits. */
static uint64_t power_of_x(unsigned exponent)
{
	uint32_t power = 0x80000000U;

	for (; exponent > 0; exponent--)
		power = power & 1 ? power >> 1 ^ POLYNOMIAL : power >> 1;
	return (uint64_t)power << 1;
}

void crc32_init(struct crc32 *crc32)
{
	crc32->bulk = crc32_of_processor();
	/* the halves of 128 bits are 64 bits apart, and what is multiplied by has 32 */
	crc32->over_64[0] = power_of_x(512 + 32);
	crc32->over_64[1] = power_of_x(512 - 32);
	crc32->over_16[0] = power_of_x(128 + 32);
	crc32->over_16[1] = power_of_x(128 - 32);
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t sum = i;

		for (int bit = 0; bit < 8; bit++)
			sum = sum & 1 ? sum >> 1 ^ POLYNOMIAL : sum >> 1;
		crc32->tables[0][i] = sum;
	}
	for (uint32_t i = 0; i < 256; i++) {
		for (int table = 1; table < CRC32_TABLES; table++) {
			uint32_t sum = crc32->tables[table - 1][i];

			crc32->tables[table][i] = sum >> 8 ^ crc32->tables[0][sum & 0xff];
		}
	}
}

/* What four bytes become that are followed by as many as @t is the table of. */
static inline uint32_t fold(const uint32_t (*t)[256], uint32_t word)
{
	return t[3][word & 0xff] ^ t[2][word >> 8 & 0xff] ^ t[1][word >> 16 & 0xff] ^
	       t[0][word >> 24];
}

uint32_t crc32_by_tables(const struct crc32 *crc32, uint32_t state, const unsigned char *bytes,
			 size_t size)
{
	const uint32_t(*t)[256] = crc32->tables;

	for (; size >= CRC32_TABLES; bytes += CRC32_TABLES, size -= CRC32_TABLES)
		state = fold(t + 12, read_u32(bytes) ^ state) ^ fold(t + 8, read_u32(bytes + 4)) ^
			fold(t + 4, read_u32(bytes + 8)) ^ fold(t, read_u32(bytes + 12));
	for (; size > 0; bytes++, size--)
		state = state >> 8 ^ t[0][(state ^ *bytes) & 0xff];
	return state;
}

uint32_t crc32_update(const struct crc32 *crc32, uint32_t sum, const unsigned char *bytes,
		      size_t size)
{
	uint32_t state = ~sum;
	size_t taken = crc32->bulk ? crc32->bulk(crc32, &state, bytes, size) : 0;

	return ~crc32_by_tables(crc32, state, bytes + taken, size - taken);
}
