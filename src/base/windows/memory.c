/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <malloc.h>
#include <string.h>

void memory_grow_in_place(void)
{
}

void *memory_aligned(size_t alignment, size_t size, bool large)
{
	(void)large;
	return _aligned_malloc(size, alignment);
}

void memory_give_back(void *memory, size_t size)
{
	(void)size;
	_aligned_free(memory);
}

void *memory_table(size_t size)
{
	/* large pages would need a privilege that nobody has */
	void *table = _aligned_malloc(size, 64);

	return table ? memset(table, 0, size) : NULL;
}

void memory_free(void *memory)
{
	_aligned_free(memory);
}

char *memory_last(char *memory, char byte, size_t size)
{
	while (size > 0)
		if (memory[--size] == byte)
			return memory + size;
	return NULL;
}
