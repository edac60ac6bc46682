/* SPDX-License-Identifier: MIT */
#include "base/array.h"
#include "trace/evtx/leftover.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/input.h"

#define HEADER_SIZE 128U /* as stored in headers */

static const unsigned char file_magic[8] = "ElfFile", chunk_magic[8] = "ElfChnk";

/* Copies a log from a pipe, since its chunks can be in any order. */
static int file_copy(struct evtx_file *file)
{
	unsigned char *bytes;
	int copy = input_temporary(), r = 0;
	ssize_t got = -ENOMEM;

	if (copy < 0)
		return copy;
	bytes = malloc(EVTX_CHUNK_SIZE);
	while (bytes && r == 0 &&
	       (got = reader_next_bytes(file->reader, bytes, EVTX_CHUNK_SIZE)) > 0) {
		r = input_append(copy, bytes, (size_t)got);
		file->size += (uint64_t)got;
	}
	free(bytes);
	if (r == 0 && got < 0)
		r = (int)got;
	if (r < 0) {
		input_close(copy);
		return r;
	}
	file->log = log_of_descriptor(copy);
	file->copied = true;
	return 0;
}

static int file_malformed(struct evtx_file *file, uint64_t offset, bool gap,
			  struct sessionlint_text text)
{
	/* the place is an offset in the file here: buffer is the upper half */
	struct evtx_record malformed = {
		.buffer = (uint32_t)(offset >> 32),
		.offset = (uint32_t)offset,
		.reason = text,
		.gap = gap,
	};

	return evtx_records_add(&file->malformed, &malformed);
}

/* Whether a header has no checksum according to its flags: then that field is 0. @size_at is the
 * offset of its own size. */
static bool has_no_checksum(const unsigned char *header, unsigned size_at)
{
	return read_u32(header + 120) & EVTX_NO_CHECKSUMS && read_u32(header + 124) == 0 &&
	       read_u32(header + size_at) == HEADER_SIZE;
}

static bool chunk_header_is_sound(const struct crc32 *crc32, const unsigned char *header)
{
	uint32_t sum = crc32_update(crc32, 0, header, 120);

	return crc32_update(crc32, sum, header + HEADER_SIZE, EVTX_RECORDS_BEGIN - HEADER_SIZE) ==
	       read_u32(header + 124);
}

/* Finds the ids of a chunk from its records. Returns whether it has any. */
static int span_search(struct evtx_file *file, struct evtx_span *span)
{
	struct evtx_records records = { 0 };
	struct arena arena = { 0 };
	unsigned char *bytes = malloc(EVTX_CHUNK_SIZE);
	bool found = false;
	uint32_t end;
	int r = -ENOMEM;

	if (bytes)
		r = evtx_file_read(file, span, bytes);
	if (r >= 0)
		r = evtx_chunk_scan(file, span, bytes, 0, &records, &arena, &end);
	for (size_t i = 0; r >= 0 && i < records.count; i++) {
		if (records.records[i].size == 0)
			continue;
		if (!found || records.records[i].id < span->first)
			span->first = records.records[i].id;
		if (!found || records.records[i].id > span->last)
			span->last = records.records[i].id;
		found = true;
	}
	free(records.records);
	arena_free(&arena);
	free(bytes);
	return r < 0 ? r : found;
}

static int span_add(struct evtx_file *file, const struct evtx_span *span)
{
	struct evtx_span *spans = array_grow(file->spans, file->span_count, &file->span_capacity,
					     sizeof *spans);

	if (!spans)
		return -ENOMEM;
	file->spans = spans;
	file->spans[file->span_count++] = *span;
	return 0;
}

/* Adds a chunk whose header counts no records. Whether it contains records of the log is decided
 * when all chunks are known. */
