/* SPDX-License-Identifier: MIT */
#include "trace/text/unescape.h"

#include <errno.h>

#include "base/utf.h"

static uint32_t hexadecimal(const char *at)
{
	uint32_t number = 0;

	for (unsigned i = 0; i < 4; i++) {
		char c = ascii_lower(at[i]);

		number = number << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
	}
	return number;
}

/* Parses the four digits of an escape at @at, and a second escape if both are halves of one
 * character. */
static uint32_t code_read(const char **at, const char *end)
{
	uint32_t code = hexadecimal(*at + 2), low;

	*at += 6;
	if (code < 0xd800 || code >= 0xdc00 || end - *at < 6 || (*at)[0] != '\\' || (*at)[1] != 'u')
		return code;
	low = hexadecimal(*at + 2);
	if (low < 0xdc00 || low >= 0xe000)
		return code;
	*at += 6;
	return 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00);
}

int text_unescape(struct sessionlint_text text, struct arena *arena,
		  struct sessionlint_text *ret_text)
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *at = text.data, *end = text.data + text.size;
	char *bytes = arena_allocate(arena, text.size), *out = bytes;

	int halves = 0;

	if (!bytes)
		return -ENOMEM;
	while (at < end) {
		const char *letter;

		if (*at != '\\') {
			*out++ = *at++;
			continue;
		}
		if (at[1] == 'u') {
			uint32_t code = code_read(&at, end);

			halves |= code >= 0xd800 && code < 0xe000;
			/* six bytes become at most three */
			out += utf8_put(code, out);
			continue;
		}
		letter = strchr(from, at[1]);
		*out++ = letter ? to[letter - from] : at[1];
		at += 2;
	}
	*ret_text = text_of(bytes, (size_t)(out - bytes));
	return halves;
}

int text_undouble(struct sessionlint_text text, struct arena *arena,
		  struct sessionlint_text *ret_text)
{
	char *bytes = arena_allocate(arena, text.size), *out = bytes;

	if (!bytes)
		return -ENOMEM;
	for (size_t i = 0; i < text.size; i++) {
		*out++ = text.data[i];
		i += text.data[i] == '"';
	}
	*ret_text = text_of(bytes, (size_t)(out - bytes));
	return 0;
}
