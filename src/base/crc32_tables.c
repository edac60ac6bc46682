/* SPDX-License-Identifier: MIT */
#include "base/crc32_tables.h"

#include "base/bytes.h"

#define POLYNOMIAL 0xedb88320U /* reflected */

/*@ assigns \nothing;
    ensures \result == crc_bits(sum, count); */
static uint32_t after_zero_bits(uint32_t sum, unsigned count)
{
	/*@ loop invariant 0 <= bit <= count && sum == crc_bits(\at(sum, Pre), bit);
	    loop assigns bit, sum;
	    loop variant count - bit; */
	for (unsigned bit = 0; bit < count; bit++) {
		//@ ghost uint32_t before = sum;
		sum = sum & 1 ? sum >> 1 ^ POLYNOMIAL : sum >> 1;
		//@ assert sum == crc_bit(before);
	}
	return sum;
}

/* The sums in @before, after another byte of zeros. */
/*@ requires number >= 1 && \valid(table + (0 .. 255));
    requires \valid_read(first + (0 .. 255)) && is_table(first, 0, 256);
    requires \valid_read(before + (0 .. 255)) && is_table(before, number - 1, 256);
    requires \separated(table + (0 .. 255), first + (0 .. 255));
    requires \separated(table + (0 .. 255), before + (0 .. 255));
    assigns table[0 .. 255];
    ensures is_table(table, number, 256); */
static void next_table(const uint32_t *first, const uint32_t *before, uint32_t *table)
/*@ ghost (unsigned number) */
{
	/*@ loop invariant 0 <= i <= 256 && is_table(first, 0, 256);
	    loop invariant is_table(before, number - 1, 256);
	    loop invariant is_table(table, number, i);
	    loop assigns i, table[0 .. 255];
	    loop variant 256 - i; */
	for (uint32_t i = 0; i < 256; i++) {
		uint32_t sum = before[i];

		//@ assert sum == crc_bits(i, 8 * number);
		//@ assert crc_bits(sum, 8) == crc_bits(i, 8 * (number + 1));
		table[i] = sum >> 8 ^ first[sum & 0xff];
		//@ assert table[i] == crc_bits(i, 8 * (number + 1));
		//@ assert is_table(table, number, i);
		/*@ assert \forall integer j; 0 <= j < i + 1 ==>
		      table[j] == crc_bits(j, 8 * (number + 1)); */
	}
}

void crc32_tables_init(struct crc32_tables *tables)
{
	/*@ loop invariant 0 <= i <= 256 && is_table(&tables->tables[0][0], 0, i);
	    loop assigns i, tables->tables[0][0 .. 255];
	    loop variant 256 - i; */
	for (uint32_t i = 0; i < 256; i++)
		tables->tables[0][i] = after_zero_bits(i, 8);
	/*@ loop invariant 1 <= table <= CRC32_TABLES && are_tables(tables, table);
	    loop assigns table, *tables;
	    loop variant CRC32_TABLES - table; */
	for (unsigned table = 1; table < CRC32_TABLES; table++)
		next_table(tables->tables[0], tables->tables[table - 1],
			   tables->tables[table]) /*@ ghost (table) */;
}

/* What four bytes become that are followed by @table more. */
/*@ requires \valid_read(tables) && are_tables(tables, CRC32_TABLES) && table + 4 <= CRC32_TABLES;
    assigns \nothing;
    ensures \result == crc_bits(word, 8 * (table + 4)); */
static inline uint32_t fold(const struct crc32_tables *tables, unsigned table, uint32_t word)
{
	const uint32_t(*t)[256] = tables->tables + table;

	//@ assert t[3][word & 0xff] == crc_bits(word & 0xff, 8 * (table + 4));
	//@ assert t[2][word >> 8 & 0xff] == crc_bits(word >> 8 & 0xff, 8 * (table + 3));
	//@ assert t[1][word >> 16 & 0xff] == crc_bits(word >> 16 & 0xff, 8 * (table + 2));
	//@ assert t[0][word >> 24] == crc_bits(word >> 24, 8 * (table + 1));
	return t[3][word & 0xff] ^ t[2][word >> 8 & 0xff] ^ t[1][word >> 16 & 0xff] ^
	       t[0][word >> 24];
}

/* Byte by byte. */
/*@ requires \valid_read(tables) && are_tables(tables, CRC32_TABLES);
    requires \valid_read(bytes + (0 .. size - 1));
    assigns \nothing;
    ensures \result == crc_of(sum, bytes, size); */
static inline uint32_t by_bytes(const struct crc32_tables *tables, uint32_t sum,
				const unsigned char *bytes, size_t size)
{
	/*@ loop invariant i <= size && sum == crc_of(\at(sum, Pre), bytes, i);
	    loop assigns i, sum;
	    loop variant size - i; */
	for (size_t i = 0; i < size; i++) {
		//@ assert crc_of(\at(sum, Pre), bytes, i + 1) == crc_bits(sum ^ bytes[i], 8);
		sum = sum >> 8 ^ tables->tables[0][(sum ^ bytes[i]) & 0xff];
	}
	return sum;
}

uint32_t crc32_by_tables(const struct crc32_tables *tables, uint32_t sum,
			 const unsigned char *bytes, size_t size)
{
	for (; size >= CRC32_TABLES; bytes += CRC32_TABLES, size -= CRC32_TABLES)
		sum = fold(tables, 12, read_u32(bytes) ^ sum) ^
		      fold(tables, 8, read_u32(bytes + 4)) ^ fold(tables, 4, read_u32(bytes + 8)) ^
		      fold(tables, 0, read_u32(bytes + 12));
	return by_bytes(tables, sum, bytes, size);
}

uint64_t crc32_power_of_x(unsigned exponent)
{
	return (uint64_t)after_zero_bits(0x80000000U, exponent) << 1;
}
