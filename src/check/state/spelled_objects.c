/* SPDX-License-Identifier: MIT */
#include "check/state/spelled_objects.h"

#include <stdlib.h>

#include "base/recent.h"

/* So many slots are for one object, that few share theirs. */
#define SLOTS_EACH 8U

static uint32_t slot_of(const struct spelled_objects *spelled, struct sessionlint_text driver,
			struct sessionlint_text io)
{
	return recent_slot(text_ends(driver) * 31 + text_ends(io), spelled->room);
}

static bool is_spelled(const struct spelled_object *slot, struct sessionlint_text driver,
		       struct sessionlint_text io)
{
	return slot->size == driver.size + io.size &&
	       text_equal(text_of(slot->bytes, slot->driver_size), driver) &&
	       text_equal(text_of(slot->bytes + driver.size, io.size), io);
}

struct io_object *spelled_find(const struct spelled_objects *spelled,
			       struct sessionlint_text driver, struct sessionlint_text io)
{
	const struct spelled_object *slot;

	if (spelled->room == 0)
		return NULL;
	slot = &spelled->slots[slot_of(spelled, driver, io)];
	return slot->object && is_spelled(slot, driver, io) ? slot->object : NULL;
}

void spelled_add(const struct spelled_objects *spelled, struct io_object *object,
		 struct spellings *spellings, struct sessionlint_text driver,
		 struct sessionlint_text io)
{
	struct spelled_object *slot;
	uint32_t number;

	if (spelled->room == 0 || driver.size + io.size > SPELLED_SIZE)
		return;
	number = slot_of(spelled, driver, io);
	slot = &spelled->slots[number];
	*slot = (struct spelled_object) {
		.object = object,
		.driver_size = (uint8_t)driver.size,
		.size = (uint8_t)(driver.size + io.size),
	};
	if (driver.size > 0)
		memcpy(slot->bytes, driver.data, driver.size);
	if (io.size > 0)
		memcpy(slot->bytes + driver.size, io.data, io.size);
	for (unsigned i = 0; i < spellings->count; i++)
		if (spellings->slots[i] == number)
			return;
	if (spellings->count < SPELLINGS_OF_OBJECT) {
		spellings->slots[spellings->count++] = (uint16_t)number;
		return;
	}
	slot = &spelled->slots[spellings->slots[spellings->oldest]];
	if (slot->object == object)
		slot->object = NULL;
	spellings->slots[spellings->oldest] = (uint16_t)number;
	spellings->oldest = (uint8_t)((spellings->oldest + 1) % SPELLINGS_OF_OBJECT);
}

void spelled_remove(const struct spelled_objects *spelled, const struct io_object *object,
		    const struct spellings *spellings)
{
	for (unsigned i = 0; i < spellings->count; i++) {
		struct spelled_object *slot = &spelled->slots[spellings->slots[i]];

		if (slot->object == object)
			slot->object = NULL;
	}
}

void spelled_fit(struct spelled_objects *spelled, uint32_t count)
{
	spelled->slots = recent_resize(spelled->slots, &spelled->room, count, SLOTS_EACH,
				       sizeof *spelled->slots);
}

void spelled_free(struct spelled_objects *spelled)
{
	free(spelled->slots);
	*spelled = (struct spelled_objects) { .room = 0 };
}
