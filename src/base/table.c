/* SPDX-License-Identifier: MIT */
#include "base/table.h"

#include <errno.h>
#include <stdlib.h>

#include "base/hash.h"
#include "base/seed.h"

#define SLOTS_MIN 64U

void table_init(struct table *table)
{
	*table = (struct table) { .count = 0 };
}

void table_free(struct table *table)
{
	free(table->slots);
}

static uint32_t key_hash(const struct table *table, struct sessionlint_text key)
{
	uint64_t hash = hash_fold(hash_text(key, table->seed, table->factor), table->factor);

	return (uint32_t)(hash ^ hash >> 32);
}

static void slot_fill(struct table_entry **slots, uint32_t count, struct table_entry *entry)
{
	uint32_t at = entry->hash & (count - 1);

	while (slots[at])
		at = (at + 1) & (count - 1);
	slots[at] = entry;
}

/* Doubles the slots when half of them are filled. */
static int table_grow(struct table *table)
{
	uint32_t count = table->slot_count ? table->slot_count * 2 : SLOTS_MIN;
	struct table_entry **slots;

	if (table->count < table->slot_count / 2)
		return 0;
	/* most tables of a small log stay empty, and a seed is a call of the system */
	if (table->slot_count == 0) {
		table->seed = random_seed();
		table->factor = random_seed() | 1;
	}
	slots = count ? calloc(count, sizeof(struct table_entry *)) : NULL;
	if (!slots)
		return -ENOMEM;
	for (uint32_t i = 0; i < table->slot_count; i++)
		if (table->slots[i])
			slot_fill(slots, count, table->slots[i]);
	free(table->slots);
	table->slots = slots;
	table->slot_count = count;
	return 0;
}

struct table_entry *table_find(const struct table *table, struct sessionlint_text key)
{
	uint32_t hash, mask = table->slot_count - 1;

	if (table->count == 0)
		return NULL;
	hash = key_hash(table, key);
	for (uint32_t at = hash & mask; table->slots[at]; at = (at + 1) & mask)
		if (table->slots[at]->hash == hash && text_equal(table->slots[at]->key, key))
			return table->slots[at];
	return NULL;
}

int table_add(struct table *table, struct table_entry *entry, struct sessionlint_text key)
{
	int r = table_grow(table);

	if (r < 0)
		return r;
	entry->key = key;
	entry->hash = key_hash(table, key);
	slot_fill(table->slots, table->slot_count, entry);
	table->count++;
	return 0;
}

void table_remove(struct table *table, const struct table_entry *entry)
{
	uint32_t mask = table->slot_count - 1, at = entry->hash & mask, next;

	while (table->slots[at] != entry)
		at = (at + 1) & mask;
	/* those move up that it had pushed on */
	for (next = (at + 1) & mask; table->slots[next]; next = (next + 1) & mask) {
		uint32_t home = table->slots[next]->hash & mask;

		/* it may move up if its home is not between the hole and itself */
		if (((next - home) & mask) >= ((next - at) & mask)) {
			table->slots[at] = table->slots[next];
			at = next;
		}
	}
	table->slots[at] = NULL;
	table->count--;
}
