/* SPDX-License-Identifier: MIT */
#include "trace/reader.h"

#include <errno.h>

#include "base/input.h"

/* The magic numbers are eight bytes; a little more tells most texts from their first line. */
#define PROBE_LEAST 64

#define PROGRESS_STEP ((uint64_t)1 << 20)

/* In the order in which they are asked. A text is logfmt if it is nothing else. */
static const struct reader_format *const formats[] = {
	&reader_evtx, &reader_ndjson, &reader_logfmt, &reader_csv, &reader_debugview,
};

const struct reader_format *reader_format_at(unsigned index)
{
	return index < sizeof formats / sizeof formats[0] ? formats[index] : NULL;
}

void reader_pass(struct reader *reader, uint64_t size)
{
	const struct reader_options *options = &reader->options;

	reader->done += size;
	if (!options->progress || reader->done - reader->told < PROGRESS_STEP)
		return;
	reader->told = reader->done;
	options->progress(options->userdata, reader->done, reader->size);
}

ssize_t reader_next_bytes(struct reader *reader, void *bytes, size_t size)
{
	ssize_t got;

	if (reader->done < reader->head_size) {
		size_t left = reader->head_size - (size_t)reader->done;

		if (size > left)
			size = left;
		memcpy(bytes, reader->head + reader->done, size);
		reader_pass(reader, size);
		return (ssize_t)size;
	}
	/* what is there at once is taken: a pipe can be slow */
	got = input_read(reader->descriptor, bytes, size, 1, INPUT_HERE);
	if (got > 0)
		reader_pass(reader, (uint64_t)got);
	return got;
}

static const struct reader_format *format_find(const struct reader *reader)
{
	for (unsigned i = 0; reader_format_at(i); i++)
		if (formats[i]->probe(reader->head, reader->head_size))
			return formats[i];
	return NULL;
}

static const struct reader_format *format_guess(const struct reader *reader)
{
	for (unsigned i = 0; reader_format_at(i); i++)
		if (formats[i]->accept && formats[i]->accept(reader->head, reader->head_size))
			return formats[i];
	return NULL;
}

/* Reads as much of the log as it takes to find its format. A pipe can be slow: what is clear is not
 * waited for. -EBADMSG, -ENODATA, or what read() returned. */
static int format_probe(struct reader *reader)
{
	size_t least = PROBE_LEAST;
	ssize_t got;

	do {
		got = input_read(reader->descriptor, reader->head + reader->head_size,
				 sizeof reader->head - reader->head_size, least, INPUT_HERE);
		if (got < 0)
			return (int)got;
		reader->head_size += (size_t)got;
		if (reader->head_size == 0)
			return -ENODATA;
		reader->format = format_find(reader);
		least = 1;
	} while (!reader->format && got > 0 && reader->head_size < sizeof reader->head);
	if (!reader->format)
		reader->format = format_guess(reader);
	return reader->format ? 0 : -EBADMSG;
}

int reader_open(struct reader *reader, int descriptor, const struct reader_options *options)
{
	struct input_status status;
	int r;

	*reader = (struct reader) { .descriptor = descriptor, .options = *options };
	r = input_status(descriptor, &status);
	if (r < 0)
		return r;
	if (status.is_folder)
		return -EISDIR;
	reader->seekable = status.is_file;
	reader->begin = status.position;
	reader->size = status.size > status.position ? status.size - status.position : 0;

	r = format_probe(reader);
	return r < 0 ? r : reader->format->open(reader);
}

int reader_read(struct reader *reader, struct batch *batch)
{
	int r;

	batch->count = 0;
	arena_reset(&batch->arena);
	r = reader->format->read(reader, batch);
	/* a reason with a hole in it says nothing */
	return r == 0 && batch->arena.failed ? -ENOMEM : r;
}

void reader_close(struct reader *reader)
{
	reader->format->close(reader);
}
