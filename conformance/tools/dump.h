/* SPDX-License-Identifier: MIT */
/* What the dump commands of the tests have in common: JSON strings that lose nothing. */
#ifndef CONFORMANCE_DUMP_H
#define CONFORMANCE_DUMP_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* One character of a JSON string. */
static inline void dump_unit(unsigned unit)
{
	if (unit == '"' || unit == '\\')
		printf("\\%c", (int)unit);
	else if (unit < 0x20 || unit >= 0x7f)
		printf("\\u%04x", unit);
	else
		putchar((int)unit);
}

/* Bytes as a JSON string in which each byte is one character: no encoding is assumed. */
static inline void dump_bytes(const char *data, size_t size)
{
	putchar('"');
	for (size_t i = 0; i < size; i++)
		dump_unit((unsigned char)data[i]);
	putchar('"');
}

#endif
