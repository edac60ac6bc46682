/* SPDX-License-Identifier: MIT */
#include "base/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#ifdef __linux__
#include <sys/mman.h>
#endif
#ifdef __GLIBC__
#include <malloc.h>
#endif

/* What malloc() keeps of what is freed: the next log needs as much. */
#define SPARE (4 << 20)

void memory_grow_in_place(void)
{
#ifdef __GLIBC__
	/* a fixed size from which on an array has pages of its own, which the kernel moves; by
	 * itself it becomes 32 MiB */
	mallopt(M_MMAP_THRESHOLD, 1 << 20);
	/* otherwise each small log gets pages and gives them back, in each thread */
	mallopt(M_TRIM_THRESHOLD, SPARE);
#endif
}

/* Only advice: what comes of it does not matter here. */
static void advise_large_pages(void *memory, size_t size)
{
#ifdef MADV_HUGEPAGE
	madvise(memory, size, MADV_HUGEPAGE);
#else
	(void)memory;
	(void)size;
#endif
}

#ifdef __linux__
/* Pages of the kernel. More are reserved to find some that are aligned; the others are given back.
 */
static void *pages_aligned(size_t alignment, size_t size)
{
	char *all = mmap(NULL, size + alignment, PROT_READ | PROT_WRITE,
			 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	size_t before;

	if (all == MAP_FAILED)
		return NULL;
	before = (alignment - (uintptr_t)all % alignment) % alignment;
	if (before > 0)
		munmap(all, before);
	munmap(all + before + size, alignment - before);
	return all + before;
}

void memory_give_back(void *memory, size_t size)
{
	munmap(memory, size);
}
#else
static void *pages_aligned(size_t alignment, size_t size)
{
	return aligned_alloc(alignment, size);
}

void memory_give_back(void *memory, size_t size)
{
	(void)size;
	free(memory);
}
#endif

void *memory_aligned(size_t alignment, size_t size, bool large)
{
	void *memory = pages_aligned(alignment, size);

	if (memory && large)
		advise_large_pages(memory, size);
	return memory;
}

void *memory_table(size_t size)
{
	void *table;

	if (size < LARGE_PAGE)
		return calloc(1, size);
	table = aligned_alloc(LARGE_PAGE, (size + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE);
	if (!table)
		return NULL;
	advise_large_pages(table, size);
	return memset(table, 0, size);
}

void memory_free(void *memory)
{
	free(memory);
}

char *memory_last(char *memory, char byte, size_t size)
{
	return memrchr(memory, byte, size);
}
