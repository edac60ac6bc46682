/* SPDX-License-Identifier: MIT */
/*
 * The fastest path of text readers: lines of events that follow one another and differ in time,
 * session, event and states alone. What is the same in all of them is compared as a whole; the rest
 * goes into a series. Any other line ends the series, and is read the usual way.
 */
#ifndef TRACE_TEXT_LINE_SERIES_H
#define TRACE_TEXT_LINE_SERIES_H

#include "trace/text/line_shape.h"

#define SERIES_VALUES  5
#define SERIES_LITERAL 64
#define NAME_SLOTS     64

/* Bytes that must match, 16 at a time. */
struct series_literal {
	char bytes[SERIES_LITERAL], masks[SERIES_LITERAL];
	char stops[16]; /* the first byte, which ends the value before */
	unsigned size;
};

/* The names of events and of states by their size and first letter, of which no two share both. */
struct series_names {
	struct series_name {
		char bytes[16];
		const char *rest; /* what follows the 16 bytes, for @rest_size */
		uint8_t rest_size, number;
		uint32_t wanted; /* a bit for each of the 16 bytes that the name has; or more: none
				  */
	} events[NAME_SLOTS], states[NAME_SLOTS];
};

void series_names_init(struct series_names *names);

/* What the lines of a series have in common. */
struct line_series {
	struct record like;
	char host[SERIES_LITERAL]; /* text of like.host */
	unsigned count;            /* of values; 0: no series */
	uint64_t pattern;          /* their keys plus 1, a byte each, the first lowest */
	bool is_json;              /* the session is a number of JSON */
	unsigned line_size;        /* of the lines read last, on average; 0: not known */
	enum {
		LITERALS_LONG,
		LITERALS_SHORT, /* of at most 16 bytes */
		LITERALS_TINY,  /* the third and the next of at most 8, and a line feed after a name
				 */
	} literals;
	struct series_literal before[SERIES_VALUES + 1]; /* the last: up to the line feed */
};

/* Learns from the line at @line, which has that shape and made @record. Returns whether lines like
 * it can be a series. */
bool series_learn(struct line_series *series, const struct shape *shape,
		  const struct record *record, const char *line);

/*
 * Reads lines from @at on, as long as they belong to the series, until @end, which is after a line
 * feed, or until @ret is full. Their offsets are counted from @at. Returns where it stopped.
 */
const char *series_read(const struct line_series *series, const struct series_names *names,
			struct record_builder *builder, const char *at, const char *end,
			struct series *ret);

#endif
