/* SPDX-License-Identifier: MIT */
#include "trace/reader.h"

#include <errno.h>

#include "base/input.h"
#include "trace/recognize.h"
#include "trace/reverse.h"

/* The magic numbers are eight bytes; a little more tells most texts from their first line. */
#define STEP_MIN 64

#define PROGRESS_STEP ((uint64_t)1 << 20)

void reader_pass(struct reader *reader, uint64_t size)
{
	const struct reader_options *options = &reader->options;

	reader->done += size;
	if (!options->progress || reader->done - reader->told < PROGRESS_STEP)
		return;
	reader->told = reader->done;
	options->progress(options->userdata, reader->done, reader->size);
}

/* Reads what comes next, for the first time. */
static ssize_t bytes_arrive(struct reader *reader, void *bytes, size_t size)
{
	ssize_t got;

	if (reader->done < reader->head_size) {
		size_t left = reader->head_size - (size_t)reader->done;

		if (size > left)
			size = left;
		memcpy(bytes, reader->head + reader->done, size);
		got = (ssize_t)size;
	} else {
		/* what is there at once is taken: a pipe can be slow */
		got = input_read(reader->descriptor, bytes, size, 1, INPUT_HERE);
	}
	if (got > 0)
		reader_pass(reader, (uint64_t)got);
	return got;
}

ssize_t reader_next_bytes(struct reader *reader, void *bytes, size_t size)
{
	bool is_spooled = reader->spool >= 0;
	ssize_t got;
	int r = 0;

	if (!reader->is_placed) {
		got = bytes_arrive(reader, bytes, size);
		if (got > 0 && is_spooled)
			r = input_append(reader->spool, bytes, (size_t)got);
		return r < 0 ? r : got;
	}
	got = input_read(is_spooled ? reader->spool : reader->descriptor, bytes, size, 1,
			 (is_spooled ? 0 : reader->begin) + reader->place);
	if (got > 0)
		reader->place += (uint64_t)got;
	return got;
}

/* A pipe can be slow: what is clear is not waited for. */
int reader_recognize(int descriptor, unsigned char *bytes, size_t *ret_size,
		     const struct recognition **ret_recognition)
{
	size_t size = 0, min = STEP_MIN;
	struct head head;
	ssize_t got;

	do {
		got = input_read(descriptor, bytes + size, HEAD_SIZE - size, min, INPUT_HERE);
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

int reader_open(struct reader *reader, int descriptor, const struct reader_options *options)
{
	struct input_status status;
	int r;

	*reader = (struct reader) {
		.descriptor = descriptor,
		.options = *options,
		.spool = -1,
	};
	r = input_status(descriptor, &status);
	if (r < 0)
		return r;
	if (status.is_folder)
		return -EISDIR;
	reader->seekable = status.is_file;
	reader->begin = status.position;
	reader->size = status.size > status.position ? status.size - status.position : 0;

	r = reader_recognize(descriptor, reader->head, &reader->head_size, &reader->recognition);
	if (r < 0)
		return r;
	reader->format = reader->recognition->format;
	if (!reader->format)
		return -EBADMSG;
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

	batch->count = 0;
	arena_reset(&batch->arena);
	r = reader->reverse ? reverse_read(reader, batch) : reader->format->read(reader, batch);
	/* a reason with a hole in it says nothing */
	return r == 0 && batch->arena.failed ? -ENOMEM : r;
}

void reader_close(struct reader *reader)
{
	if (reader->reverse)
		reverse_close(reader);
	reader->format->close(reader);
}
