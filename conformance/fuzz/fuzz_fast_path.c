/* SPDX-License-Identifier: MIT */
/*
 * The fast path reads lines as the scanner does. The same text is read twice: the second time in
 * UTF-16, behind a line with half of a pair, behind which nothing is read by shapes. That line is a
 * comment, or in NDJSON, which has none, malformed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "harness.h"

#define MALFORMED "malformed\n"

/* UTF-8 as UTF-16, behind the mark and that line. For free(). */
static uint8_t *widen(const uint8_t *data, size_t size, size_t *ret_size)
{
	const uint8_t begin[] = { 0xff, 0xfe, data[0] == '{' ? '{' : '#', 0, 0x00, 0xd8, '\n', 0 };
	uint8_t *wide = malloc(sizeof begin + 4 * size);
	size_t at = sizeof begin;

	if (!wide)
		harness_fail("no memory");
	memcpy(wide, begin, sizeof begin);
	for (size_t i = 0; i < size;) {
		uint32_t code;
		uint32_t units[2], count = 1;

		i += utf8_get((const char *)data + i, size - i, &code);
		units[0] = code;
		if (code > 0xffff) {
			units[0] = 0xd7c0 + (code >> 10);
			units[1] = 0xdc00 + (code & 0x3ff);
			count = 2;
		}
		for (uint32_t unit = 0; unit < count; unit++) {
			wide[at++] = (uint8_t)units[unit];
			wide[at++] = (uint8_t)(units[unit] >> 8);
		}
	}
	*ret_size = at;
	return wide;
}

/* What can be said in both, of a format that both beginnings show. In UTF-16 a log may have control
 * characters that make UTF-8 no text at all. */
static bool is_comparable(const uint8_t *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (data[i] < ' ' && !memchr("\t\r\n", data[i], 3))
			return false;
	return size > 0 && (data[0] == '{' || (data[0] >= 'a' && data[0] <= 'z')) &&
	       utf8_valid((const char *)data, size) == size;
}

static void target(const uint8_t *data, size_t size)
{
	struct sessionlint_text fast, slow, behind;
	uint8_t *wide;
	size_t wide_size;

	if (!is_comparable(data, size))
		return;
	wide = widen(data, size, &wide_size);
	fast = harness_records(data, size);
	slow = harness_records(wide, wide_size);
	behind = slow;
	if (data[0] == '{' && slow.size >= strlen(MALFORMED)) {
		behind.data += strlen(MALFORMED);
		behind.size -= strlen(MALFORMED);
	}
	if (!text_equal(fast, behind))
		harness_fail("the fast path reads\n%.*s\nand the scanner\n%.*s", (int)fast.size,
			     fast.data, (int)behind.size, behind.data);
	free((char *)(uintptr_t)fast.data);
	free((char *)(uintptr_t)slow.data);
	free(wide);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
