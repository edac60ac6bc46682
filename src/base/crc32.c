/* SPDX-License-Identifier: MIT */
#include "base/crc32.h"

#include "base/bytes.h"

#define POLYNOMIAL 0xedb88320U /* reflected */

void crc32_init(struct crc32 *crc32)
{
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t sum = i;

		for (int bit = 0; bit < 8; bit++)
			sum = sum & 1 ? sum >> 1 ^ POLYNOMIAL : sum >> 1;
		crc32->tables[0][i] = sum;
	}
	for (uint32_t i = 0; i < 256; i++) {
		for (int table = 1; table < 8; table++) {
			uint32_t sum = crc32->tables[table - 1][i];

			crc32->tables[table][i] = sum >> 8 ^ crc32->tables[0][sum & 0xff];
		}
	}
}

uint32_t crc32_update(const struct crc32 *crc32, uint32_t sum, const unsigned char *bytes,
		      size_t size)
{
	const uint32_t(*t)[256] = crc32->tables;

	sum = ~sum;
	for (; size >= 8; bytes += 8, size -= 8) {
		uint32_t low = read_u32(bytes) ^ sum, high = read_u32(bytes + 4);

		sum = t[7][low & 0xff] ^ t[6][low >> 8 & 0xff] ^ t[5][low >> 16 & 0xff] ^
		      t[4][low >> 24] ^ t[3][high & 0xff] ^ t[2][high >> 8 & 0xff] ^
		      t[1][high >> 16 & 0xff] ^ t[0][high >> 24];
	}
	for (; size > 0; bytes++, size--)
		sum = sum >> 8 ^ t[0][(sum ^ *bytes) & 0xff];
	return ~sum;
}
