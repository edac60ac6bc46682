/* SPDX-License-Identifier: MIT */
#include "check/parts.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

void parts_free(struct parts *parts)
{
	free(parts->list);
	*parts = (struct parts) { .list = NULL };
}

int parts_add(struct parts *parts, const char *file)
{
	struct part *list = array_grow(parts->list, parts->count, &parts->capacity, sizeof *list);

	if (!list)
		return -ENOMEM;
	parts->list = list;
	parts->list[parts->count] = (struct part) {
		.first = parts->count > 0 ? parts->last + 1 : 0,
		.file = file,
	};
	parts->last = parts->list[parts->count++].first;
	return 0;
}

const char *parts_locate(const struct parts *parts, const char *file, uint64_t *line)
{
	size_t low = 0, high = parts->count;

	if (parts->count == 0)
		return file;
	while (high - low > 1) {
		size_t middle = low + (high - low) / 2;

		if (parts->list[middle].first <= *line)
			low = middle;
		else
			high = middle;
	}
	*line -= parts->list[low].first;
	return parts->list[low].file;
}
