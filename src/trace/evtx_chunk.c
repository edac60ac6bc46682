/* SPDX-License-Identifier: MIT */
/* The records of one chunk. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "trace/evtx_file.h"

#define RECORD_SIGNATURE 0x00002a2aU
#define RECORD_LEAST     28U /* signature, size, id, time, and the size again */
#define RECORDS_BEGIN    512U

int evtx_records_add(struct evtx_records *records, const struct evtx_record *record)
{
	if (records->count == records->capacity) {
		size_t capacity = records->capacity ? records->capacity * 2 : 256;
		struct evtx_record *grown = realloc(records->records, capacity * sizeof *grown);

		if (!grown)
			return -ENOMEM;
		records->records = grown;
		records->capacity = capacity;
	}
	records->records[records->count++] = *record;
	return 0;
}

/* The scan of one chunk. */
struct scan {
	const struct evtx_span *span;
	const unsigned char *bytes;
	uint32_t buffer;
	struct evtx_records *records;
	struct arena *arena;
	uint64_t previous; /* id of the last record, 0 before the first */
	bool suspect;      /* nothing says where the records end */
};

/* Whether a whole record lies at @offset. */
static bool record_is_at(const struct scan *scan, uint32_t offset)
{
	const unsigned char *at = scan->bytes + offset;
	uint32_t left = scan->span->size - offset, size;

	if (left < RECORD_LEAST || read_u32(at) != RECORD_SIGNATURE)
		return false;
	size = read_u32(at + 4);
	return size >= RECORD_LEAST && size <= left && read_u32(at + size - 4) == size;
}

static int scan_trouble(struct scan *scan, uint32_t offset, bool gap, struct sessionlint_text text)
{
	struct evtx_record trouble = {
		.id = scan->previous,
		.buffer = scan->buffer,
		.offset = offset,
		.trouble = text,
		.gap = gap,
	};

	return evtx_records_add(scan->records, &trouble);
}

static int scan_record(struct scan *scan, uint32_t *offset)
{
	const unsigned char *at = scan->bytes + *offset;
	struct evtx_record record = {
		.id = read_u64(at + 8),
		.buffer = scan->buffer,
		.offset = *offset,
		.size = read_u32(at + 4),
		.written = read_u64(at + 16),
	};

	*offset += record.size;
	/* ids ascend; one that does not, where the header cannot be believed, is from an earlier
	 * use of the chunk */
	if (scan->suspect && scan->previous && record.id <= scan->previous)
		return scan_trouble(
			scan, record.offset, true,
			arena_format(scan->arena,
				     "chunk %u, record %llu: it does not follow record %llu",
				     scan->span->index + 1, (unsigned long long)record.id,
				     (unsigned long long)scan->previous));
	scan->previous = record.id;
	return evtx_records_add(scan->records, &record);
}

/* Passes over what is no record; says so unless it is unused space. */
static int scan_damage(struct scan *scan, uint32_t *offset, uint32_t end)
{
	uint32_t begin = *offset;
	char behind[48] = "";

	/* records are as long as they are: any byte can begin one */
	while (*offset < end && !record_is_at(scan, *offset))
		++*offset;
	if (scan->previous)
		snprintf(behind, sizeof behind, " behind record %llu",
			 (unsigned long long)scan->previous);
	return scan_trouble(scan, begin, true,
			    arena_format(scan->arena, "chunk %u, byte %u%s: %u bytes are no record",
					 scan->span->index + 1, begin, behind, *offset - begin));
}

/*
 * Where the records end: what lies behind is unused, or left over from an earlier use of the chunk.
 * A damaged header is believed in this if its checksum of the records fits. Sets scan->suspect
 * where nothing says where they end.
 */
static int scan_end(struct scan *scan, const struct evtx_file *file, uint32_t *ret_end)
{
	const unsigned char *bytes = scan->bytes;
	uint32_t free_space = read_u32(bytes + 48), number = scan->span->index + 1;
	bool trusted = scan->span->trusted, plausible, sound;

	if (scan->span->prepared) {
		*ret_end = RECORDS_BEGIN;
		return 0;
	}
	plausible = free_space >= RECORDS_BEGIN + !trusted && free_space <= scan->span->size;
	sound = plausible && crc32_update(&file->crc32, 0, bytes + RECORDS_BEGIN,
					  free_space - RECORDS_BEGIN) == read_u32(bytes + 52);
	*ret_end = plausible && (trusted || sound) ? free_space : scan->span->size;
	scan->suspect = !trusted && !sound;
	if (!trusted)
		return scan_trouble(
			scan, 0, false,
			arena_format(scan->arena,
				     "chunk %u: its header is damaged or out of date; its "
				     "records were found without it",
				     number));
	if (sound)
		return 0;
	return scan_trouble(scan, RECORDS_BEGIN, true,
			    arena_format(scan->arena,
					 "chunk %u: the checksum of its records is wrong; they are "
					 "read as they are",
					 number));
}

static bool all_zero(const unsigned char *bytes, uint32_t size)
{
	for (uint32_t i = 0; i < size; i++)
		if (bytes[i])
			return false;
	return true;
}

int evtx_chunk_scan(const struct evtx_file *file, const struct evtx_span *span,
		    const unsigned char *bytes, uint32_t buffer, struct evtx_records *records,
		    struct arena *arena)
{
	struct scan scan = {
		.span = span,
		.bytes = bytes,
		.buffer = buffer,
		.records = records,
		.arena = arena,
		.previous = span->trusted && span->first ? span->first - 1 : 0,
	};
	uint32_t end, offset = RECORDS_BEGIN;
	int r = scan_end(&scan, file, &end);

	while (r == 0 && offset < end) {
		if (record_is_at(&scan, offset))
			r = scan_record(&scan, &offset);
		else if (all_zero(bytes + offset, end - offset))
			break;
		else
			r = scan_damage(&scan, &offset, end);
	}
	/* a header that was not brought up to date before the host went down: the next ids go on
	 * behind it */
	while (r == 0 && offset < span->size && record_is_at(&scan, offset) &&
	       (scan.previous == 0 || read_u64(bytes + offset + 8) == scan.previous + 1))
		r = scan_record(&scan, &offset);
	return r;
}
