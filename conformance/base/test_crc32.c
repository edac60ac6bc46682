/* SPDX-License-Identifier: MIT */
/* CRC-32 against its definition, bit by bit, with what the processor has and without. Prints TAP.
 */
#include "base/crc32.h"
#include "tap.h"

#define SIZE       1500
#define ALIGNMENTS 16

static uint32_t defined_sum(uint32_t sum, const unsigned char *bytes, size_t size)
{
	sum = ~sum;
	for (size_t i = 0; i < size; i++) {
		sum ^= bytes[i];
		for (int bit = 0; bit < 8; bit++)
			sum = sum & 1 ? sum >> 1 ^ 0xedb88320U : sum >> 1;
	}
	return ~sum;
}

/* How many sums are not those of the definition: of each size, at each alignment, at once and in
 * two parts. */
static unsigned wrong_sums(const struct crc32 *crc32, const unsigned char *bytes)
{
	unsigned wrong = 0;

	for (size_t size = 0; size <= SIZE; size++) {
		const unsigned char *from = bytes + size % ALIGNMENTS;
		size_t part = size * 7 % (size + 1);
		uint32_t sum = defined_sum(0, from, size);
		uint32_t first = crc32_update(crc32, 0, from, part);

		wrong += crc32_update(crc32, 0, from, size) != sum;
		wrong += crc32_update(crc32, first, from + part, size - part) != sum;
	}
	return wrong;
}

int main(void)
{
	static unsigned char bytes[SIZE + ALIGNMENTS];
	static struct crc32 crc32;
	uint32_t random = 1;

	for (size_t i = 0; i < sizeof(bytes); i++) {
		random = random * 1664525U + 1013904223U;
		bytes[i] = (unsigned char)(random >> 24);
	}
	crc32_init(&crc32);
	tap_ok(crc32_update(&crc32, 0, (const unsigned char *)"123456789", 9) == 0xcbf43926U,
	       "the check value of the catalogue of CRCs");
	tap_note("the processor %s",
		 crc32.processor.bulk ? "takes part" : "has no instructions for it");
	tap_ok(wrong_sums(&crc32, bytes) == 0, "sums of %d sizes", SIZE + 1);
	tap_note("%s", crc32.processor.bulk == crc32.processor.narrow ? "in one width alone"
								      : "in two widths");
	crc32.processor.bulk = crc32.processor.narrow;
	tap_ok(wrong_sums(&crc32, bytes) == 0, "sums of %d sizes by what most processors have",
	       SIZE + 1);
	crc32.processor.bulk = NULL;
	tap_ok(wrong_sums(&crc32, bytes) == 0, "sums of %d sizes by tables alone", SIZE + 1);
	return tap_done();
}
