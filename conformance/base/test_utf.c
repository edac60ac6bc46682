/* SPDX-License-Identifier: MIT */
/*
 * Unicode. Which bytes are UTF-8 is transcribed from "Table 3-7. Well-Formed UTF-8 Byte Sequences"
 * of the Unicode Standard; all sequences of up to three bytes are tried, and all code points.
 */
#include <string.h>

#include "base/utf.h"
#include "tap.h"

#define CODES 0x110000U

/* Table 3-7: the range of each byte. */
static const struct {
	unsigned char from[4], to[4];
	unsigned size;
} well_formed[] = {
	{ { 0x00 }, { 0x7f }, 1 },
	{ { 0xc2, 0x80 }, { 0xdf, 0xbf }, 2 },
	{ { 0xe0, 0xa0, 0x80 }, { 0xe0, 0xbf, 0xbf }, 3 },
	{ { 0xe1, 0x80, 0x80 }, { 0xec, 0xbf, 0xbf }, 3 },
	{ { 0xed, 0x80, 0x80 }, { 0xed, 0x9f, 0xbf }, 3 },
	{ { 0xee, 0x80, 0x80 }, { 0xef, 0xbf, 0xbf }, 3 },
	{ { 0xf0, 0x90, 0x80, 0x80 }, { 0xf0, 0xbf, 0xbf, 0xbf }, 4 },
	{ { 0xf1, 0x80, 0x80, 0x80 }, { 0xf3, 0xbf, 0xbf, 0xbf }, 4 },
	{ { 0xf4, 0x80, 0x80, 0x80 }, { 0xf4, 0x8f, 0xbf, 0xbf }, 4 },
};

/* The size of the character that @bytes begin with by the table; 0: they are none. */
static unsigned character_size(const unsigned char *bytes, size_t size)
{
	for (unsigned row = 0; row < sizeof well_formed / sizeof well_formed[0]; row++) {
		unsigned fit = 0;

		while (fit < well_formed[row].size && fit < size &&
		       bytes[fit] >= well_formed[row].from[fit] &&
		       bytes[fit] <= well_formed[row].to[fit])
			fit++;
		if (fit == well_formed[row].size)
			return fit;
	}
	return 0;
}

static size_t valid_size(const unsigned char *bytes, size_t size)
{
	size_t at = 0;

	while (at < size && character_size(bytes + at, size - at))
		at += character_size(bytes + at, size - at);
	return at;
}

static bool is_surrogate(uint32_t code)
{
	return code >= 0xd800 && code <= 0xdfff;
}

static void test_all_codes(void)
{
	unsigned malformed = 0, different = 0;

	for (uint32_t code = 0; code < CODES; code++) {
		char bytes[4];
		size_t size = utf8_put(code, bytes);
		uint32_t back;

		malformed += character_size((const unsigned char *)bytes, size) != size;
		different += utf8_get(bytes, size, &back) != size ||
			     back != (is_surrogate(code) ? UTF_REPLACEMENT : code);
	}
	tap_ok(malformed == 0, "each code point is written as the table says");
	tap_ok(different == 0, "each is read again, a surrogate as U+FFFD");
}

static void test_code(uint32_t code, const char *expected)
{
	char bytes[4];
	size_t size = utf8_put(code, bytes);

	tap_ok(size == strlen(expected) && memcmp(bytes, expected, size) == 0, "U+%04X", code);
}

static void test_examples(void)
{
	test_code(0x24, "$");
	test_code(0xa3, "\xc2\xa3");
	test_code(0x20ac, "\xe2\x82\xac");
	test_code(0x10348, "\xf0\x90\x8d\x88");
	test_code(0x10ffff, "\xf4\x8f\xbf\xbf");
	test_code(0x110000, "\xef\xbf\xbd");
	test_code(0xd800, "\xef\xbf\xbd");
	test_code(0xdfff, "\xef\xbf\xbd");
}

static void test_short_sequences(void)
{
	unsigned wrong = 0, lengths = 0, codes = 0;

	for (uint32_t all = 0; all < 0x1000000; all++) {
		const unsigned char bytes[] = { (unsigned char)(all >> 16),
						(unsigned char)(all >> 8), (unsigned char)all };
		unsigned expected = character_size(bytes, 3);
		uint32_t code;
		size_t length = utf8_get((const char *)bytes, 3, &code);

		wrong += utf8_valid((const char *)bytes, 3) != valid_size(bytes, 3);
		lengths += length < 1 || length > 3 || (expected && length != expected);
		/* no character begins with these */
		lengths += (bytes[0] < 0xc2 || bytes[0] > 0xf4) && length != 1;
		codes += !expected && code != UTF_REPLACEMENT;
	}
	tap_ok(wrong == 0, "three bytes: UTF-8 is what the table says");
	tap_ok(lengths == 0, "reading goes on, and not beyond the end");
	tap_ok(codes == 0, "what is not UTF-8 is U+FFFD");
}

