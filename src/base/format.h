/* SPDX-License-Identifier: MIT */
/*
 * Formatting as printf() does, but for text of a trace: "%.*s" takes as many bytes as it is given,
 * NULs among them. The other conversions are c, d, s, u, x and X, with flags, width and precision,
 * and with ll or z where the argument has that size.
 */
#ifndef BASE_FORMAT_H
#define BASE_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/*
 * Writes at most @room bytes to @to, without a NUL at their end. Returns how many bytes there are
 * with room enough.
 */
size_t format_bytes(char *to, size_t room, const char *format, va_list arguments);

#endif
