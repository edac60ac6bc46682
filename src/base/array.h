/* SPDX-License-Identifier: MIT */
/* Arrays that grow. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#include <stddef.h>

/*
 * Makes room in @array, which has @count elements of @size bytes and room for *capacity, for one
 * more. Returns the array, which can have moved: *capacity has at least doubled then. NULL: there
 * is no memory, and the array is as it was. An array without room is NULL.
 */
void *array_grow(void *array, size_t count, size_t *capacity, size_t size);

/* The same for @more elements. */
void *array_reserve(void *array, size_t count, size_t more, size_t *capacity, size_t size);

/* Grows @array, which has *count elements of @size bytes, until it has element @index: new elements
 * are zero. Returns the array as array_grow() does. */
void *array_reach(void *array, size_t index, size_t *count, size_t size);

#endif
