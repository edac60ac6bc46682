/* SPDX-License-Identifier: MIT */
/* Unicode: UTF-16 to UTF-8, and what in UTF-8 is safe to print. */
#ifndef BASE_UTF_H
#define BASE_UTF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define UTF_REPLACEMENT 0xfffdU

/* How long the form is that utf16_to_utf8() gives to half of a pair. */
#define UTF_HALF_SIZE 3

/* Writes a code point as UTF-8, at most 4 bytes; returns how many. Invalid ones become U+FFFD. */
size_t utf8_put(uint32_t code, char *to);

/* Reads one code point of @size > 0 bytes; *ret_code is U+FFFD where they are none. Returns how
 * many were read. */
size_t utf8_get(const char *bytes, size_t size, uint32_t *ret_code);

/* How many of @size bytes are UTF-8, up to the first that is not. */
size_t utf8_valid(const char *bytes, size_t size);

/*
 * Whether a code point is invisible, or changes how the text around it is shown: control and format
 * characters, default ignorable ones, line and paragraph separators, and noncharacters.
 */
bool utf_is_hidden(uint32_t code);

/* Whether @size bytes of UTF-8 have anything visible: more than blanks and hidden characters.
 * Invalid bytes are shown as escapes. */
bool utf8_is_visible(const char *bytes, size_t size);

/*
 * Converts @units UTF-16 code units, two bytes each, to UTF-8. @to has room for 3 bytes a unit.
 * Returns the bytes written. An unpaired surrogate becomes invalid UTF-8, so that texts with
 * different ones remain different; the first half at the very end is left over if
 * @ret_left is not NULL, where *ret_left becomes 1.
 */
size_t utf16_to_utf8(const unsigned char *from, size_t units, bool big, char *to, size_t *ret_left);

/* Where in @size bytes there is half of a pair, as utf16_to_utf8() writes it; NULL: nowhere. */
const char *utf8_find_half(const char *bytes, size_t size);

/* How many of @size bytes, from the first one on, are ASCII that can be seen, without the signs
 * that JSON and build logs escape: " \ #. */
size_t ascii_plain(const char *bytes, size_t size);

#endif
