/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include <stdlib.h>
#include <string.h>

#include "base/format.h"
#include "base/text.h"

#define ARENA_BLOCK ((size_t)16 << 10)
#define ARENA_ALIGN _Alignof(max_align_t)

struct arena_block {
	struct arena_block *next;
	size_t size;
	_Alignas(max_align_t) char bytes[];
};

void *arena_allocate(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;

	if (size > SIZE_MAX / 2) {
		arena->failed = true;
		return NULL;
	}
	size = (size + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
	if (!block || block->size - arena->used < size) {
		size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;

		block = malloc(sizeof *block + room);
		if (!block) {
			arena->failed = true;
			return NULL;
		}
		block->next = arena->blocks;
		block->size = room;
		arena->blocks = block;
		arena->used = 0;
	}
	arena->used += size;
	return block->bytes + arena->used - size;
}

struct sessionlint_text arena_format_list(struct arena *arena, const char *format,
					  va_list arguments)
{
	size_t size = format_bytes(NULL, 0, format, arguments);
	char *bytes = arena_allocate(arena, size + 1);

	if (!bytes)
		return text_of("", 0);
	format_bytes(bytes, size, format, arguments);
	bytes[size] = '\0';
	return text_of(bytes, size);
}

struct sessionlint_text arena_format(struct arena *arena, const char *format, ...)
{
	struct sessionlint_text text;
	va_list arguments;

	va_start(arguments, format);
	text = arena_format_list(arena, format, arguments);
	va_end(arguments);
	return text;
}

/* Frees @block and those after it. */
static void arena_drop(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

void arena_reset(struct arena *arena)
{
	arena->used = 0;
	arena->failed = false;
	if (!arena->blocks)
		return;
	if (arena->blocks->size > ARENA_BLOCK) {
		/* an unusually large one is not worth keeping */
		arena_drop(arena->blocks);
		arena->blocks = NULL;
		return;
	}
	arena_drop(arena->blocks->next);
	arena->blocks->next = NULL;
}

void arena_free(struct arena *arena)
{
	arena_drop(arena->blocks);
	*arena = (struct arena) { 0 };
}
