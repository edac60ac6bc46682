/* SPDX-License-Identifier: MIT */
#include "base/utf.h"

#include <string.h>

#include "base/bytes.h"

size_t utf8_put(uint32_t code, char *to)
{
	if (code > 0x10ffff || (code >= 0xd800 && code < 0xe000))
		code = UTF_REPLACEMENT;
	//@ assert code == valid_code(\at(code, Pre)) && is_code_point(code);
	if (code < 0x80) {
		to[0] = (char)code;
		return 1;
	}
	if (code < 0x800) {
		to[0] = (char)(0xc0 | code >> 6);
		to[1] = (char)(0x80 | (code & 0x3f));
		return 2;
	}
	if (code < 0x10000) {
		to[0] = (char)(0xe0 | code >> 12);
		to[1] = (char)(0x80 | (code >> 6 & 0x3f));
		to[2] = (char)(0x80 | (code & 0x3f));
		return 3;
	}
	to[0] = (char)(0xf0 | code >> 18);
	to[1] = (char)(0x80 | (code >> 12 & 0x3f));
	to[2] = (char)(0x80 | (code >> 6 & 0x3f));
	to[3] = (char)(0x80 | (code & 0x3f));
	return 4;
}

/* How many bytes a code point has that begins with @lead; 0: none does. */
/*@ assigns \nothing;
    ensures \result == (lead < 0x80 ? 1 : lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 :
	lead < 0xf5 ? 4 : 0); */
static inline size_t utf8_length(unsigned char lead)
{
	return lead < 0x80   ? 1
	       : lead < 0xc2 ? 0
	       : lead < 0xe0 ? 2
	       : lead < 0xf0 ? 3
	       : lead < 0xf5 ? 4
			     : 0;
}

size_t utf8_get(const char *bytes, size_t size, uint32_t *ret_code)
{
	unsigned char lead = (unsigned char)bytes[0];
	size_t length = utf8_length(lead);
	uint32_t smallest = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0;
	uint32_t code = length < 2 ? lead : lead & (0x7fU >> length);

	//@ ghost uint32_t begun = code;
	//@ assert length == 2 ==> begun == lead - 0xc0;
	//@ assert length == 3 ==> begun == lead - 0xe0;
	//@ assert length == 4 ==> begun == lead - 0xf0;
	*ret_code = UTF_REPLACEMENT;
	if (length == 0)
		return 1;
	/*@ loop invariant 1 <= i <= length && i <= size;
	    loop invariant \forall integer k; 1 <= k < i ==> 0x80 <= byte(bytes, k) < 0xc0;
	    loop invariant i == 1 ==> code == begun;
	    loop invariant i == 2 ==> code == begun * 0x40 + byte(bytes, 1) - 0x80;
	    loop invariant i == 3 ==> code == begun * 0x1000 +
		(byte(bytes, 1) - 0x80) * 0x40 + byte(bytes, 2) - 0x80;
	    loop invariant i == 4 ==> code == begun * 0x40000 +
		(byte(bytes, 1) - 0x80) * 0x1000 + (byte(bytes, 2) - 0x80) * 0x40 +
		byte(bytes, 3) - 0x80;
	    loop assigns i, code;
	    loop variant length - i; */
	for (size_t i = 1; i < length; i++) {
		if (i >= size || ((unsigned char)bytes[i] & 0xc0) != 0x80)
			return i;
		code = code << 6 | ((unsigned char)bytes[i] & 0x3f);
	}
	if (code >= smallest && code <= 0x10ffff && (code < 0xd800 || code >= 0xe000))
		*ret_code = code;
	return length;
}

size_t utf8_valid(const char *bytes, size_t size)
{
	size_t valid = 0;

	/*@ loop invariant valid <= size;
	    loop assigns valid;
	    loop variant size - valid; */
	while (valid < size) {
		uint32_t code;
		size_t length = utf8_get(bytes + valid, size - valid, &code);

		/* U+FFFD itself is a character, and the only one that begins like this */
		if (code == UTF_REPLACEMENT && (length != 3 || (unsigned char)bytes[valid] != 0xef))
			break;
		valid += length;
	}
	return valid;
}

