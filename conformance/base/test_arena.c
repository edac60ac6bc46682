/* SPDX-License-Identifier: MIT */
/* Memory that is freed all at once: each piece is its own, aligned, and lives until the reset. */
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "random.h"
#include "tap.h"

#define PIECES 2000

static void test_pieces(void)
{
	static unsigned char *pieces[PIECES];
	static size_t sizes[PIECES];
	struct arena arena = { 0 };
	unsigned unaligned = 0, changed = 0, missing = 0;

	for (unsigned i = 0; i < PIECES; i++) {
		/* now and then one that is larger than a block */
		sizes[i] = random_below(100) ? random_below(200) : random_below(60000);
		pieces[i] = arena_allocate(&arena, sizes[i]);
		missing += !pieces[i];
		if (!pieces[i])
			continue;
		unaligned += (uintptr_t)pieces[i] % _Alignof(max_align_t) != 0;
		memset(pieces[i], (int)(i % 251), sizes[i]);
	}
	for (unsigned i = 0; i < PIECES; i++)
		for (size_t at = 0; pieces[i] && at < sizes[i]; at++)
			changed += pieces[i][at] != i % 251;
	tap_ok(missing == 0 && !arena.failed, "memory is there");
	tap_ok(unaligned == 0, "each piece is aligned for anything");
	tap_ok(changed == 0, "no piece overlaps another");
	arena_free(&arena);
	tap_ok(!arena.blocks && arena.used == 0, "nothing is left after arena_free()");
}

static void test_reset(void)
{
	struct arena arena = { 0 };
	void *first = arena_allocate(&arena, 100), *again, *large;

	arena_reset(&arena);
	again = arena_allocate(&arena, 100);
	tap_ok(first && first == again, "a reset keeps a block for reuse");
	large = arena_allocate(&arena, (size_t)1 << 20);
	tap_ok(large && arena.blocks, "a large piece");
	arena_reset(&arena);
	tap_ok(!arena.blocks, "a large block is not kept");
	tap_ok(arena_allocate(&arena, 1), "the arena is usable after that");
	arena_free(&arena);
}

static void test_failure(void)
{
	struct arena arena = { 0 };

	tap_ok(!arena_allocate(&arena, SIZE_MAX) && arena.failed, "a size that nothing has");
	tap_ok(arena_allocate(&arena, 8) && arena.failed, "the failure stays known");
	arena_reset(&arena);
	tap_ok(!arena.failed, "until the reset");
	arena_free(&arena);
}

static void test_format(void)
{
	struct arena arena = { 0 };
	struct sessionlint_text text, empty;
	char *used = arena_allocate(&arena, 1000);

	if (used)
		memset(used, 'x', 1000);
	arena_reset(&arena);
	text = arena_format(&arena, "%.*s: %u", 3, "a\0b", 42U);
	empty = arena_format(&arena, "%s", "");
	tap_ok(text_equal(text, text_of("a\0b: 42", 7)), "text with a NUL is formatted");
	tap_ok(text.data[text.size] == '\0', "it is terminated");
	tap_ok(empty.size == 0 && empty.data[0] == '\0', "an empty one too");
	arena_free(&arena);
}

int main(void)
{
	test_pieces();
	test_reset();
	test_failure();
	test_format();
	return tap_done();
}
