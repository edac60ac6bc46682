/* SPDX-License-Identifier: MIT */
/* The canonical form of a handle, which is made eight bytes at a time, is the one that is made byte
 * by byte. */
#include <stdlib.h>
#include <string.h>

#include "tap.h"
#include "trace/contract.h"

static uint64_t random_state = 7;

static unsigned random_below(unsigned limit)
{
	random_state = random_state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(random_state >> 33) % limit;
}

static bool same(const char *handle, size_t size)
{
	char words[HANDLE_MAX_SIZE], bytes[HANDLE_MAX_SIZE];
	/* nothing may be read beyond it */
	char *exact = malloc(size ? size : 1);
	size_t words_size, bytes_size;

	if (!exact)
		exit(2);
	if (size > 0)
		memcpy(exact, handle, size);
	words_size = handle_canonical(text_of(exact, size), words);
	bytes_size = handle_canonical_plainly(text_of(exact, size), bytes);
	free(exact);
	return words_size == bytes_size && memcmp(words, bytes, bytes_size) == 0;
}

/* Each byte in each place of a handle of each size up to three words. */
static void test_bytes(void)
{
	char handle[24];
	unsigned different = 0;

	for (size_t size = 1; size <= sizeof handle; size++)
		for (size_t at = 0; at < size; at++)
			for (unsigned byte = 0; byte < 256; byte++) {
				memset(handle, '7', sizeof handle);
				handle[at] = (char)byte;
				different += !same(handle, size);
			}
	tap_ok(different == 0, "each byte in each place of a number");
}

/* Handles as they are, and longer ones than there are. */
static void test_random(void)
{
	static const char letters[] = "0000123456789abcdefABCDEF`xXgGnNuUlLiI()\\_ zZ\x7f\xc3\xa4";
	static const char *const starts[] = { "", "0x", "0X", "NULL", "(nil)", "0x0000" };
	unsigned different = 0;

	for (unsigned i = 0; i < 400000; i++) {
		char handle[HANDLE_MAX_SIZE + 32];
		const char *start = starts[random_below(6)];
		size_t size = strlen(start),
		       length = random_below(i % 8 ? 20 : HANDLE_MAX_SIZE + 20);
		unsigned kinds = random_below(3) ? 19 : (unsigned)sizeof letters - 1;

		memcpy(handle, start, size);
		while (length-- > 0)
			handle[size++] = letters[random_below(kinds)];
		different += !same(handle, size);
	}
	tap_ok(different == 0, "400,000 handles");
}

static void test_known(void)
{
	static const char *const pairs[][2] = {
		{ "0xFFFFE001`01908680", "ffffe00101908680" },
		{ "0x0ffffe00101908680", "ffffe00101908680" },
		{ "\\Device\\0x0A", "\\device\\0x0a" },
		{ "0x0000000000000000", "" },
		{ "(nil)", "" },
		{ "DEVICE3", "device3" },
		{ "00abc", "abc" },
		{ "00abg", "00abg" },
	};

	for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
		char buffer[HANDLE_MAX_SIZE];
		size_t size = handle_canonical(text_from(pairs[i][0]), buffer);

		tap_ok(text_equal(text_of(buffer, size), text_from(pairs[i][1])), "%s is '%s'",
		       pairs[i][0], pairs[i][1]);
	}
}

int main(void)
{
	test_bytes();
	test_random();
	test_known();
	return tap_done();
}
