/* SPDX-License-Identifier: MIT */
/* Writes JSON (RFC 8259) value by value: commas, colons, quotes and escapes are its business. */
#ifndef BASE_JSON_WRITER_H
#define BASE_JSON_WRITER_H

#include <stdio.h>
#include <string.h>

#include "base/text.h"

/* Writes text as it is inside the quotes of a string. */
typedef void json_escape(FILE *file, struct sessionlint_text text);

#define JSON_WRITER_DEPTH_MAX 32
#define JSON_WRITER_BUFFER    2048

struct json_writer {
	FILE *file;
	json_escape *escape;
	unsigned depth;
	uint32_t objects, filled; /* a bit for each depth: it is an object; it has an element */
	bool keyed;               /* a key was written; its value is next */
	const char *line;         /* what is written before the next element or bracket, or NULL */
	size_t size;
	char bytes[JSON_WRITER_BUFFER]; /* that go to the file together: they are many and short */
};

/* Text is escaped by @escape, or as escape_json() does if that is NULL. What is written is in the
 * file when the outermost value ends, and when the file is returned: nothing else may be
 * written to it in between. */
void json_writer_init(struct json_writer *writer, FILE *file, json_escape *escape);

/* Control characters, those that cannot be seen, and ## are escaped as \u; invalid UTF-8 becomes
 * U+FFFD. */
void escape_json(FILE *file, struct sessionlint_text text);

/* Begins an array or an object, by its bracket; ends the one that was begun last. */
void json_open(struct json_writer *writer, char bracket);
void json_close(struct json_writer *writer);

/* Ends all that were begun, and the line. */
void json_finish(struct json_writer *writer);

/* The next element or closing bracket begins with @line: a line end and the indentation. */
void json_line(struct json_writer *writer, const char *line);

/* The key, of @size bytes, of the member whose value is written next. It needs no escapes. */
void json_key_of(struct json_writer *writer, const char *key, size_t size);

void json_text(struct json_writer *writer, struct sessionlint_text text);
void json_string(struct json_writer *writer, const char *string);
/* A string that needs no escapes, such as a name of the model. */
void json_word(struct json_writer *writer, const char *word);
void json_number(struct json_writer *writer, uint64_t number);
void json_signed(struct json_writer *writer, int64_t number);
void json_bool(struct json_writer *writer, bool value);
void json_null(struct json_writer *writer);

/* A string that is put together, between begin and end, from what is written to the file that is
 * returned. The caller escapes. */
FILE *json_string_begin(struct json_writer *writer);
void json_string_end(struct json_writer *writer);

/* A value that the caller writes to the file that is returned. */
FILE *json_value(struct json_writer *writer);

/* ---- members: a key, whose size the compiler knows, and its value ---- */

static inline void json_key(struct json_writer *writer, const char *key)
{
	json_key_of(writer, key, strlen(key));
}

static inline void json_member_open(struct json_writer *writer, const char *key, char bracket)
{
	json_key(writer, key);
	json_open(writer, bracket);
}

static inline void json_member_text(struct json_writer *writer, const char *key,
				    struct sessionlint_text text)
{
	json_key(writer, key);
	json_text(writer, text);
}

static inline void json_member_string(struct json_writer *writer, const char *key,
				      const char *string)
{
	json_key(writer, key);
	json_string(writer, string);
}

static inline void json_member_word(struct json_writer *writer, const char *key, const char *word)
{
	json_key(writer, key);
	json_word(writer, word);
}

static inline void json_member_number(struct json_writer *writer, const char *key, uint64_t number)
{
	json_key(writer, key);
	json_number(writer, number);
}

static inline void json_member_bool(struct json_writer *writer, const char *key, bool value)
{
	json_key(writer, key);
	json_bool(writer, value);
}

static inline void json_member_null(struct json_writer *writer, const char *key)
{
	json_key(writer, key);
	json_null(writer);
}

static inline void json_member_string_or_null(struct json_writer *writer, const char *key,
					      const char *string)
{
	if (string)
		json_member_string(writer, key, string);
	else
		json_member_null(writer, key);
}

#endif
