/* SPDX-License-Identifier: MIT */
#include "base/json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "base/utf.h"

void json_writer_init(struct json_writer *writer, FILE *file, json_escape *escape)
{
	/* there may be one for each line, so bytes are left as they are */
	writer->file = file;
	writer->escape = escape ? escape : escape_json;
	writer->depth = 0;
	writer->objects = writer->filled = 0;
	writer->keyed = false;
	writer->line = NULL;
	writer->size = 0;
}

void escape_json(FILE *file, struct sessionlint_text text)
{
	for (size_t i = 0; i < text.size;) {
		const char *at = text.data + i;
		size_t size = ascii_plain(at, text.size - i);
		uint32_t code;

		fwrite(at, 1, size, file);
		i += size;
		if (i == text.size)
			break;
		at += size;
		size = utf8_get(at, text.size - i, &code);
		if (code == '"' || code == '\\')
			fprintf(file, "\\%c", (int)code);
		else if (code == '\n')
			fputs("\\n", file);
		else if (code > 0xffff && utf_is_hidden(code))
			fprintf(file, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10),
				0xdc00 + (code & 0x3ff));
		else if (utf_is_hidden(code) || (code == '#' && i > 0 && at[-1] == '#'))
			fprintf(file, "\\u%04x", code);
		else if (code == UTF_REPLACEMENT)
			fputs("\xef\xbf\xbd", file);
		else
			fwrite(at, 1, size, file);
		i += size;
	}
}

/* ---- what is not written yet ---- */

static void flush(struct json_writer *writer)
{
	if (writer->size > 0)
		fwrite(writer->bytes, 1, writer->size, writer->file);
	writer->size = 0;
}

static void put(struct json_writer *writer, const char *bytes, size_t size)
{
	if (size > sizeof writer->bytes - writer->size)
		flush(writer);
	if (size > sizeof writer->bytes) {
		fwrite(bytes, 1, size, writer->file);
		return;
	}
	if (size > 0)
		memcpy(writer->bytes + writer->size, bytes, size);
	writer->size += size;
}

static void put_char(struct json_writer *writer, char c)
{
	if (writer->size == sizeof writer->bytes)
		flush(writer);
	writer->bytes[writer->size++] = c;
}

/* Makes room for so many bytes, at most a buffer. Returns where they go. */
static char *reserve(struct json_writer *writer, size_t size)
{
	if (size > sizeof writer->bytes - writer->size)
		flush(writer);
	return writer->bytes + writer->size;
}

/* What needs no escapes, in quotes. */
static inline void put_quoted(struct json_writer *writer, const char *bytes, size_t size)
{
	char *to;

	if (size + 2 > sizeof writer->bytes) {
		put_char(writer, '"');
		put(writer, bytes, size);
		put_char(writer, '"');
		return;
	}
	to = reserve(writer, size + 2);
	to[0] = '"';
	memcpy(to + 1, bytes, size);
	to[size + 1] = '"';
	writer->size += size + 2;
}

/* ---- elements ---- */

static uint32_t depth_bit(const struct json_writer *writer)
{
	return (uint32_t)1 << (writer->depth - 1);
}

static void put_line(struct json_writer *writer)
{
	if (writer->line)
		put(writer, writer->line, strlen(writer->line));
	writer->line = NULL;
}

/* Writes what is between this element and the one before it. */
static void begin_element(struct json_writer *writer)
{
	if (writer->keyed) {
		writer->keyed = false;
		return;
	}
	if (writer->depth > 0) {
		if (writer->filled & depth_bit(writer))
			put_char(writer, ',');
		writer->filled |= depth_bit(writer);
	}
	put_line(writer);
}

/* What is complete goes to the file. */
static void end_element(struct json_writer *writer)
{
	if (writer->depth == 0)
		flush(writer);
}

static void put_value(struct json_writer *writer, const char *bytes, size_t size)
{
	begin_element(writer);
	put(writer, bytes, size);
	end_element(writer);
}

FILE *json_value(struct json_writer *writer)
{
	begin_element(writer);
	flush(writer);
	return writer->file;
}

void json_open(struct json_writer *writer, char bracket)
{
	assert(writer->depth < JSON_WRITER_DEPTH_MAX);
	begin_element(writer);
	put_char(writer, bracket);
	writer->depth++;
	writer->filled &= ~depth_bit(writer);
	if (bracket == '{')
		writer->objects |= depth_bit(writer);
	else
		writer->objects &= ~depth_bit(writer);
}

void json_close(struct json_writer *writer)
{
	put_line(writer);
	put_char(writer, writer->objects & depth_bit(writer) ? '}' : ']');
	writer->depth--;
	end_element(writer);
}

void json_finish(struct json_writer *writer)
{
	while (writer->depth > 0)
		json_close(writer);
	put_char(writer, '\n');
	flush(writer);
}

void json_line(struct json_writer *writer, const char *line)
{
	writer->line = line;
}

void json_key_of(struct json_writer *writer, const char *key, size_t size)
{
	begin_element(writer);
	put_quoted(writer, key, size);
	put_char(writer, ':');
	writer->keyed = true;
}

/* ---- values ---- */

FILE *json_string_begin(struct json_writer *writer)
{
	begin_element(writer);
	put_char(writer, '"');
	flush(writer);
	return writer->file;
}

void json_string_end(struct json_writer *writer)
{
	put_char(writer, '"');
	end_element(writer);
}

void json_text(struct json_writer *writer, struct sessionlint_text text)
{
	begin_element(writer);
	put_char(writer, '"');
	/* others may escape more */
	if (writer->escape == escape_json && ascii_plain(text.data, text.size) == text.size) {
		put(writer, text.data, text.size);
	} else {
		flush(writer);
		writer->escape(writer->file, text);
	}
	json_string_end(writer);
}

void json_string(struct json_writer *writer, const char *string)
{
	json_text(writer, text_from(string));
}

void json_word(struct json_writer *writer, const char *word)
{
	begin_element(writer);
	put_quoted(writer, word, strlen(word));
	end_element(writer);
}

void json_number(struct json_writer *writer, uint64_t number)
{
	begin_element(writer);
	writer->size += decimal_write(reserve(writer, DECIMAL_SIZE), number);
	end_element(writer);
}

void json_signed(struct json_writer *writer, int64_t number)
{
	if (number < 0)
		fprintf(json_value(writer), "%" PRId64, number);
	else
		json_number(writer, (uint64_t)number);
}

void json_bool(struct json_writer *writer, bool value)
{
	put_value(writer, value ? "true" : "false", value ? 4 : 5);
}

void json_null(struct json_writer *writer)
{
	put_value(writer, "null", 4);
}
