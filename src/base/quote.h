/* SPDX-License-Identifier: MIT */
/* How an argument is written on a command line. What is here differs between systems:
 * posix/quote.c, windows/quote.c. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

#include <stddef.h>

/* The maximum size of an argument of @size bytes with its quotes, without a NUL. */
#define QUOTED_SIZE(size) (4 * (size) + 2)

/* Writes @argument so that a program gets it as it is, with quotes only where they are needed. A
 * POSIX shell passes it on unchanged; cmd.exe and PowerShell still replace variables. Returns the
 * end of what it wrote; there is no NUL. */
char *quote_argument(char *to, const char *argument);

#endif