/* In ascending order. */
static const struct {
	uint32_t first, last;
} hidden[] = {
	{ 0x0, 0x1f },        { 0x7f, 0x9f },       { 0xad, 0xad },       { 0x34f, 0x34f },
	{ 0x61c, 0x61c },     { 0x115f, 0x1160 },   { 0x17b4, 0x17b5 },   { 0x180b, 0x180f },
	{ 0x200b, 0x200f },   { 0x2028, 0x202e },   { 0x2060, 0x206f },   { 0x3164, 0x3164 },
	{ 0xfe00, 0xfe0f },   { 0xfeff, 0xfeff },   { 0xffa0, 0xffa0 },   { 0xfff0, 0xfffc },
	{ 0x1bca0, 0x1bca3 }, { 0x1d173, 0x1d17a }, { 0xe0000, 0xe0fff },
};

bool utf_is_hidden(uint32_t code)
{
	for (unsigned i = 0; i < sizeof hidden / sizeof hidden[0] && code >= hidden[i].first; i++)
		if (code <= hidden[i].last)
			return true;
	return (code & 0xfffe) == 0xfffe;
}

/* The other characters without ink: spaces, and the Braille pattern without a dot. */
static bool is_blank(uint32_t code)
{
	return code == ' ' || code == 0xa0 || code == 0x1680 ||
	       (code >= 0x2000 && code <= 0x200a) || code == 0x202f || code == 0x205f ||
	       code == 0x2800 || code == 0x3000;
}

bool utf8_is_visible(const char *bytes, size_t size)
{
	while (size > 0) {
		uint32_t code;
		size_t length = utf8_get(bytes, size, &code);

		if (!utf_is_hidden(code) && !is_blank(code))
			return true;
		bytes += length;
		size -= length;
	}
	return false;
}

/*@ requires \valid_read(from + (2 * i .. 2 * i + 1)) && 2 * i + 1 <= SIZE_MAX;
    assigns \nothing;
    ensures \result == unit(from, i, big) && \result <= 0xffff; */
static uint32_t utf16_unit(const unsigned char *from, size_t i, bool big)
{
	return big ? (uint32_t)from[2 * i] << 8 | from[2 * i + 1]
		   : (uint32_t)from[2 * i + 1] << 8 | from[2 * i];
}

/* The code point of a pair; half of one remains as it is. */
/*@ requires high <= 0xffff && low <= 0xffff;
    assigns \nothing;
    ensures 0xd800 <= high < 0xdc00 <= low < 0xe000 ?
	\result == 0x10000 + (high - 0xd800) * 0x400 + (low - 0xdc00) : \result == high; */
static inline uint32_t utf16_pair(uint32_t high, uint32_t low)
{
	return high >= 0xd800 && high < 0xdc00 && low >= 0xdc00 && low < 0xe000
		       ? 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00)
		       : high;
}

/* Writes half of a pair, in the form that a code point of its number would have. */
/*@ requires 0xd800 <= half < 0xe000 && \valid(to + (0 .. 2));
    assigns to[0 .. 2];
    ensures \result == UTF_HALF_SIZE;
    ensures byte(to, 0) == 0xed && 0xa0 <= byte(to, 1) < 0xc0 && 0x80 <= byte(to, 2) < 0xc0;
    ensures half == 0xd000 + (byte(to, 1) - 0x80) * 0x40 + (byte(to, 2) - 0x80); */
static size_t utf16_put_half(uint32_t half, char *to)
{
	to[0] = (char)0xed;
	to[1] = (char)(0x80 | (half >> 6 & 0x3f));
	to[2] = (char)(0x80 | (half & 0x3f));
	return UTF_HALF_SIZE;
}

