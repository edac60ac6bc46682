/* SPDX-License-Identifier: MIT */
#include "trace/file_head.h"

#include "base/utf.h"
#include "trace/text/tag.h"

/*
 * Whether this is not text: control characters in its first line, or many of them after a first
 * line that is not ASCII. After a good first line, they are bad lines, as after a power failure of
 * the host.
 */
static bool is_binary(const unsigned char *bytes, size_t size)
{
	const unsigned char *feed = memchr(bytes, '\n', size);
	size_t first = feed ? (size_t)(feed - bytes) : size, controls = 0;
	bool ascii = true;

	for (size_t i = 0; i < size; i++) {
		bool control = bytes[i] < 0x20 && !memchr("\t\n\v\f\r\033", bytes[i], 6);

		if (control && i < first)
			return true;
		controls += control;
		ascii &= i >= first || bytes[i] < 0x80;
	}
	return !ascii && controls * 16 > size;
}

bool head_is_wide(const struct head *head)
{
	size_t zeros[2] = { 0, 0 };

	for (size_t i = 0; i < head->size; i++) {
		zeros[i % 2] += head->bytes[i] == 0;
		/* no text then, and most binary files show it at once */
		if (zeros[0] && zeros[1])
			return false;
	}
	return (zeros[0] == 0 && zeros[1] > head->size * 2 / 5) ||
	       (zeros[1] == 0 && zeros[0] > head->size * 2 / 5);
}

/* False: the bytes are not text. */
static bool text_decode(struct head *head)
{
	const unsigned char *bytes = head->bytes;
	size_t size = head->size, left;
	size_t mark = size >= 3 && memcmp(bytes, "\xef\xbb\xbf", 3) == 0 ? 3 : 0;

	if (size >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0)) {
		head->text_size = utf16_to_utf8(bytes + 2, size / 2 - 1, bytes[0] == 0xfe,
						head->text, &left);
	} else {
		/* a program's output is recognized in spite of noise on a serial line */
		if (!mark && is_binary(bytes, size) &&
		    (head_is_wide(head) || !tag_is_in(bytes, size)))
			return false;
		head->text_size = size - mark;
		memcpy(head->text, bytes + mark, head->text_size);
	}
	head->text[head->text_size] = '\0';
	return true;
}

const char *head_line_end(const struct head *head, const char *at)
{
	const char *end = head->text + head->text_size;
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed ? feed : end;
}

static const char *first_find(const struct head *head)
{
	const char *end = head->text + head->text_size;

	for (const char *at = head->text; at < end; at++) {
		while (at < end && memchr(" \t\r\n", *at, 4))
			at++;
		if (at < end && *at != '#')
			return at;
		at = head_line_end(head, at);
	}
	return NULL;
}

static char separator_find(const char *at, const char *end)
{
	bool quoted = false;

	for (; at < end; at++) {
		if (*at == '"')
			quoted = !quoted;
		else if (!quoted && (*at == ',' || *at == ';' || *at == '\t'))
			return *at;
	}
	return '\0';
}

static const char *blanks_pass(const char *at, const char *end)
{
	while (at < end && memchr(" \t\r\n", *at, 4))
		at++;
	return at;
}

static void json_find(struct head *head)
{
	const char *end = head->text + head->text_size, *object = head->first;

	/* debug output can start with [process] */
	if (*object == '[')
		object = blanks_pass(object + 1, end);
	head->is_json = object < end && *object == '{';
	if (!head->is_json)
		return;
	head_json_read(object, end, &head->json);
	head->json.is_array = object != head->first;
}

void head_read(struct head *head, const unsigned char *bytes, size_t size, bool is_whole)
{
	const char *end;

	head->bytes = bytes;
	head->size = size;
	head->is_whole = is_whole;
	head->text_size = 0;
	head->text[0] = '\0';
	head->is_text = text_decode(head);
	head->first = head->is_text ? first_find(head) : NULL;
	head->has_line = false;
	head->separator = '\0';
	head->is_json = false;
	head->json = (struct head_json) { .is_one_line = true };
	if (!head->first)
		return;
	end = head_line_end(head, head->first);
	head->has_line = *end == '\n' || is_whole;
	head->separator = separator_find(head->first, end);
	json_find(head);
}

