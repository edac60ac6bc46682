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

/*@ predicate is_code_point(integer code) = 0 <= code < 0xd800 || 0xe000 <= code <= 0x10ffff;
    logic integer utf8_size(integer code) =
	code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    logic integer byte(char *bytes, integer i) = (unsigned char)bytes[i];

    // UTF-8 by RFC 3629: the first utf8_size(code) of the bytes are @code
    predicate is_utf8(char *bytes, integer code) = is_code_point(code) && (
	code < 0x80 ? byte(bytes, 0) == code :
	code < 0x800 ? byte(bytes, 0) == 0xc0 + code / 0x40 &&
	    byte(bytes, 1) == 0x80 + code % 0x40 :
	code < 0x10000 ? byte(bytes, 0) == 0xe0 + code / 0x1000 &&
	    byte(bytes, 1) == 0x80 + code / 0x40 % 0x40 && byte(bytes, 2) == 0x80 + code % 0x40 :
	byte(bytes, 0) == 0xf0 + code / 0x40000 && byte(bytes, 1) == 0x80 + code / 0x1000 % 0x40 &&
	    byte(bytes, 2) == 0x80 + code / 0x40 % 0x40 && byte(bytes, 3) == 0x80 + code % 0x40);
 */

/*@ predicate has_room(char *to, integer code) = \valid(to + (0 .. utf8_size(code) - 1));
    logic integer valid_code(integer code) =
	0 <= code < 0xd800 || 0xe000 <= code <= 0x10ffff ? code : UTF_REPLACEMENT; */

/* Writes a code point as UTF-8, at most 4 bytes; returns how many. Invalid ones become U+FFFD. */
/*@ requires has_room(to, valid_code(code));
    assigns to[0 .. utf8_size(valid_code(code)) - 1];
    ensures \result == utf8_size(valid_code(code)) && is_utf8(to, valid_code(code)); */
size_t utf8_put(uint32_t code, char *to);

/* Reads one code point of @size > 0 bytes; *ret_code is U+FFFD where they are none. Returns how
 * many were read. */
/*@ requires size > 0 && \valid_read(bytes + (0 .. size - 1)) && \valid(ret_code);
    requires \separated(bytes + (0 .. size - 1), ret_code);
    assigns *ret_code;
    ensures 1 <= \result <= size;
    ensures *ret_code == UTF_REPLACEMENT ||
	\result == utf8_size(*ret_code) && is_utf8(bytes, *ret_code);
    ensures \forall integer code; is_utf8(bytes, code) && utf8_size(code) <= size ==>
	*ret_code == code && \result == utf8_size(code); */
size_t utf8_get(const char *bytes, size_t size, uint32_t *ret_code);

/* How many of @size bytes are UTF-8, up to the first that is not. */
/*@ requires \valid_read(bytes + (0 .. size - 1));
    assigns \nothing;
    ensures \result <= size; */
size_t utf8_valid(const char *bytes, size_t size);

/*
 * Whether a code point is invisible, or changes how the text around it is shown: control and format
 * characters, default ignorable ones, line and paragraph separators, and noncharacters.
 */
bool utf_is_hidden(uint32_t code);

/* Whether @size bytes of UTF-8 have anything visible: more than blanks and hidden characters.
 * Invalid bytes are shown as escapes. */
bool utf8_is_visible(const char *bytes, size_t size);

/*@ logic integer unit(unsigned char *from, integer i, integer big) =
	big != 0 ? 0x100 * from[2 * i] + from[2 * i + 1] : 0x100 * from[2 * i + 1] + from[2 * i]; */

/*
 * Converts @units UTF-16 code units, two bytes each, to UTF-8. @to has room for 3 bytes a unit.
 * Returns the bytes written. An unpaired surrogate becomes invalid UTF-8, so that texts with
 * different ones remain different; the first half at the very end is left over if
 * @ret_left is not NULL, where *ret_left becomes 1.
 */
/*@ requires 3 * units <= SIZE_MAX;
    requires \valid_read(from + (0 .. 2 * units - 1)) && \valid(to + (0 .. 3 * units - 1));
    requires ret_left == \null || \valid(ret_left);
    requires \separated(from + (0 .. 2 * units - 1), to + (0 .. 3 * units - 1), ret_left);
    assigns to[0 .. 3 * units - 1], *ret_left;
    ensures \result <= 3 * units;
    ensures ret_left != \null ==> *ret_left <= 1 && \result <= 3 * (units - *ret_left); */
size_t utf16_to_utf8(const unsigned char *from, size_t units, bool big, char *to, size_t *ret_left);

/* Converts little-endian UTF-16 to @to as long as it is ASCII, four units at a time. Returns how
 * many units that are, and bytes. */
/*@ requires 2 * units <= SIZE_MAX;
    requires \valid_read(from + (0 .. 2 * units - 1)) && \valid(to + (0 .. units - 1));
    requires \separated(from + (0 .. 2 * units - 1), to + (0 .. units - 1));
    assigns to[0 .. units - 1];
    ensures \result <= units;
    ensures \forall integer k; 0 <= k < \result ==>
	unit(from, k, 0) < 0x80 && to[k] == unit(from, k, 0); */
size_t utf16_plain(const unsigned char *from, size_t units, char *to);

/* Where in @size bytes there is half of a pair, as utf16_to_utf8() writes it; NULL: nowhere. */
const char *utf8_find_half(const char *bytes, size_t size);

/* How many of @size bytes, from the first one on, are ASCII that can be seen, without the signs
 * that JSON and build logs escape: " \ #. */
size_t ascii_plain(const char *bytes, size_t size);

#endif
