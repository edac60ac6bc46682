/* SPDX-License-Identifier: MIT */
/* Readers turn the bytes of one log into batches of records. They know nothing about states. */
#ifndef TRACE_READER_H
#define TRACE_READER_H

#include "trace/file_head.h"
#include "trace/log_bytes.h"
#include "trace/reader_digest.h"
#include "trace/record.h"

struct reader;
struct head;
struct recognition;
struct reverse;

/* The extent of a Windows log: the EventRecordIDs of its first and last record, or 0, and their
 * channel and computer, as numbers. */
struct reader_extent {
	uint64_t first, last;
	uint64_t channel, last_channel;
	uint64_t computer, last_computer;
};

/* The functions of a format. Each format has such a table; recognize.c lists them in the order
 * of probing. */
struct reader_format {
	const char *name;
	const char *summary;

	/* Whether a log with this head is in this format. */
	enum probe_result (*probe)(const struct head *head);
	int (*open)(struct reader *reader);
	int (*read)(struct reader *reader, struct batch *batch);
	void (*close)(struct reader *reader);
	/* Finds the extent of an open log before it is read; NULL if windows_log is false. */
	int (*extent)(struct reader *reader, struct reader_extent *ret_extent);
	/* Frees what only reading needs, of a log that has been read and stays open; or NULL. */
	void (*rest)(struct reader *reader);

	/* logs of this format are kept by Windows, on a host that may have been running before */
	bool windows_log;
};

/* What a reader has seen apart from its records. */
struct reader_counts {
	uint64_t noted;   /* records of a session log that are not transitions */
	uint64_t skipped; /* records of other channels, lines of other programs */
	uint64_t records; /* all records, delivered or not */
};

/* So many bytes are read between two calls of progress. */
#define READER_PROGRESS ((uint64_t)1 << 20)

/* How to read a log. */
struct reader_options {
	const char *name; /* of its file, or a substitute; must outlive the reader; or NULL */
	enum sessionlint_source source; /* of text records without one */
	bool source_assumed;            /* it was not given: this is the default */
	uint64_t after; /* highest EventRecordID in earlier files of the log; 0: none */
	bool reverse;   /* read a text from its last record to its first */
	bool digest;    /* hash the bytes */
	bool recover;   /* also read leftovers that may be records of the log */
	bool series;    /* batches may have a series instead of records */
	bool threads;   /* a large log may be read by more than one */
	/* Called about once a megabyte, if not NULL; @size is 0 if unknown. */
	void (*progress)(void *userdata, uint64_t done, uint64_t size);
	void *userdata;
};

struct reader {
	const struct reader_format *format;
	const struct recognition *recognition; /* what the log is, even if it cannot be read */
	struct log_bytes log;
	struct reader_options options;
	uint64_t begin;    /* offset of the log: the descriptor may not be at 0 */
	uint64_t size;     /* of the log in bytes; 0: unknown */
	uint64_t done;     /* bytes read so far */
	uint64_t reported; /* the value at the last call of progress */
	struct reader_digest digest;
	struct reader_counts counts;
	bool spans;        /* a record so far had a seq_end */
	bool is_intricate; /* of debug output: it takes more than to look for tags */
	struct reader_extent extent;
	bool extent_known;

	/* The first bytes of the log, read during probing. */
	unsigned char head[HEAD_SIZE];
	size_t head_size;
	bool seekable;

	/* of a text that is read from its end */
	struct reverse *reverse; /* NULL: it is not */
	int spool;               /* temporary copy of a log that can only be read once, or -1 */
	bool is_placed;          /* the next bytes are those at @place */
	uint64_t place;          /* in the log */

	void *private_data;
};

/*
 * Recognizes the format of @log, whose descriptor or memory the caller owns, and opens it. Errors:
 * -EBADMSG: not a format that can be read, see reader->recognition; -ENODATA: empty; -EISDIR;
 * -ENOMEM; what read() returned.
 */
int reader_open(struct reader *reader, struct log_bytes log, const struct reader_options *options);

/* Empties @batch and reads the next records into it. No records: end of the log. -EBADMSG: it
 * was not a log after all. */
int reader_read(struct reader *reader, struct batch *batch);

/* Finds the extent of an open Windows log, once. Errors as of reader_format.extent(). */
int reader_find_extent(struct reader *reader, struct reader_extent *ret_extent);

/* What has been read, to the end of the log: see reader_digest_end(). */
enum digest_state reader_hash(struct reader *reader, char ret_hex[SHA256_HEX_SIZE],
			      uint64_t *ret_size);

void reader_close(struct reader *reader);

/* Reads up to @size bytes from the log's position, after those read during probing, or from
 * reader->place. 0 at the end. */
ssize_t reader_next_bytes(struct reader *reader, void *bytes, size_t size);

/* Counts bytes that were read, or skipped because they are unused. */
void reader_pass(struct reader *reader, uint64_t size);

/* Reads the first bytes of a log, at most HEAD_SIZE, until it is recognized. Returns 0, -ENODATA
 * for an empty log, or what read() returned. */
int reader_recognize(struct log_bytes *log, unsigned char *bytes, size_t *ret_size,
		     const struct recognition **ret_recognition);

extern const struct reader_format reader_logfmt, reader_ndjson, reader_csv, reader_debugview,
	reader_tagged, reader_evtx;

#endif
