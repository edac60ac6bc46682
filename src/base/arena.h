/* SPDX-License-Identifier: MIT */
/* Memory that is freed all at once. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sessionlint_text.h"

struct arena_block;

struct arena {
	struct arena_block *blocks; /* the newest first */
	size_t used;                /* of the newest */
	bool failed;                /* an allocation has failed since arena_reset() */
};

/* @size bytes that live until arena_reset(), or NULL. Not zeroed, aligned for anything. */
void *arena_allocate(struct arena *arena, size_t size);

/* Formats as format_bytes() does; the text is NUL-terminated. An empty text if memory runs out:
 * check @failed at the end. */
__attribute__((format(printf, 2, 3))) struct sessionlint_text arena_format(struct arena *arena,
									   const char *format, ...);
struct sessionlint_text arena_format_list(struct arena *arena, const char *format,
					  va_list arguments);

/* Frees everything except one block, for reuse. */
void arena_reset(struct arena *arena);
void arena_free(struct arena *arena);

#endif
