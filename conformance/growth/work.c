/* SPDX-License-Identifier: MIT */
/*
 * Counts work, so that numbers are the same on every machine: basic blocks of the library, by
 * -fsanitize-coverage=trace-pc, and bytes that it has the C library go through, by --wrap of the
 * linker.
 */
#include <stddef.h>
#include <stdint.h>

#include "base/seed.h"
#include "growth.h"

#define BYTES_A_BLOCK 16

uint64_t growth_work;

/* Of the compiler: called in each basic block. */
void __sanitizer_cov_trace_pc(void);
void __sanitizer_cov_trace_pc(void)
{
	growth_work++;
}

/* The linker takes this one: hashes are the same in each run. */
uint64_t random_seed(void)
{
	static uint64_t seed = 1;

	return seed *= 0x2545f4914f6cdd1dU;
}

static void count_bytes(size_t size)
{
	growth_work += size / BYTES_A_BLOCK;
}

/* The linker calls __wrap_NAME() for NAME(), and NAME() for __real_NAME(). */
#define WRAP(type, name, parameters, size, ...)                                                    \
	type __real_##name parameters;                                                             \
	type __wrap_##name parameters;                                                             \
	type __wrap_##name parameters                                                              \
	{                                                                                          \
		count_bytes(size);                                                                 \
		return __real_##name(__VA_ARGS__);                                                 \
	}

WRAP(void *, memcpy, (void *to, const void *from, size_t size), size, to, from, size)
WRAP(void *, memmove, (void *to, const void *from, size_t size), size, to, from, size)
WRAP(void *, memset, (void *to, int byte, size_t size), size, to, byte, size)
WRAP(int, memcmp, (const void *a, const void *b, size_t size), size, a, b, size)
WRAP(void *, calloc, (size_t count, size_t size), count *size, count, size)
WRAP(void *, realloc, (void *old, size_t size), size, old, size)
/* those of -D_FORTIFY_SOURCE */
WRAP(void *, __memcpy_chk, (void *to, const void *from, size_t size, size_t room), size, to, from,
     size, room)
WRAP(void *, __memmove_chk, (void *to, const void *from, size_t size, size_t room), size, to, from,
     size, room)
WRAP(void *, __memset_chk, (void *to, int byte, size_t size, size_t room), size, to, byte, size,
     room)

/* What searches ends where it finds something. */

void *__real_memchr(const void *in, int byte, size_t size);
void *__wrap_memchr(const void *in, int byte, size_t size);
void *__wrap_memchr(const void *in, int byte, size_t size)
{
	const char *found = __real_memchr(in, byte, size);

	count_bytes(found ? (size_t)(found - (const char *)in) : size);
	return (void *)found;
}

void *__real_memmem(const void *in, size_t size, const void *part, size_t length);
void *__wrap_memmem(const void *in, size_t size, const void *part, size_t length);
void *__wrap_memmem(const void *in, size_t size, const void *part, size_t length)
{
	const char *found = __real_memmem(in, size, part, length);

	count_bytes(found ? (size_t)(found - (const char *)in) : size);
	return (void *)found;
}

void *__real_memrchr(const void *in, int byte, size_t size);
void *__wrap_memrchr(const void *in, int byte, size_t size);
void *__wrap_memrchr(const void *in, int byte, size_t size)
{
	const char *found = __real_memrchr(in, byte, size);

	count_bytes(found ? (size_t)((const char *)in + size - found) : size);
	return (void *)found;
}
