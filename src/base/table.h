/* SPDX-License-Identifier: MIT */
/* A hash table with texts as keys. */
#ifndef BASE_TABLE_H
#define BASE_TABLE_H

#include "base/text.h"

/* The first member of the entries of a table. The key belongs to the owner and must not change. */
struct table_entry {
	struct sessionlint_text key;
	uint32_t hash;
};

struct table {
	struct table_entry **slots; /* open addressing, linear probing; NULL is empty */
	uint32_t slot_count;        /* a power of two, or 0 before the first entry */
	uint32_t count;
	/* of the hash, from the first entry on: nobody can choose keys that collide */
	uint64_t seed, factor;
};

void table_init(struct table *table);
/* Frees the table, not what is in it. */
void table_free(struct table *table);

/* A number as a key; it must stay where it is as long as the entry is in the table. */
static inline struct sessionlint_text table_number(const uint64_t *number)
{
	return text_of((const char *)number, sizeof *number);
}

/* The entry with that key, or NULL. */
struct table_entry *table_find(const struct table *table, struct sessionlint_text key);

/* Adds @entry with @key, which must be new. -ENOMEM. */
int table_add(struct table *table, struct table_entry *entry, struct sessionlint_text key);

/* Removes @entry, which must be in the table. */
void table_remove(struct table *table, const struct table_entry *entry);

#endif