static int prepared_add(struct evtx_file *file, struct evtx_span *span)
{
	unsigned char *bytes = malloc(EVTX_CHUNK_SIZE);
	int r = bytes ? evtx_file_read(file, span, bytes) : -ENOMEM;

	if (r == 0) {
		span->first = UINT64_MAX;
		if (evtx_record_is_at(span, bytes, EVTX_RECORDS_BEGIN))
			span->first = evtx_record_take(bytes, EVTX_RECORDS_BEGIN, 0).id;
		r = span_add(file, span);
	}
	free(bytes);
	return r;
}

/* The contents of a chunk. */
enum chunk_kind {
	CHUNK_FOUND,
	CHUNK_DAMAGED, /* it has a header, but no records */
	CHUNK_NONE,    /* zeroed or overwritten */
};

/* Examines the chunk at @offset, with @size bytes; adds it if it has a header or records. */
static int chunk_find(struct evtx_file *file, uint32_t index, uint64_t offset, uint32_t size,
		      enum chunk_kind *ret_kind)
{
	unsigned char header[EVTX_RECORDS_BEGIN];
	struct evtx_span span = { .offset = offset, .index = index, .size = size };
	bool magic, sound;
	ssize_t r = evtx_file_read_at(file, header, sizeof header, offset);

	if (r < 0)
		return (int)r;
	magic = memcmp(header, chunk_magic, sizeof chunk_magic) == 0;
	span.no_checksums = magic && has_no_checksum(header, 40) && read_u32(header + 52) == 0;
	sound = magic && (span.no_checksums || chunk_header_is_sound(file->crc32, header));
	/* a damaged header is trusted for this if two of its fields agree */
	span.prepared = magic && read_u32(header + 48) <= EVTX_RECORDS_BEGIN &&
			(sound || read_u64(header + 32) == UINT64_MAX);
	span.trusted = sound && !span.prepared;
	*ret_kind = CHUNK_FOUND;
	if (span.prepared)
		return prepared_add(file, &span);
	if (span.trusted) {
		span.first = read_u64(header + 24);
		span.last = read_u64(header + 32);
	} else {
		r = span_search(file, &span);
		if (r < 0)
			return (int)r;
		if (r == 0) {
			*ret_kind = magic ? CHUNK_DAMAGED : CHUNK_NONE;
			return 0;
		}
	}
	if (size < EVTX_CHUNK_SIZE) {
		r = file_malformed(file, offset, true,
				   arena_format(&file->arena,
						"chunk %u is truncated: %u of %u bytes", index + 1,
						size, EVTX_CHUNK_SIZE));
		if (r < 0)
			return (int)r;
	}
	return span_add(file, &span);
}

/* Consecutive chunks without records. */
struct hole {
	enum chunk_kind kind;
	uint32_t first, count;
};

/* Reports consecutive chunks, and starts with none. */
static int hole_end(struct evtx_file *file, struct hole *hole)
{
	const char *what = hole->kind == CHUNK_DAMAGED ? "damaged" : "zeroed or overwritten";
	uint32_t first = hole->first, count = hole->count;
	struct sessionlint_text text;

	if (count == 0)
		return 0;
	hole->count = 0;
	text = count == 1
		       ? arena_format(&file->arena, "chunk %u has no records: it is %s", first + 1,
				      what)
		       : arena_format(&file->arena, "chunks %u to %u have no records: they are %s",
				      first + 1, first + count, what);
	return file_malformed(file, EVTX_HEADER_SIZE + (uint64_t)first * EVTX_CHUNK_SIZE, true,
			      text);
}

/* Finds the chunks of a log with a file header, which counts @count; including those that it
 * does not count. */
