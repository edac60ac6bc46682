/* SPDX-License-Identifier: MIT */
/* CRC-32 by tables, and what it is made of. A sum is inverted here, as it is between two bytes. */
#ifndef BASE_CRC32_TABLES_H
#define BASE_CRC32_TABLES_H

#include <stddef.h>
#include <stdint.h>

#define CRC32_TABLES 16 /* bytes that are taken at once */

/* 16 KB, filled by crc32_tables_init(). */
struct crc32_tables {
	uint32_t tables[CRC32_TABLES][256];
};

void crc32_tables_init(struct crc32_tables *tables);

/* The sum after @size more bytes. */
uint32_t crc32_by_tables(const struct crc32_tables *tables, uint32_t sum,
			 const unsigned char *bytes, size_t size);

/* x to the power of @exponent, as a polynomial modulo that of the CRC, reflected in 33 bits. */
uint64_t crc32_power_of_x(unsigned exponent);

#endif
