/* SPDX-License-Identifier: MIT */
#include "trace/text/text_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "base/utf.h"
#include "trace/keys.h"
#include "trace/text/line_shape.h"
#include "trace/text/lines.h"
#include "trace/text/tag.h"
#include "trace/text/unescape.h"

_Static_assert(LINES_SLACK > SHAPE_SLACK, "shapes look ahead");

struct known_key {
	struct sessionlint_text name; /* empty: none is known */
	enum record_key key;
};

struct text_reader {
	struct lines lines;
	struct record_builder builder;
	const struct text_format *format;
	void *data; /* the format's */

	const char *at, *end;   /* of the block */
	bool is_noisy;          /* the block; of formats that find pieces */
	const char *line_begin; /* if @at is at another record of a line: where that begins */
	bool truncated;         /* that has been said */
	uint64_t line;          /* the number of the last line read */
	int joined;             /* what came of joining the record at text->at: enum lines_result */
	struct pairs pairs;
	struct known_key keys[PAIRS_MAX]; /* of the pairs in the lines before, by their places */
	struct shapes shapes;             /* of the lines before */
	struct shape_names names;
};

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
	shape_names_init(&text->names);
	reader->private_data = text;
	return 0;
}

void text_reader_close(struct reader *reader)
{
	struct text_reader *text = reader->private_data;

	lines_close(&text->lines);
	free(text->data);
	free(text);
}

/* ---- reasons ---- */

#define HALF "half of a UTF-16 pair"

/* The place of @at for a record that begins at @line: the column, and the line if that is another.
 */
static struct sessionlint_text place(const struct text_reader *text, struct arena *arena,
				     const char *line, const char *at)
{
	uint64_t number = text->line + 1;
	const char *feed;

	while ((feed = memchr(line, '\n', (size_t)(at - line)))) {
		line = feed + 1;
		number++;
	}
	if (number == text->line + 1)
		return arena_format(arena, "column %zu: ", (size_t)(at - line) + 1);
	return arena_format(arena, "line %" PRIu64 ", column %zu: ", number,
			    (size_t)(at - line) + 1);
}

/* What has to be said of a record that lacks its end. */
static const char *cut_remark(const struct text_reader *text, const char *next)
{
	return text->lines.unterminated && next == text->end
		       ? "; the file ends here and may be truncated"
		       : "";
}

/* Says why the scanner stopped at @at, which is before @end, in the record at @line. */
static struct sessionlint_text syntax_reason(const struct text_reader *text, struct arena *arena,
					     int error, const char *line, const char *at,
					     const char *end)
{
	struct sessionlint_text where = place(text, arena, line, at);
	const char *grammar = text->format->grammar;
	unsigned char c = (unsigned char)*at;
	uint32_t code;
	size_t size;

	if (error == -E2BIG)
		return arena_format(arena, "%.*smore than %d keys", (int)where.size, where.data,
				    PAIRS_MAX);
	if (c == '\n' || c == '\r')
		return arena_format(arena, "%.*sunexpected end of line; expected %s%s",
				    (int)where.size, where.data, grammar, cut_remark(text, at + 1));
	size = utf8_get(at, (size_t)(end - at), &code);
	if (c == 0xef && size == 3 && code == UTF_REPLACEMENT)
		return arena_format(arena, "%.*sinvalid UTF-8; expected %s%s", (int)where.size,
				    where.data, grammar, cut_remark(text, at + size + 1));
	if (c >= 0x80 && code != UTF_REPLACEMENT)
		return arena_format(arena, "%.*sunexpected U+%04X; expected %s", (int)where.size,
				    where.data, (unsigned)code, grammar);
	if (text->lines.halves && utf8_find_half(at, size) == at)
		return arena_format(arena, "%.*s" HALF, (int)where.size, where.data);
	if (c < 0x20 || c >= 0x7f)
		return arena_format(arena, "%.*sunexpected byte 0x%02x; expected %s",
				    (int)where.size, where.data, c, grammar);
	return arena_format(arena, "%.*sunexpected '%c'; expected %s", (int)where.size, where.data,
			    c, grammar);
}

struct sessionlint_text text_unknown_key(struct arena *arena, struct sessionlint_text key,
					 const char *near)
{
	int size = key.size < 40 ? (int)key.size : 40;

	if (near)
		return arena_format(arena, "unknown key '%.*s'; did you mean %s?", size, key.data,
				    near);
	return arena_format(arena,
			    "unknown key '%.*s'; your own keys must begin with " KEY_FREE_PREFIX,
			    size, key.data);
}