size_t utf16_to_utf8(const unsigned char *from, size_t units, bool big, char *to, size_t *ret_left)
{
	size_t size = 0;

	if (ret_left)
		*ret_left = 0;
	/*@ loop invariant i <= units && size <= 3 * i;
	    loop invariant ret_left != \null ==> *ret_left == 0;
	    loop assigns i, size, to[0 .. 3 * units - 1], *ret_left;
	    loop variant units - i; */
	for (size_t i = 0; i < units; i++) {
		uint32_t code = utf16_unit(from, i, big);

		/* nearly all of it */
		if (code < 0x80) {
			to[size++] = (char)code;
			continue;
		}
		if (code >= 0xd800 && code < 0xdc00) {
			if (i + 1 == units && ret_left) {
				*ret_left = 1;
				break;
			}
			code = utf16_pair(code, i + 1 < units ? utf16_unit(from, i + 1, big) : 0);
			i += code >= 0x10000;
		}
		if (code >= 0xd800 && code < 0xe000)
			size += utf16_put_half(code, to + size);
		else
			size += utf8_put(code, to + size);
	}
	return size;
}

size_t utf16_plain(const unsigned char *from, size_t units, char *to)
{
	size_t i = 0;

	/*@ loop invariant 0 <= i <= units;
	    loop invariant \forall integer k; 0 <= k < i ==>
		unit(from, k, 0) < 0x80 && to[k] == unit(from, k, 0);
	    loop assigns i, to[0 .. units - 1];
	    loop variant units - i; */
	for (; units - i >= 4; i += 4) {
		const uint32_t one = utf16_unit(from, i, false);
		const uint32_t two = utf16_unit(from, i + 1, false);
		const uint32_t three = utf16_unit(from, i + 2, false);
		const uint32_t four = utf16_unit(from, i + 3, false);

		if (one >= 0x80 || two >= 0x80 || three >= 0x80 || four >= 0x80)
			break;
		to[i] = (char)one;
		to[i + 1] = (char)two;
		to[i + 2] = (char)three;
		to[i + 3] = (char)four;
	}
	return i;
}

const char *utf8_find_half(const char *bytes, size_t size)
{
	const char *end = bytes + size, *at = bytes;

	while ((at = memchr(at, 0xed, (size_t)(end - at)))) {
		/* U+D7FF is the last character that begins with this byte */
		if (end - at >= UTF_HALF_SIZE && (unsigned char)at[1] >= 0xa0)
			return at;
		at++;
	}
	return NULL;
}

/* The highest bits of the bytes of @word that are zero; of those above one that is, perhaps too. */
static inline uint64_t zero_bytes(uint64_t word)
{
	return (word - EACH_BYTE) & ~word;
}

/* Whether the eight bytes at @bytes are all plain. */
static bool are_plain(const char *bytes)
{
	uint64_t word, special;

	memcpy(&word, bytes, sizeof word);
	special = zero_bytes(word ^ '"' * EACH_BYTE) | zero_bytes(word ^ '\\' * EACH_BYTE) |
		  zero_bytes(word ^ '#' * EACH_BYTE) | zero_bytes(word ^ 0x7f * EACH_BYTE) |
		  /* below a space, or above ASCII */
		  ((word - ' ' * EACH_BYTE) & ~word) | word;
	return !(special & 0x80 * EACH_BYTE);
}

size_t ascii_plain(const char *bytes, size_t size)
{
	size_t i = 0;

	while (i + 8 <= size && are_plain(bytes + i))
		i += 8;
	/* the last eight, some of them once more */
	if (size >= 8 && size - i < 8 && are_plain(bytes + size - 8))
		return size;
	while (i < size && bytes[i] >= ' ' && bytes[i] < 0x7f && bytes[i] != '"' &&
	       bytes[i] != '\\' && bytes[i] != '#')
		i++;
	return i;
}
