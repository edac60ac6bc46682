/* SPDX-License-Identifier: MIT */
/* The hash table, compared with a list of what must be in it while entries come and go. */
#include <stdio.h>
#include <string.h>

#include "base/table.h"
#include "random.h"
#include "tap.h"

#define ENTRIES 3000
#define STEPS   60000

struct thing {
	struct table_entry entry;
	char name[16];
	bool is_in;
};

static struct thing things[ENTRIES];

static struct sessionlint_text name_of(const struct thing *thing)
{
	return text_from(thing->name);
}

/* How many things are found where they should not be, or the other way around. */
static unsigned differences(const struct table *table)
{
	unsigned wrong = 0;

	for (unsigned i = 0; i < ENTRIES; i++) {
		const struct table_entry *found = table_find(table, name_of(&things[i]));

		wrong += found != (things[i].is_in ? &things[i].entry : NULL);
	}
	return wrong;
}

static unsigned in_table(void)
{
	unsigned count = 0;

	for (unsigned i = 0; i < ENTRIES; i++)
		count += things[i].is_in;
	return count;
}

static void test_empty(void)
{
	struct table table;

	table_init(&table);
	tap_ok(!table_find(&table, text_from("a")), "an empty table finds nothing");
	table_free(&table);
}

static void test_coming_and_going(void)
{
	unsigned wrong = 0, failed = 0;
	struct table table;

	table_init(&table);
	for (unsigned i = 0; i < ENTRIES; i++)
		snprintf(things[i].name, sizeof things[i].name, "VDI-%u", i);
	for (unsigned step = 0; step < STEPS; step++) {
		/* it grows in the first half, and shrinks in the second */
		bool adds = random_below(4) < (step < STEPS / 2 ? 3 : 1);
		struct thing *thing = &things[random_below(ENTRIES)];

		if (thing->is_in && !adds) {
			table_remove(&table, &thing->entry);
			thing->is_in = false;
		} else if (!thing->is_in && adds) {
			failed += table_add(&table, &thing->entry, name_of(thing)) != 0;
			thing->is_in = true;
		}
		if (step % 1000 == 0)
			wrong += differences(&table);
		wrong += table.count > table.slot_count / 2 + 1;
	}
	tap_ok(failed == 0, "entries are added");
	tap_ok(wrong == 0, "it finds what is in it, and nothing else");
	tap_ok(table.count == in_table(), "it counts its entries");
	for (unsigned i = 0; i < ENTRIES; i++)
		if (things[i].is_in)
			table_remove(&table, &things[i].entry);
	tap_ok(table.count == 0, "all entries can be removed");
	table_free(&table);
}

/* Keys that no NUL ends, and keys that have one. */
static void test_keys(void)
{
	static const char bytes[] = "a\0b\0a";
	struct table_entry entries[3];
	struct table table;

	table_init(&table);
	for (unsigned i = 0; i < 3; i++)
		table_add(&table, &entries[i], text_of(bytes, 2 * (size_t)i));
	tap_ok(table_find(&table, text_of("", 0)) == &entries[0], "the empty key");
	tap_ok(table_find(&table, text_of(bytes, 2)) == &entries[1], "a key with a NUL");
	tap_ok(table_find(&table, text_of(bytes, 4)) == &entries[2], "a key that begins like it");
	tap_ok(!table_find(&table, text_of(bytes, 3)), "a key between the two is not there");
	table_free(&table);
}

/* A factor of 0 gives all keys the same hash. */
static void test_collisions(void)
{
	static const char names[] = "abcdefgh";
	struct table_entry entries[8];
	struct table table;
	unsigned wrong = 0;

	table_init(&table);
	/* with the first entry, a table gets a factor */
	table_add(&table, &entries[0], text_of(names, 1));
	table_remove(&table, &entries[0]);
	table.factor = 0;
	for (unsigned i = 0; i < 8; i++)
		table_add(&table, &entries[i], text_of(names + i, 1));
	for (unsigned i = 0; i < 8; i += 2)
		table_remove(&table, &entries[i]);
	for (unsigned i = 0; i < 8; i++)
		wrong += table_find(&table, text_of(names + i, 1)) != (i % 2 ? &entries[i] : NULL);
	tap_ok(entries[0].hash == entries[7].hash && wrong == 0, "keys with the same hash");
	table_free(&table);
}

static void test_numbers(void)
{
	static uint64_t numbers[] = { 0, 1, 256, UINT64_MAX };
	struct table_entry entries[4];
	struct table table;
	unsigned wrong = 0;
	uint64_t other = 2;

	table_init(&table);
	for (unsigned i = 0; i < 4; i++)
		table_add(&table, &entries[i], table_number(&numbers[i]));
	for (unsigned i = 0; i < 4; i++) {
		uint64_t copy = numbers[i];

		wrong += table_find(&table, table_number(&copy)) != &entries[i];
	}
	tap_ok(wrong == 0, "numbers are keys");
	tap_ok(!table_find(&table, table_number(&other)), "a number that was not added");
	table_free(&table);
}

int main(void)
{
	struct table_entry entries[2];
	struct table a, b;

	test_empty();
	test_coming_and_going();
	test_keys();
	test_collisions();
	test_numbers();
	table_init(&a);
	table_init(&b);
	table_add(&a, &entries[0], text_of("a", 1));
	table_add(&b, &entries[1], text_of("a", 1));
	tap_ok(a.seed != b.seed && a.factor != b.factor, "no two tables have the same hash");
	tap_ok(a.factor % 2 == 1 && b.factor % 2 == 1, "no factor loses bits");
	table_free(&a);
	table_free(&b);
	return tap_done();
}
