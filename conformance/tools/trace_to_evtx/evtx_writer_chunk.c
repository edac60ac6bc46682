/* SPDX-License-Identifier: MIT */
#include "evtx_writer_chunk.h"

#include <errno.h>
#include <string.h>

enum {
	CHUNK_HEADER_SIZE = 128,
	CHUNK_CHECKSUM_OFFSET = 124,
	STRING_TABLE_OFFSET = 128,
	STRING_BUCKETS = 64,
	TEMPLATE_TABLE_OFFSET = 384,
	TEMPLATE_BUCKETS = 32,
	RECORDS_OFFSET = 512,
	MAX_NAME_UNITS = 255,
	NAME_HEAD_SIZE = 8, /* next, hash, count */
};

void evtx_store16(uint8_t *bytes, uint16_t value)
{
	bytes[0] = (uint8_t)value;
	bytes[1] = (uint8_t)(value >> 8);
}

void evtx_store32(uint8_t *bytes, uint32_t value)
{
	evtx_store16(bytes, (uint16_t)value);
	evtx_store16(bytes + 2, (uint16_t)(value >> 16));
}

void evtx_store64(uint8_t *bytes, uint64_t value)
{
	evtx_store32(bytes, (uint32_t)value);
	evtx_store32(bytes + 4, (uint32_t)(value >> 32));
}

static uint16_t load16(const uint8_t *bytes)
{
	return (uint16_t)(bytes[0] | bytes[1] << 8);
}

static uint32_t load32(const uint8_t *bytes)
{
	return (uint32_t)load16(bytes) | (uint32_t)load16(bytes + 2) << 16;
}

void evtx_chunk_reset(struct evtx_chunk *chunk, uint64_t first_number, uint32_t limit)
{
	memset(chunk, 0, sizeof(*chunk));
	chunk->used = RECORDS_OFFSET;
	chunk->limit = limit;
	chunk->first_number = first_number;
}

/* Returns where to write the bytes, NULL if they are not to be written. */
static uint8_t *reserve(struct evtx_chunk *chunk, size_t size)
{
	uint8_t *place = chunk->bytes + chunk->used;

	if (chunk->error)
		return NULL;
	if (size > chunk->limit - chunk->used) {
		chunk->error = -ENOSPC;
		return NULL;
	}
	chunk->used += (uint32_t)size;
	return place;
}

void evtx_chunk_put8(struct evtx_chunk *chunk, uint8_t value)
{
	uint8_t *place = reserve(chunk, 1);

	if (place)
		*place = value;
}

void evtx_chunk_put16(struct evtx_chunk *chunk, uint16_t value)
{
	uint8_t *place = reserve(chunk, 2);

	if (place)
		evtx_store16(place, value);
}

void evtx_chunk_put32(struct evtx_chunk *chunk, uint32_t value)
{
	uint8_t *place = reserve(chunk, 4);

	if (place)
		evtx_store32(place, value);
}

void evtx_chunk_put64(struct evtx_chunk *chunk, uint64_t value)
{
	uint8_t *place = reserve(chunk, 8);

	if (place)
		evtx_store64(place, value);
}

void evtx_chunk_put_bytes(struct evtx_chunk *chunk, const void *bytes, size_t size)
{
	uint8_t *place = reserve(chunk, size);

	if (place && size > 0)
		memcpy(place, bytes, size);
}

void evtx_chunk_patch16(struct evtx_chunk *chunk, uint32_t offset, uint16_t value)
{
	/* After an error the offset may be that of something that was never appended. */
	if (!chunk->error)
		evtx_store16(chunk->bytes + offset, value);
}

void evtx_chunk_patch32(struct evtx_chunk *chunk, uint32_t offset, uint32_t value)
{
	if (!chunk->error)
		evtx_store32(chunk->bytes + offset, value);
}

/*
 * Decodes one character behind an ASCII one's range. Returns its bytes, 0 if they are not UTF-8:
 * overlong forms, surrogates and what lies above U+10FFFF are not.
 */
