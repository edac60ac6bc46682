/* SPDX-License-Identifier: MIT */
#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

/* Each block has twice as many things as the one before, from so many to so many. */
#define BLOCK_MIN 2U
#define BLOCK_MAX 256U

/* Things that fill lines of the cache begin where these do. */
#define LINE 64U

struct pool_block {
	struct pool_block *older;
	char room[]; /* for the things, and to begin at a multiple of LINE */
};

static char *things_of(struct pool_block *block)
{
	return block->room + (LINE - (uintptr_t)block->room % LINE) % LINE;
}

static int pool_grow(struct pool *pool, size_t size)
{
	uint32_t room = pool->room ? pool->room * 2 : BLOCK_MIN;
	struct pool_block *block;

	if (room > BLOCK_MAX)
		room = BLOCK_MAX;
	block = malloc(sizeof *block + LINE + room * size);
	if (!block)
		return -1;
	block->older = pool->blocks;
	*pool = (struct pool) { .blocks = block, .room = room };
	return 0;
}

void *pool_take(struct pool *pool, size_t size)
{
	void *thing = pool->spare;

	size = (size + _Alignof(max_align_t) - 1) / _Alignof(max_align_t) * _Alignof(max_align_t);
	if (thing) {
		memcpy(&pool->spare, thing, sizeof pool->spare);
	} else {
		if (pool->used == pool->room && pool_grow(pool, size) < 0)
			return NULL;
		thing = things_of(pool->blocks) + pool->used++ * size;
	}
	return memset(thing, 0, size);
}

void pool_give(struct pool *pool, void *thing)
{
	memcpy(thing, &pool->spare, sizeof pool->spare);
	pool->spare = thing;
}

void pool_free(struct pool *pool)
{
	for (struct pool_block *block = pool->blocks, *older; block; block = older) {
		older = block->older;
		free(block);
	}
	*pool = (struct pool) { .room = 0 };
}
