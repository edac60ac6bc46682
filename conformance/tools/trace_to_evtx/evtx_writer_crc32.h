/* SPDX-License-Identifier: MIT */
#ifndef EVTX_WRITER_CRC32_H
#define EVTX_WRITER_CRC32_H

#include <stddef.h>
#include <stdint.h>

/* tables[k][b]: what byte b does to the sum when k more bytes follow it in the same step. */
struct evtx_crc32 {
	uint32_t tables[8][256];
};

void evtx_crc32_init(struct evtx_crc32 *crc32);

/* Continues the sum of earlier bytes; begin with 0. */
uint32_t evtx_crc32_update(const struct evtx_crc32 *crc32, uint32_t sum, const uint8_t *bytes,
			   size_t size);

#endif
