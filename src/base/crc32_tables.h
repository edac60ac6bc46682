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

/*@ // the sum after @count zero bits, and after four more bytes, as crc.mlw defines them
    axiomatic crc {
	logic integer crc_bit(integer sum);
	logic integer crc_bits(integer sum, integer count);
	logic integer crc_word(integer sum, integer word);
	logic integer little(integer a, integer b, integer c, integer d);
	logic integer crc_added(integer sum, integer other); }

    logic integer crc_of(integer sum, unsigned char *bytes, integer size) = size <= 0 ? sum :
	crc_bits(crc_of(sum, bytes, size - 1) ^ bytes[size - 1], 8);
    predicate is_table(uint32_t *table, integer number, integer end) =
	\forall integer i; 0 <= i < end ==> table[i] == crc_bits(i, 8 * (number + 1));
    predicate are_tables(struct crc32_tables *tables, integer end) = \forall integer number;
	0 <= number < end ==> is_table(&tables->tables[number][0], number, 256); */

/*@ requires \valid(tables);
    assigns *tables;
    ensures are_tables(tables, CRC32_TABLES); */
void crc32_tables_init(struct crc32_tables *tables);

/* The sum after @size more bytes. */
/*@ requires \valid_read(tables) && are_tables(tables, CRC32_TABLES);
    requires \valid_read(bytes + (0 .. size - 1));
    assigns \nothing;
    ensures \result == crc_of(sum, bytes, size); */
uint32_t crc32_by_tables(const struct crc32_tables *tables, uint32_t sum,
			 const unsigned char *bytes, size_t size);

/* x to the power of @exponent, as a polynomial modulo that of the CRC, reflected in 33 bits. */
/*@ assigns \nothing;
    ensures \result == 2 * crc_bits(0x80000000, exponent); */
uint64_t crc32_power_of_x(unsigned exponent);

#endif
