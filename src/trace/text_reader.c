/* SPDX-License-Identifier: MIT */
#include "trace/text_reader.h"

#include <errno.h>
#include <stdlib.h>

#include "trace/keys.h"
#include "trace/lines.h"
#include "trace/shape.h"
#include "trace/unescape.h"

_Static_assert(LINES_SLACK > SHAPE_SLACK, "shapes look ahead");

struct text_reader {
	struct lines lines;
	struct record_builder builder;
	line_scan *scan;
	const char *grammar;

	const char *at, *end; /* of the block */
	uint64_t line;        /* the number of the last line read */
	struct pairs pairs;
	struct shape shape; /* of the line before */
	struct shape_names names;
};

int text_reader_open(struct reader *reader, line_scan *scan, const char *grammar)
{
	struct text_reader *text = calloc(1, sizeof *text);
	int r;

	if (!text)
		return -ENOMEM;
	r = lines_open(&text->lines, reader);
	if (r < 0) {
		free(text);
		return r;
	}
	text->scan = scan;
	text->grammar = grammar;
	record_builder_init(&text->builder, reader->source);
	shape_names_init(&text->names);
	reader->private_data = text;
	return 0;
}

void text_reader_close(struct reader *reader)
{
	struct text_reader *text = reader->private_data;

	lines_close(&text->lines);
	free(text);
}

/* Says why the scanner stopped at @at in the line from @line to @end. */
static struct sessionlint_text syntax_reason(const struct text_reader *text, struct arena *arena,
					     int error, const char *line, const char *at)
{
	unsigned char c = (unsigned char)*at;
	size_t column = (size_t)(at - line) + 1;

	if (error == -E2BIG)
		return arena_format(arena, "column %zu: more than %d keys", column, PAIRS_MAX);
	if (c == '\n' || c == '\r')
		return arena_format(arena, "column %zu: the line ends too early for %s%s", column,
				    text->grammar,
				    text->lines.unterminated && at + 1 == text->end
					    ? "; the file ends here and may have been cut"
					    : "");
	if (c < 0x20 || c >= 0x7f)
		return arena_format(arena, "column %zu: byte 0x%02x does not fit %s", column, c,
				    text->grammar);
	return arena_format(arena, "column %zu: '%c' does not fit %s", column, c, text->grammar);
}

static int unescape_if(bool escaped, struct sessionlint_text *text, struct arena *arena)
{
	return escaped ? text_unescape(*text, arena, text) : 0;
}

/* Puts one pair into @record; *ret_key is set if its key is known. -EINVAL with a reason, or
 * -ENOMEM. */
static int pair_put(struct text_reader *text, struct record *record, struct pair *pair,
		    struct arena *arena, enum record_key *ret_key,
		    struct sessionlint_text *ret_reason)
{
	const char *near = NULL;
	enum record_key key;

	if (unescape_if(pair->key_escaped, &pair->key, arena) < 0 ||
	    unescape_if(pair->form == PAIR_ESCAPED, &pair->value, arena) < 0)
		return -ENOMEM;
	if (trace_key_find(pair->key, &key, &near) < 0) {
		size_t prefix = sizeof KEY_FREE_PREFIX - 1;
		int size = pair->key.size < 40 ? (int)pair->key.size : 40;

		if (pair->key.size > prefix && memcmp(pair->key.data, KEY_FREE_PREFIX, prefix) == 0)
			return 0;
		*ret_reason = near ? arena_format(arena, "unknown key '%.*s'; did you mean %s?",
						  size, pair->key.data, near)
				   : arena_format(arena,
						  "unknown key '%.*s'; keys of your own begin "
						  "with " KEY_FREE_PREFIX,
						  size, pair->key.data);
		return -EINVAL;
	}
	*ret_key = key;
	if (pair->form == PAIR_NULL)
		return 0;
	return record_put(&text->builder, record, key, pair->value, arena, ret_reason);
}

/* The keys that say whose record it is. */
#define NAMING (KEY_BIT(KEY_HOST) | KEY_BIT(KEY_BOOT) | KEY_BIT(KEY_SOURCE) | KEY_BIT(KEY_SESSION))

/* Makes a record of the pairs. A bad one becomes a malformed record. Returns 1; 0 if there are
 * none; -ENOMEM. */
static int pairs_to_record(struct text_reader *text, struct record *record, struct arena *arena)
{
	struct sessionlint_text reason, first = text_of(NULL, 0);
	bool bad = false, named = true;

	if (text->pairs.count == 0)
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

static void record_start(struct text_reader *text, struct record *record, const char *line)
{
	record_begin(&text->builder, record);
	record->line = text->line;
	record->offset = lines_offset(&text->lines, line);
}

/* Reads the line at text->at. Returns 1 if it made a record. */
static int line_read(struct text_reader *text, struct batch *batch)
{
	struct record *record = &batch->records[batch->count];
	const char *line = text->at, *next;
	int r;

	text->line++;
	record_start(text, record, line);
	if (text->shape.count) {
		next = shape_follow(&text->shape, &text->names, &text->builder, record, line);
		if (next) {
			text->at = next;
			return 1;
		}
		record_start(text, record, line);
	}
	r = text->scan(line, text->end, &text->pairs, &next);
	if (r < 0) {
		record_spoil(record, syntax_reason(text, &batch->arena, r, line, next));
		next = (const char *)memchr(next, '\n', (size_t)(text->end - next)) + 1;
		r = 1;
	} else {
		r = pairs_to_record(text, record, &batch->arena);
		if (r > 0)
			shape_learn(&text->shape, record, &text->pairs, line, next);
	}
	text->at = next;
	return r;
}

/* A record that says that a line was too long. */
static void line_too_long(struct text_reader *text, struct batch *batch)
{
	struct record *record = &batch->records[batch->count++];

	text->line++;
	record_begin(&text->builder, record);
	record->line = text->line;
	record->offset = text->lines.long_offset;
	record_spoil(record, arena_format(&batch->arena, "the line is longer than %zu bytes",
					  LINE_MAX_SIZE));
}

int text_reader_read(struct reader *reader, struct batch *batch)
{
	struct text_reader *text = reader->private_data;

	while (batch->count < BATCH_RECORDS) {
		int r;

		if (text->at < text->end) {
			r = line_read(text, batch);
			if (r < 0)
				return r;
			batch->count += (unsigned)r;
			continue;
		}
		/* texts in the batch lie in the block: it has to be given out before the next is
		 * read */
		if (batch->count > 0)
			break;
		r = lines_next(&text->lines, &text->at, &text->end);
		if (r < 0)
			return r;
		if (r == LINES_END)
			break;
		if (r == LINES_TOO_LONG)
			line_too_long(text, batch);
	}
	reader->counts.records += batch->count;
	return 0;
}