bool text_key_is_free(struct sessionlint_text key)
{
	size_t prefix = sizeof KEY_FREE_PREFIX - 1;

	return key.size > prefix && memcmp(key.data, KEY_FREE_PREFIX, prefix) == 0;
}

/* ---- pairs to records ---- */

/* Reads the escapes of a value, as text_unescape() does. */
static int value_unescape(struct pair *pair, struct arena *arena)
{
	switch (pair->form) {
	case PAIR_ESCAPED:
		return text_unescape(pair->value, arena, &pair->value);
	case PAIR_DOUBLED:
		return text_undouble(pair->value, arena, &pair->value);
	case PAIR_BARE:
	case PAIR_QUOTED:
	case PAIR_NUMBER:
	case PAIR_WORD:
	case PAIR_NULL:
		break;
	}
	return 0;
}

/* Whether @name is the one that @known has. */
static inline bool is_known(struct sessionlint_text name, const struct known_key *known)
{
	const size_t word = sizeof(uint64_t);
	size_t last = name.size - word;

	/* no key is longer than two words */
	if (name.size == 0 || name.size != known->name.size)
		return false;
	if (name.size <= word)
		return text_word(name.data, name.size) == text_word(known->name.data, name.size);
	return text_word(name.data, word) == text_word(known->name.data, word) &&
	       text_word(name.data + last, word) == text_word(known->name.data + last, word);
}

/* Puts one pair into @record; *ret_key is set if its key is known. -EINVAL with a reason, or
 * -ENOMEM. */
static int pair_put(struct text_reader *text, struct record *record, struct pair *pair,
		    struct arena *arena, enum record_key *ret_key,
		    struct sessionlint_text *ret_reason)
{
	struct known_key *known = &text->keys[pair - text->pairs.pairs];
	const char *near = NULL;
	enum record_key key;
	int r = pair->key_escaped ? text_unescape(pair->key, arena, &pair->key) : 0;

	if (r < 0)
		return r;
	if (r > 0) {
		*ret_reason = text_from("a key has " HALF);
		return -EINVAL;
	}
	/* most often the line before had the same key in this place */
	key = known->key;
	if (!is_known(pair->key, known)) {
		if (text_key_is_free(pair->key))
			return 0;
		if (trace_key_find(pair->key, &key, &near) < 0) {
			*ret_reason = text_unknown_key(arena, pair->key, near);
			return -EINVAL;
		}
		*known = (struct known_key) { text_from(trace_keys[key].name), key };
	}
	*ret_key = key;
	if (pair->form == PAIR_NULL)
		return 0;
	r = value_unescape(pair, arena);
	if (r < 0)
		return r;
	if (r > 0) {
		*ret_reason = arena_format(arena, "%s has " HALF, trace_keys[key].name);
		return -EINVAL;
	}
	return record_put(&text->builder, record, key, pair->value, arena, ret_reason);
}

/* The keys that say whose record it is, or that it is of more than a session. */
#define NAMING                                                                                     \
	(KEY_BIT(KEY_HOST) | KEY_BIT(KEY_BOOT) | KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_SESSION) |      \
	 KEY_BIT(KEY_MARKER) | KEY_BIT(KEY_CALL) | KEY_BIT(KEY_OBJECT))

/* Makes a record of the pairs. A bad one becomes a malformed record. Returns 1; 0 if there
 * is nothing; -ENOMEM. */
static int pairs_to_record(struct text_reader *text, struct record *record, struct arena *arena)
{
	struct sessionlint_text reason, first = text_of(NULL, 0);
	bool bad = false, named = !text->pairs.doubtful;

	if (text->pairs.count == 0 && !text->pairs.framed)
		return 0;
	for (unsigned i = 0; i < text->pairs.count; i++) {
		enum record_key key = RECORD_KEYS;
		int r = pair_put(text, record, &text->pairs.pairs[i], arena, &key, &reason);

		if (r == 0)
			continue;
		if (r != -EINVAL)
			return r;
		if (!bad)
			first = reason;
		bad = true;
		/* an unknown key may be a misspelt one */
		named &= key != RECORD_KEYS && !(KEY_BIT(key) & NAMING);
	}
	if (!bad && record_finish(&text->builder, record, arena, &first) < 0)
		bad = true;
	if (!bad)
		return 1;
	record_spoil(record, first);
	if (named && record_has(record, KEY_SESSION))
		record->flags |= RECORD_NAMES_SESSION;
	return 1;
}

