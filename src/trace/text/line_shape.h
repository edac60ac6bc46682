/* SPDX-License-Identifier: MIT */
/*
 * The fast path of text readers: most lines of a trace have the same keys, order and quotes as the
 * previous line. A shape is everything in a line except its values. A line that matches the
 * previous shape is parsed without the scanner; any other line goes to the scanner, which remains
 * the definition of the grammar: both must give the same result.
 */
#ifndef TRACE_TEXT_LINE_SHAPE_H
#define TRACE_TEXT_LINE_SHAPE_H

#include "trace/keys.h"
#include "trace/text/scan.h"

#define SHAPE_PARTS   12
#define SHAPE_LITERAL 24
#define SHAPES        4

/* This many bytes after the last line feed must be readable, with any content. */
#define SHAPE_SLACK 64

/* Bytes that must match. */
struct shape_literal {
	char bytes[SHAPE_LITERAL], masks[SHAPE_LITERAL];
	unsigned size;
};

struct shape {
	unsigned count; /* 0: no shape */
	uint64_t keys;
	enum record_kind kind;
	uint8_t phase; /* if it has that key: which other keys are needed depends on it */
	struct shape_part {
		struct shape_literal before;
		enum record_key key;
		enum pair_form form;
		char stop;  /* ends the value, as do quotes and control characters */
		bool empty; /* the value can be empty */
	} parts[SHAPE_PARTS];
	struct shape_literal tail; /* up to the line feed */
};

/* Names of events and states by their first eight bytes. */
struct shape_names {
	struct shape_name {
		uint64_t head; /* 0: empty */
		uint64_t tail; /* the next eight, or fewer */
		const char *name;
		uint8_t size, number;
	} events[32], states[32];
};

void shape_names_init(struct shape_names *names);

/* Learns the shape of the line from @line to @next, in which the scanner found @pairs, which
 * made @record. Only lines with an event or a notification in plain spelling have a shape. */
void shape_learn(struct shape *shape, const struct record *record, const struct pairs *pairs,
		 const char *line, const char *next);

/* Parses the line at @line into @record, which has been begun, if it matches the shape. Returns
 * the place after its line feed, or NULL: then begin the record again, and use the scanner. */
const char *shape_follow(const struct shape *shape, const struct shape_names *names,
			 struct record_builder *builder, struct record *record, const char *line);

/* The end of the value of @part at @at; NULL: it is not a number in plain notation. */
const char *shape_value_end(const struct shape_part *part, const char *at);

/* The shapes of the last lines, one for each kind of record, since kinds often alternate. */
struct shapes {
	struct shape list[SHAPES];
	/* how many equal parts two shapes start with */
	uint8_t common[SHAPES][SHAPES];
	unsigned count, recent, oldest;
	unsigned misses; /* lines that matched no shape, minus those that did */
	unsigned pause;  /* number of lines to skip, because no two look alike */
};

/* Like shape_learn(): replaces a shape with the same keys, or the oldest. */
void shapes_learn(struct shapes *shapes, const struct record *record, const struct pairs *pairs,
		  const char *line, const char *next);

/* Like shape_follow(), for any of them. There must be one. */
const char *shapes_follow(struct shapes *shapes, const struct shape_names *names,
			  struct record_builder *builder, struct record *record, const char *line);

#endif
