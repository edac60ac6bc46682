/* SPDX-License-Identifier: MIT */
#ifndef BASE_CRC32_H
#define BASE_CRC32_H

#include "base/crc32_processor.h"
#include "base/crc32_tables.h"

/* What crc32_update() needs, filled by crc32_init(). */
struct crc32 {
	struct crc32_tables tables;
	struct crc32_processor processor;
};

void crc32_init(struct crc32 *crc32);

/* The same, filled once for all threads. */
const struct crc32 *crc32_known(void);

/* The CRC-32 of zlib and IEEE 802.3. Begin with 0; several calls in a row make one sum. */
uint32_t crc32_update(const struct crc32 *crc32, uint32_t sum, const unsigned char *bytes,
		      size_t size);

#endif
