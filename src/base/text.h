/* SPDX-License-Identifier: MIT */
/* Slices of text that are owned elsewhere. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "sessionlint_text.h"

/*@ assigns \nothing;
    ensures \result.data == data && \result.size == size; */
static inline struct sessionlint_text text_of(const char *data, size_t size)
{
	return (struct sessionlint_text) { .data = data, .size = size };
}

static inline struct sessionlint_text text_from(const char *terminated)
{
	return text_of(terminated, strlen(terminated));
}

static inline bool text_equal(struct sessionlint_text a, struct sessionlint_text b)
{
	return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}

/*@ assigns \nothing;
    ensures \result == ('A' <= c <= 'Z' ? c - 'A' + 'a' : c); */
static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether @text is @word, in upper or lower case. */
static inline bool text_is(struct sessionlint_text text, const char *word)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (word[i] == '\0' ||
		    (text.data[i] != word[i] && ascii_lower(text.data[i]) != ascii_lower(word[i])))
			return false;
	return word[i] == '\0';
}

/* Up to eight bytes from @bytes on, all of which are in the result; as a number that is the same on
 * one machine. */
static inline uint64_t text_word(const char *bytes, size_t size)
{
	uint32_t first, last;
	uint64_t word;

	if (size >= sizeof word) {
		memcpy(&word, bytes, sizeof word);
		return word;
	}
	if (size >= sizeof first) {
		memcpy(&first, bytes, sizeof first);
		memcpy(&last, bytes + size - sizeof last, sizeof last);
		return first | (uint64_t)last << 32;
	}
	if (size == 0)
		return 0;
	return (unsigned char)bytes[0] | (uint64_t)(unsigned char)bytes[size / 2] << 8 |
	       (uint64_t)(unsigned char)bytes[size - 1] << 16;
}

/* What is between number @index, counted from 0, and the one before it in "A, B or C", which has
 * @count of them. */
static inline const char *text_or(size_t index, size_t count)
{
	return index == 0 ? "" : index + 1 < count ? ", " : " or ";
}

/* A copy of @text at *room, which moves past it; an empty one stays as it is. */
static inline struct sessionlint_text text_keep(struct sessionlint_text text, char **room)
{
	char *copy = *room;

	if (text.size == 0)
		return text;
	memcpy(copy, text.data, text.size);
	*room += text.size;
	return text_of(copy, text.size);
}

/* A copy of a text, which the caller owns and gives back by text_disown(). -ENOMEM. */
int text_own(struct sessionlint_text text, struct sessionlint_text *ret_copy);
void text_disown(struct sessionlint_text *text);

/* Makes *text, which is owned, a copy of @value. Returns 1 if it was another text before, 0, or
 * -ENOMEM. */
int text_set(struct sessionlint_text *text, struct sessionlint_text value);

#endif