static size_t decode_character(const uint8_t *text, uint32_t *ret_character)
{
	static const uint32_t smallest[] = { 0, 0, 0x80, 0x800, 0x10000 };
	size_t size = *text >= 0xf0 ? 4 : *text >= 0xe0 ? 3 : 2;
	uint32_t character = *text & (0x7fu >> size);

	if (*text < 0xc2 || *text > 0xf4)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((text[i] & 0xc0) != 0x80)
			return 0;
		character = character << 6 | (text[i] & 0x3fu);
	}
	if (character < smallest[size] || character > 0x10ffff ||
	    (character >= 0xd800 && character <= 0xdfff))
		return 0;

	*ret_character = character;
	return size;
}

/* Converts until the room, in 16-bit units, is used up. */
static int convert_text(const char *text, uint8_t *place, size_t room, uint32_t *ret_units)
{
	const uint8_t *source = (const uint8_t *)text;
	size_t units = 0;

	while (*source) {
		uint32_t character = *source;
		size_t size = 1;

		if (character >= 0x80)
			size = decode_character(source, &character);
		if (size == 0)
			return -EILSEQ;
		if (units + (character > 0xffff ? 2 : 1) > room)
			return -ENOSPC;
		if (character > 0xffff) {
			uint32_t above = character - 0x10000;

			evtx_store16(place + 2 * units++, (uint16_t)(0xd800 | above >> 10));
			character = 0xdc00 | (above & 0x3ff);
		}
		evtx_store16(place + 2 * units++, (uint16_t)character);
		source += size;
	}
	*ret_units = (uint32_t)units;
	return 0;
}

uint32_t evtx_chunk_put_text(struct evtx_chunk *chunk, const char *text)
{
	uint32_t units = 0;

	if (chunk->error)
		return 0;
	chunk->error = convert_text(text, chunk->bytes + chunk->used,
				    (chunk->limit - chunk->used) / 2, &units);
	if (chunk->error)
		return 0;
	chunk->used += 2 * units;
	return units;
}

static uint32_t hash_step(uint32_t hash, uint32_t value)
{
	return hash * 65599 + value;
}

void evtx_chunk_put_name(struct evtx_chunk *chunk, const char *name)
{
	uint8_t characters[2 * MAX_NAME_UNITS];
	uint32_t count = 0;
	uint32_t hash = 0;
	uint8_t *bucket;
	int error = convert_text(name, characters, MAX_NAME_UNITS, &count);

	if (chunk->error)
		return;
	if (error) {
		chunk->error = error == -ENOSPC ? -ENAMETOOLONG : error;
		return;
	}

	for (uint32_t i = 0; i < count; i++)
		hash = hash_step(hash, load16(characters + (size_t)2 * i));
	hash &= 0xffff;
	bucket = chunk->bytes + STRING_TABLE_OFFSET + (size_t)4 * (hash % STRING_BUCKETS);

	for (uint32_t at = load32(bucket); at != 0; at = load32(chunk->bytes + at)) {
		const uint8_t *head = chunk->bytes + at;

		if (load16(head + 4) == hash && load16(head + 6) == count &&
		    memcmp(head + NAME_HEAD_SIZE, characters, (size_t)2 * count) == 0) {
			evtx_chunk_put32(chunk, at);
			return;
		}
	}

	evtx_chunk_put32(chunk, chunk->used + 4);
	evtx_chunk_put32(chunk, load32(bucket));
	evtx_chunk_put16(chunk, (uint16_t)hash);
	evtx_chunk_put16(chunk, (uint16_t)count);
	evtx_chunk_put_bytes(chunk, characters, (size_t)2 * count);
	evtx_chunk_put16(chunk, 0);
	if (!chunk->error)
		evtx_store32(bucket, chunk->used - NAME_HEAD_SIZE - 2 * count - 2);
}

