/* SPDX-License-Identifier: MIT */
/* Slices of text that somebody else owns. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "sessionlint.h"

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

static inline char ascii_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Whether @text is @word, in upper or lower case. */
static inline bool text_is(struct sessionlint_text text, const char *word)
{
	size_t i;

	for (i = 0; i < text.size; i++)
		if (word[i] == '\0' || ascii_lower(text.data[i]) != ascii_lower(word[i]))
			return false;
	return word[i] == '\0';
}

#endif
