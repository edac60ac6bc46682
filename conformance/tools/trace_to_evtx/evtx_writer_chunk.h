/* SPDX-License-Identifier: MIT */
/*
 * One 64 KiB chunk under construction. Its string table and template table are also the writer's
 * only memory of what the chunk holds: a name or a definition is looked up in the bytes that a
 * reader will see.
 *
 * The functions that append do nothing once `error` is set, so a record is built without a check
 * a step and judged at its end: -ENOSPC (the chunk is full), -EILSEQ (a text is not UTF-8) or
 * -ENAMETOOLONG.
 */
#ifndef EVTX_WRITER_CHUNK_H
#define EVTX_WRITER_CHUNK_H

#include "evtx_writer.h"
#include "evtx_writer_crc32.h"

struct evtx_chunk {
	uint8_t bytes[EVTX_CHUNK_SIZE];
	uint32_t used;  /* offset of the free space */
	uint32_t limit; /* offset that no record passes */
	int error;
	uint64_t first_number; /* of the chunk's first record, counted through the file from 1 */
	uint64_t record_count;
	uint64_t first_id;
	uint64_t last_id;
	uint32_t last_record; /* its offset */
};

/* Little-endian stores into any buffer; the caller has made sure that they fit. */
void evtx_store16(uint8_t *bytes, uint16_t value);
void evtx_store32(uint8_t *bytes, uint32_t value);
void evtx_store64(uint8_t *bytes, uint64_t value);

/* Empties the chunk. Its records may then fill it up to the limit. */
void evtx_chunk_reset(struct evtx_chunk *chunk, uint64_t first_number, uint32_t limit);

void evtx_chunk_put8(struct evtx_chunk *chunk, uint8_t value);
void evtx_chunk_put16(struct evtx_chunk *chunk, uint16_t value);
void evtx_chunk_put32(struct evtx_chunk *chunk, uint32_t value);
void evtx_chunk_put64(struct evtx_chunk *chunk, uint64_t value);
void evtx_chunk_put_bytes(struct evtx_chunk *chunk, const void *bytes, size_t size);

/* Appends a text as UTF-16, without a length and without a NUL. Returns its 16-bit units. */
uint32_t evtx_chunk_put_text(struct evtx_chunk *chunk, const char *text);

/* Appends the offset of a name, and the name itself where the chunk lacks it. */
void evtx_chunk_put_name(struct evtx_chunk *chunk, const char *name);

/* Overwrites what was appended earlier. */
void evtx_chunk_patch16(struct evtx_chunk *chunk, uint32_t offset, uint16_t value);
void evtx_chunk_patch32(struct evtx_chunk *chunk, uint32_t offset, uint32_t value);

/* Offset of the template definition with this GUID, 0 if the chunk lacks it. */
uint32_t evtx_chunk_find_definition(const struct evtx_chunk *chunk, const uint8_t *guid);

/*
 * Appends the head of a definition and enters it into the template table. Returns the offset of
 * its size, to be patched when its fragment stands.
 */
uint32_t evtx_chunk_put_definition(struct evtx_chunk *chunk, const uint8_t *guid);

/* Takes back everything at and behind the offset, names and definitions too, and the error. */
void evtx_chunk_rollback(struct evtx_chunk *chunk, uint32_t offset);

/* Counts the record that was built at the offset. */
void evtx_chunk_commit(struct evtx_chunk *chunk, uint32_t offset, uint64_t record_id);

/* Fills in the header, the checksums last. */
void evtx_chunk_seal(struct evtx_chunk *chunk, const struct evtx_crc32 *crc32);

#endif
