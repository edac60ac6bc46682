/* SPDX-License-Identifier: MIT */
#include "evtx_writer.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "evtx_writer_chunk.h"
#include "evtx_writer_xml.h"

enum {
	FILE_HEADER_SIZE = 128,
	FILE_HEADER_BLOCK_SIZE = 4096,
	FILE_CHECKSUM_SIZE = 120, /* the bytes that the checksum is over */
	FILE_IS_DIRTY = 1,
	RECORD_MAGIC = 0x2a2a,
	RECORD_ALIGNMENT = 8,
};

struct evtx_writer {
	FILE *file;
	struct evtx_writer_options options;
	int error; /* the first one of writing; nothing is written after it */
	uint64_t chunk_count;
	uint64_t record_count;
	uint64_t next_id;
	struct evtx_crc32 crc32;
	struct evtx_chunk chunk;
};

static void write_bytes(struct evtx_writer *writer, const uint8_t *bytes, size_t size)
{
	if (writer->error)
		return;
	errno = 0;
	if (fwrite(bytes, 1, size, writer->file) != size)
		writer->error = errno ? -errno : -EIO;
}

static void write_file_header(struct evtx_writer *writer, bool dirty)
{
	uint8_t header[FILE_HEADER_BLOCK_SIZE] = { 0 };
	uint64_t last_chunk = writer->chunk_count > 0 ? writer->chunk_count - 1 : 0;

	memcpy(header, "ElfFile", 8);
	evtx_store64(header + 16, last_chunk);
	evtx_store64(header + 24, writer->next_id);
	evtx_store32(header + 32, FILE_HEADER_SIZE);
	evtx_store16(header + 36, 1);
	evtx_store16(header + 38, 3);
	evtx_store16(header + 40, FILE_HEADER_BLOCK_SIZE);
	/*
	 * Mostly documented with 16 bits. Real files above 4 GiB use the empty bytes behind them
	 * (libevtx, issue 34: "support for larger than 4GiB evtx files").
	 */
	evtx_store32(header + 42, (uint32_t)writer->chunk_count);
	evtx_store32(header + 120, dirty ? FILE_IS_DIRTY : 0);
	evtx_store32(header + 124,
		     evtx_crc32_update(&writer->crc32, 0, header, FILE_CHECKSUM_SIZE));
	write_bytes(writer, header, sizeof(header));
}

static void reset_chunk(struct evtx_writer *writer)
{
	uint32_t limit = EVTX_CHUNK_SIZE - (writer->options.full_chunks ? 0 : RECORD_ALIGNMENT);

	evtx_chunk_reset(&writer->chunk, writer->record_count + 1, limit);
}

int evtx_writer_open(const char *path, const struct evtx_writer_options *options,
		     struct evtx_writer **ret_writer)
{
	struct evtx_writer *writer = malloc(sizeof(*writer));
	int error;

	if (!writer)
		return -ENOMEM;

	errno = 0;
	writer->file = fopen(path, "wb");
	if (!writer->file) {
		error = errno ? -errno : -EIO;
		free(writer);
		return error;
	}
	/* What is written is a chunk already: a buffer of the library's would only be a copy. */
	setvbuf(writer->file, NULL, _IONBF, 0);

	writer->options = *options;
	writer->error = 0;
	writer->chunk_count = 0;
	writer->record_count = 0;
	writer->next_id = options->first_record_id ? options->first_record_id : 1;
	evtx_crc32_init(&writer->crc32);
	reset_chunk(writer);

	/* Dirty until it is closed, so that a file cut short says so. */
	write_file_header(writer, true);
	if (writer->error) {
		error = writer->error;
		fclose(writer->file);
		free(writer);
		return error;
	}
	*ret_writer = writer;
	return 0;
}

static void flush_chunk(struct evtx_writer *writer)
{
	evtx_chunk_seal(&writer->chunk, &writer->crc32);
	write_bytes(writer, writer->chunk.bytes, EVTX_CHUNK_SIZE);
	writer->chunk_count++;
	reset_chunk(writer);
}

/* Builds the record at the chunk's free space; returns what went wrong. */
static int build_record(struct evtx_writer *writer, const struct evtx_record *record,
			uint64_t record_id)
{
	static const uint8_t padding[RECORD_ALIGNMENT];
	struct evtx_chunk *chunk = &writer->chunk;
	uint32_t start = chunk->used;
	uint32_t size;

	evtx_chunk_put32(chunk, RECORD_MAGIC);
	evtx_chunk_put32(chunk, 0);
	evtx_chunk_put64(chunk, record_id);
	evtx_chunk_put64(chunk, record->time);
	evtx_event_put(chunk, record, record_id, &writer->options);

	/* The size, padding and the copy of the size at the end included, is a multiple of 8. */
	size = chunk->used + 4 - start;
	evtx_chunk_put_bytes(chunk, padding, -size % RECORD_ALIGNMENT);
	size += -size % RECORD_ALIGNMENT;
	evtx_chunk_put32(chunk, size);
	evtx_chunk_patch32(chunk, start + 4, size);
	return chunk->error;
}

static int check_record(const struct evtx_record *record)
{
	if (!record->provider_name || !record->channel || !record->computer)
		return -EINVAL;
	if (record->user_part == EVTX_USER_DATA && !record->event_namespace)
		return -EINVAL;
	if (record->field_count > EVTX_MAX_FIELDS)
		return -EINVAL;
	for (size_t i = 0; i < record->field_count; i++)
		if (!record->fields[i].name)
			return -EINVAL;
	return 0;
}

int evtx_writer_add(struct evtx_writer *writer, const struct evtx_record *record)
{
	struct evtx_chunk *chunk = &writer->chunk;
	uint64_t record_id = record->record_id ? record->record_id : writer->next_id;
	int error = check_record(record);
	uint32_t start = chunk->used;

	if (error)
		return error;
	if (writer->error)
		return writer->error;

	error = build_record(writer, record, record_id);
	if (error)
		evtx_chunk_rollback(chunk, start);
	if (error == -ENOSPC && chunk->record_count > 0) {
		flush_chunk(writer);
		start = chunk->used;
		error = build_record(writer, record, record_id);
		if (error)
			evtx_chunk_rollback(chunk, start);
	}
	if (error)
		return error == -ENOSPC ? -EMSGSIZE : error;

	evtx_chunk_commit(chunk, start, record_id);
	writer->record_count++;
	writer->next_id = record_id + 1;
	return writer->error;
}

uint64_t evtx_writer_size(const struct evtx_writer *writer)
{
	bool open_chunk = writer->chunk.record_count > 0 || writer->chunk_count == 0;

	return FILE_HEADER_BLOCK_SIZE +
	       (writer->chunk_count + open_chunk) * (uint64_t)EVTX_CHUNK_SIZE;
}

int evtx_writer_close(struct evtx_writer *writer)
{
	int error;

	if (!writer)
		return 0;

	/* A log without records has one empty chunk. */
	if (writer->chunk.record_count > 0 || writer->chunk_count == 0)
		flush_chunk(writer);
	if (!writer->error && fseek(writer->file, 0, SEEK_SET) != 0)
		writer->error = -errno;
	write_file_header(writer, writer->options.dirty);
	error = writer->error;
	if (fclose(writer->file) != 0 && !error)
		error = -errno;
	free(writer);
	return error;
}
