/* SPDX-License-Identifier: MIT */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* The tables of crc32_update(): 8 KB, filled by crc32_init(). */
struct crc32 {
	uint32_t tables[8][256];
};

void crc32_init(struct crc32 *crc32);

/* The CRC-32 of zlib and IEEE 802.3. Begin with 0; several calls in a row make one sum. */
uint32_t crc32_update(const struct crc32 *crc32, uint32_t sum, const unsigned char *bytes,
		      size_t size);

#endif
