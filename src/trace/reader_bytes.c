/* SPDX-License-Identifier: MIT */
/* Reads the bytes of a log. */
#include "trace/reader.h"

void reader_pass(struct reader *reader, uint64_t size)
{
	const struct reader_options *options = &reader->options;

	reader->done += size;
	if (!options->progress || reader->done - reader->reported < READER_PROGRESS)
		return;
	reader->reported = reader->done;
	options->progress(options->userdata, reader->done, reader->size);
}

/* Reads new bytes. */
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
		/* take what is available: a pipe can be slow */
		got = log_bytes_read(&reader->log, bytes, size, 1, INPUT_HERE);
	}
	if (got > 0)
		reader_pass(reader, (uint64_t)got);
	if (got >= 0)
		reader_digest_pass(reader, bytes, (size_t)got);
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
	if (is_spooled)
		got = input_read(reader->spool, bytes, size, 1, reader->place);
	else
		got = log_bytes_read(&reader->log, bytes, size, 1, reader->begin + reader->place);
	if (got > 0)
		reader->place += (uint64_t)got;
	return got;
}
