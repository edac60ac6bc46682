/* SPDX-License-Identifier: MIT */
/* How an argument is written on a command line. What is here differs between systems:
 * posix/quote.c, windows/quote.c. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stddef.h>

/* The maximum size of an argument of @size bytes with its quotes, without a NUL. */
#define QUOTED_SIZE(size) (4 * (size) + 2)

/* Writes @argument so that the shell passes it on as it is, with quotes only where they are needed.
 * Returns the end of what it wrote; there is no NUL. */
char *quote_argument(char *to, const char *argument);

#endif
