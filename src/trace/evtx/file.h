/* SPDX-License-Identifier: MIT */
/*
 * The container of an .evtx log: the file header, the chunks in the order of their records, and the
 * records of a chunk. Damaged parts are reported and skipped; nothing that is still readable is
 * lost.
 */
#ifndef TRACE_EVTX_FILE_H
#define TRACE_EVTX_FILE_H

#include "base/crc32.h"
#include "trace/evtx/binary_xml.h"
#include "trace/reader.h"

#define EVTX_HEADER_SIZE   4096U
#define EVTX_SECTOR        512U /* carved files start and are cut at multiples of it */
#define EVTX_RECORDS_BEGIN 512U /* in a chunk, after its header */

/* Flags of file and chunk headers. */
enum evtx_flag {
	EVTX_DIRTY = 1,
	EVTX_NO_CHECKSUMS = 4, /* the checksum fields are 0 */
};

/* A chunk, found by its header or, if that is damaged, by its records. */
struct evtx_span {
	uint64_t offset; /* in the file */
	uint32_t index;  /* number of the chunk, from 0 */
	uint32_t size;   /* less than EVTX_CHUNK_SIZE if the file is cut */
	uint64_t first, last;
	bool trusted;      /* its header is intact */
	bool no_checksums; /* neither its header nor its records have any */
	bool prepared;     /* its header counts no records */
	bool accepted;     /* but its records belong to the log: see leftover.h */
	bool leftovers;    /* it was read, and has more records after its own */
};

/* A record in a chunk, or something malformed there. */
struct evtx_record {
	uint64_t id;
	uint32_t buffer; /* index of the group's buffer */
	uint32_t offset;
	uint32_t size;    /* 0: not a record, but something malformed at that place */
	uint64_t written; /* FILETIME */
	/* if not empty, this is not a record: why that place is malformed */
	struct sessionlint_text reason;
	bool gap;      /* records may be lost there */
	bool doubtful; /* the checksum of its chunk is wrong, so any byte may be */
};

/* Where a record is, and when it was written. */
struct evtx_location {
	uint64_t id, offset, written;
};

struct evtx_records {
	struct evtx_record *records;
	size_t count, capacity;
};

struct evtx_file {
	struct reader *reader;
	struct log_bytes log; /* or a copy of it if it cannot be read at random */
	uint64_t begin;       /* offset of the log in it */
	bool copied;
	uint64_t size;
	const struct crc32 *crc32;

	bool carved;       /* it starts with a chunk, without a file header */
	bool header_known; /* the file header is intact */
	bool dirty;        /* the log was not closed, or this is unknown */
	uint64_t next_id;  /* id of the next record, from the file header */

	/* by their first record; those without records are last */
	struct evtx_span *spans;
	size_t span_count, span_capacity;

	struct evtx_records malformed; /* of the file as a whole */
	struct arena arena;            /* for reasons */
};

/* Whether a file that starts with these bytes is a log, or a part of one. */
bool evtx_file_is_log(const unsigned char *bytes, size_t size);

/* Reads the header of the log and finds its chunks. -ENOMEM, or what reading returned. */
int evtx_file_open(struct evtx_file *file, struct reader *reader);
void evtx_file_close(struct evtx_file *file);

/* Reads @size bytes at @offset of the log, up to its end; the rest is zeroed. Returns the number
 * of bytes read, or what reading returned. */
ssize_t evtx_file_read_at(struct evtx_file *file, unsigned char *bytes, size_t size,
			  uint64_t offset);

/* Reads a chunk into @bytes, EVTX_CHUNK_SIZE of them; missing ones are zeroed. */
int evtx_file_read(struct evtx_file *file, const struct evtx_span *span, unsigned char *bytes);

/* Appends the records in the chunk @bytes, and what is malformed there, to @records. Texts are
 * in @arena. *ret_end is the end of the chunk's own records. -ENOMEM. */
int evtx_chunk_scan(const struct evtx_file *file, const struct evtx_span *span,
		    const unsigned char *bytes, uint32_t buffer, struct evtx_records *records,
		    struct arena *arena, uint32_t *ret_end);

/* Whether a complete record is at @offset of the chunk. */
bool evtx_record_is_at(const struct evtx_span *span, const unsigned char *bytes, uint32_t offset);

/* Reads the frame of the record at @offset, where evtx_record_is_at(). */
struct evtx_record evtx_record_take(const unsigned char *bytes, uint32_t offset, uint32_t buffer);

/* Adds an entry. -ENOMEM. */
int evtx_records_add(struct evtx_records *records, const struct evtx_record *record);

#endif
