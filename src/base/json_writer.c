/* SPDX-License-Identifier: MIT */
#include "base/json_writer.h"

#include <assert.h>
#include <inttypes.h>

#include "base/utf.h"

void json_writer_init(struct json_writer *writer, FILE *file, json_escape *escape)
{
	*writer = (struct json_writer) {
		.file = file,
		.escape = escape ? escape : escape_json,
	};
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

/* ---- elements ---- */

static uint32_t depth_bit(const struct json_writer *writer)
{
	return (uint32_t)1 << (writer->depth - 1);
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
			putc(',', writer->file);
		writer->filled |= depth_bit(writer);
	}
	if (writer->line)
		fputs(writer->line, writer->file);
	writer->line = NULL;
}

FILE *json_value(struct json_writer *writer)
{
	begin_element(writer);
	return writer->file;
}

void json_open(struct json_writer *writer, char bracket)
{
	assert(writer->depth < JSON_WRITER_DEPTH_MAX);
	putc(bracket, json_value(writer));
	writer->depth++;
	writer->filled &= ~depth_bit(writer);
	if (bracket == '{')
		writer->objects |= depth_bit(writer);
	else
		writer->objects &= ~depth_bit(writer);
}

void json_close(struct json_writer *writer)
{
	if (writer->line)
		fputs(writer->line, writer->file);
	writer->line = NULL;
	putc(writer->objects & depth_bit(writer) ? '}' : ']', writer->file);
	writer->depth--;
}

void json_finish(struct json_writer *writer)
{
	while (writer->depth > 0)
		json_close(writer);
	putc('\n', writer->file);
}

void json_line(struct json_writer *writer, const char *line)
{
	writer->line = line;
}

void json_key(struct json_writer *writer, const char *key)
{
	fprintf(json_value(writer), "\"%s\":", key);
	writer->keyed = true;
}

/* ---- values ---- */

FILE *json_string_begin(struct json_writer *writer)
{
	putc('"', json_value(writer));
	return writer->file;
}

void json_string_end(struct json_writer *writer)
{
	putc('"', writer->file);
}

void json_text(struct json_writer *writer, struct sessionlint_text text)
{
	writer->escape(json_string_begin(writer), text);
	json_string_end(writer);
}

void json_string(struct json_writer *writer, const char *string)
{
	json_text(writer, text_from(string));
}

void json_number(struct json_writer *writer, uint64_t number)
{
	fprintf(json_value(writer), "%" PRIu64, number);
}

void json_signed(struct json_writer *writer, int64_t number)
{
	fprintf(json_value(writer), "%" PRId64, number);
}

void json_bool(struct json_writer *writer, bool value)
{
	fputs(value ? "true" : "false", json_value(writer));
}

void json_null(struct json_writer *writer)
{
	fputs("null", json_value(writer));
}

/* ---- members ---- */

void json_member_open(struct json_writer *writer, const char *key, char bracket)
{
	json_key(writer, key);
	json_open(writer, bracket);
}

void json_member_text(struct json_writer *writer, const char *key, struct sessionlint_text text)
{
	json_key(writer, key);
	json_text(writer, text);
}

void json_member_string(struct json_writer *writer, const char *key, const char *string)
{
	json_key(writer, key);
	json_string(writer, string);
}

void json_member_number(struct json_writer *writer, const char *key, uint64_t number)
{
	json_key(writer, key);
	json_number(writer, number);
}

void json_member_bool(struct json_writer *writer, const char *key, bool value)
{
	json_key(writer, key);
	json_bool(writer, value);
}

void json_member_null(struct json_writer *writer, const char *key)
{
	json_key(writer, key);
	json_null(writer);
}
