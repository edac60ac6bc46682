/* SPDX-License-Identifier: MIT */
#include "report/escape.h"

#include "base/utf.h"

/* Format and control characters: they would change how the text around them is shown. */
static bool is_treacherous(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
	       (code >= 0x200b && code <= 0x200f) || (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2060 && code <= 0x206f) || code == 0xfeff ||
	       (code >= 0xfff0 && code <= 0xfffc) || (code >= 0xe0000 && code <= 0xe0fff);
}

/* Writes what is nothing but letters and signs that nobody minds; returns how many bytes that were.
 */
static size_t put_harmless(FILE *file, const char *at, size_t size)
{
	size_t i = 0;

	while (i < size && at[i] >= ' ' && at[i] < 0x7f && at[i] != '"' && at[i] != '\\' &&
	       at[i] != '#')
		i++;
	fwrite(at, 1, i, file);
	return i;
}

/* Whether bytes that were read as U+FFFD are not that character but none at all. */
static bool is_invalid(uint32_t code, const char *bytes, size_t size)
{
	return code == UTF_REPLACEMENT && !(size == 3 && memcmp(bytes, "\xef\xbf\xbd", 3) == 0);
}

void escape_plain(FILE *file, struct sessionlint_text text)
{
	for (size_t i = 0; i < text.size;) {
		uint32_t code;
		size_t size;

		i += put_harmless(file, text.data + i, text.size - i);
		if (i == text.size)
			break;
		size = utf8_get(text.data + i, text.size - i, &code);
		if (is_invalid(code, text.data + i, size)) {
			for (size_t j = 0; j < size; j++)
				fprintf(file, "\\x%02x", (unsigned char)text.data[i + j]);
		} else if (is_treacherous(code)) {
			fprintf(file, code < 0x80 ? "\\x%02x" : "\\u{%x}", code);
		} else if (code == '#' && i > 0 && text.data[i - 1] == '#') {
			/* ##vso[ and ##[ are commands to build systems wherever they stand */
			fputs("\\x23", file);
		} else {
			fwrite(text.data + i, 1, size, file);
		}
		i += size;
	}
}

void escape_json(FILE *file, struct sessionlint_text text)
{
	putc('"', file);
	for (size_t i = 0; i < text.size;) {
		uint32_t code;
		size_t size;

		i += put_harmless(file, text.data + i, text.size - i);
		if (i == text.size)
			break;
		size = utf8_get(text.data + i, text.size - i, &code);
		if (code == '"' || code == '\\')
			fprintf(file, "\\%c", (int)code);
		else if (code == '\n')
			fputs("\\n", file);
		else if (code > 0xffff && is_treacherous(code))
			fprintf(file, "\\u%04x\\u%04x", 0xd7c0 + (code >> 10),
				0xdc00 + (code & 0x3ff));
		else if (is_treacherous(code) || (code == '#' && i > 0 && text.data[i - 1] == '#'))
			fprintf(file, "\\u%04x", code);
		else if (code == UTF_REPLACEMENT)
			fputs("\xef\xbf\xbd", file);
		else
			fwrite(text.data + i, 1, size, file);
		i += size;
	}
	putc('"', file);
}
