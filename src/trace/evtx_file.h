/* SPDX-License-Identifier: MIT */
/*
 * The container of an .evtx log: the file header, the chunks in the order of their records, and the
 * records of a chunk. Whatever is damaged is told of and passed over; nothing that can still be
 * read is lost.
 */
#ifndef TRACE_EVTX_FILE_H
#define TRACE_EVTX_FILE_H

#include "base/crc32.h"
#include "trace/evtx_xml.h"
#include "trace/reader.h"

#define EVTX_HEADER_SIZE 4096U

/* A chunk, found by its header or, where that is damaged, by its records. */
struct evtx_span {
	uint64_t offset; /* in the file */
	uint32_t index;  /* its place among the chunks, counted from 0 */
	uint32_t size;   /* less than EVTX_CHUNK_SIZE where the file is cut */
	uint64_t first, last;
	bool trusted;  /* its header is intact */
	bool prepared; /* its header is as before the first record, whatever came since */
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
};

struct evtx_records {
	struct evtx_record *records;
	size_t count, capacity;
};

struct evtx_file {
	struct reader *reader;
	int descriptor; /* the log, or a copy of it where that cannot be read at random */
	bool copied;
	uint64_t size;
	struct crc32 crc32;

	bool header_known; /* the file header is intact */
	bool dirty;
	struct evtx_span *spans; /* by their first record */
	size_t span_count, span_capacity;

	struct evtx_records troubles; /* of the file as a whole */
	struct arena arena;           /* for the text of troubles */
};

/* Reads the header of the log and finds its chunks. -ENOMEM, or what reading returned. */
int evtx_file_open(struct evtx_file *file, struct reader *reader);
void evtx_file_close(struct evtx_file *file);

/* Reads a chunk into @bytes, EVTX_CHUNK_SIZE of them; what the file lacks is zero. */
int evtx_file_read(struct evtx_file *file, const struct evtx_span *span, unsigned char *bytes);

/*
 * Appends the records in the chunk @bytes, and what is wrong there, to @records. Texts live in
 * @arena. -ENOMEM.
 */
int evtx_chunk_scan(const struct evtx_file *file, const struct evtx_span *span,
		    const unsigned char *bytes, uint32_t buffer, struct evtx_records *records,
		    struct arena *arena);

/* Adds an entry. -ENOMEM. */
int evtx_records_add(struct evtx_records *records, const struct evtx_record *record);

#endif
