/* SPDX-License-Identifier: MIT */
/* Memory as malloc() does not give it. What is allocated here goes to memory_free(). */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

#define LARGE_PAGE ((size_t)2 << 20)

/* Lets large arrays grow where they are, without a copy that has to live beside the old one: for a
 * program as a whole, at its start. */
void memory_grow_in_place(void);

/* @size bytes at a multiple of @alignment, a power of two that divides @size; or NULL. They are for
 * memory_give_back(). @large: both are multiples of LARGE_PAGE, and they are in large pages, where
 * there are such: all of a page is then there as soon as a byte of it is touched. */
void *memory_aligned(size_t alignment, size_t size, bool large);
void memory_give_back(void *memory, size_t size);

/* Zeroes for a table that is read at random: in large pages where it fills them; or NULL. */
void *memory_table(size_t size);

void memory_free(void *memory);

/* The last @byte in @memory, or NULL. */
char *memory_last(char *memory, char byte, size_t size);

#endif
