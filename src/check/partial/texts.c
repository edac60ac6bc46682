/* SPDX-License-Identifier: MIT */
#include "check/partial/partial.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

static int texts_append(struct partial_texts *texts, struct partial_text *text)
{
	struct partial_text **list = array_grow(texts->list, texts->count, &texts->capacity,
						sizeof *texts->list);

	if (!list)
		return -ENOMEM;
	texts->list = list;
	list[texts->count++] = text;
	return 0;
}

int partial_texts_init(struct partial_texts *texts)
{
	table_init(&texts->table);
	return texts_append(texts, NULL);
}

void partial_texts_free(struct partial_texts *texts)
{
	table_free(&texts->table);
	arena_free(&texts->arena);
	free(texts->list);
}

int partial_text_number(struct partial_texts *texts, struct sessionlint_text text,
			uint32_t *ret_number)
{
	struct partial_text *found;
	char *copy;
	int r;

	*ret_number = TEXT_NONE;
	if (text.size == 0)
		return 0;
	found = (struct partial_text *)table_find(&texts->table, text);
	if (found) {
		*ret_number = found->number;
		return 0;
	}
	found = arena_allocate(&texts->arena, sizeof *found);
	copy = arena_allocate(&texts->arena, text.size);
	if (!found || !copy || texts->count == UINT32_MAX)
		return -ENOMEM;
	memcpy(copy, text.data, text.size);
	*found = (struct partial_text) { .number = texts->count, .host = NO_HOST };
	r = texts_append(texts, found);
	if (r == 0) {
		r = table_add(&texts->table, &found->entry, text_of(copy, text.size));
		texts->count -= r < 0;
	}
	if (r == 0)
		*ret_number = found->number;
	return r;
}