/* Of four bytes: all first ones, with the edges of the others. */
static void test_four_bytes(void)
{
	static const unsigned char edges[] = { 0x00, 0x7f, 0x80, 0x8f, 0x90,
					       0x9f, 0xa0, 0xbf, 0xc0, 0xff };
	unsigned wrong = 0, cut = 0;

	for (unsigned i = 0; i < 256 * 1000; i++) {
		const unsigned char bytes[] = { (unsigned char)(i / 1000), edges[i / 100 % 10],
						edges[i / 10 % 10], edges[i % 10] };
		uint32_t code;

		wrong += utf8_valid((const char *)bytes, 4) != valid_size(bytes, 4);
		if (character_size(bytes, 4) == 4)
			cut += utf8_valid((const char *)bytes, 3) != 0 ||
			       utf8_get((const char *)bytes, 3, &code) != 3 ||
			       code != UTF_REPLACEMENT;
	}
	tap_ok(wrong == 0, "four bytes: UTF-8 is what the table says");
	tap_ok(cut == 0, "three of four bytes are no character");
}

static void test_hidden(void)
{
	static const uint32_t hidden[] = { 0x0,    0x1b,   0x7f,   0x9b,    0xad,   0x200b,
					   0x200f, 0x202e, 0x2066, 0xfeff,  0xfffe, 0xfffff,
					   0xfe0f, 0x2029, 0x180e, 0xe0041, 0x3164, 0x10ffff };
	static const uint32_t shown[] = { ' ',    '~',    0xa0,    0xe9,  0x2010,
					  0x4e00, 0xfffd, 0x1f600, 0x2027 };
	unsigned wrong = 0;

	for (unsigned i = 0; i < sizeof hidden / sizeof hidden[0]; i++)
		if (!utf_is_hidden(hidden[i])) {
			tap_note("U+%04X is not hidden", hidden[i]);
			wrong++;
		}
	for (unsigned i = 0; i < sizeof shown / sizeof shown[0]; i++)
		if (utf_is_hidden(shown[i])) {
			tap_note("U+%04X is hidden", shown[i]);
			wrong++;
		}
	tap_ok(wrong == 0, "control and format characters are hidden, others are not");
}

static void test_visible(void)
{
	static const char blank[] = "  \t\xc2\xa0\xe2\x80\x8b\xe3\x80\x80\xe2\xa0\x80";

	tap_ok(!utf8_is_visible("", 0), "nothing is not visible");
	tap_ok(!utf8_is_visible(blank, sizeof blank - 1), "blanks are not visible");
	tap_ok(utf8_is_visible("  a", 3), "a letter after blanks is");
	tap_ok(utf8_is_visible(" \xff", 2), "an invalid byte is shown");
}

/* Converts UTF-16 of both byte orders, which must give the same. */
static size_t convert(const uint16_t *units, size_t count, char *to, size_t *ret_left)
{
	unsigned char little[64], big[64];
	char other[96];
	size_t size, left;

	for (size_t i = 0; i < count; i++) {
		little[2 * i] = big[2 * i + 1] = (unsigned char)units[i];
		little[2 * i + 1] = big[2 * i] = (unsigned char)(units[i] >> 8);
	}
	size = utf16_to_utf8(little, count, false, to, ret_left);
	if (utf16_to_utf8(big, count, true, other, ret_left ? &left : NULL) != size ||
	    memcmp(to, other, size) != 0)
		tap_ok(false, "both byte orders give the same");
	return size;
}

static void test_utf16(const char *claim, const uint16_t *units, size_t count, const char *expected)
{
	char to[96];
	size_t size = convert(units, count, to, NULL);

	tap_ok(size == strlen(expected) && memcmp(to, expected, size) == 0, "UTF-16: %s", claim);
}

/* ASCII before a unit that is none, at every place of texts of every length. */
static void test_utf16_plain(void)
{
	static const uint16_t others[] = { 0x80, 0xe9, 0x100, 0x2041, 0x4100, 0xd83d, 0xffff };
	unsigned wrong = 0;

	for (size_t count = 0; count <= 13; count++)
		for (size_t at = 0; at <= count; at++) {
			unsigned char units[26];
			char to[13];
			uint16_t other = others[(count + at) % (sizeof others / sizeof *others)];
			/* in fours, and none that is not ASCII */
			size_t expected = at / 4 * 4;

			for (size_t i = 0; i < count; i++) {
				units[2 * i] = (unsigned char)(i == at ? other : i);
				units[2 * i + 1] = (unsigned char)(i == at ? other >> 8 : 0);
			}
			wrong += utf16_plain(units, count, to) != expected;
			for (size_t i = 0; i < expected; i++)
				wrong += to[i] != (char)i;
		}
	tap_ok(wrong == 0, "UTF-16: the ASCII that a text begins with");
}

