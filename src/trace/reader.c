/* SPDX-License-Identifier: MIT */
#include "trace/reader.h"

#include <errno.h>

#include "trace/recognize.h"
#include "trace/text/reverse.h"

/* Magic numbers have eight bytes; with a few more, most texts are recognized by their first
 * line. */
#define STEP_MIN 64

/* A pipe can be slow: do not wait for more bytes than needed. */
int reader_recognize(struct log_bytes *log, unsigned char *bytes, size_t *ret_size,
		     const struct recognition **ret_recognition)
{
	size_t size = 0, min = STEP_MIN;
	struct head head;
	ssize_t got;

	do {
		got = log_bytes_read(log, bytes + size, HEAD_SIZE - size, min, INPUT_HERE);
		if (got < 0)
			return (int)got;
		size += (size_t)got;
		if (size == 0)
			return -ENODATA;
		head_read(&head, bytes, size, got == 0 || size == HEAD_SIZE);
		*ret_recognition = recognize(&head);
		min = 1;
	} while (!*ret_recognition);
	*ret_size = size;
	return 0;
}

int reader_open(struct reader *reader, struct log_bytes log, const struct reader_options *options)
{
	struct input_status status;
	int r;

	*reader = (struct reader) {
		.log = log,
		.options = *options,
		.spool = -1,
	};
	r = log_bytes_status(&log, &status);
	if (r < 0)
		return r;
	if (status.is_folder)
		return -EISDIR;
	reader->seekable = status.is_file;
	reader->begin = status.position;
	reader->size = status.size > status.position ? status.size - status.position : 0;

	r = reader_recognize(&reader->log, reader->head, &reader->head_size, &reader->recognition);
	if (r < 0)
		return r;
	reader->format = reader->recognition->format;
	if (!reader->format)
		return -EBADMSG;
	r = reader_digest_begin(reader);
	if (r == 0)
		r = reader->format->open(reader);
	if (r < 0 || !options->reverse || reader->format->windows_log)
		return r;
	r = reverse_open(reader);
	if (r < 0)
		reader->format->close(reader);
	return r;
}

int reader_read(struct reader *reader, struct batch *batch)
{
	int r;

	batch->count = batch->series.count = 0;
	arena_reset(&batch->arena);
	r = reader->reverse ? reverse_read(reader, batch) : reader->format->read(reader, batch);
	batch->spans = reader->spans;
	/* the reason may be incomplete */
	return r == 0 && batch->arena.failed ? -ENOMEM : r;
}

int reader_find_extent(struct reader *reader, struct reader_extent *ret_extent)
{
	int r = 0;

	if (!reader->extent_known)
		r = reader->format->extent(reader, &reader->extent);
	if (r < 0)
		return r;
	reader->extent_known = true;
	*ret_extent = reader->extent;
	return 0;
}

#define READ_ON_STEP ((size_t)16 << 10)

/* Reads on to the end of a text, where that takes no waiting. */
static void read_on(struct reader *reader)
{
	unsigned char bytes[READ_ON_STEP];

	if (!reader->seekable || reader->is_placed || reader->format->windows_log)
		return;
	while (!reader->digest.at_end && reader_next_bytes(reader, bytes, READ_ON_STEP) > 0)
		;
}

enum digest_state reader_hash(struct reader *reader, char ret_hex[SHA256_HEX_SIZE],
			      uint64_t *ret_size)
{
	if (reader->options.digest)
		read_on(reader);
	return reader_digest_end(reader, ret_hex, ret_size);
}

void reader_close(struct reader *reader)
{
	if (reader->reverse)
		reverse_close(reader);
	reader->format->close(reader);
}
