/* SPDX-License-Identifier: MIT */
#include "check/state/trails.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

/* Room that a trail keeps for the next incarnation. */
#define KEPT_MAX 256U

void trails_free(struct trails *trails)
{
	for (size_t i = 0; i < trails->count; i++)
		if (trails->list[i].capacity)
			free(trails->list[i].bytes.many);
	free(trails->list);
	*trails = (struct trails) { 0 };
}

struct trail *trails_make(struct trails *trails, uint32_t number)
{
	struct trail *list = array_reach(trails->list, number, &trails->count, sizeof *list);

	if (!list)
		return NULL;
	trails->list = list;
	return &list[number];
}

void trail_clear(struct trail *trail)
{
	trail->size = 0;
	if (trail->capacity <= KEPT_MAX)
		return;
	free(trail->bytes.many);
	trail->capacity = 0;
}

/* Makes room for @more bytes, after those that there are. -ENOMEM. */
static int make_room(struct trail *trail, uint32_t more)
{
	uint32_t capacity = trail->capacity ? trail->capacity : TRAIL_FEW;
	uint8_t *many;

	while (capacity - trail->size < more) {
		if (capacity > UINT32_MAX / 2)
			return -ENOMEM;
		capacity *= 2;
	}
	if (capacity == trail->capacity)
		return 0;
	many = realloc(trail->capacity ? trail->bytes.many : NULL, capacity);
	if (!many)
		return -ENOMEM;
	if (!trail->capacity)
		memcpy(many, trail->bytes.own.few, trail->size);
	trail->bytes.many = many;
	trail->capacity = capacity;
	return 0;
}

int trail_grow(struct trail *trail, uint8_t code)
{
	if (trail->size >= trail->capacity && make_room(trail, 1) < 0)
		return -ENOMEM;
	trail->bytes.many[trail->size++] = code;
	return 0;
}

int trail_extend(struct trail *trail, const void *bytes, uint32_t size)
{
	if (make_room(trail, size) < 0)
		return -ENOMEM;
	memcpy(trail->bytes.many + trail->size, bytes, size);
	trail->size += size;
	return 0;
}
