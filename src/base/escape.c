/* SPDX-License-Identifier: MIT */
#include "base/escape.h"

#include <ctype.h>

#include "base/utf.h"

/* Whether bytes that were decoded as U+FFFD are invalid, and not that character itself. */
static bool is_invalid(uint32_t code, const char *bytes, size_t size)
{
	return code == UTF_REPLACEMENT && !(size == 3 && memcmp(bytes, "\xef\xbf\xbd", 3) == 0);
}

/* How a format writes a printable ASCII character. */
typedef void put_sign(FILE *file, char sign);

static void put_plain(FILE *file, char sign)
{
	putc(sign, file);
}

static void put_csv(FILE *file, char sign)
{
	if (sign == '"')
		putc('"', file);
	putc(sign, file);
}

static void put_all(FILE *file, const char *signs, put_sign *put)
{
	while (*signs)
		put(file, *signs++);
}

/* Writes a character that must be escaped; false if @code need not be. */
static bool put_escape(FILE *file, uint32_t code, const char *bytes, size_t size, put_sign *put)
{
	char escape[16];

	if (is_invalid(code, bytes, size)) {
		for (size_t i = 0; i < size; i++) {
			snprintf(escape, sizeof escape, "\\x%02x", (unsigned char)bytes[i]);
			put_all(file, escape, put);
		}
		return true;
	}
	if (!utf_is_hidden(code))
		return false;
	snprintf(escape, sizeof escape, code < 0x80 ? "\\x%02x" : "\\u{%x}", code);
	put_all(file, escape, put);
	return true;
}

static void escape_with(FILE *file, struct sessionlint_text text, put_sign *put)
{
	for (size_t i = 0; i < text.size;) {
		uint32_t code;
		size_t size;

		/* what is plain is so in both */
		if (put == put_plain || put == put_csv) {
			size = ascii_plain(text.data + i, text.size - i);
			fwrite(text.data + i, 1, size, file);
			i += size;
		}
		if (i == text.size)
			break;
		size = utf8_get(text.data + i, text.size - i, &code);
		if (put_escape(file, code, text.data + i, size, put)) {
			i += size;
			continue;
		}
		if (code == '#' && i > 0 && text.data[i - 1] == '#')
			/* ##vso[ and ##[ are commands to build systems at any place */
			put_all(file, "\\x23", put);
		else if (code < 0x80)
			put(file, (char)code);
		else
			fwrite(text.data + i, 1, size, file);
		i += size;
	}
}

void escape_plain(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_plain);
}

/* Whether a character takes two columns: East Asian ones and pictures. */
static bool is_wide(uint32_t code)
{
	static const uint32_t ranges[][2] = {
		{ 0x1100, 0x115f }, { 0x2e80, 0xa4cf },   { 0xac00, 0xd7a3 },
		{ 0xf900, 0xfaff }, { 0xfe30, 0xfe6f },   { 0xff01, 0xff60 },
		{ 0xffe0, 0xffe6 }, { 0x1f300, 0x1faff }, { 0x20000, 0x3fffd },
	};

	for (unsigned i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
		if (code >= ranges[i][0] && code <= ranges[i][1])
			return true;
	return false;
}

/* How many columns the character at @at takes, and how many bytes it has. */
static size_t columns_at(struct sessionlint_text text, size_t at, size_t *ret_size)
{
	uint32_t code;
	size_t size = utf8_get(text.data + at, text.size - at, &code);
	char escape[16];

	*ret_size = size;
	if (is_invalid(code, text.data + at, size))
		return size * strlen("\\xff");
	if (utf_is_hidden(code))
		return (size_t)snprintf(escape, sizeof escape, code < 0x80 ? "\\x%02x" : "\\u{%x}",
					code);
	if (code == '#' && at > 0 && text.data[at - 1] == '#')
		return strlen("\\x23");
	return is_wide(code) ? 2 : 1;
}

size_t escape_columns(struct sessionlint_text text)
{
	size_t columns = 0, size;

	for (size_t i = 0; i < text.size; i += size)
		columns += columns_at(text, i, &size);
	return columns;
}

void escape_cut(FILE *file, struct sessionlint_text text, size_t columns)
{
	static const char dots[] = "...";
	size_t used = 0, fits = 0, size;

	for (size_t i = 0; i < text.size; i += size) {
		used += columns_at(text, i, &size);
		if (used > columns)
			break;
		/* what is left if the dots come after it */
		if (used + strlen(dots) <= columns)
			fits = i + size;
	}
	if (used <= columns) {
		escape_plain(file, text);
		return;
	}
	escape_plain(file, text_of(text.data, fits));
	fprintf(file, "%.*s", (int)(columns < strlen(dots) ? columns : strlen(dots)), dots);
}

void escape_line(FILE *file, struct sessionlint_text text)
{
	if (text.size == 0 ||
	    (!isalnum((unsigned char)text.data[0]) && !memchr("._/<-", text.data[0], 5)))
		fputs("./", file);
	escape_plain(file, text);
}

static void put_xml(FILE *file, char sign)
{
	switch (sign) {
	case '&':
		fputs("&amp;", file);
		break;
	case '<':
		fputs("&lt;", file);
		break;
	case '>':
		fputs("&gt;", file);
		break;
	case '"':
		fputs("&quot;", file);
		break;
	case '\'':
		fputs("&#39;", file);
		break;
	default:
		putc(sign, file);
	}
}

void escape_xml(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_xml);
}

