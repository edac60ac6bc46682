/* SPDX-License-Identifier: MIT */
/*
 * CRC-32 as in zlib: polynomial 0x04c11db7 bit-reversed, all ones before and after. Eight bytes a
 * step, because every byte of a log is summed and a byte a step would take longer than the rest.
 */
#include "evtx_writer_crc32.h"

static const uint32_t reversed_polynomial = 0xedb88320;

void evtx_crc32_init(struct evtx_crc32 *crc32)
{
	for (uint32_t byte = 0; byte < 256; byte++) {
		uint32_t sum = byte;

		for (int bit = 0; bit < 8; bit++)
			sum = (sum >> 1) ^ (sum & 1 ? reversed_polynomial : 0);
		crc32->tables[0][byte] = sum;
	}

	for (size_t table = 1; table < 8; table++) {
		for (size_t byte = 0; byte < 256; byte++) {
			uint32_t sum = crc32->tables[table - 1][byte];

			crc32->tables[table][byte] = (sum >> 8) ^ crc32->tables[0][sum & 0xff];
		}
	}
}

static uint32_t load32(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

uint32_t evtx_crc32_update(const struct evtx_crc32 *crc32, uint32_t sum, const uint8_t *bytes,
			   size_t size)
{
	const uint32_t(*tables)[256] = crc32->tables;

	sum = ~sum;
	for (; size >= 8; size -= 8, bytes += 8) {
		uint32_t low = sum ^ load32(bytes);
		uint32_t high = load32(bytes + 4);

		sum = tables[7][low & 0xff] ^ tables[6][low >> 8 & 0xff] ^
		      tables[5][low >> 16 & 0xff] ^ tables[4][low >> 24] ^ tables[3][high & 0xff] ^
		      tables[2][high >> 8 & 0xff] ^ tables[1][high >> 16 & 0xff] ^
		      tables[0][high >> 24];
	}
	for (; size > 0; size--, bytes++)
		sum = (sum >> 8) ^ tables[0][(sum ^ *bytes) & 0xff];

	return ~sum;
}