static void test_left(void)
{
	static const uint16_t cut[] = { 'a', 0xd83d };
	char to[96];
	size_t left = 2;

	tap_ok(convert(cut, 2, to, &left) == 1 && left == 1,
	       "a first half at the end is left over");
	tap_ok(convert(cut, 1, to, &left) == 1 && left == 0, "nothing else is");
}

static void test_pairs(void)
{
	unsigned wrong = 0;

	for (uint32_t code = 0; code < CODES; code++) {
		uint16_t units[2] = { (uint16_t)code, 0 };
		char to[96], expected[4];
		size_t size = utf8_put(code, expected), count = 1;

		if (is_surrogate(code))
			continue;
		if (code > 0xffff) {
			units[0] = (uint16_t)(0xd800 + ((code - 0x10000) >> 10));
			units[1] = (uint16_t)(0xdc00 + ((code - 0x10000) & 0x3ff));
			count = 2;
		}
		wrong += convert(units, count, to, NULL) != size || memcmp(to, expected, size) != 0;
		wrong += utf8_find_half(expected, size) != NULL;
	}
	tap_ok(wrong == 0, "UTF-16: each code point, none of which is half of a pair");
}

static void test_halves(void)
{
	unsigned wrong = 0, same = 0;
	char before[UTF_HALF_SIZE] = { 0 };

	for (uint32_t unit = 0xd800; unit < 0xe000; unit++) {
		uint16_t units[] = { 'x', (uint16_t)unit, 'y' };
		char to[96];
		size_t size = convert(units, 3, to, NULL);

		wrong += size != 2 + UTF_HALF_SIZE || utf8_find_half(to, size) != to + 1 ||
			 utf8_find_half(to, size - 2) != NULL || utf8_valid(to, size) != 1;
		same += memcmp(to + 1, before, UTF_HALF_SIZE) == 0;
		memcpy(before, to + 1, UTF_HALF_SIZE);
	}
	tap_ok(wrong == 0, "half of a pair becomes bytes that are not UTF-8, and is found");
	tap_ok(same == 0, "and no two of them become the same");
}

#define PLAIN_SIZE 20

static void test_plain(void)
{
	unsigned wrong = 0;

	for (unsigned c = 0; c < 256; c++) {
		bool plain = c >= 0x20 && c <= 0x7e && !strchr("\"\\#", (int)c);

		/* several bytes are looked at together */
		for (size_t at = 0; at < PLAIN_SIZE; at++) {
			char bytes[PLAIN_SIZE];

			memset(bytes, 'a' + (int)at, sizeof bytes);
			bytes[at] = (char)c;
			wrong += ascii_plain(bytes, sizeof bytes) != (plain ? sizeof bytes : at);
			wrong += ascii_plain(bytes, at) != at;
		}
	}
	tap_ok(wrong == 0, "plain is what is seen and not escaped");
	tap_ok(ascii_plain("", 0) == 0, "of nothing, nothing is plain");
}

int main(void)
{
	static const uint16_t pair[] = { 'a', 0xd83d, 0xde00, 'b' };
	static const uint16_t first[] = { 0xd83d, 'b' };
	static const uint16_t second[] = { 0xde00, 0xd83d };
	static const uint16_t doubled[] = { 0xd83d, 0xd83d, 0xde00 };
	static const uint16_t letters[] = { 0xe9, 0x20ac, 0 };

	test_all_codes();
	test_examples();
	test_short_sequences();
	test_four_bytes();
	test_hidden();
	test_visible();
	test_utf16("a pair", pair, 4, "a\xf0\x9f\x98\x80\x62");
	test_utf16("a first half alone", first, 2, "\xed\xa0\xbd\x62");
	test_utf16("halves in the wrong order", second, 2, "\xed\xb8\x80\xed\xa0\xbd");
	test_utf16("a first half before a pair", doubled, 3, "\xed\xa0\xbd\xf0\x9f\x98\x80");
	test_utf16("letters of two and three bytes", letters, 2, "\xc3\xa9\xe2\x82\xac");
	test_left();
	test_utf16_plain();
	test_pairs();
	test_halves();
	test_plain();
	return tap_done();
}
