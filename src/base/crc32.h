/* SPDX-License-Identifier: MIT */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

#define CRC32_TABLES 16 /* bytes that are taken at once */

/* The tables of crc32_update(): 16 KB, filled by crc32_init(). */
struct crc32 {
	uint32_t tables[CRC32_TABLES][256];
};

void crc32_init(struct crc32 *crc32);

/* The CRC-32 of zlib and IEEE 802.3. Begin with 0; several calls in a row make one sum. */
uint32_t crc32_update(const struct crc32 *crc32, uint32_t sum, const unsigned char *bytes,
		      size_t size);

#endif
