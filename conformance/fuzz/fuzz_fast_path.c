/* SPDX-License-Identifier: MIT */
/*
 * The fast path reads lines as the scanner does. The same text is read twice: the second time in
 * UTF-16, after a line with half of a pair, after which only the scanner reads. That line is a
 * comment, or in NDJSON, which has none, malformed.
 */
#include <stdlib.h>
#include <string.h>

#include "base/utf.h"
#include "harness.h"

#define MALFORMED "malformed\n"

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

/* The first line that is no comment, for that one shows the format. */
static const uint8_t *skip_comments(const uint8_t *data, size_t *size)
{
	while (*size > 0 && data[0] == '#') {
		const uint8_t *end = memchr(data, '\n', *size);
		size_t line = end ? (size_t)(end - data) + 1 : *size;

		data += line;
		*size -= line;
	}
	return data;
}

/* Whether the first line shows the format, to both. */
static bool begins_with_record(const uint8_t *data, size_t size)
{
	const uint8_t *end = memchr(data, '\n', size);
	struct sessionlint_text record = harness_records(data, end ? (size_t)(end - data) : size);
	bool is = record.size > 0 && strncmp(record.data, MALFORMED, strlen(MALFORMED)) != 0;

	free((char *)(uintptr_t)record.data);
	return is;
}

static void target(const uint8_t *data, size_t size)
{
	struct sessionlint_text fast, slow, rest;
	uint8_t *wide;
	size_t wide_size;

	data = skip_comments(data, &size);
	if (!is_comparable(data, size) || !begins_with_record(data, size))
		return;
	wide = harness_utf16(data, size, true, &wide_size);
	fast = harness_records(data, size);
	slow = harness_records(wide, wide_size);
	rest = slow;
	if (data[0] == '{' && slow.size >= strlen(MALFORMED)) {
		rest.data += strlen(MALFORMED);
		rest.size -= strlen(MALFORMED);
	}
	/* further on is what makes UTF-8 a file of another kind, such as the mark of a tar archive
	 */
	if (fast.size > 0 && !text_equal(fast, rest))
		harness_fail("the fast path reads\n%.*s\nand the scanner\n%.*s", (int)fast.size,
			     fast.data, (int)rest.size, rest.data);
	free((char *)(uintptr_t)fast.data);
	free((char *)(uintptr_t)slow.data);
	free(wide);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	harness_run(target, data, size);
	return 0;
}