/* ---- lines to records ---- */

static void record_start(struct text_reader *text, struct record *record, const char *line)
{
	record_begin(&text->builder, record);
	record->line = text->line + 1;
	record->offset = lines_offset(&text->lines, line);
}

/* Makes a malformed record of the one at @line for a fault in it. */
static void fault_spoil(struct text_reader *text, struct record *record, struct arena *arena,
			const char *line, const char *next, const struct text_fault *fault)
{
	struct sessionlint_text where = place(text, arena, line, fault->at);

	record_spoil(record, arena_format(arena, "%.*s%.*s%s", (int)where.size, where.data,
					  (int)fault->reason.size, fault->reason.data,
					  fault->early ? cut_remark(text, next) : ""));
}

static struct sessionlint_text too_long_reason(struct arena *arena)
{
	return arena_format(arena, "the line is longer than %zu bytes", LINE_MAX_SIZE);
}

/*
 * The end of the record at @line is too far away: either the quoted value contains line feeds, or
 * the closing quote was forgotten. Returns where reading continues, as if the quote was closed in
 * its line.
 */
static const char *unclosed_spoil(struct text_reader *text, struct record *record,
				  struct arena *arena, const char *line)
{
	const char *feed = memchr(line, '\n', (size_t)(text->end - line)), *next = line, *quote;
	bool ends = text->joined == LINES_END;
	struct text_fault fault = { 0 };

	if ((size_t)(feed - line) > LINE_MAX_SIZE) {
		record_spoil(record, too_long_reason(arena));
		return feed + 1;
	}
	/* how much can be looked at depends on how the bytes came: take the quote that is sure */
	if (!ends)
		text->format->scan(line, feed + 1, &text->pairs, &next);
	quote = text->pairs.pairs[text->pairs.count - 1].value.data - 1;
	fault.at = quote;
	if (ends)
		fault.reason = text_from("the quote that opens here is never closed");
	else
		fault.reason = arena_format(arena,
					    "the quote that opens here is not closed in a record "
					    "of %zu bytes",
					    LINE_MAX_SIZE);
	fault_spoil(text, record, arena, line, next, &fault);
	return (const char *)memchr(quote, '\n', (size_t)(text->end - quote)) + 1;
}

/* Makes a malformed record of the one from @line to @next if it has half of a UTF-16 pair. */
static bool half_spoil(struct text_reader *text, struct record *record, struct arena *arena,
		       const char *line, const char *next)
{
	struct text_fault fault = { .at = utf8_find_half(line, (size_t)(next - line)),
				    .reason = text_from(HALF),
				    .early = true };

	/* a comment may have what it likes */
	if (!fault.at || (text->pairs.count == 0 && !text->pairs.framed))
		return false;
	if (text->format->fail)
		text->format->fail(text->data);
	fault_spoil(text, record, arena, line, next, &fault);
	return true;
}

/* As pairs_to_record(), of pairs that have yet to be given their keys. */
static int columns_to_record(struct text_reader *text, struct record *record, struct arena *arena,
			     const char *line, const char *next)
{
	struct text_fault fault = { 0 };
	int r = text->format->name(text->data, &text->pairs, arena, &fault);

	if (r != -EINVAL)
		return r < 0 ? r : pairs_to_record(text, record, arena);
	fault_spoil(text, record, arena, line, next, &fault);
	return 1;
}