/*
 * Windows' own choice of bucket is the hash of the GUID's 16-bit words for about every second
 * definition of real logs, and unknown for the others; readers follow offsets and do not ask.
 */
static size_t definition_bucket(const uint8_t *guid)
{
	uint32_t hash = 0;

	for (size_t i = 0; i < EVTX_GUID_SIZE; i += 2)
		hash = hash_step(hash, load16(guid + i));
	return TEMPLATE_TABLE_OFFSET + (size_t)4 * (hash % TEMPLATE_BUCKETS);
}

uint32_t evtx_chunk_find_definition(const struct evtx_chunk *chunk, const uint8_t *guid)
{
	uint32_t at = load32(chunk->bytes + definition_bucket(guid));

	while (at != 0 && memcmp(chunk->bytes + at + 4, guid, EVTX_GUID_SIZE) != 0)
		at = load32(chunk->bytes + at);
	return at;
}

uint32_t evtx_chunk_put_definition(struct evtx_chunk *chunk, const uint8_t *guid)
{
	uint8_t *bucket = chunk->bytes + definition_bucket(guid);
	uint32_t at = chunk->used;

	evtx_chunk_put32(chunk, load32(bucket));
	evtx_chunk_put_bytes(chunk, guid, EVTX_GUID_SIZE);
	evtx_chunk_put32(chunk, 0);
	if (!chunk->error)
		evtx_store32(bucket, at);
	return at + 4 + EVTX_GUID_SIZE;
}

void evtx_chunk_rollback(struct evtx_chunk *chunk, uint32_t offset)
{
	/* Chains run from the newest to the oldest, so what goes is always at their heads. */
	for (size_t i = STRING_TABLE_OFFSET; i < RECORDS_OFFSET; i += 4) {
		uint32_t at = load32(chunk->bytes + i);

		while (at >= offset)
			at = load32(chunk->bytes + at);
		evtx_store32(chunk->bytes + i, at);
	}

	/* A text that did not fit has left its beginning behind `used`: clear up to the end. */
	memset(chunk->bytes + offset, 0, EVTX_CHUNK_SIZE - offset);
	chunk->used = offset;
	chunk->error = 0;
}

void evtx_chunk_commit(struct evtx_chunk *chunk, uint32_t offset, uint64_t record_id)
{
	if (chunk->record_count == 0)
		chunk->first_id = record_id;
	chunk->last_id = record_id;
	chunk->last_record = offset;
	chunk->record_count++;
}

void evtx_chunk_seal(struct evtx_chunk *chunk, const struct evtx_crc32 *crc32)
{
	uint8_t *bytes = chunk->bytes;
	uint64_t last_number = chunk->first_number + chunk->record_count - 1;
	bool empty = chunk->record_count == 0;
	uint32_t sum;

	memcpy(bytes, "ElfChnk", 8);
	evtx_store64(bytes + 8, chunk->first_number);
	evtx_store64(bytes + 16, empty ? UINT64_MAX : last_number);
	evtx_store64(bytes + 24, empty ? 1 : chunk->first_id);
	evtx_store64(bytes + 32, empty ? UINT64_MAX : chunk->last_id);
	evtx_store32(bytes + 40, CHUNK_HEADER_SIZE);
	evtx_store32(bytes + 44, chunk->last_record);
	evtx_store32(bytes + 48, chunk->used);
	sum = evtx_crc32_update(crc32, 0, bytes + RECORDS_OFFSET, chunk->used - RECORDS_OFFSET);
	evtx_store32(bytes + 52, sum);

	/* Real chunks have flag 1, those of cleanly closed files too. */
	evtx_store32(bytes + 120, 1);
	sum = evtx_crc32_update(crc32, 0, bytes, 120);
	sum = evtx_crc32_update(crc32, sum, bytes + STRING_TABLE_OFFSET,
				RECORDS_OFFSET - STRING_TABLE_OFFSET);
	evtx_store32(bytes + CHUNK_CHECKSUM_OFFSET, sum);
}