static int chunks_find(struct evtx_file *file, uint32_t count)
{
	struct hole hole = { 0 };
	uint32_t index = 0;
	int r = 0;

	for (uint64_t offset = EVTX_HEADER_SIZE;
	     offset + EVTX_RECORDS_BEGIN <= file->size && r == 0;
	     offset += EVTX_CHUNK_SIZE, index++) {
		uint64_t left = file->size - offset;
		uint32_t size = left < EVTX_CHUNK_SIZE ? (uint32_t)left : EVTX_CHUNK_SIZE;
		size_t spans = file->span_count;
		enum chunk_kind kind = CHUNK_FOUND;

		r = chunk_find(file, index, offset, size, &kind);
		/* chunks with records are counted when they are read */
		if (file->span_count == spans)
			reader_pass(file->reader, size);
		/* beyond the counted chunks, anything is allowed */
		if (kind == CHUNK_NONE && index >= count)
			kind = CHUNK_FOUND;
		if (r == 0 && hole.count > 0 && kind != hole.kind)
			r = hole_end(file, &hole);
		if (r == 0 && kind != CHUNK_FOUND) {
			if (hole.count++ == 0)
				hole.first = index;
			hole.kind = kind;
		}
	}
	if (r == 0)
		r = hole_end(file, &hole);
	if (r == 0 && index < count)
		r = file_malformed(
			file, file->size, true,
			arena_format(&file->arena,
				     "the file ends after chunk %u of %u: it is truncated", index,
				     count));
	return r;
}

/* The offset of the next chunk header from @from on, or @size. */
static uint32_t magic_find(const unsigned char *bytes, uint32_t from, uint32_t size)
{
	for (uint32_t at = from; at + sizeof chunk_magic <= size; at += EVTX_SECTOR)
		if (memcmp(bytes + at, chunk_magic, sizeof chunk_magic) == 0)
			return at;
	return size;
}

static bool is_zero(const unsigned char *bytes, uint32_t size)
{
	return bytes[0] == 0 && memcmp(bytes, bytes + 1, size - 1) == 0;
}

/* Finds the chunks of a file without a header: each one extends to the start of the next, or to
 * its max size. */
static int chunks_carve(struct evtx_file *file)
{
	unsigned char *bytes = malloc(EVTX_CHUNK_SIZE);
	uint64_t offset = 0, stray = 0, stray_at = 0;
	uint32_t index = 0, size;
	enum chunk_kind kind;
	ssize_t got = bytes ? 0 : -ENOMEM;
	int r = (int)got;

	for (; r == 0 && offset < file->size; offset += size) {
		got = evtx_file_read_at(file, bytes, EVTX_CHUNK_SIZE, offset);
		if (got <= 0) {
			r = (int)got;
			break;
		}
		size = (uint32_t)got;
		if (size >= EVTX_RECORDS_BEGIN &&
		    memcmp(bytes, chunk_magic, sizeof chunk_magic) == 0) {
			size = magic_find(bytes, EVTX_RECORDS_BEGIN, size);
			r = chunk_find(file, index++, offset, size, &kind);
			continue;
		}
		size = magic_find(bytes, EVTX_SECTOR, size);
		reader_pass(file->reader, size);
		if (is_zero(bytes, size))
			continue;
		if (stray == 0)
			stray_at = offset;
		stray += size;
	}
	free(bytes);
	if (r == 0)
		r = file_malformed(
			file, 0, false,
			text_from("the file has no header: the chunks were found without "
				  "it"));
	if (r == 0 && stray > 0)
		r = file_malformed(file, stray_at, false,
				   arena_format(&file->arena, "%llu bytes are not part of a chunk",
						(unsigned long long)stray));
	return r;
}

/* ---- the file ---- */

