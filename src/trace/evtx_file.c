/* SPDX-License-Identifier: MIT */
#include "trace/evtx_file.h"

#include <errno.h>
#include <stdlib.h>

#include "base/bytes.h"
#include "base/input.h"

#define FLAG_DIRTY   1U
#define CHUNK_HEADER 512U

static const unsigned char chunk_magic[8] = "ElfChnk";

/* Reads @size bytes or up to the end; what is lacking becomes zero. Returns how many bytes there
 * were. */
static ssize_t read_at(int descriptor, unsigned char *bytes, size_t size, uint64_t offset)
{
	ssize_t got = input_read(descriptor, bytes, size, size, offset);

	if (got >= 0 && (size_t)got < size)
		memset(bytes + got, 0, size - (size_t)got);
	return got;
}

/* Copies a log that comes through a pipe: its chunks can stand in any order. */
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
	file->descriptor = copy;
	file->copied = true;
	return 0;
}

static int file_trouble(struct evtx_file *file, uint64_t offset, bool gap,
			struct sessionlint_text text)
{
	/* the place is in the file here: the buffer stands for the upper half */
	struct evtx_record trouble = {
		.buffer = (uint32_t)(offset >> 32),
		.offset = (uint32_t)offset,
		.trouble = text,
		.gap = gap,
	};

	return evtx_records_add(&file->troubles, &trouble);
}

static bool header_is_sound(const struct crc32 *crc32, const unsigned char *bytes)
{
	uint32_t sum = crc32_update(crc32, 0, bytes, 120);

	return crc32_update(crc32, sum, bytes + 128, CHUNK_HEADER - 128) == read_u32(bytes + 124);
}

/* Learns the ids of a chunk from its records. Returns whether it has any. */
static int span_search(struct evtx_file *file, struct evtx_span *span)
{
	struct evtx_records records = { 0 };
	struct arena arena = { 0 };
	unsigned char *bytes = malloc(EVTX_CHUNK_SIZE);
	bool found = false;
	int r = -ENOMEM;

	if (bytes)
		r = evtx_file_read(file, span, bytes);
	if (r >= 0)
		r = evtx_chunk_scan(file, span, bytes, 0, &records, &arena);
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
	if (file->span_count == file->span_capacity) {
		size_t capacity = file->span_capacity ? file->span_capacity * 2 : 64;
		struct evtx_span *spans = realloc(file->spans, capacity * sizeof *spans);

		if (!spans)
			return -ENOMEM;
		file->spans = spans;
		file->span_capacity = capacity;
	}
	file->spans[file->span_count++] = *span;
	return 0;
}

/* Looks at the chunk at @offset; adds it if it holds records. @expected: the file header counts it.
 */
static int chunk_find(struct evtx_file *file, uint32_t index, uint64_t offset, bool expected)
{
	unsigned char header[CHUNK_HEADER];
	uint64_t left = file->size - offset;
	struct evtx_span span = {
		.offset = offset,
		.index = index,
		.size = left < EVTX_CHUNK_SIZE ? (uint32_t)left : EVTX_CHUNK_SIZE,
	};
	bool magic;
	ssize_t r = read_at(file->descriptor, header, sizeof header, offset);

	if (r < 0)
		return (int)r;
	magic = memcmp(header, chunk_magic, sizeof chunk_magic) == 0;
	span.prepared = magic && read_u32(header + 48) <= CHUNK_HEADER;
	span.trusted = magic && !span.prepared && header_is_sound(&file->crc32, header);
	span.first = span.trusted ? read_u64(header + 24) : 0;
	span.last = span.trusted ? read_u64(header + 32) : 0;
	if (!span.trusted) {
		r = span_search(file, &span);
		if (r < 0)
			return (int)r;
		if (r == 0 && !span.prepared && (expected || magic))
			return file_trouble(
				file, offset, true,
				arena_format(&file->arena, "chunk %u holds no records: it is %s",
					     index + 1,
					     magic ? "damaged" : "zeroed or overwritten"));
		if (r == 0)
			return 0;
	}
	if (span.size < EVTX_CHUNK_SIZE) {
		r = file_trouble(file, offset, true,
				 arena_format(&file->arena,
					      "chunk %u is cut: %u of %u bytes are there",
					      index + 1, span.size, EVTX_CHUNK_SIZE));
		if (r < 0)
			return (int)r;
	}
	return span_add(file, &span);
}

