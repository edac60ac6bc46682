/* SPDX-License-Identifier: MIT */
#include "trace/text/text_reader.h"

#include <errno.h>
#include <stdlib.h>

#include "base/utf.h"
#include "trace/text/tag.h"
#include "trace/text/text_internal.h"

int text_reader_open(struct reader *reader, const struct text_format *format, void *data)
{
	struct text_reader *text = calloc(1, sizeof *text);
	int r = text ? lines_open(&text->lines, reader) : -ENOMEM;

	if (r < 0) {
		free(text);
		free(data);
		return r;
	}
	text->format = format;
	text->data = data;
	text->joined = LINES_BLOCK;
	record_builder_init(&text->builder, reader->options.source);
	text->builder.source_assumed = reader->options.source_assumed;
	paths_init(&text->paths);
	series_names_init(&text->series_names);
	reader->private_data = text;
	return 0;
}

void text_reader_close(struct reader *reader)
{
	struct text_reader *text = reader->private_data;

	lines_close(&text->lines);
	paths_free(&text->paths);
	free(text->data);
	free(text);
}

/* ---- lines to records ---- */

static void record_start(struct text_reader *text, struct record *record, const char *line)
{
	record_begin(&text->builder, record);
	record->line = text->line + 1;
	record->offset = lines_offset(&text->lines, line);
}

/* Like text_pairs_to_record(), for pairs whose keys have not been set yet. */
static int columns_to_record(struct text_reader *text, struct record *record, struct arena *arena,
			     const char *line, const char *next)
{
	struct text_malformed malformed = { 0 };
	int r = text->format->name(text->data, &text->pairs, arena, &malformed);

	if (r != -EINVAL)
		return r < 0 ? r : text_pairs_to_record(text, record, arena);
	text_make_malformed(text, record, arena, line, next, &malformed);
	return 1;
}

/* Skips a record, or a line without one. Returns the number of records. */
static int line_pass(struct text_reader *text, const char *next, int records)
{
	const char *at = text->at;

	text->line++;
	/* only records with columns span lines */
	if (text->format->name)
		while ((at = memchr(at, '\n', (size_t)(next - 1 - at)))) {
			text->line++;
			at++;
		}
	text->at = next;
	text->line_begin = NULL;
	text->joined = LINES_BLOCK;
	return records;
}

/* ---- lines that also contain other things ---- */

/* Copies a piece and everything before it on its line, which starts at *@base, so that it
 * becomes a line of its own. Moves the three pointers to the copy. -ENOMEM. */
static int piece_copy(struct arena *arena, const struct text_piece *piece, const char **base,
		      const char **begin, const char **end)
{
	size_t before = (size_t)(piece->begin - *base), size = (size_t)(piece->end - *base);
	char *copy = arena_allocate(arena, size + 1 + LINES_SLACK), *at = copy;

	if (!copy)
		return -ENOMEM;
	if (piece->is_colored) {
		at = tag_copy_plain(at, *base, piece->begin);
		*begin = at;
		at = tag_copy_plain(at, piece->begin, piece->end);
	} else {
		memcpy(copy, *base, size);
		*begin = copy + before;
		at = copy + size;
	}
	memset(at, 0, 1 + LINES_SLACK);
	*at = '\n';
	*base = copy;
	*end = at + 1;
	return 0;
}

/* Scans a piece, whose line feed is before @end. @base: where columns are counted from. */
static int piece_scan(struct text_reader *text, struct record *record, struct arena *arena,
		      const char *base, const char *begin, const char *end, bool is_needed)
{
	const char *next;
	int r;

	record_start(text, record, text->at);
	r = text->format->scan(begin, end, &text->pairs, &next);
	if (r < 0) {
		record_make_malformed(record, text_syntax_reason(text, arena, r, base, next, end));
		return 1;
	}
	text->pairs.framed |= is_needed;
	r = text_pairs_to_record(text, record, arena);
	if (r > 0)
		paths_learn(&text->paths, record, &text->pairs, begin, next);
	return r;
}

/* Parses a piece with unknown parts, on the line at text->at that ends at @end. Returns
 * whether it made a record; -ENOMEM. */
static int piece_parse(struct text_reader *text, struct record *record, struct arena *arena,
		       struct text_piece *piece, const char *end)
{
	const char *base = text->line_begin ? text->line_begin : text->at;
	const char *begin = piece->begin, *stop = end;
	int r = 0;

	if (piece->reason) {
		record_start(text, record, text->at);
		record_make_malformed(record, text_from(piece->reason));
		return 1;
	}
	if (piece->is_needed)
		text->format->split(end, text->is_noisy, piece);
	if (piece->is_colored || piece->next != end)
		r = piece_copy(arena, piece, &base, &begin, &stop);
	return r < 0 ? r : piece_scan(text, record, arena, base, begin, stop, piece->is_needed);
}

