/* SPDX-License-Identifier: MIT */
/* A text log as blocks of whole lines of UTF-8, from any encoding. */
#ifndef TRACE_TEXT_LINES_H
#define TRACE_TEXT_LINES_H

#include "trace/reader.h"

/* Longer lines are not read. */
#define LINE_MAX_SIZE ((size_t)1 << 20)

/* Space after the bytes: for a missing line feed after the last line, and for look-ahead. */
#define LINES_SLACK 65

enum lines_encoding {
	LINES_UTF8,
	LINES_UTF16_LITTLE,
	LINES_UTF16_BIG,
};

struct lines {
	struct reader *reader;
	enum lines_encoding encoding;
	size_t step;  /* max size of a read: for a small log, the size of the log */
	char *buffer; /* the block and what follows it */
	size_t capacity;
	size_t begin, end; /* bytes that were read and not returned yet */
	bool at_end;
	bool halves;          /* there are halves of UTF-16 pairs: see utf8_find_half() */
	bool unterminated;    /* the last line had no line feed */
	uint64_t long_offset; /* of the line that was too long */

	unsigned char *raw; /* UTF-16 before conversion */
	size_t raw_size;

	/* a place in the buffer and its offset in the file */
	const char *known;
	uint64_t known_offset;
};

enum lines_result {
	LINES_END,
	LINES_BLOCK,
	LINES_TOO_LONG, /* a line was too long and was skipped; the block is its beginning */
};

/* Starts with the reader's log; detects its encoding by the byte order mark. -ENOMEM. */
int lines_open(struct lines *lines, struct reader *reader);
void lines_close(struct lines *lines);

/* The next block: whole lines, each with its line feed. Valid until the next call. Returns an
 * enum lines_result, -ENOMEM, or what read() returned. */
int lines_next(struct lines *lines, const char **ret_begin, const char **ret_end);

/*
 * Joins the record at *@at, which continues after the block that ends at *@end, with the following
 * lines. Both pointers are updated; everything before *@at is gone. LINES_BLOCK: there is more of
 * it; LINES_END: the log ends there; LINES_TOO_LONG: with the next line it would exceed the maximum
 * line length. In the last two cases nothing has changed. -ENOMEM, or what read() returned.
 */
int lines_join(struct lines *lines, const char **at, const char **end);

/* Makes a block of a copy of @line, which has no line feed and gets one; the log continues after
 * it. -ENOMEM. */
int lines_take(struct lines *lines, const char *line, size_t size, const char **ret_begin,
	       const char **ret_end);

/* Continues at byte @offset of the log, the start of a line, from which the reader will read. */
void lines_seek(struct lines *lines, uint64_t offset);

/* For lines_offset(), if the log is UTF-16. */
void lines_advance_wide(struct lines *lines, const char *at);

/* The offset in the file of @at, which must be after the previous one in the block. */
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
