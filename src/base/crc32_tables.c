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

/*@ requires \valid_read(bytes + (0 .. 3));
    assigns \nothing;
    ensures \result == little(bytes[0], bytes[1], bytes[2], bytes[3]); */
static inline uint32_t word_at(const unsigned char *bytes)
{
	//@ assert little16(bytes + 2) == bytes[2] + 0x100 * bytes[3];
	return read_u32(bytes);
}

/* Polynomials are added without carries. */
/*@ assigns \nothing;
    ensures \result == crc_added(sum, other); */
static inline uint32_t added(uint32_t sum, uint32_t other)
{
	return sum ^ other;
}

/* Four words at once: what each becomes by the bytes after it adds up. */
/*@ requires \valid_read(tables) && are_tables(tables, CRC32_TABLES);
    requires \valid_read(bytes + (0 .. 15));
    assigns \nothing;
    ensures \result == crc_word(crc_word(crc_word(crc_word(sum,
	little(bytes[0], bytes[1], bytes[2], bytes[3])),
	little(bytes[4], bytes[5], bytes[6], bytes[7])),
	little(bytes[8], bytes[9], bytes[10], bytes[11])),
	little(bytes[12], bytes[13], bytes[14], bytes[15])); */
static inline uint32_t by_words(const struct crc32_tables *tables, uint32_t sum,
				const unsigned char *bytes)
{
	return added(
		added(fold(tables, 12, sum ^ word_at(bytes)), fold(tables, 8, word_at(bytes + 4))),
		added(fold(tables, 4, word_at(bytes + 8)), fold(tables, 0, word_at(bytes + 12))));
}

/* That four bytes have the sum of their word. */
/*@ ghost
/@ requires \valid_read(bytes + (at .. at + 3));
   requires 0 <= crc_of(sum, bytes, at) <= 0xffffffff;
   assigns \nothing;
   ensures crc_of(sum, bytes, at + 4) == crc_word(crc_of(sum, bytes, at),
	little(bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]));
   ensures 0 <= crc_of(sum, bytes, at + 4) <= 0xffffffff; @/
void take_word(uint32_t sum, const unsigned char *bytes, size_t at)
{
	/@ assert crc_of(sum, bytes, at + 1) == crc_bits(crc_of(sum, bytes, at) ^ bytes[at], 8); @/
	/@ assert crc_of(sum, bytes, at + 2) ==
	      crc_bits(crc_of(sum, bytes, at + 1) ^ bytes[at + 1], 8); @/
	/@ assert crc_of(sum, bytes, at + 3) ==
	      crc_bits(crc_of(sum, bytes, at + 2) ^ bytes[at + 2], 8); @/
	/@ assert crc_of(sum, bytes, at + 4) ==
	      crc_bits(crc_of(sum, bytes, at + 3) ^ bytes[at + 3], 8); @/
}
*/

uint32_t crc32_by_tables(const struct crc32_tables *tables, uint32_t sum,
			 const unsigned char *bytes, size_t size)
{
	size_t taken = 0;
	//@ ghost uint32_t start = sum;

	/*@ loop invariant taken <= size && sum == crc_of(start, bytes, taken);
	    loop assigns taken, sum;
	    loop variant size - taken; */
	for (; size - taken >= CRC32_TABLES; taken += CRC32_TABLES) {
		//@ assert taken + 16 <= size;
		//@ assert (size_t)(taken + 4) == taken + 4 && (size_t)(taken + 8) == taken + 8;
		//@ assert (size_t)(taken + 12) == taken + 12 && (size_t)(taken + 16) == taken + 16;
		//@ ghost take_word(start, bytes, taken);
		//@ ghost take_word(start, bytes, taken + 4);
		//@ ghost take_word(start, bytes, taken + 8);
		//@ ghost take_word(start, bytes, taken + 12);
		sum = by_words(tables, sum, bytes + taken);
		//@ assert sum == crc_of(start, bytes, taken + 16);
	}
	/*@ loop invariant taken <= size && sum == crc_of(start, bytes, taken);
	    loop assigns taken, sum;
	    loop variant size - taken; */
	for (; taken < size; taken++) {
		//@ assert crc_of(start, bytes, taken + 1) == crc_bits(sum ^ bytes[taken], 8);
		sum = sum >> 8 ^ tables->tables[0][(sum ^ bytes[taken]) & 0xff];
	}
	return sum;
}

uint64_t crc32_power_of_x(unsigned exponent)
{
	return (uint64_t)after_zero_bits(0x80000000U, exponent) << 1;
}
