/* SPDX-License-Identifier: MIT */
#include "check/open_incarnations.h"

#include <stdlib.h>
#include <string.h>

static struct sessionlint_text key_text(const uint32_t key[3])
{
	return text_of((const char *)key, 3 * sizeof key[0]);
}

void open_incarnations_init(struct open_incarnations *open, size_t size)
{
	table_init(&open->table);
	open->size = size;
}

void open_incarnations_free(struct open_incarnations *open, void (*release)(void *incarnation))
{
	for (uint32_t i = 0; i < open->table.slot_count; i++) {
		if (release && open->table.slots[i])
			release(open->table.slots[i]);
		free(open->table.slots[i]);
	}
	table_free(&open->table);
}

void *open_incarnation_find(const struct open_incarnations *open,
			    const struct sessionlint_step *step)
{
	const uint32_t key[3] = { step->host_number, step->session, (uint32_t)step->source };

	return table_find(&open->table, key_text(key));
}

void *open_incarnation_add(struct open_incarnations *open, const struct sessionlint_step *step)
{
	/* malloc() reuses a block just freed, calloc() of glibc does not */
	struct open_incarnation *incarnation = malloc(open->size);

	if (!incarnation)
		return NULL;
	memset(incarnation, 0, open->size);
	incarnation->key[0] = step->host_number;
	incarnation->key[1] = step->session;
	incarnation->key[2] = (uint32_t)step->source;
	if (table_add(&open->table, &incarnation->entry, key_text(incarnation->key)) == 0)
		return incarnation;
	free(incarnation);
	return NULL;
}

void open_incarnation_take(struct open_incarnations *open, void *incarnation)
{
	const struct open_incarnation *taken = incarnation;

	table_remove(&open->table, &taken->entry);
}

bool open_incarnation_alike(const void *one, const void *other)
{
	const struct open_incarnation *a = one, *b = other;

	return text_equal(key_text(a->key), key_text(b->key));
}
