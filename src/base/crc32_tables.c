/* SPDX-License-Identifier: MIT */
#include "base/crc32_tables.h"

#include "base/bytes.h"

#define POLYNOMIAL 0xedb88320U /* reflected */

void crc32_tables_init(struct crc32_tables *tables)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t sum = i;

		for (int bit = 0; bit < 8; bit++)
			sum = sum & 1 ? sum >> 1 ^ POLYNOMIAL : sum >> 1;
		tables->tables[0][i] = sum;
	}
	for (uint32_t i = 0; i < 256; i++) {
		for (int table = 1; table < CRC32_TABLES; table++) {
			uint32_t sum = tables->tables[table - 1][i];

			tables->tables[table][i] = sum >> 8 ^ tables->tables[0][sum & 0xff];
		}
	}
}

/* What four bytes become that are followed by as many as @t is the table of. */
static inline uint32_t fold(const uint32_t (*t)[256], uint32_t word)
{
	return t[3][word & 0xff] ^ t[2][word >> 8 & 0xff] ^ t[1][word >> 16 & 0xff] ^
	       t[0][word >> 24];
}

uint32_t crc32_by_tables(const struct crc32_tables *tables, uint32_t sum,
			 const unsigned char *bytes, size_t size)
{
	const uint32_t(*t)[256] = tables->tables;

	for (; size >= CRC32_TABLES; bytes += CRC32_TABLES, size -= CRC32_TABLES)
		sum = fold(t + 12, read_u32(bytes) ^ sum) ^ fold(t + 8, read_u32(bytes + 4)) ^
		      fold(t + 4, read_u32(bytes + 8)) ^ fold(t, read_u32(bytes + 12));
	for (; size > 0; bytes++, size--)
		sum = sum >> 8 ^ t[0][(sum ^ *bytes) & 0xff];
	return sum;
}

uint64_t crc32_power_of_x(unsigned exponent)
{
	uint32_t power = 0x80000000U;

	for (; exponent > 0; exponent--)
		power = power & 1 ? power >> 1 ^ POLYNOMIAL : power >> 1;
	return (uint64_t)power << 1;
}