/* Reads the next piece of the line at text->at. Returns 1 if it made a record. -ENOMEM. */
static int piece_read(struct text_reader *text, struct batch *batch)
{
	struct record *record = &batch->records[batch->count];
	const char *line = text->at;
	const char *end = (const char *)memchr(line, '\n', (size_t)(text->end - line)) + 1;
	struct text_piece piece = { .next = end };
	int r;

	text->lines.reader->is_intricate |= text->lines.halves;
	text->format->find(text->lines.reader, text->data, line, end, text->is_noisy, &piece);
	if (!piece.begin)
		return line_pass(text, end, 0);
	text->builder.arena = &batch->arena;
	/* a piece that is followed up to the end of the line is the only one */
	if (text->paths.count && !piece.is_colored && !piece.reason) {
		record_start(text, record, line);
		if (paths_follow(&text->paths, &text->builder, record, piece.begin) == end)
			return line_pass(text, end, 1);
	}
	r = piece_parse(text, record, &batch->arena, &piece, end);
	if (r < 0)
		return r;
	if (piece.next == end)
		return line_pass(text, end, r);
	if (!text->line_begin)
		text->line_begin = line;
	text->at = piece.next;
	return r;
}

/* ---- lines to records, block by block ---- */

/* Parses the line at text->at if it consists of the parts of previous lines, as most do. Returns
 * false if it does not, or if it may contain more than one record. */
static inline bool line_follow(struct text_reader *text, struct batch *batch)
{
	struct record *record = &batch->records[batch->count];
	const char *next;

	/* where something was learned, lines begin as they are */
	if (!text->paths.count || text->lines.halves || text->format->find)
		return false;
	text->builder.arena = &batch->arena;
	record_start(text, record, text->at);
	next = paths_follow(&text->paths, &text->builder, record, text->at);
	if (!next)
		return false;
	if (record->kind != RECORD_EVENT)
		text->alike = 0;
	else if (text->lines.reader->options.series)
		text_learn_series(text, record, text->at);
	line_pass(text, next, 1);
	return true;
}

/* Parses what begins on the line at text->at. Returns 1 if it made a record. -EAGAIN: it
 * continues after the block. */
static int line_read(struct text_reader *text, struct batch *batch)
{
	const struct text_format *format = text->format;
	struct record *record = &batch->records[batch->count];
	const char *line = text->at, *begin = line, *end = text->end, *next;
	int r;

	if (format->find)
		return piece_read(text, batch);
	if (format->begin)
		begin = format->begin(text->lines.reader, text->data, line);
	if (!begin)
		return line_pass(text, (char *)memchr(line, '\n', (size_t)(end - line)) + 1, 0);
	text->builder.arena = &batch->arena;
	record_start(text, record, line);
	if ((size_t)(end - line) > LINE_MAX_SIZE + 1)
		end = line + LINE_MAX_SIZE + 1;
	r = format->scan(begin, end, &text->pairs, &next);
	if (r == -EAGAIN && end == text->end && text->joined == LINES_BLOCK)
		return r;
	if (r < 0) {
		next = text_syntax_malformed(text, record, &batch->arena, r, line, next);
		return line_pass(text, next, 1);
	}
	if (text->lines.halves && text_half_malformed(text, record, &batch->arena, line, next))
		return line_pass(text, next, 1);
	r = format->name ? columns_to_record(text, record, &batch->arena, line, next)
			 : text_pairs_to_record(text, record, &batch->arena);
	if (r > 0)
		paths_learn(&text->paths, record, &text->pairs, begin, next);
	return r < 0 ? r : line_pass(text, next, r);
}

/* Adds a malformed record for a line that is too long. */
static void line_too_long(struct text_reader *text, struct batch *batch)
{
	struct record *record = &batch->records[batch->count++];

	if (text->format->fail)
		text->format->fail(text->data);
	text->line++;
	record_begin(&text->builder, record);
	record->line = text->line;
	record->offset = text->lines.long_offset;
	record_make_malformed(record, text_too_long_reason(&batch->arena));
}

/* Reports, once, that the log is shorter than it was when it was opened. */
static bool say_truncated(struct text_reader *text, struct batch *batch)
{
	const struct reader *reader = text->lines.reader;
	struct record *record = &batch->records[batch->count];

	if (text->truncated || reader->done >= reader->size)
		return false;
	text->truncated = true;
	record_begin(&text->builder, record);
	record->line = text->line + 1;
	record->offset = reader->done;
	record_make_malformed(record,
			      arena_format(&batch->arena,
					   "the file was truncated while it was being read: it had "
					   "%llu bytes and now ends after %llu",
					   (unsigned long long)reader->size,
					   (unsigned long long)reader->done));
	batch->count++;
	return true;
}

