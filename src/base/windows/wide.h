/* SPDX-License-Identifier: MIT */
/* Between the UTF-8 and errno of the program and the UTF-16 and error codes of Windows. */
#ifndef BASE_WINDOWS_WIDE_H
#define BASE_WINDOWS_WIDE_H

#include <wchar.h>

/* Text for free(), or NULL if memory is short. What is no UTF-8 or UTF-16 becomes U+FFFD. */
wchar_t *wide_from_utf8(const char *text);
char *wide_to_utf8(const wchar_t *text);

/*
 * A path as the functions of Windows take it, however long it is; for free(). NULL if memory is
 * short.
 */
wchar_t *wide_path(const char *path);

/* What GetLastError() says, as a negative errno. */
int wide_error(void);

#endif