static int span_compare(const void *a, const void *b)
{
	const struct evtx_span *x = a, *y = b;

	if (x->first != y->first)
		return x->first < y->first ? -1 : 1;
	return x->index < y->index ? -1 : x->index > y->index;
}

/* Finds all chunks, also those that the header does not count. */
static int chunks_find(struct evtx_file *file, uint32_t count)
{
	uint32_t index = 0, found = 0;
	int r = 0;

	for (uint64_t offset = EVTX_HEADER_SIZE; offset + CHUNK_HEADER <= file->size && r == 0;
	     offset += EVTX_CHUNK_SIZE, index++) {
		size_t before = file->span_count;

		r = chunk_find(file, index, offset, index < count);
		if (file->span_count > before)
			found = index + 1;
	}
	if (r == 0 && index < count)
		r = file_trouble(
			file, file->size, true,
			arena_format(&file->arena,
				     "the file ends behind chunk %u of %u: it has been cut", index,
				     count));
	if (r == 0 && file->header_known && found > count)
		r = file_trouble(file, 42, false,
				 arena_format(&file->arena,
					      "the file header counts %u chunks and %u hold "
					      "records; all were read%s",
					      count, found,
					      file->dirty ? " (the log was not closed)" : ""));
	/* without a chunk qsort() would be handed a null pointer */
	if (file->span_count > 0)
		qsort(file->spans, file->span_count, sizeof *file->spans, span_compare);
	return r;
}

int evtx_file_open(struct evtx_file *file, struct reader *reader)
{
	unsigned char header[EVTX_HEADER_SIZE];
	uint32_t count = 0;
	ssize_t got;
	int r = 0;

	*file = (struct evtx_file) { .reader = reader, .descriptor = reader->descriptor };
	crc32_init(&file->crc32);
	if (reader->seekable)
		file->size = reader->size;
	else
		r = file_copy(file);
	if (r < 0)
		return r;
	got = read_at(file->descriptor, header, sizeof header, 0);
	if (got < 0)
		r = (int)got;
	else if ((size_t)got < sizeof header)
		r = file_trouble(file, (uint64_t)got, true,
				 arena_format(&file->arena,
					      "the file header is cut: %zd of %u bytes are there",
					      got, EVTX_HEADER_SIZE));
	else if (memcmp(header, "ElfFile", 8) != 0 ||
		 crc32_update(&file->crc32, 0, header, 120) != read_u32(header + 124))
		r = file_trouble(
			file, 0, false,
			text_from("the file header is damaged; the chunks were found without it"));
	else
		file->header_known = true;
	if (file->header_known)
		count = read_u32(header + 42); /* 16 bits, and more behind 4 GiB */
	file->dirty = count > 0 && read_u32(header + 120) & FLAG_DIRTY;
	if (r == 0)
		r = chunks_find(file, count);
	if (r < 0)
		evtx_file_close(file);
	return r;
}

void evtx_file_close(struct evtx_file *file)
{
	if (file->copied)
		input_close(file->descriptor);
	free(file->spans);
	free(file->troubles.records);
	arena_free(&file->arena);
}

int evtx_file_read(struct evtx_file *file, const struct evtx_span *span, unsigned char *bytes)
{
	ssize_t got = read_at(file->descriptor, bytes, EVTX_CHUNK_SIZE, span->offset);

	return got < 0 ? (int)got : 0;
}
