/* SPDX-License-Identifier: MIT */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include <stddef.h>
#include <stdint.h>

#define CRC32_TABLES 16 /* bytes that are taken at once */

struct crc32;

/*
 * Takes as many bytes of @bytes as it can, of @size, and returns how many; *@state is the sum
 * before and after them, inverted as in the tables.
 */
typedef size_t crc32_bulk(const struct crc32 *crc32, uint32_t *state, const unsigned char *bytes,
			  size_t size);

/* What crc32_update() looks up, filled by crc32_init(): 16 KB. */
struct crc32 {
	uint32_t tables[CRC32_TABLES][256];
	uint64_t over_64[2], over_16[2]; /* what moves a sum over so many bytes */
	crc32_bulk *bulk; /* what the processor does faster than tables; NULL: nothing */
};

void crc32_init(struct crc32 *crc32);

/* The CRC-32 of zlib and IEEE 802.3. Begin with 0; several calls in a row make one sum. */
uint32_t crc32_update(const struct crc32 *crc32, uint32_t sum, const unsigned char *bytes,
		      size_t size);

/* Takes @size bytes by the tables alone. */
uint32_t crc32_by_tables(const struct crc32 *crc32, uint32_t state, const unsigned char *bytes,
			 size_t size);

/* The instructions for a CRC-32 that this processor has; NULL: none. */
crc32_bulk *crc32_of_processor(void);

#endif