static int span_compare(const void *a, const void *b)
{
	const struct evtx_span *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

static void spans_sort(struct evtx_file *file)
{
	/* qsort() must not get a null pointer */
	if (file->span_count > 0)
		qsort(file->spans, file->span_count, sizeof *file->spans, span_compare);
}

/* Sorts the chunks, when all are known. @count: those that the file header counts. */
static int chunks_order(struct evtx_file *file, uint32_t count)
{
	uint32_t found = 0;
	int r;

	spans_sort(file);
	r = evtx_leftover_accept(file);
	if (r < 0)
		return r;
	for (size_t i = 0; i < file->span_count; i++) {
		struct evtx_span *span = &file->spans[i];

		if (span->prepared && !span->accepted)
			span->first = UINT64_MAX;
		else if (span->index >= found)
			found = span->index + 1;
	}
	spans_sort(file);
	if (!file->header_known || found <= count)
		return 0;
	return file_malformed(
		file, 42, false,
		arena_format(
			&file->arena,
			"the file header counts %u chunks, but %u have records; all were read%s",
			count, found, file->dirty ? " (the log was not closed)" : ""));
}

/* Reads the file header, the @got first bytes of the log. */
static int header_read(struct evtx_file *file, const unsigned char *header, size_t got,
		       uint32_t *ret_count)
{
	*ret_count = 0;
	file->dirty = true;
	if (got < EVTX_HEADER_SIZE)
		return file_malformed(
			file, got, true,
			arena_format(&file->arena,
				     "the file header is truncated: %zu of %u bytes are "
				     "there",
				     got, EVTX_HEADER_SIZE));
	if (memcmp(header, file_magic, sizeof file_magic) != 0 ||
	    (!has_no_checksum(header, 32) &&
	     crc32_update(file->crc32, 0, header, 120) != read_u32(header + 124)))
		return file_malformed(
			file, 0, false,
			text_from("the file header is damaged; the chunks were found without it"));
	file->header_known = true;
	file->dirty = read_u32(header + 120) & EVTX_DIRTY;
	file->next_id = read_u64(header + 24);
	*ret_count = read_u32(header + 42); /* 16 bits, which overflow at 4 GiB */
	return 0;
}

/* Whether the file has no header, but starts with chunks. */
static bool is_carved(const unsigned char *bytes, size_t size)
{
	uint32_t at;

	if (size >= sizeof file_magic && memcmp(bytes, file_magic, sizeof file_magic) == 0)
		return false;
	at = magic_find(bytes, 0, (uint32_t)size);
	/* here, it is the first chunk after a destroyed header */
	return at < size && at != EVTX_HEADER_SIZE;
}

bool evtx_file_is_log(const unsigned char *bytes, size_t size)
{
	if (size >= sizeof file_magic && memcmp(bytes, file_magic, sizeof file_magic) == 0)
		return true;
	return magic_find(bytes, 0, (uint32_t)size) < size;
}

int evtx_file_open(struct evtx_file *file, struct reader *reader)
{
	unsigned char header[sizeof reader->head];
	uint32_t count = 0;
	ssize_t got;
	int r = 0;

	*file = (struct evtx_file) { .reader = reader, .log = reader->log, .crc32 = crc32_known() };
	if (reader->seekable) {
		file->size = reader->size;
		file->begin = reader->begin;
	} else {
		r = file_copy(file);
	}
	if (r < 0)
		return r;
	/* the copy is read a second time */
	reader->done = reader->reported = 0;
	got = evtx_file_read_at(file, header, sizeof header, 0);
	if (got < 0)
		r = (int)got;
	else if (is_carved(header, (size_t)got))
		file->carved = file->dirty = true;
	else
		r = header_read(file, header, (size_t)got, &count);
	if (r == 0 && !file->carved)
		reader_pass(reader, EVTX_HEADER_SIZE);
	if (r == 0)
		r = file->carved ? chunks_carve(file) : chunks_find(file, count);
	if (r == 0)
		r = chunks_order(file, count);
	/* the reason may be incomplete */
	if (r == 0 && file->arena.failed)
		r = -ENOMEM;
	if (r < 0)
		evtx_file_close(file);
	return r;
}

void evtx_file_close(struct evtx_file *file)
{
	if (file->copied)
		input_close(file->log.descriptor);
	free(file->spans);
	free(file->malformed.records);
	arena_free(&file->arena);
}
