/* SPDX-License-Identifier: MIT */
#include "base/recent.h"

#include <stdlib.h>

/* So many slots are for one thing, that few share theirs. */
#define SLOTS_EACH 16U
/* What is used no more pushes out what is: so there are at most so many. */
#define SLOTS_MAX 4096U

void *recent_resize(void *slots, uint32_t *room, uint32_t count, uint32_t each, size_t size)
{
	uint32_t wanted = *room ? *room : each;
	void *more;

	while (wanted < SLOTS_MAX && wanted / each < count)
		wanted *= 2;
	more = wanted == *room ? NULL : calloc(wanted, size);
	if (!more)
		return slots;
	free(slots);
	*room = wanted;
	return more;
}

void recent_fit(struct recent *recent, uint32_t count)
{
	recent->slots = recent_resize(recent->slots, &recent->room, count, SLOTS_EACH,
				      sizeof *recent->slots);
}

void recent_free(struct recent *recent)
{
	free(recent->slots);
	*recent = (struct recent) { .room = 0 };
}
