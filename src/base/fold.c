/* SPDX-License-Identifier: MIT */
#include "base/fold.h"

#include "base/hash.h"
#include "base/utf.h"

/* Upper-case letters from first to last, every one or every other; what leads to the lower case. */
static const struct fold_range {
	uint16_t first, last;
	uint8_t step;
	int16_t distance;
} fold_ranges[] = {
	/* Latin-1 and Latin Extended-A */
	{ 0x00b5, 0x00b5, 1, 775 },
	{ 0x00c0, 0x00d6, 1, 32 },
	{ 0x00d8, 0x00de, 1, 32 },
	{ 0x0100, 0x012e, 2, 1 },
	{ 0x0132, 0x0136, 2, 1 },
	{ 0x0139, 0x0147, 2, 1 },
	{ 0x014a, 0x0176, 2, 1 },
	{ 0x0178, 0x0178, 1, -121 },
	{ 0x0179, 0x017d, 2, 1 },
	/* of Latin Extended-B: Vietnamese, Pinyin, Romanian, Livonian */
	{ 0x01a0, 0x01a0, 1, 1 },
	{ 0x01af, 0x01af, 1, 1 },
	{ 0x01cd, 0x01db, 2, 1 },
	{ 0x01de, 0x01ee, 2, 1 },
	{ 0x01f8, 0x021e, 2, 1 },
	{ 0x0222, 0x0232, 2, 1 },
	/* Greek; the final sigma is one */
	{ 0x0386, 0x0386, 1, 38 },
	{ 0x0388, 0x038a, 1, 37 },
	{ 0x038c, 0x038c, 1, 64 },
	{ 0x038e, 0x038f, 1, 63 },
	{ 0x0391, 0x03a1, 1, 32 },
	{ 0x03a3, 0x03ab, 1, 32 },
	{ 0x03c2, 0x03c2, 1, 1 },
	/* Cyrillic */
	{ 0x0400, 0x040f, 1, 80 },
	{ 0x0410, 0x042f, 1, 32 },
	{ 0x0460, 0x0480, 2, 1 },
	{ 0x048a, 0x04be, 2, 1 },
	{ 0x04c0, 0x04c0, 1, 15 },
	{ 0x04c1, 0x04cd, 2, 1 },
	{ 0x04d0, 0x052e, 2, 1 },
	/* Armenian, Georgian */
	{ 0x0531, 0x0556, 1, 48 },
	{ 0x1c90, 0x1cba, 1, -3008 },
	{ 0x1cbd, 0x1cbf, 1, -3008 },
	/* Latin Extended Additional: Vietnamese and others */
	{ 0x1e00, 0x1e94, 2, 1 },
	{ 0x1ea0, 0x1efe, 2, 1 },
	/* fullwidth Latin */
	{ 0xff21, 0xff3a, 1, 32 },
};

#define FOLD_RANGES (sizeof fold_ranges / sizeof fold_ranges[0])

uint32_t fold_code(uint32_t code)
{
	if (code < 0x80)
		return (unsigned char)ascii_lower((char)code);
	for (unsigned i = 0; i < FOLD_RANGES && code >= fold_ranges[i].first; i++)
		if (code <= fold_ranges[i].last &&
		    (code - fold_ranges[i].first) % fold_ranges[i].step == 0)
			return (uint32_t)((int32_t)code + fold_ranges[i].distance);
	return code;
}

size_t text_fold_at(struct sessionlint_text text, size_t at, char to[4])
{
	uint32_t code;
	size_t length = utf8_get(text.data + at, text.size - at, &code);

	if (code == UTF_REPLACEMENT)
		memcpy(to, text.data + at, length);
	else
		utf8_put(fold_code(code), to);
	return length;
}

bool text_alike(struct sessionlint_text a, struct sessionlint_text b)
{
	size_t at = 0;

	if (a.size != b.size)
		return false;
	/* most names differ early, and in ASCII */
	for (; at < a.size && ((unsigned char)a.data[at] | (unsigned char)b.data[at]) < 0x80; at++)
		if (a.data[at] != b.data[at] && ascii_lower(a.data[at]) != ascii_lower(b.data[at]))
			return false;
	while (at < a.size) {
		char x[4], y[4];
		size_t length = text_fold_at(a, at, x);

		if (text_fold_at(b, at, y) != length || memcmp(x, y, length) != 0)
			return false;
		at += length;
	}
	return true;
}

/* Numbers are alike in most of their bits: each bit of a word must change all of the hash. */
static uint64_t hash_word(uint64_t hash, uint64_t word, uint64_t seed)
{
	return hash_fold(hash ^ word, (seed ^ 0x9e3779b97f4a7c15U) | 1);
}

static uint32_t hash_slowly(struct sessionlint_text text, uint64_t seed)
{
	uint64_t hash = seed;

	for (size_t at = 0; at < text.size;) {
		char folded[4];
		size_t length = text_fold_at(text, at, folded);

		for (size_t i = 0; i < length; i++)
			hash = hash_word(hash, (unsigned char)folded[i], seed);
		at += length;
	}
	return (uint32_t)hash;
}

uint32_t text_hash_alike(struct sessionlint_text text, uint64_t seed)
{
	uint64_t hash = seed ^ text.size, word;

	/* in ASCII a bit tells lower from upper case; that of other characters is no loss. No text
	 * with other letters is like one of ASCII alone. */
	for (size_t at = 0; at < text.size; at += sizeof word) {
		/* the last word may hold some of the one before it */
		if (at > 0 && text.size - at < sizeof word)
			at = text.size - sizeof word;
		word = text_word(text.data + at, text.size - at);
		if (word & 0x8080808080808080U)
			return hash_slowly(text, seed);
		hash = hash_word(hash, word | 0x2020202020202020U, seed);
	}
	return (uint32_t)hash;
}
