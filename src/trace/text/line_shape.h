/* SPDX-License-Identifier: MIT */
/* The shape of a line: everything in it except its values. */
#ifndef TRACE_TEXT_LINE_SHAPE_H
#define TRACE_TEXT_LINE_SHAPE_H

#include "trace/keys.h"
#include "trace/text/scan.h"

#define SHAPE_PARTS   16
#define SHAPE_LITERAL 24

/* This many bytes after the last line feed must be readable, with any content. */
#define SHAPE_SLACK 64

/* Bytes that must match. */
struct shape_literal {
	char bytes[SHAPE_LITERAL];
	unsigned size;
};

/* A value, and what is before it. */
struct shape_part {
	struct shape_literal before;
	enum record_key key;
	enum pair_form form;
	char stop;  /* ends the value, as do quotes and control characters */
	bool empty; /* the value can be empty */
};

struct shape {
	unsigned count; /* 0: no shape */
	struct shape_part parts[SHAPE_PARTS];
	struct shape_literal tail; /* up to the line feed */
};

/* Learns the shape of the line from @line to @next, in which the scanner found @pairs. A line with
 * escapes, with keys of the user's own or with too much between its values has none. */
void shape_learn(struct shape *shape, const struct pairs *pairs, const char *line,
		 const char *next);

bool shape_literals_equal(const struct shape_literal *a, const struct shape_literal *b);
bool shape_parts_equal(const struct shape_part *a, const struct shape_part *b);

/* The end of the value of @part at @at; NULL: it is not a number in plain notation. */
const char *shape_value_end(const struct shape_part *part, const char *at);

#endif