/* Reads the next block, or more of the record at text->at. Returns an enum lines_result. */
static int block_read(struct text_reader *text)
{
	int r;

	if (text->at != text->end) {
		text->joined = lines_join(&text->lines, &text->at, &text->end);
		/* a record that cannot be joined is parsed as it is */
		return text->joined < 0 ? text->joined : LINES_BLOCK;
	}
	r = lines_next(&text->lines, &text->at, &text->end);
	if (r == LINES_BLOCK && text->format->find)
		text->is_noisy = tag_text_is_noisy(text->at, text->end);
	return r;
}

int text_reader_read(struct reader *reader, struct batch *batch)
{
	struct text_reader *text = reader->private_data;

	while (batch->count < BATCH_RECORDS) {
		int r;

		if (text->is_series && batch->count > 0)
			break;
		if (text->is_series && text->at < text->end && text_read_series(text, batch))
			return 0;
		if (text->at < text->end && line_follow(text, batch)) {
			batch->count++;
			continue;
		}
		r = text->at < text->end ? line_read(text, batch) : -EAGAIN;
		if (r >= 0) {
			batch->count += (unsigned)r;
			continue;
		}
		if (r != -EAGAIN)
			return r;
		/* texts of the batch are in the block: return it before reading more */
		if (batch->count > 0)
			break;
		r = block_read(text);
		if (r < 0)
			return r;
		if (r == LINES_END) {
			say_truncated(text, batch);
			if (batch->count == 0 && text->format->end)
				return text->format->end(text->data);
			break;
		}
		if (r == LINES_TOO_LONG)
			line_too_long(text, batch);
	}
	reader->counts.records += batch->count;
	reader->spans = text->builder.spans;
	return 0;
}

/* ---- step by step ---- */

static void place_take(struct text_reader *text, struct text_place *ret_place)
{
	*ret_place = (struct text_place) {
		.line = text->line,
		.offset = lines_offset(&text->lines, text->at),
		.is_line = !text->line_begin,
		.is_head = text->format->in_head && text->format->in_head(text->data),
	};
	if (text->format->state_size)
		memcpy(ret_place->state, text->data, text->format->state_size);
}

int text_reader_step(struct reader *reader, uint64_t end, struct batch *batch,
		     struct text_place *ret_place)
{
	struct text_reader *text = reader->private_data;
	int r = -EAGAIN;

	*ret_place = (struct text_place) { 0 };
	while (r == -EAGAIN) {
		if (text->at < text->end) {
			place_take(text, ret_place);
			if (ret_place->offset >= end)
				return 0;
			r = line_follow(text, batch) ? 1 : line_read(text, batch);
		}
		if (r != -EAGAIN)
			break;
		r = block_read(text);
		if (r == LINES_END) {
			ret_place->is_end = true;
			if (!say_truncated(text, batch))
				return 0;
			break;
		}
		if (r == LINES_TOO_LONG) {
			line_too_long(text, batch);
			break;
		}
		r = r < 0 ? r : -EAGAIN;
	}
	if (r > 0 && batch->count == 0)
		batch->count = (unsigned)r;
	reader->counts.records += r < 0 ? 0 : batch->count;
	reader->spans = text->builder.spans;
	return r < 0 ? r : 1;
}

void text_reader_seek(struct reader *reader, const struct text_place *place)
{
	struct text_reader *text = reader->private_data;

	lines_seek(&text->lines, place->offset);
	reader->is_placed = true;
	reader->place = place->offset;
	text->at = text->end = NULL;
	text->line_begin = NULL;
	text->line = place->line;
	text->truncated = false;
	text->joined = LINES_BLOCK;
	if (text->format->state_size)
		memcpy(text->data, place->state, text->format->state_size);
}

int text_reader_end(struct reader *reader)
{
	struct text_reader *text = reader->private_data;

	return text->format->end ? text->format->end(text->data) : 0;
}

/* ---- single lines ---- */

int text_reader_take_line(struct reader *reader, const char *line, size_t size, struct batch *batch)
{
	struct text_reader *text = reader->private_data;
	int r;

	if (size > LINE_MAX_SIZE) {
		text->lines.long_offset = reader->done;
		text->lines.known_offset += size + 1;
		line_too_long(text, batch);
		return 0;
	}
	r = lines_take(&text->lines, line, size, &text->at, &text->end);
	if (r < 0)
		return r;
	r = line_follow(text, batch) ? 1 : line_read(text, batch);
	batch->count += r > 0;
	return r < 0 ? r : 0;
}
