/* SPDX-License-Identifier: MIT */
/* CRC-32 by instructions that not every processor has. */
#ifndef BASE_CRC32_PROCESSOR_H
#define BASE_CRC32_PROCESSOR_H

#include "base/crc32_tables.h"

struct crc32_processor;

/* Takes as many of @size bytes as it can, and returns how many; *@sum is that of crc32_by_tables().
 */
typedef size_t crc32_bulk(const struct crc32_processor *processor,
			  const struct crc32_tables *tables, uint32_t *sum,
			  const unsigned char *bytes, size_t size);

struct crc32_processor {
	crc32_bulk *bulk;   /* NULL: the processor has no such instructions */
	crc32_bulk *narrow; /* what every processor has that has any */
	/* what moves a sum over so many bytes */
	uint64_t over_128[2], over_64[2], over_16[2];
};

void crc32_processor_init(struct crc32_processor *processor);

#endif
