/* SPDX-License-Identifier: MIT */
/* Slices of text: comparison, copies, words in lower or upper case, and the hash of them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/text.h"
#include "random.h"
#include "tap.h"

static void test_equal(void)
{
	tap_ok(text_equal(text_of("ab", 2), text_from("ab")), "the same bytes");
	tap_ok(!text_equal(text_from("ab"), text_from("ac")), "other bytes");
	tap_ok(!text_equal(text_from("ab"), text_from("abc")), "the beginning of a text");
	tap_ok(text_equal(text_of(NULL, 0), text_from("")), "no text is like an empty one");
	tap_ok(!text_equal(text_of("a\0b", 3), text_of("a\0c", 3)), "bytes after a NUL count");
}

static void test_is(void)
{
	tap_ok(text_is(text_from("LogOn"), "logon") && text_is(text_from("logon"), "LOGON"),
	       "a word in lower or upper case");
	tap_ok(!text_is(text_from("logo"), "logon"), "a word that is cut");
	tap_ok(!text_is(text_from("logons"), "logon"), "a word that goes on");
	tap_ok(!text_is(text_of("logon\0", 6), "logon"), "a word that goes on with a NUL");
	tap_ok(!text_is(text_from("[ogon"), "{ogon"), "signs that are a bit apart are not alike");
	tap_ok(text_is(text_of(NULL, 0), ""), "no text is the empty word");
}

/* What @text_or puts between @count words. */
static struct sessionlint_text list_of(size_t count, char *room)
{
	size_t size = 0;

	for (size_t i = 0; i < count; i++)
		size += (size_t)sprintf(room + size, "%s%c", text_or(i, count), (char)('A' + i));
	return text_of(room, size);
}

static void test_or(void)
{
	char room[64];

	tap_ok(text_equal(list_of(1, room), text_from("A")), "A");
	tap_ok(text_equal(list_of(2, room), text_from("A or B")), "A or B");
	tap_ok(text_equal(list_of(4, room), text_from("A, B, C or D")), "A, B, C or D");
}

static void test_word(void)
{
	unsigned wrong = 0;

	/* each byte of up to eight changes the number */
	for (size_t size = 1; size <= 8; size++)
		for (size_t at = 0; at < size; at++) {
			char a[8] = "abcdefgh", b[8] = "abcdefgh";

			b[at] ^= 1;
			wrong += text_word(a, size) == text_word(b, size);
		}
	tap_ok(wrong == 0, "all of up to eight bytes are in a word");
	tap_ok(text_word("", 0) == 0, "no bytes are 0");
}

static void test_copies(void)
{
	struct sessionlint_text owned = { 0 }, value;
	char bytes[] = "alice", store[16], *room = store;

	value = text_of(bytes, 5);
	tap_ok(text_set(&owned, value) == 1 && text_equal(owned, value),
	       "a first value is another");
	tap_ok(text_set(&owned, value) == 0, "the same value is not");
	bytes[0] = 'A';
	tap_ok(text_equal(owned, text_from("alice")), "the copy does not follow the original");
	tap_ok(text_set(&owned, value) == 1 && text_equal(owned, value),
	       "a changed value is another");
	text_disown(&owned);
	tap_ok(!owned.data && owned.size == 0, "nothing is left");

	value = text_keep(text_of(bytes, 5), &room);
	tap_ok(value.data == store && room == store + 5 && text_equal(value, text_from("Alice")),
	       "a copy in given room, which moves on");
	value = text_keep(text_of(NULL, 0), &room);
	tap_ok(!value.data && room == store + 5, "no text takes no room");
}

static void test_hash(void)
{
	uint64_t seed = 0x1234567890abcdef, factor = 0xfedcba0987654321;
	unsigned same = 0, collisions = 0;

	/* a change of any byte at any length, with a copy elsewhere in memory */
	for (size_t size = 1; size < 70; size++)
		for (size_t at = 0; at < size; at++) {
			char a[80], b[81];

			for (size_t i = 0; i < size; i++)
				a[i] = b[i + 1] = (char)random_below(256);
			same += hash_text(text_of(a, size), seed, factor) ==
					hash_text(text_of(b + 1, size), seed, factor) &&
				text_hash(text_of(a, size)) == text_hash(text_of(b + 1, size));
			b[at + 1] ^= (char)(1U << random_below(8));
			collisions += hash_text(text_of(a, size), seed, factor) ==
				      hash_text(text_of(b + 1, size), seed, factor);
			collisions += text_hash(text_of(a, size)) ==
				      text_hash(text_of(b + 1, size));
		}
	tap_ok(same == 69 * 70 / 2, "the same bytes have the same hash");
	tap_ok(collisions == 0, "a changed bit changes the hash");
	tap_ok(hash_text(text_from("a"), seed, factor) !=
		       hash_text(text_from("a"), seed + 1, factor),
	       "the seed changes it");
	tap_ok(hash_text(text_from("a"), seed, factor) !=
		       hash_text(text_from("a"), seed, factor + 2),
	       "the factor changes it");
	tap_ok(hash_text(text_of("\0", 1), seed, factor) != hash_text(text_of("", 0), seed, factor),
	       "so does a NUL");
	/* the test vectors of FNV-1a for "" and "foobar", folded to 32 bits */
	tap_ok(text_hash(text_from("")) == (0xcbf29ce4U ^ 0x84222325U), "FNV-1a of nothing");
	tap_ok(text_hash(text_from("foobar")) == (0x85944171U ^ 0xf73967e8U), "FNV-1a of foobar");
	tap_ok(hash_fold(UINT64_MAX, UINT64_MAX) == ((UINT64_MAX - 1) ^ 1U),
	       "both halves of a product are folded");
	tap_ok(hash_fold((uint64_t)1 << 63, 6) == 3, "what a product carries over");
}

/* How many pairs of @count texts have the same hash, over many seeds. */
static unsigned count_collisions(char texts[][24], unsigned count)
{
	unsigned collisions = 0;

	for (unsigned round = 0; round < 64; round++) {
		/* sums of a size and a seed differ in few bits: which ones depends on these */
		uint64_t seed = (uint64_t)random_below(UINT32_MAX) << 32 | round;
		uint64_t factor = (uint64_t)random_below(UINT32_MAX) << 32 | 1;

		for (unsigned i = 0; i < count; i++)
			for (unsigned k = 0; k < i; k++)
				collisions += hash_text(text_from(texts[i]), seed, factor) ==
					      hash_text(text_from(texts[k]), seed, factor);
	}
	return collisions;
}

/* Texts that differ in size and in few bits, such as the names of boots, 2 and 12. */
static void test_sizes(void)
{
	char texts[200][24];
	unsigned count = 0;

	for (unsigned i = 0; i < 150; i++)
		snprintf(texts[count++], sizeof texts[0], "%u", i);
	tap_ok(count_collisions(texts, count) == 0, "numbers have hashes of their own");
	count = 0;
	for (unsigned size = 1; size < 20; size++)
		for (unsigned i = 0; i < 10; i++) {
			/* all but the first byte are the same */
			memset(texts[count], '2', size);
			texts[count][0] = (char)('0' + i);
			texts[count++][size] = '\0';
		}
	tap_ok(count_collisions(texts, count) == 0, "so have texts of one byte, repeated");
}

int main(void)
{
	test_equal();
	test_is();
	test_or();
	test_word();
	test_copies();
	test_hash();
	test_sizes();
	return tap_done();
}
