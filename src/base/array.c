/* SPDX-License-Identifier: MIT */
#include "base/array.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define CAPACITY_MIN 4U

void *array_reserve(void *array, size_t count, size_t more, size_t *capacity, size_t size)
{
	size_t wanted = *capacity ? *capacity : CAPACITY_MIN / 2;
	void *grown;

	if (array && more <= *capacity - count)
		return array;
	if (more > SIZE_MAX - count || wanted > SIZE_MAX / 2)
		return NULL;
	wanted *= 2;
	if (wanted < count + more)
		wanted = count + more;
	if (wanted > SIZE_MAX / size)
		return NULL;
	grown = realloc(array, wanted * size);
	if (grown)
		*capacity = wanted;
	return grown;
}

void *array_grow(void *array, size_t count, size_t *capacity, size_t size)
{
	return array_reserve(array, count, 1, capacity, size);
}

void *array_reach(void *array, size_t index, size_t *count, size_t size)
{
	size_t before = *count, after = before;
	char *grown;

	if (index < before)
		return array;
	grown = array_reserve(array, before, index - before + 1, &after, size);
	if (!grown)
		return NULL;
	memset(grown + before * size, 0, (after - before) * size);
	*count = after;
	return grown;
}
