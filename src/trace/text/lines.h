/* SPDX-License-Identifier: MIT */
/* The bytes of a text log as blocks of whole lines of UTF-8, whatever encoding they came in. */
#ifndef TRACE_TEXT_LINES_H
#define TRACE_TEXT_LINES_H

#include "trace/reader.h"

/* A longer line is not read. */
#define LINE_MAX_SIZE ((size_t)1 << 20)

/* Room after the bytes: for a line feed that may be missing after the last line, and for looking
 * ahead.
 */
#define LINES_SLACK 65

enum lines_encoding {
	LINES_UTF8,
	LINES_UTF16_LITTLE,
	LINES_UTF16_BIG,
};

struct lines {
	struct reader *reader;
	enum lines_encoding encoding;
	size_t step;  /* how much is read at once: of a small log, no more than it has */
	char *buffer; /* the block and what follows it */
	size_t capacity;
	size_t begin, end; /* what has been read and not yet given out */
	bool at_end;
	bool halves;       /* halves of UTF-16 pairs have been met: utf8_find_half() finds them */
	bool unterminated; /* the last line had no line feed of its own */
	uint64_t long_offset; /* where the line lies that was too long */

	unsigned char *raw; /* UTF-16 before it is converted */
	size_t raw_size;

	/* a place in the buffer and where that lies in the file */
	const char *known;
	uint64_t known_offset;
};

enum lines_result {
	LINES_END,
	LINES_BLOCK,
	LINES_TOO_LONG, /* a line was too long and has been passed over; the block is its beginning
			 */
};

/* Begins with the reader's log; finds its encoding by the byte order mark. -ENOMEM. */
int lines_open(struct lines *lines, struct reader *reader);
void lines_close(struct lines *lines);

/*
 * The next block: whole lines, each with its line feed. It lives until the next call. Returns an
 * enum lines_result, -ENOMEM, or what read() returned.
 */
int lines_next(struct lines *lines, const char **ret_begin, const char **ret_end);

/*
 * Joins the record at *@at, which the block that ends at *@end holds only the beginning of, with
 * the lines after the block. Both places are moved; what was before *@at is gone. LINES_BLOCK:
 * there is more of it; LINES_END: the log ends there; LINES_TOO_LONG: with the next line it would
 * exceed the maximum line length. In the two last cases it is as it was. -ENOMEM, or what read()
 * returned.
 */
int lines_join(struct lines *lines, const char **at, const char **end);

/* Makes a block of a copy of @line, which has no line feed and gets one; the log goes on after it.
 * -ENOMEM. */
int lines_take(struct lines *lines, const char *line, size_t size, const char **ret_begin,
	       const char **ret_end);

/* Goes on at byte @offset of the log, where a line begins: the reader gives the bytes from there.
 */
void lines_seek(struct lines *lines, uint64_t offset);

/* For lines_offset(), of a log in UTF-16. */
void lines_advance_wide(struct lines *lines, const char *at);

/* Where @at, a place in the block after the one asked for before, lies in the file. */
static inline uint64_t lines_offset(struct lines *lines, const char *at)
{
	if (lines->encoding != LINES_UTF8) {
		lines_advance_wide(lines, at);
		return lines->known_offset;
	}
	lines->known_offset += (uint64_t)(at - lines->known);
	lines->known = at;
	return lines->known_offset;
}

#endif
