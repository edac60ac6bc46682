/* SPDX-License-Identifier: MIT */
/*
 * Values in the spelling that most lines have, for the fast paths of the text readers. Any other
 * spelling is left to the scanner. All functions may read SHAPE_SLACK bytes from the value on.
 */
#ifndef TRACE_TEXT_LINE_VALUES_H
#define TRACE_TEXT_LINE_VALUES_H

#include "base/match.h"
#include "trace/keys.h"
#include "trace/time.h"

/* The first @size bytes of a word, at most 8; the rest is zero. */
static inline uint64_t word_head(uint64_t word, size_t size)
{
	return size >= 8 ? word : word & (((uint64_t)1 << 8 * size) - 1);
}

/* The end of a value without escapes: the first byte that cannot be part of it. A line feed always
 * ends it. */
static inline const char *value_end(const char *at, char last)
{
	unsigned ends = bytes_ending(at, last);

	for (; !ends; ends = bytes_ending(at, last))
		at += 16;
	return at + __builtin_ctz(ends);
}

/* Parses HH:MM:SS at @at in units of 100 ns; or UINT64_MAX. */
static inline uint64_t clock_read(const char *at)
{
	/* after this, digits are their values and colons are zero */
	uint64_t v = load_word(at) ^ 0x30303a30303a3030U;
	uint64_t hours, minutes, seconds;

	if ((v | (v + 0x0606000606000606U)) & 0xf0f0fff0f0fff0f0U)
		return UINT64_MAX;
	hours = (v & 15) * 10 + (v >> 8 & 15);
	minutes = (v >> 24 & 15) * 10 + (v >> 32 & 15);
	seconds = (v >> 48 & 15) * 10 + (v >> 56 & 15);
	if (hours > 23 || minutes > 59 || seconds > 60)
		return UINT64_MAX;
	return ((hours * 60 + minutes) * 60 + seconds) * 10000000;
}

/* Parses a session id of up to seven digits. Returns its end, or NULL. The number of digits
 * changes from line to line, so no branch depends on it. */
static inline const char *session_read(uint32_t *ret_session, const char *at, bool json)
{
	uint64_t digits = load_word(at) ^ 0x3030303030303030U;
	uint64_t others = (digits + 0x7676767676767676U) | digits;
	unsigned bit;

	others &= 0x8080808080808080U;
	if (!others || (others & 0x80) || (json && *at == '0' && at[1] >= '0' && at[1] <= '9'))
		return NULL;
	/* the highest bit of the byte after them */
	bit = (unsigned)__builtin_ctzll(others);
	/* move the digits to the end of the word, with zeros before them; then combine pairs,
	 * fours and eights: each product has the sum in the upper half */
	digits <<= (7 - bit) % 64;
	digits = (digits * (10 << 8 | 1) >> 8) & 0x00ff00ff00ff00ffU;
	digits = (digits * (100 << 16 | 1) >> 16) & 0x0000ffff0000ffffU;
	*ret_session = (uint32_t)(digits * ((uint64_t)10000 << 32 | 1) >> 32);
	return at + bit / 8;
}

/* Parses a time that ends in Z. Returns its end, or NULL. */
static inline const char *time_read(struct record_builder *builder, uint64_t *ret_time,
				    const char *at)
{
	static const uint32_t units[] = { 0, 1000000, 100000, 10000, 1000, 100, 10, 1 };
	uint64_t clock = clock_read(at + 11);
	uint32_t fraction;

	/* eleven bytes, as two words that overlap */
	if (load_word(at) != load_word(builder->day) ||
	    load_word(at + 3) != load_word(builder->day + 3)) {
		if (at[10] != 'T' || day_parse(at, &builder->day_ticks) < 0)
			return NULL;
		memcpy(builder->day, at, sizeof builder->day);
	}
	if (clock == UINT64_MAX)
		return NULL;
	at += 19;
	if (*at == '.') {
		const char *end = session_read(&fraction, at + 1, false);

		if (!end)
			return NULL;
		clock += (uint64_t)fraction * units[end - at - 1];
		at = end;
	}
	if (*at != 'Z')
		return NULL;
	*ret_time = builder->day_ticks + clock;
	return at + 1;
}

/* The end of a JSON number in plain notation, or NULL. */
static inline const char *number_end(const char *at)
{
	const char *first = at;

	while (*at >= '0' && *at <= '9')
		at++;
	return at == first || (*first == '0' && at - first > 1) ? NULL : at;
}

#endif
