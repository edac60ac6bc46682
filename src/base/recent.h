/* SPDX-License-Identifier: MIT */
/*
 * What was found last, by a cheap hash of how it was asked for: one comparison in place of a
 * search. It is a hint. Whoever uses it compares what it finds, and can do without it.
 */
#ifndef BASE_RECENT_H
#define BASE_RECENT_H

#include <stdint.h>

#include "base/text.h"

struct recent {
	void **slots;
	uint32_t room; /* a power of two, or 0 */
};

/* Of the two ends of a text: that is where names and addresses differ. */
static inline uint64_t text_ends(struct sessionlint_text text)
{
	uint64_t first, last;

	if (text.size < sizeof first)
		return text_word(text.data, text.size);
	memcpy(&first, text.data, sizeof first);
	memcpy(&last, text.data + text.size - sizeof last, sizeof last);
	return first + last * 31;
}

/* Where a thing with these ends lies; NULL if there is no room for any. */
static inline void **recent_at(const struct recent *recent, uint64_t ends)
{
	/* the upper bits of a product depend on all of its factors */
	uint64_t hash = (ends ^ ends >> 32) * 0x9e3779b97f4a7c15U >> 32;

	return recent->room ? &recent->slots[hash * recent->room >> 32] : NULL;
}

/* Makes room for @count things, and forgets what was there if it has to. */
void recent_fit(struct recent *recent, uint32_t count);
void recent_free(struct recent *recent);

#endif
