/* SPDX-License-Identifier: MIT */
/*
 * The fast path of text readers: most lines of a trace have the keys, the order and the quotes of
 * the line before. A shape is what a line consists of besides its values. A line that follows the
 * shape of the last one is read without the scanner; on any surprise the scanner decides. It stays
 * the definition of the grammar: what follows a shape is what the scanner would have found.
 */
#ifndef TRACE_TEXT_LINE_SHAPE_H
#define TRACE_TEXT_LINE_SHAPE_H

#include "trace/keys.h"
#include "trace/text/scan.h"

#define SHAPE_PARTS   12
#define SHAPE_LITERAL 24
#define SHAPES        4

/* This many bytes after the last line feed must be readable, whatever they are. */
#define SHAPE_SLACK 64

/* Bytes that must be there, to be compared as words. */
struct shape_literal {
	uint64_t words[3], masks[3];
	unsigned size;
};

struct shape {
	unsigned count; /* 0: no line to follow */
	uint64_t keys;
	enum record_kind kind;
	struct shape_part {
		struct shape_literal before;
		enum record_key key;
		enum pair_form form;
		char stop;  /* the value ends before it, and before quotes and control characters */
		bool empty; /* the value can be */
	} parts[SHAPE_PARTS];
	struct shape_literal tail; /* up to the line feed */
};

/* The names of events and states by their first eight bytes. */
struct shape_names {
	struct shape_name {
		uint64_t head; /* 0: empty */
		uint64_t tail; /* the next eight, or fewer */
		const char *name;
		uint8_t size, number;
	} events[32], states[32];
};

void shape_names_init(struct shape_names *names);

/*
 * Takes the shape of the line from @line to @next, in which the scanner found @pairs and which made
 * @record. Only lines with an event or a notification in plain spelling have a shape.
 */
void shape_learn(struct shape *shape, const struct record *record, const struct pairs *pairs,
		 const char *line, const char *next);

/*
 * Reads the line at @line into @record, which has been begun, if it follows the shape. Returns the
 * place after its line feed, or NULL: then the scanner has to read it, into a record that is begun
 * again.
 */
const char *shape_follow(const struct shape *shape, const struct shape_names *names,
			 struct record_builder *builder, struct record *record, const char *line);

/* The shapes of the last lines: where records of several kinds take turns, each has its own. */
struct shapes {
	struct shape list[SHAPES];
	/* of two shapes: with how many parts that are the same they begin */
	uint8_t common[SHAPES][SHAPES];
	unsigned count, recent, oldest;
	unsigned misses; /* lines that followed none, less those that did */
	unsigned pause;  /* lines that are not tried: no two of them look alike */
};

/* As shape_learn(): the shape takes the place of one with the same keys, or of the oldest. */
void shapes_learn(struct shapes *shapes, const struct record *record, const struct pairs *pairs,
		  const char *line, const char *next);

/* As shape_follow(): tries each. There must be one. */
const char *shapes_follow(struct shapes *shapes, const struct shape_names *names,
			  struct record_builder *builder, struct record *record, const char *line);

#endif
