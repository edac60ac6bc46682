/* SPDX-License-Identifier: MIT */
/*
 * The container of an .evtx log: the file header, the chunks in the order of their records, and the
 * records of a chunk. Whatever is damaged is reported and passed over; nothing that can still be
 * read is lost.
 */
#ifndef TRACE_EVTX_FILE_H
#define TRACE_EVTX_FILE_H

#include "base/crc32.h"
#include "trace/evtx/binary_xml.h"
#include "trace/reader.h"

#define EVTX_HEADER_SIZE   4096U
#define EVTX_SECTOR        512U /* carved files begin, and are cut, at multiples of it */
#define EVTX_RECORDS_BEGIN 512U /* in a chunk, after its header */

/* Of headers, of the file and of a chunk. */
enum evtx_flag {
	EVTX_DIRTY = 1,
	EVTX_NO_CHECKSUMS = 4, /* the fields for them are 0 */
};

/* A chunk, found by its header or, where that is damaged, by its records. */
struct evtx_span {
	uint64_t offset; /* in the file */
	uint32_t index;  /* its place among the chunks, counted from 0 */
	uint32_t size;   /* less than EVTX_CHUNK_SIZE where the file is cut */
	uint64_t first, last;
	bool trusted;      /* its header is intact */
	bool no_checksums; /* neither its header nor its records have any */
	bool prepared;     /* its header counts no records */
	bool accepted;     /* and yet the records in it are the log's own: leftover.h */
	bool leftovers;    /* it has been read, and after its own records there are others */
};

/* A record in a chunk, or something odd found there. */
struct evtx_record {
	uint64_t id;
	uint32_t buffer; /* which of the group's buffers */
	uint32_t offset;
	uint32_t size;    /* 0: this is no record, but trouble at that place */
	uint64_t written; /* FILETIME */
	struct sessionlint_text
		trouble; /* if not empty, this is no record: what is wrong at that place */
	bool gap;        /* the trouble may have cost records */
	bool doubtful;   /* the checksum of its chunk is wrong: any of its bytes may be */
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
	struct log_bytes log; /* or a copy of it where that cannot be read at random */
	uint64_t begin;       /* where the log begins in it */
	bool copied;
	uint64_t size;
	struct crc32 crc32;

	bool carved;       /* it begins with a chunk, without a file header */
	bool header_known; /* the file header is intact */
	bool dirty;        /* the log was not closed, or nothing says that it was */
	uint64_t next_id;  /* of the next record, as the file header has it */

	/* by their first record; those without records are last */
	struct evtx_span *spans;
	size_t span_count, span_capacity;

	struct evtx_records troubles; /* of the file as a whole */
	struct arena arena;           /* for the text of troubles */
};

/* Whether a file that begins with these bytes is a log, or a part of one. */
bool evtx_file_is_log(const unsigned char *bytes, size_t size);

/* Reads the header of the log and finds its chunks. -ENOMEM, or what reading returned. */
int evtx_file_open(struct evtx_file *file, struct reader *reader);
void evtx_file_close(struct evtx_file *file);

/* Reads @size bytes at @offset of the log, or up to its end; the rest becomes zero. Returns how
 * many bytes there were, or what reading returned. */
ssize_t evtx_file_read_at(struct evtx_file *file, unsigned char *bytes, size_t size,
			  uint64_t offset);

/* Reads a chunk into @bytes, EVTX_CHUNK_SIZE of them; what the file lacks is zero. */
int evtx_file_read(struct evtx_file *file, const struct evtx_span *span, unsigned char *bytes);

/*
 * Appends the records in the chunk @bytes, and what is wrong there, to @records. Texts live in
 * @arena. *ret_end is where the chunk's own records end. -ENOMEM.
 */
int evtx_chunk_scan(const struct evtx_file *file, const struct evtx_span *span,
		    const unsigned char *bytes, uint32_t buffer, struct evtx_records *records,
		    struct arena *arena, uint32_t *ret_end);

/* Whether a whole record is at @offset of the chunk. */
bool evtx_record_is_at(const struct evtx_span *span, const unsigned char *bytes, uint32_t offset);

/* Takes the frame of the record at @offset, which evtx_record_is_at(). */
struct evtx_record evtx_record_take(const unsigned char *bytes, uint32_t offset, uint32_t buffer);

/* Adds an entry. -ENOMEM. */
int evtx_records_add(struct evtx_records *records, const struct evtx_record *record);

#endif
