/* SPDX-License-Identifier: MIT */
/* The first bytes of a log, taken apart far enough to tell what it is. */
#ifndef TRACE_FILE_HEAD_H
#define TRACE_FILE_HEAD_H

#include "trace/text/scan.h"

/* That much of a log is looked at. */
#define HEAD_SIZE 8192

#define HEAD_MEMBERS 64

/* The object of JSON that a text begins with, or the first in the array that it begins with. */
struct head_json {
	struct head_member {
		struct sessionlint_text name;
		char value; /* its first character */
	} members[HEAD_MEMBERS];
	unsigned count;
	bool is_array;
	bool is_closed;   /* its end has been seen */
	bool is_one_line; /* its beginning and its end are in one line, or it is not an object */
};

struct head {
	const unsigned char *bytes;
	size_t size;
	bool is_whole; /* no more bytes will be looked at */
	bool is_text;

	/* the rest is of texts alone; the text is UTF-8 with a zero after it */
	size_t text_size;
	const char
		*first; /* of the first line that is neither blank nor begins with #; NULL: none */
	bool has_line;  /* all of that line is there */
	char separator; /* the first comma, semicolon or tab of it that is not in quotes; or '\0' */
	bool is_json;   /* that line begins an object, or an array of them */
	struct head_json json; /* if so */
	char text[HEAD_SIZE / 2 * 3 + 1];
};

/* What a format makes of a head. */
enum probe_result {
	PROBE_NO,
	PROBE_WAIT, /* more bytes can tell; not of a head that is whole */
	PROBE_YES,
};

/* Takes apart the first @size bytes of a log, HEAD_SIZE at most, which stay the caller's. */
void head_read(struct head *head, const unsigned char *bytes, size_t size, bool is_whole);

/* Takes apart the object of JSON at @at as far as it goes. What is not JSON ends it. */
void head_json_read(const char *at, const char *end, struct head_json *ret_json);

/* Whether the object has a member of that name. */
bool head_json_has(const struct head_json *json, const char *name);

/* Whether the text holds @word, which is spelt just so. */
bool head_holds(const struct head *head, const char *word);

/* Whether the first line names a column so, in upper or lower case, between separators. */
bool head_has_column(const struct head *head, const char *name);

/* The end of the line at @at: its line feed, or the end of the head. */
const char *head_line_end(const struct head *head, const char *at);

/* Whether the bytes are ASCII in UTF-16: every other one is zero. */
bool head_is_wide(const struct head *head);

/* Where the tag is, or NULL. */
const char *head_tag(const struct head *head);

#endif
