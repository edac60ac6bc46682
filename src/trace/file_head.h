/* SPDX-License-Identifier: MIT */
/* The first bytes of a log, parsed far enough to recognize its format. */
#ifndef TRACE_FILE_HEAD_H
#define TRACE_FILE_HEAD_H

#include "trace/text/scan.h"

/* Max number of bytes used. */
#define HEAD_SIZE 8192

#define HEAD_MEMBERS 64

/* The JSON object at the start of a text, or the first one in an array there. */
struct head_json {
	struct head_member {
		struct sessionlint_text name;
		char value; /* its first character */
	} members[HEAD_MEMBERS];
	unsigned count;
	bool is_array;
	bool is_closed;   /* its end is in the head */
	bool is_one_line; /* it is on one line, or it is not an object */
};

struct head {
	const unsigned char *bytes;
	size_t size;
	bool is_whole; /* there are no more bytes */
	bool is_text;

	/* the rest is for text only; the text is UTF-8 and terminated by a zero */
	size_t text_size;
	const char *first; /* of the first line that is not blank or a comment; NULL: none */
	bool has_line;     /* that line is complete */
	char separator;    /* first comma, semicolon or tab in it that is not in quotes; or '\0' */
	bool is_json;      /* that line starts an object, or an array of objects */
	struct head_json json; /* if so */
	char text[HEAD_SIZE / 2 * 3 + 1];
};

/* Whether a head is in a format. */
enum probe_result {
	PROBE_NO,
	PROBE_WAIT, /* needs more bytes; not for a head that is whole */
	PROBE_YES,
};

/* Parses the first @size bytes of a log, at most HEAD_SIZE, which the caller owns. */
void head_read(struct head *head, const unsigned char *bytes, size_t size, bool is_whole);

/* Parses the JSON object at @at up to the end or to a syntax error. */
void head_json_read(const char *at, const char *end, struct head_json *ret_json);

/* Whether the object has a member of that name. */
bool head_json_has(const struct head_json *json, const char *name);

/* Whether the text contains @word, in this spelling. */
bool head_holds(const struct head *head, const char *word);

/* Whether the first line names such a column, in upper or lower case, between separators. */
bool head_has_column(const struct head *head, const char *name);

/* The end of the line at @at: its line feed, or the end of the head. */
const char *head_line_end(const struct head *head, const char *at);

/* Whether the bytes are ASCII in UTF-16: every other one is zero. */
bool head_is_wide(const struct head *head);

/* Where the tag is, or NULL. */
const char *head_tag(const struct head *head);

#endif
