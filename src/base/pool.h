/* SPDX-License-Identifier: MIT */
/* Many things of one size, which lie together and are given back together. */
#ifndef BASE_POOL_H
#define BASE_POOL_H

#include <stddef.h>
#include <stdint.h>

struct pool_block;

struct pool {
	struct pool_block *blocks; /* the newest first */
	void *spare;               /* what was given back, the last first: it is in the cache */
	uint32_t used, room;       /* things of the newest block */
};

/* A thing of @size bytes, zeroed and aligned for anything, or NULL. The size is the same for all of
 * a pool. */
void *pool_take(struct pool *pool, size_t size);

/* Gives back a thing that was taken. */
void pool_give(struct pool *pool, void *thing);

/* Gives back all, with the memory. */
void pool_free(struct pool *pool);

#endif
