/* SPDX-License-Identifier: MIT */
/*
 * Names that differ in letter case only. Without an argument: claims about texts and their hashes.
 * With one: a line for each code point that folds, itself and what it becomes, for fold.py.
 */
#include <stdlib.h>

#include "base/fold.h"
#include "base/utf.h"
#include "tap.h"

#define CODES 0x110000U

static const struct {
	const char *a, *b;
	bool alike;
} pairs[] = {
	{ "", "", true },
	{ "RDS-01", "rds-01", true },
	{ "RDS-01.Contoso.test", "rds-01.CONTOSO.TEST", true },
	{ "RDS-01", "RDS-02", false },
	{ "RDS-01", "RDS-1", false },
	{ "RDS-01", "RDS-01 ", false },
	{ "A@B[C", "a`b{c", false }, /* no letters, though a bit apart */
	{ "LAB\\ZO\u00cb", "lab\\zo\u00eb", true },
	{ "\u0421\u0415\u0420\u0412\u0415\u0420", "\u0441\u0435\u0440\u0432\u0435\u0440", true },
	{ "\u039f\u0394\u039f\u03a3", "\u03bf\u03b4\u03bf\u03c2", true },
	{ "\u0131", "I", false },
	{ "STRASSE", "stra\u00dfe", false },
	{ "\u96fb\u8166", "\u96fb\u8166", true },
	{ "\u96fb\u8166", "\u96fb\u8167", false },
	{ "a\xff", "A\xff", true }, /* not UTF-8 */
	{ "a\xff", "A\xfe", false },
	{ "a\xff", "a\xef\xbf\xbd", false },
	{ "a\xc3", "A\xc3", true },
	{ "12345678\u00c9", "12345678\u00e9", true },
	{ "1234567\u00c9ABCDEFGHIJ", "1234567\u00e9abcdefghij", true },
};

static void check_pairs(void)
{
	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		struct sessionlint_text a = text_from(pairs[i].a), b = text_from(pairs[i].b);
		uint32_t x = text_hash_alike(a, 7), y = text_hash_alike(b, 7);

		tap_ok(text_alike(a, b) == pairs[i].alike && text_alike(b, a) == pairs[i].alike,
		       "pair %zu is %salike", i, pairs[i].alike ? "" : "not ");
		tap_ok((x == y) == pairs[i].alike || !pairs[i].alike, "pair %zu: hashes", i);
	}
}

/* Each letter in a text of its own, at several places of a word of the hash. */
static void check_codes(void)
{
	unsigned sizes = 0, unlike = 0, hashes = 0, unsettled = 0, folds = 0;

	for (uint32_t code = 1; code < CODES; code++) {
		char one[16] = "0123456789", other[16] = "0123456789";
		size_t at = code % 9, size;

		if (code >= 0xd800 && code < 0xe000)
			continue;
		size = utf8_put(code, one + at);
		sizes += utf8_put(fold_code(code), other + at) != size;
		folds += fold_code(code) != code;
		unsettled += fold_code(fold_code(code)) != fold_code(code);
		unlike += !text_alike(text_of(one, at + size), text_of(other, at + size));
		hashes += text_hash_alike(text_of(one, at + size), 1) !=
			  text_hash_alike(text_of(other, at + size), 1);
	}
	tap_ok(folds > 500, "%u code points fold", folds);
	tap_ok(sizes == 0, "none changes the size of the text");
	tap_ok(unsettled == 0, "none folds twice");
	tap_ok(unlike == 0, "each is like what it folds to");
	tap_ok(hashes == 0, "and has its hash");
}

int main(int argc, char **argv)
{
	(void)argv;
	if (argc > 1) {
		for (uint32_t code = 0; code < CODES; code++)
			if (fold_code(code) != code)
				printf("%u %u\n", code, fold_code(code));
		return 0;
	}
	check_pairs();
	check_codes();
	return tap_done();
}
