/* SPDX-License-Identifier: MIT */
#include "account/names.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"

struct account_name {
	struct table_entry entry;
	uint32_t number;
	char text[];
};

void account_names_init(struct account_names *names)
{
	*names = (struct account_names) { .list = NULL };
	table_init(&names->table);
}

void account_names_free(struct account_names *names)
{
	table_free(&names->table);
	arena_free(&names->arena);
	free(names->list);
}

int account_names_number(struct account_names *names, struct sessionlint_text text,
			 uint32_t *ret_number)
{
	struct account_name *name, **list;

	if (text.size == 0) {
		*ret_number = 0;
		return 0;
	}
	name = (struct account_name *)table_find(&names->table, text);
	if (name) {
		*ret_number = name->number;
		return 0;
	}
	list = array_grow(names->list, names->count, &names->capacity, sizeof(*list));
	name = arena_allocate(&names->arena, sizeof *name + text.size);
	if (list)
		names->list = list;
	if (!list || !name)
		return -ENOMEM;
	memcpy(name->text, text.data, text.size);
	name->number = (uint32_t)names->count + 1;
	if (table_add(&names->table, &name->entry, text_of(name->text, text.size)) < 0)
		return -ENOMEM;
	names->list[names->count++] = name;
	*ret_number = name->number;
	return 0;
}

int account_names_numbers(struct account_names *names, const struct account_naming *list,
			  unsigned count)
{
	int r = 0;

	for (unsigned i = 0; r == 0 && i < count; i++)
		r = account_names_number(names, list[i].text, list[i].ret_number);
	return r;
}

struct sessionlint_text account_names_text(const struct account_names *names, uint32_t number)
{
	return number ? names->list[number - 1]->entry.key : text_of(NULL, 0);
}
