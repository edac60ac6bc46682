/* SPDX-License-Identifier: MIT */
/*
 * An .evtx log. The input is its chunks, 64 KiB each, and the last one as far as it holds records;
 * what a chunk has to say of itself is put right, so that what is tried is behind the checksums.
 * Mutations go into records, whose sizes stay.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "harness.h"

#define HEADER      4096U
#define CHUNK       65536U
#define CHUNKS_MAX  4U
#define RECORDS_AT  512U
#define RECORD_HEAD 24U
#define RECORD_MIN  28U

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed);
/* Of libFuzzer; replay.c has none. */
__attribute__((weak)) size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t most);

static void put_u32(uint8_t *at, uint32_t number)
{
	for (unsigned i = 0; i < 4; i++)
		at[i] = (uint8_t)(number >> 8 * i);
}

static void put_u64(uint8_t *at, uint64_t number)
{
	put_u32(at, (uint32_t)number);
	put_u32(at + 4, (uint32_t)(number >> 32));
}

/* The size of the record at @at of a chunk with @left bytes from there on; 0: there is none. */
static uint32_t record_size(const uint8_t *at, size_t left)
{
	uint32_t size;

	if (left < RECORD_MIN || memcmp(at, "\x2a\x2a\0\0", 4) != 0)
		return 0;
	size = read_u32(at + 4);
	return size >= RECORD_MIN && size <= left ? size : 0;
}

/* ---- what is put right ---- */

static void chunk_repair(const struct crc32 *crc32, uint8_t *chunk)
{
	uint32_t at = RECORDS_AT, last = at, size;
	uint64_t first_id = 0, last_id = 0;
	uint32_t sum;

	for (; (size = record_size(chunk + at, CHUNK - at)) > 0; at += size) {
		/* its end repeats its size */
		put_u32(chunk + at + size - 4, size);
		last_id = read_u64(chunk + at + 8);
		if (first_id == 0)
			first_id = last_id;
		last = at;
	}
	memcpy(chunk, "ElfChnk", 8);
	put_u64(chunk + 8, first_id);
	put_u64(chunk + 16, last_id);
	put_u64(chunk + 24, first_id);
	put_u64(chunk + 32, last_id);
	put_u32(chunk + 40, 128);
	put_u32(chunk + 44, last);
	put_u32(chunk + 48, at);
	put_u32(chunk + 52, crc32_update(crc32, 0, chunk + RECORDS_AT, at - RECORDS_AT));
	sum = crc32_update(crc32, 0, chunk, 120);
	put_u32(chunk + 124, crc32_update(crc32, sum, chunk + 128, RECORDS_AT - 128));
}

/* Makes a log of the input. Returns its size. */
static size_t log_make(const uint8_t *data, size_t size, uint8_t *log)
{
	static struct crc32 crc32;
	static bool ready;
	uint32_t chunks = 0;

	if (!ready)
		crc32_init(&crc32);
	ready = true;
	memset(log, 0, HEADER);
	for (; size > 0 && chunks < CHUNKS_MAX; chunks++) {
		uint8_t *chunk = log + HEADER + (size_t)chunks * CHUNK;
		size_t piece = size < CHUNK ? size : CHUNK;

		memcpy(chunk, data, piece);
		memset(chunk + piece, 0, CHUNK - piece);
		chunk_repair(&crc32, chunk);
		data += piece;
		size -= piece;
	}
	memcpy(log, "ElfFile", 8);
	put_u64(log + 16, chunks > 0 ? chunks - 1 : 0);
	put_u32(log + 32, 128);
	put_u32(log + 36, 3U << 16 | 1);
	put_u32(log + 40, chunks << 16 | HEADER);
	put_u32(log + 124, crc32_update(&crc32, 0, log, 120));
	return HEADER + (size_t)chunks * CHUNK;
}

/* ---- the check ---- */

static void target(const uint8_t *data, size_t size)
{
	static uint8_t log[HEADER + (size_t)CHUNKS_MAX * CHUNK];
	int r;

	size = log_make(data, size, log);
	r = harness_check(log, size, "input.evtx");
	if (r < 0)
		harness_fail("the check returns %d", r);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}

/* ---- mutations ---- */

/* Tokens of binary XML, without and with the flag that more follows. */
static const uint8_t tokens[] = {
	0x00, 0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x09, 0x0a,
	0x0b, 0x0c, 0x0d, 0x0e, 0x0f, 0x41, 0x45, 0x46, 0x47, 0x48, 0x49
};

/* The place and the size of the document in a record, chosen by @seed; false: there is no record.
 */
static bool record_choose(const uint8_t *data, size_t size, unsigned seed, size_t *ret_at,
			  uint32_t *ret_size)
{
	unsigned count = 0;

	for (unsigned pass = 0; pass < 2; pass++) {
		unsigned number = 0;
		uint32_t each;

		for (size_t at = RECORDS_AT; at < size; at += each) {
			each = record_size(data + at, size - at);
			if (each == 0)
				break;
			if (pass == 1 && number == seed % count) {
				*ret_at = at + RECORD_HEAD;
				*ret_size = each - RECORD_MIN;
				return each > RECORD_MIN;
			}
			number++;
		}
		count = number;
		if (count == 0)
			return false;
	}
	return false;
}

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t most, unsigned seed)
{
	uint8_t window[64];
	uint32_t record;
	size_t at, piece, begin;

	if (size <= RECORDS_AT || seed % 16 == 0 ||
	    !record_choose(data, size, seed >> 4, &at, &record))
		return LLVMFuzzerMutate(data, size, most);
	begin = at + (seed >> 8) % record;
	piece = at + record - begin < sizeof window ? at + record - begin : sizeof window;
	switch (seed >> 16 & 3) {
	case 0:
		data[begin] = tokens[(seed >> 18) % sizeof tokens];
		break;
	case 1: /* a number of two bytes: sizes, counts, and places in the chunk */
		data[begin] = (uint8_t)(seed >> 20);
		if (piece > 1)
			data[begin + 1] = (uint8_t)(seed >> 26);
		break;
	default:
		memcpy(window, data + begin, piece);
		LLVMFuzzerMutate(window, piece, piece);
		memcpy(data + begin, window, piece);
	}
	return size;
}
