/* SPDX-License-Identifier: MIT */
#include "base/json_writer.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
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

/* Whether a comma is needed before the next element, which is begun. */
static bool begin_next(struct json_writer *writer)
{
	bool is_first = !(writer->filled & depth_bit(writer));

	writer->filled |= depth_bit(writer);
	return !is_first;
}

/* Writes what is between this element and the one before it. */
static void begin_element(struct json_writer *writer)
{
	if (writer->keyed) {
		writer->keyed = false;
		return;
	}
	if (writer->depth > 0 && begin_next(writer))
		putc(',', writer->file);
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
	FILE *file = json_value(writer);

	putc('"', file);
	fputs(key, file);
	fputs("\":", file);
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
	char digits[DECIMAL_SIZE];

	fwrite(digits, 1, decimal_write(digits, number), json_value(writer));
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
	fputs(value ? "true" : "false", json_value(writer));
}

void json_null(struct json_writer *writer)
{
	fputs("null", json_value(writer));
}

/* ---- members ---- */

/* A member that is short is put together here, and written at once: there are many of them. */
#define MEMBER_SIZE 256

struct member {
	char bytes[MEMBER_SIZE];
	size_t size;
};

static void put(struct member *member, const char *bytes, size_t size)
{
	if (size > 0)
		memcpy(member->bytes + member->size, bytes, size);
	member->size += size;
}

/* Begins a member that has room for @size bytes after its key; false if it has not, or the member
 * begins with more than a comma. */
static bool begin_member(struct json_writer *writer, struct member *member, const char *key,
			 size_t size)
{
	size_t key_size = strlen(key);

	member->size = 0;
	if (writer->keyed || writer->line || writer->depth == 0 ||
	    key_size + size + strlen(",\"\":") > MEMBER_SIZE)
		return false;
	if (begin_next(writer))
		put(member, ",", 1);
	put(member, "\"", 1);
	put(member, key, key_size);
	put(member, "\":", 2);
	return true;
}

static void end_member(const struct json_writer *writer, const struct member *member)
{
	fwrite(member->bytes, 1, member->size, writer->file);
}

/* A member whose value is written as it is. */
static void write_member(struct json_writer *writer, const char *key, const char *value,
			 size_t size)
{
	struct member member;

	if (begin_member(writer, &member, key, size)) {
		put(&member, value, size);
		end_member(writer, &member);
		return;
	}
	json_key(writer, key);
	fwrite(value, 1, size, json_value(writer));
}

void json_member_open(struct json_writer *writer, const char *key, char bracket)
{
	json_key(writer, key);
	json_open(writer, bracket);
}

void json_member_text(struct json_writer *writer, const char *key, struct sessionlint_text text)
{
	struct member member;

	/* others may escape more */
	if (writer->escape == escape_json && ascii_plain(text.data, text.size) == text.size &&
	    begin_member(writer, &member, key, text.size + 2)) {
		put(&member, "\"", 1);
		put(&member, text.data, text.size);
		put(&member, "\"", 1);
		end_member(writer, &member);
		return;
	}
	json_key(writer, key);
	json_text(writer, text);
}

void json_member_string(struct json_writer *writer, const char *key, const char *string)
{
	json_member_text(writer, key, text_from(string));
}

void json_member_string_or_null(struct json_writer *writer, const char *key, const char *string)
{
	if (string)
		json_member_string(writer, key, string);
	else
		json_member_null(writer, key);
}

void json_member_number(struct json_writer *writer, const char *key, uint64_t number)
{
	char digits[DECIMAL_SIZE];

	write_member(writer, key, digits, decimal_write(digits, number));
}

void json_member_bool(struct json_writer *writer, const char *key, bool value)
{
	write_member(writer, key, value ? "true" : "false", value ? 4 : 5);
}

void json_member_null(struct json_writer *writer, const char *key)
{
	write_member(writer, key, "null", 4);
}
