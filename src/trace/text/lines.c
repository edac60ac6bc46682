/* SPDX-License-Identifier: MIT */
#include "trace/text/lines.h"

#include <errno.h>
#include <stdlib.h>

#include "base/memory.h"
#include "base/utf.h"

/* Fits into the second-level cache between reading and scanning. */
#define LINES_STEP ((size_t)256 << 10)
#define LINES_PAGE ((size_t)4 << 10)

/* A record up to this size is joined with everything that follows. */
#define JOIN_AT_ONCE ((size_t)64 << 10)

/* If a log grows while it is being read, the rest takes more steps. */
static size_t step_of(const struct reader *reader)
{
	if (reader->size == 0 || reader->size >= LINES_STEP)
		return LINES_STEP;
	return ((size_t)reader->size + LINES_PAGE) / LINES_PAGE * LINES_PAGE;
}

int lines_open(struct lines *lines, struct reader *reader)
{
	size_t step = step_of(reader);

	*lines = (struct lines) { .reader = reader, .step = step, .capacity = step };
	lines->buffer = calloc(1, lines->capacity + LINES_SLACK);
	if (!lines->buffer)
		return -ENOMEM;
	if (reader->head_size >= 2 && memcmp(reader->head, "\xff\xfe", 2) == 0)
		lines->encoding = LINES_UTF16_LITTLE;
	else if (reader->head_size >= 2 && memcmp(reader->head, "\xfe\xff", 2) == 0)
		lines->encoding = LINES_UTF16_BIG;
	if (lines->encoding != LINES_UTF8) {
		lines->raw = malloc(lines->step);
		if (!lines->raw) {
			free(lines->buffer);
			return -ENOMEM;
		}
	}
	lines->known = lines->buffer;
	return 0;
}

void lines_close(struct lines *lines)
{
	free(lines->buffer);
	free(lines->raw);
}

/* Reads UTF-16 and appends it as UTF-8. The buffer has room for a step. */
static ssize_t lines_convert(struct lines *lines)
{
	/* at most three bytes for each unit of two */
	size_t room = lines->step / 3 * 2, units, left, size;
	ssize_t got = reader_next_bytes(lines->reader, lines->raw + lines->raw_size,
					room - lines->raw_size);

	if (got < 0)
		return got;
	lines->raw_size += (size_t)got;
	units = lines->raw_size / 2;
	size = utf16_to_utf8(lines->raw, units, lines->encoding == LINES_UTF16_BIG,
			     lines->buffer + lines->end, got > 0 ? &left : NULL);
	if (got == 0) {
		/* half a unit is malformed, like half a pair */
		if (lines->raw_size % 2)
			size += utf16_to_utf8((const unsigned char[]) { 0xff, 0xdf }, 1, false,
					      lines->buffer + lines->end + size, NULL);
		lines->raw_size = 0;
	}
	lines->halves |= utf8_find_half(lines->buffer + lines->end, size) != NULL;
	if (got == 0)
		return (ssize_t)size;
	left = left * 2 + lines->raw_size % 2;
	memmove(lines->raw, lines->raw + lines->raw_size - left, left);
	lines->raw_size = left;
	return size > 0 ? (ssize_t)size : lines_convert(lines);
}

/* Appends to the buffer, after moving its contents to the front. */
static int lines_fill(struct lines *lines)
{
	ssize_t got;

	lines_offset(lines, lines->buffer + lines->begin);
	memmove(lines->buffer, lines->buffer + lines->begin, lines->end - lines->begin);
	lines->end -= lines->begin;
	lines->begin = 0;
	lines->known = lines->buffer;
	if (lines->capacity - lines->end < lines->step) {
		size_t capacity = lines->end + 2 * lines->step;
		char *buffer = realloc(lines->buffer, capacity + LINES_SLACK);

		if (!buffer)
			return -ENOMEM;
		lines->buffer = buffer;
		lines->known = buffer;
		lines->capacity = capacity;
	}
	if (lines->encoding == LINES_UTF8)
		got = reader_next_bytes(lines->reader, lines->buffer + lines->end, lines->step);
	else
		got = lines_convert(lines);
	if (got < 0)
		return (int)got;
	lines->at_end = got == 0;
	lines->end += (size_t)got;
	return 0;
}

/* Skips the rest of a line that starts in the buffer. */
static int lines_skip(struct lines *lines)
{
	for (;;) {
		char *feed = memchr(lines->buffer + lines->begin, '\n', lines->end - lines->begin);
		int r;

		if (feed) {
			lines->begin = (size_t)(feed - lines->buffer) + 1;
			return 0;
		}
		lines->begin = lines->end;
		if (lines->at_end)
			return 0;
		r = lines_fill(lines);
		if (r < 0)
			return r;
	}
}

