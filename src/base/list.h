/* SPDX-License-Identifier: MIT */
/*
 * Lists of things that hold their own neighbours, with a first and a last one. The names of the
 * members are given, as a thing can be in several lists.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#include <stddef.h>

/* Makes @item the last one. */
#define LIST_APPEND(first, last, item, previous, next)                                             \
	do {                                                                                       \
		(item)->next = NULL;                                                               \
		(item)->previous = (last);                                                         \
		if (last)                                                                          \
			(last)->next = (item);                                                     \
		else                                                                               \
			(first) = (item);                                                          \
		(last) = (item);                                                                   \
	} while (0)

/* Takes @item out; it keeps its neighbours. */
#define LIST_REMOVE(first, last, item, previous, next)                                             \
	do {                                                                                       \
		if ((item)->previous)                                                              \
			(item)->previous->next = (item)->next;                                     \
		else                                                                               \
			(first) = (item)->next;                                                    \
		if ((item)->next)                                                                  \
			(item)->next->previous = (item)->previous;                                 \
		else                                                                               \
			(last) = (item)->previous;                                                 \
	} while (0)

#endif