static void put_markdown(FILE *file, char sign)
{
	if (sign != '\0' && strchr("!#$&*.:<>[\\]_`|~", sign))
		putc('\\', file);
	putc(sign, file);
	/* people are mentioned even if @ is escaped; a comment separates it from the name */
	if (sign == '@')
		fputs("<!-- -->", file);
}

void escape_markdown(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_markdown);
}

/* Whether a spreadsheet may take it for a formula; full-width characters count too. */
static bool is_formula(struct sessionlint_text text)
{
	static const char *const signs[] = {
		"=", "+", "-", "@", "\xef\xbc\x9d", "\xef\xbc\x8b", "\xef\xbc\x8d", "\xef\xbc\xa0"
	};

	for (unsigned i = 0; i < sizeof signs / sizeof signs[0]; i++) {
		size_t size = strlen(signs[i]);

		if (text.size >= size && memcmp(text.data, signs[i], size) == 0)
			return true;
	}
	return false;
}

void escape_csv_part(FILE *file, struct sessionlint_text text, bool first)
{
	if (first && is_formula(text))
		putc('\'', file);
	escape_with(file, text, put_csv);
}

void escape_csv(FILE *file, struct sessionlint_text text)
{
	putc('"', file);
	escape_csv_part(file, text, true);
	putc('"', file);
}

static void put_github_message(FILE *file, char sign)
{
	if (sign == '%')
		fputs("%25", file);
	else
		putc(sign, file);
}

void escape_github_message(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_github_message);
}

static void put_github_property(FILE *file, char sign)
{
	if (sign == '%' || sign == ':' || sign == ',')
		fprintf(file, "%%%02X", (unsigned)sign);
	else
		putc(sign, file);
}

void escape_github_property(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_github_property);
}

static void put_azure_message(FILE *file, char sign)
{
	if (sign == '%')
		fputs("%AZP25", file);
	else
		putc(sign, file);
}

void escape_azure_message(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_azure_message);
}

static void put_azure_property(FILE *file, char sign)
{
	if (sign == ';' || sign == ']')
		fprintf(file, "%%%02X", (unsigned)sign);
	else
		put_azure_message(file, sign);
}

void escape_azure_property(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_azure_property);
}

/* In SARIF brackets are links and braces are placeholders (3.11.5, 3.11.6). */
static void put_sarif(FILE *file, char sign)
{
	if (sign == '[' || sign == ']')
		fprintf(file, "\\\\%c", sign);
	else if (sign == '{' || sign == '}')
		fprintf(file, "%c%c", sign, sign);
	else if (sign == '"' || sign == '\\')
		fprintf(file, "\\%c", sign);
	else
		putc(sign, file);
}

void escape_sarif(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_sarif);
}

static void put_script(FILE *file, char sign)
{
	if (sign == '<' || sign == '>' || sign == '&')
		fprintf(file, "\\u%04x", (unsigned)sign);
	else if (sign == '"' || sign == '\\')
		fprintf(file, "\\%c", sign);
	else
		putc(sign, file);
}

void escape_script(FILE *file, struct sessionlint_text text)
{
	escape_with(file, text, put_script);
}

void escape_uri(FILE *file, struct sessionlint_text text)
{
	size_t drive = 0;

	if (text.size > 0 && text.data[0] == '/')
		fputs("file://", file);
#ifdef _WIN32
	/* server and share, or drive */
	if (text.size > 1 && text.data[0] == '\\' && text.data[1] == '\\')
		fputs("file:", file);
	else if (text.size > 0 && text.data[0] == '\\')
		fputs("file://", file);
	else if (text.size > 2 && text.data[1] == ':' && strchr("/\\", text.data[2]))
		drive = 1;
	fputs(drive ? "file:///" : "", file);
#endif
	for (size_t i = 0; i < text.size; i++) {
		char byte = text.data[i];

#ifdef _WIN32
		byte = byte == '\\' ? '/' : byte;
#endif
		if (drive > 0 && i == drive)
			putc(':', file);
		else if (isalnum((unsigned char)byte) || (byte != '\0' && strchr("-._~/", byte)))
			putc(byte, file);
		else
			fprintf(file, "%%%02X", (unsigned char)byte);
	}
}

struct sessionlint_text path_shown(const char *path)
{
	while (path[0] == '.' && path[1] == '/' && path[2] != '\0')
		path += 2;
	return text_from(path);
}

struct sessionlint_text text_clipped(struct sessionlint_text text, size_t limit)
{
	if (text.size <= limit)
		return text;
	/* do not cut a character */
	while (limit > 0 && ((unsigned char)text.data[limit] & 0xc0) == 0x80)
		limit--;
	return text_of(text.data, limit);
}
