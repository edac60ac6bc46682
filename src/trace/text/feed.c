/* SPDX-License-Identifier: MIT */
#include "trace/text/feed.h"

#include <errno.h>

#include "base/utf.h"
#include "trace/text/text_internal.h"

static const struct reader_format reader_feed = {
	.name = "feed",
	.summary = "records one by one",
	.close = text_reader_close,
};

int feed_open(struct reader *reader, const struct reader_options *options)
{
	*reader = (struct reader) {
		.format = &reader_feed,
		.log = log_of_memory(NULL, 0),
		.options = *options,
		.spool = -1,
	};
	return text_reader_open(reader, &logfmt_format, NULL);
}

/* Counts what was read into @batch from @size bytes; @r is the result of reading. */
static int feed_count(struct reader *reader, struct batch *batch, size_t size, int r)
{
	if (r == 0 && batch->arena.failed)
		r = -ENOMEM;
	if (r < 0)
		return r;
	reader_pass(reader, size);
	reader->counts.records += batch->count;
	return 0;
}

/* Reads the next lines as @format. */
static void set_format(struct reader *reader, const struct text_format *format)
{
	struct text_reader *text = reader->private_data;

	/* lines of different formats have different parts */
	if (text->format != format)
		paths_forget(&text->paths);
	text->format = format;
}

/* Why the pairs cannot form a record, or NULL. */
static const char *pairs_fault(const struct sessionlint_pair *pairs, size_t count)
{
	size_t size = 0;

	if (count > PAIRS_MAX)
		return "too many keys";
	for (size_t i = 0; i < count; i++) {
		struct sessionlint_text key = text_from(pairs[i].key), value = pairs[i].value;

		if (value.size > LINE_MAX_SIZE || key.size > LINE_MAX_SIZE)
			return "the record is too long";
		if (utf8_valid(key.data, key.size) < key.size)
			return "a key is not valid UTF-8";
		if (value.data && utf8_valid(value.data, value.size) < value.size)
			return "a value is not valid UTF-8";
		size += key.size + value.size;
	}
	return size > LINE_MAX_SIZE ? "the record is too long" : NULL;
}

/* Makes a record of keys and values. -ENOMEM. */
static int take_pairs(struct reader *reader, const struct sessionlint_pair *pairs, size_t count,
		      struct batch *batch)
{
	struct text_reader *text = reader->private_data;
	struct record *record = &batch->records[batch->count];
	const char *reason = pairs_fault(pairs, count);
	int r;

	record_begin(&text->builder, record);
	record->line = ++text->line;
	record->offset = reader->done;
	batch->count++;
	if (reason) {
		record_make_malformed(record, text_from(reason));
		return 0;
	}
	text->pairs.count = (unsigned)count;
	text->pairs.separator = '\0';
	text->pairs.doubtful = false;
	text->pairs.framed = true;
	for (size_t i = 0; i < count; i++)
		text->pairs.pairs[i] = (struct pair) {
			.key = text_from(pairs[i].key),
			.value = pairs[i].value.size ? pairs[i].value : text_from(""),
			.form = pairs[i].value.data ? PAIR_QUOTED : PAIR_NULL,
		};
	text->builder.arena = &batch->arena;
	r = text_pairs_to_record(text, record, &batch->arena);
	return r < 0 ? r : 0;
}

static void batch_empty(struct batch *batch)
{
	batch->count = 0;
	arena_reset(&batch->arena);
}

int feed_line(struct reader *reader, const char *line, size_t size, struct batch *batch)
{
	size_t blank = 0;

	batch_empty(batch);
	if (size > 0 && line[size - 1] == '\n')
		size--;
	if (size > 0 && memchr(line, '\n', size))
		return -EINVAL;
	while (blank < size && (line[blank] == ' ' || line[blank] == '\t'))
		blank++;
	set_format(reader, blank < size && line[blank] == '{' ? &ndjson_format : &logfmt_format);
	return feed_count(reader, batch, size + 1,
			  text_reader_take_line(reader, line, size, batch));
}

int feed_pairs(struct reader *reader, const struct sessionlint_pair *pairs, size_t count,
	       struct batch *batch)
{
	batch_empty(batch);
	for (size_t i = 0; i < count; i++)
		if (!pairs[i].key || (!pairs[i].value.data && pairs[i].value.size > 0))
			return -EINVAL;
	return feed_count(reader, batch, 0, take_pairs(reader, pairs, count, batch));
}

uint64_t feed_lines(const struct reader *reader)
{
	const struct text_reader *text = reader->private_data;

	return text->line;
}

void feed_seek(struct reader *reader, uint64_t lines, uint64_t bytes)
{
	struct text_reader *text = reader->private_data;

	text->line = lines;
	lines_seek(&text->lines, bytes);
	reader->done = bytes;
}
