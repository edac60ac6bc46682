/* SPDX-License-Identifier: MIT */
#include "base/recent.h"

#include <stdlib.h>

/* So many slots are for one thing, that few share theirs; and so many there are at most, for what
 * is used no more pushes out what is. */
#define SLOTS_EACH 16U
#define SLOTS_MIN  16U
#define SLOTS_MAX  4096U

void recent_fit(struct recent *recent, uint32_t count)
{
	uint32_t room = recent->room ? recent->room : SLOTS_MIN;
	void **slots;

	while (room < SLOTS_MAX && room / SLOTS_EACH < count)
		room *= 2;
	if (room == recent->room)
		return;
	slots = calloc(room, sizeof *slots);
	/* what is there serves as well */
	if (!slots)
		return;
	free(recent->slots);
	*recent = (struct recent) { .slots = slots, .room = room };
}

void recent_free(struct recent *recent)
{
	free(recent->slots);
	*recent = (struct recent) { .room = 0 };
}
