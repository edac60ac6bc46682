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

/* The slot of a thing with these ends, of @room slots. */
static inline uint32_t recent_slot(uint64_t ends, uint32_t room)
{
	/* the upper bits of a product depend on all of its factors */
	return (uint32_t)(((ends ^ ends >> 32) * 0x9e3779b97f4a7c15U >> 32) * room >> 32);
}

/* Where a thing with these ends lies; NULL if there is no room for any. */
static inline void **recent_at(const struct recent *recent, uint64_t ends)
{
	return recent->room ? &recent->slots[recent_slot(ends, recent->room)] : NULL;
}

/*
 * Makes room for @count things, @each slots of @size bytes for one, in @slots, which are *room.
 * Returns the slots: empty ones if there are more than before; if there is no memory, those that
 * there are, which serve as well.
 */
void *recent_resize(void *slots, uint32_t *room, uint32_t count, uint32_t each, size_t size);

/* Makes room for @count things, and forgets what was there if it has to. */
void recent_fit(struct recent *recent, uint32_t count);
void recent_free(struct recent *recent);

#endif