/* ---- JSON ---- */

/* The closing quote of a string whose opening quote is before @at, or the end. */
static const char *string_end(const char *at, const char *end)
{
	while (at < end && *at != '"' && *at != '\n')
		at += *at == '\\' && end - at > 1 ? 2 : 1;
	return at < end ? at : end;
}

/* Adds the string between @from and @to as a name if a colon follows it. */
static void member_take(struct head_json *json, const char *from, const char *to, const char *end)
{
	const char *colon = to < end ? blanks_pass(to + 1, end) : end, *value;

	if (colon == end || *colon != ':' || json->count == HEAD_MEMBERS)
		return;
	value = blanks_pass(colon + 1, end);
	json->members[json->count++] = (struct head_member) {
		.name = text_of(from, (size_t)(to - from)),
		.value = value < end ? *value : '\0',
	};
}

/* Whether the text at @at shows that the previous line was cut off, and a new one starts. */
static bool is_broken(const char *at, const char *end, unsigned depth, char last, bool in_string)
{
	if (at == end)
		return false;
	return *at == '\n' ? in_string || last == ':' : *at == '{' && depth == 1 && last != ':';
}

void head_json_read(const char *at, const char *end, struct head_json *json)
{
	unsigned depth = 0;
	char last = '\0';

	*json = (struct head_json) { .is_one_line = true };
	for (; at < end && !json->is_closed; at++) {
		const char *from = at + 1;
		bool is_string = *at == '"';

		if (is_string)
			at = string_end(from, end);
		if (is_broken(at, end, depth, last, is_string)) {
			json->is_one_line = true;
			return;
		}
		if (at == end)
			return;
		if (*at == '\n')
			json->is_one_line = false;
		else if (is_string && depth == 1)
			member_take(json, from, at, end);
		else if (*at == '{' || *at == '[')
			depth++;
		else if ((*at == '}' || *at == ']') && depth > 0)
			json->is_closed = --depth == 0;
		if (!memchr(" \t\r\n", *at, 4))
			last = *at;
	}
}

bool head_json_has(const struct head_json *json, const char *name)
{
	for (unsigned i = 0; i < json->count; i++)
		if (text_equal(json->members[i].name, text_from(name)))
			return true;
	return false;
}

/* ---- words ---- */

/* Where the tag is, or NULL. */
const char *head_tag(const struct head *head)
{
	const char *end = head->text + head->text_size, *after;

	return tag_find(head->text, end, tag_text_is_noisy(head->text, end), &after);
}

static const char *bytes_find(const char *at, const char *end, const char *word)
{
	size_t size = strlen(word);

	for (; (size_t)(end - at) >= size; at++) {
		at = memchr(at, *word, (size_t)(end - at) - size + 1);
		if (!at)
			return NULL;
		if (memcmp(at, word, size) == 0)
			return at;
	}
	return NULL;
}

bool head_holds(const struct head *head, const char *word)
{
	return bytes_find(head->text, head->text + head->text_size, word);
}

bool head_has_column(const struct head *head, const char *name)
{
	const char *at = head->first, *end;

	if (!head->separator)
		return false;
	end = head_line_end(head, at);
	while (at < end) {
		const char *stop = memchr(at, head->separator, (size_t)(end - at)), *next;
		struct sessionlint_text field;

		stop = stop ? stop : end;
		next = stop + 1;
		while (stop > at && (stop[-1] == '\r' || stop[-1] == '"'))
			stop--;
		at += *at == '"';
		field = text_of(at, stop > at ? (size_t)(stop - at) : 0);
		if (text_is(field, name))
			return true;
		at = next;
	}
	return false;
}
