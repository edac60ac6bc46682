/* SPDX-License-Identifier: MIT */
/*
 * Readers turn the bytes of one log into batches of records. A reader knows nothing of states.
 */
#ifndef TRACE_READER_H
#define TRACE_READER_H

#include "trace/file_head.h"
#include "trace/log_bytes.h"
#include "trace/record.h"

struct reader;
struct head;
struct recognition;
struct reverse;

/* What a log of Windows holds: the EventRecordIDs of its first and last record, or 0, and their
 * channel and computer, as numbers. */
struct reader_extent {
	uint64_t first, last;
	uint64_t channel, last_channel;
	uint64_t computer, last_computer;
};

/* What a format can do. One such table a format; recognize.c lists them in the order in which they
 * are asked. */
struct reader_format {
	const char *name;
	const char *summary;

	/* Whether a log that begins so is of this format. */
	enum probe_result (*probe)(const struct head *head);
	int (*open)(struct reader *reader);
	int (*read)(struct reader *reader, struct batch *batch);
	void (*close)(struct reader *reader);
	/* Looks at an open log before it is read; NULL where windows_log is false. */
	int (*extent)(struct reader *reader, struct reader_extent *ret_extent);

	/* A log of this format is what Windows kept of a host that ran before the log began. */
	bool windows_log;
};

/* What a reader has seen that no record tells. */
struct reader_counts {
	uint64_t noted;   /* records of a session log that are no transition */
	uint64_t skipped; /* records of other channels, lines of other programs */
	uint64_t records; /* records in all, delivered or not */
};

/* How a log is to be read. */
struct reader_options {
	const char *name; /* of its file, or what stands for it; must outlive the reader; or NULL */
	enum sessionlint_source source; /* of text records that name none */
	bool source_assumed;            /* nobody has said so: it is the default */
	uint64_t after; /* the EventRecordID up to which other files of the log have it; 0: none */
	bool reverse;   /* read a text from its last record to its first */
	bool recover;   /* read also what only looks like a record of the log */
	/* Called about every megabyte, if not NULL; @size is 0 where it is not known. */
	void (*progress)(void *userdata, uint64_t done, uint64_t size);
	void *userdata;
};

struct reader {
	const struct reader_format *format;
	const struct recognition *recognition; /* what the log is, also where it is not read */
	struct log_bytes log;
	struct reader_options options;
	uint64_t begin; /* where the log begins: a descriptor need not be at 0 */
	uint64_t size;  /* of the log in bytes; 0 where it is not known */
	uint64_t done;  /* bytes read so far */
	uint64_t told;  /* of these, that progress has been called for */
	struct reader_counts counts;
	bool spans; /* a record so far had a seq_end */

	/* The first bytes of the log, which probing has read already. */
	unsigned char head[HEAD_SIZE];
	size_t head_size;
	bool seekable;

	/* of a text that is read from its end */
	struct reverse *reverse; /* NULL: it is not */
	int spool;               /* where what can be read once is kept, or -1 */
	bool is_placed;          /* the next bytes are those at @place */
	uint64_t place;          /* in the log */

	void *private_data;
};

/*
 * Recognizes the format of @log and opens it. Its descriptor or memory still belongs to the caller.
 * Errors: -EBADMSG: no format that is read, see reader->recognition; -ENODATA: there is
 * nothing in it; -EISDIR; -ENOMEM; what read() returned.
 */
int reader_open(struct reader *reader, struct log_bytes log, const struct reader_options *options);

/* Reads the next records into @batch, which is emptied before. No record: the log is at its end.
 * -EBADMSG: it was no log after all. */
int reader_read(struct reader *reader, struct batch *batch);

void reader_close(struct reader *reader);

/* Reads up to @size bytes at the log's position, after what probing read, or from
 * reader->place on. 0 at the end. */
ssize_t reader_next_bytes(struct reader *reader, void *bytes, size_t size);

/* Counts bytes that have been read, or passed over as there is nothing in them. */
void reader_pass(struct reader *reader, uint64_t size);

/* Reads as much of a log into @bytes, which has HEAD_SIZE, as it takes to recognize it. Returns 0,
 * -ENODATA for an empty one, or what read() returned. */
int reader_recognize(struct log_bytes *log, unsigned char *bytes, size_t *ret_size,
		     const struct recognition **ret_recognition);

extern const struct reader_format reader_logfmt, reader_ndjson, reader_csv, reader_debugview,
	reader_tagged, reader_evtx;

#endif