/* Says why the record at @line cannot be taken apart. Returns where the reading goes on. */
static const char *syntax_spoil(struct text_reader *text, struct record *record,
				struct arena *arena, int error, const char *line, const char *at)
{
	if (text->format->fail)
		text->format->fail(text->data);
	if (error == -EAGAIN)
		return unclosed_spoil(text, record, arena, line);
	record_spoil(record, syntax_reason(text, arena, error, line, at, text->end));
	/* the bad field may have swallowed lines */
	if (text->format->name)
		at = text->pairs.pairs[text->pairs.count - 1].value.data;
	return (const char *)memchr(at, '\n', (size_t)(text->end - at)) + 1;
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

/* ---- lines that hold other things too ---- */

/* Copies a piece and what comes before it in its line, which begins at *@base, so that the piece is
 * a line of its own. Moves the three places into the copy. -ENOMEM. */
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

/* Scans a piece, of which the line feed is before @end. @base: what columns are counted from. */
static int piece_scan(struct text_reader *text, struct record *record, struct arena *arena,
		      const char *base, const char *begin, const char *end, bool is_needed)
{
	const char *next;
	int r;

	record_start(text, record, text->at);
	r = text->format->scan(begin, end, &text->pairs, &next);
	if (r < 0) {
		record_spoil(record, syntax_reason(text, arena, r, base, next, end));
		return 1;
	}
	text->pairs.framed |= is_needed;
	r = pairs_to_record(text, record, arena);
	if (r > 0)
		shapes_learn(&text->shapes, record, &text->pairs, begin, next);
	return r;
}

/* Reads a piece that is not like those before, in the line at text->at that ends at @end. Returns
 * whether it made a record; -ENOMEM. */
static int piece_parse(struct text_reader *text, struct record *record, struct arena *arena,
		       struct text_piece *piece, const char *end)
{
	const char *base = text->line_begin ? text->line_begin : text->at;
	const char *begin = piece->begin, *stop = end;
	int r = 0;

	if (piece->reason) {
		record_start(text, record, text->at);
		record_spoil(record, text_from(piece->reason));
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

	text->format->find(text->lines.reader, text->data, line, end, text->is_noisy, &piece);
	if (!piece.begin)
		return line_pass(text, end, 0);
	text->builder.arena = &batch->arena;
	/* what is like a record before up to the end of the line holds no other */
	if (text->shapes.count && !piece.is_colored && !piece.reason) {
		record_start(text, record, line);
		if (shapes_follow(&text->shapes, &text->names, &text->builder, record,
				  piece.begin) == end)
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

/*
 * Reads the line at text->at by the shape of the lines before it, as most are. Returns false where
 * it has another, or where more than a record can be in it.
 */
static inline bool line_follow(struct text_reader *text, struct batch *batch)
{
	struct record *record = &batch->records[batch->count];
	const struct text_format *format = text->format;
	const char *next;

	if (!text->shapes.count || text->lines.halves || format->find || format->begin)
		return false;
	text->builder.arena = &batch->arena;
	record_start(text, record, text->at);
	next = shapes_follow(&text->shapes, &text->names, &text->builder, record, text->at);
	if (!next)
		return false;
	line_pass(text, next, 1);
	return true;
}

/* Reads what begins in the line at text->at. Returns 1 if it made a record. -EAGAIN: it continues
 * after the block. */
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
	if (text->shapes.count && !text->lines.halves && format->begin) {
		next = shapes_follow(&text->shapes, &text->names, &text->builder, record, begin);
		if (next)
			return line_pass(text, next, 1);
		record_start(text, record, line);
	}
	if ((size_t)(end - line) > LINE_MAX_SIZE + 1)
		end = line + LINE_MAX_SIZE + 1;
	r = format->scan(begin, end, &text->pairs, &next);
	if (r == -EAGAIN && end == text->end && text->joined == LINES_BLOCK)
		return r;
	if (r < 0) {
		next = syntax_spoil(text, record, &batch->arena, r, line, next);
		return line_pass(text, next, 1);
	}
	if (text->lines.halves && half_spoil(text, record, &batch->arena, line, next))
		return line_pass(text, next, 1);
	r = format->name ? columns_to_record(text, record, &batch->arena, line, next)
			 : pairs_to_record(text, record, &batch->arena);
	if (r > 0)
		shapes_learn(&text->shapes, record, &text->pairs, begin, next);
	return r < 0 ? r : line_pass(text, next, r);
}

/* A record that says that a line was too long. */
static void line_too_long(struct text_reader *text, struct batch *batch)
{
	struct record *record = &batch->records[batch->count++];

	if (text->format->fail)
		text->format->fail(text->data);
	text->line++;
	record_begin(&text->builder, record);
	record->line = text->line;
	record->offset = text->lines.long_offset;
	record_spoil(record, too_long_reason(&batch->arena));
}

/* Says, once, that there is less of the log than there was when it was opened. */
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
	record_spoil(record, arena_format(&batch->arena,
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
		/* what could not be joined is read as it is */
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
		/* texts in the batch lie in the block: it has to be given out before more is read
		 */
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