/* Skips a byte order mark before the first line. */
static void lines_skip_mark(struct lines *lines)
{
	if (lines->known_offset == 0 && lines->known == lines->buffer && lines->begin == 0 &&
	    lines->end >= 3 && memcmp(lines->buffer, "\xef\xbb\xbf", 3) == 0) {
		lines->begin = 3;
		lines_offset(lines, lines->buffer + 3);
	}
}

/* Adds a missing line feed after the last line. */
static void lines_terminate(struct lines *lines)
{
	lines->unterminated = true;
	lines->buffer[lines->end++] = '\n';
}

int lines_next(struct lines *lines, const char **ret_begin, const char **ret_end)
{
	size_t searched = 0;

	for (;;) {
		size_t size = lines->end - lines->begin;
		char *at = lines->buffer + lines->begin;
		char *feed = searched < size ? memory_last(at + searched, '\n', size - searched)
					     : NULL;
		int r;

		/* only the first line of a block can have taken several steps */
		if (feed && searched > LINE_MAX_SIZE - LINES_STEP &&
		    (size_t)((char *)memchr(at, '\n', size) - at) > LINE_MAX_SIZE)
			feed = NULL;
		if (feed) {
			*ret_begin = at;
			*ret_end = feed + 1;
			lines->begin = (size_t)(feed + 1 - lines->buffer);
			return LINES_BLOCK;
		}
		if (size > LINE_MAX_SIZE) {
			lines->long_offset = lines_offset(lines, at);
			r = lines_skip(lines);
			*ret_begin = *ret_end = lines->buffer;
			return r < 0 ? r : LINES_TOO_LONG;
		}
		if (lines->at_end) {
			if (size == 0)
				return LINES_END;
			lines_terminate(lines);
			continue;
		}
		searched = size;
		r = lines_fill(lines);
		if (r < 0)
			return r;
		lines_skip_mark(lines);
	}
}

int lines_join(struct lines *lines, const char **at, const char **end)
{
	size_t had = (size_t)(*end - *at), size;
	/* double the size each time, since a long record is scanned again from its start */
	size_t wanted = had > JOIN_AT_ONCE ? 2 * had : 0;
	char *begin, *feed;

	lines->begin = (size_t)(*at - lines->buffer);
	for (;;) {
		int r;

		begin = lines->buffer + lines->begin;
		size = lines->end - lines->begin;
		feed = memory_last(begin + had, '\n', size - had);
		if ((feed && size >= wanted) || size > LINE_MAX_SIZE + 1)
			break;
		if (lines->at_end && (feed || size == had))
			break;
		if (lines->at_end) {
			lines_terminate(lines);
			continue;
		}
		r = lines_fill(lines);
		if (r < 0)
			return r;
	}
	*at = begin;
	*end = feed ? feed + 1 : begin + had;
	lines->begin = (size_t)(*end - lines->buffer);
	if (feed)
		return LINES_BLOCK;
	return size > had ? LINES_TOO_LONG : LINES_END;
}

int lines_take(struct lines *lines, const char *line, size_t size, const char **ret_begin,
	       const char **ret_end)
{
	/* where the previous line ended */
	lines_offset(lines, lines->buffer + lines->end);
	if (size >= lines->capacity) {
		char *buffer = realloc(lines->buffer, size + 1 + LINES_SLACK);

		if (!buffer)
			return -ENOMEM;
		lines->buffer = buffer;
		lines->capacity = size + 1;
	}
	lines->known = lines->buffer;
	if (size > 0)
		memcpy(lines->buffer, line, size);
	lines->buffer[size] = '\n';
	lines->begin = lines->end = size + 1;
	*ret_begin = lines->buffer;
	*ret_end = lines->buffer + lines->end;
	return 0;
}

void lines_seek(struct lines *lines, uint64_t offset)
{
	lines->begin = lines->end = 0;
	lines->raw_size = 0;
	lines->at_end = false;
	lines->unterminated = false;
	lines->known = lines->buffer;
	lines->known_offset = offset;
}

void lines_advance_wide(struct lines *lines, const char *at)
{
	/* one UTF-16 unit of two bytes for each character, two for those of four bytes in UTF-8 */
	for (const char *c = lines->known; c < at; c++) {
		if (((unsigned char)*c & 0xc0) != 0x80)
			lines->known_offset += (unsigned char)*c >= 0xf0 ? 4 : 2;
	}
	lines->known = at;
}
