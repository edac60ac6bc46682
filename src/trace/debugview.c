/* SPDX-License-Identifier: MIT */
/*
 * What drivers print, as DebugView of Sysinternals saves it or a kernel debugger logs it. Records
 * are lines among those of everybody else: what is tagged, or what looks like nothing else.
 *
 *     00000042<TAB>1.20000000<TAB>[1234] sessionlint: session=3 event=Logon
 */
#include "trace/keys.h"
#include "trace/lines.h"
#include "trace/text_reader.h"

/* Whatever stands behind it is a record. */
#define TAG "sessionlint:"

/* A line of text without the tag is a record if it begins with a key and holds one of these: each
 * record has one. Words such as event, state and status are everybody's. */
#define TELLING                                                                                    \
	(KEY_BIT(KEY_SESSION) | KEY_BIT(KEY_MARKER) | KEY_BIT(KEY_CALL) | KEY_BIT(KEY_OBJECT))

/* ---- the columns; a line ends with a line feed, or a zero at the end of a log's head ---- */

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static const char *blanks_pass(const char *at)
{
	while (is_blank(*at))
		at++;
	return at;
}

static const char *digits_pass(const char *at)
{
	while (is_digit(*at))
		at++;
	return at;
}

/* Passes over seconds, as in 1.20000000, or a clock, as in 10:15:32.123 AM, and what separates it
 * from the text. NULL: there is none. */
static const char *time_pass(const char *at)
{
	const char *end = digits_pass(at), *half;

	if (end == at || !strchr(".,:", *end))
		return NULL;
	while (*end && strchr(".,:", *end) && is_digit(end[1]))
		end = digits_pass(end + 1);
	half = blanks_pass(end);
	if ((ascii_lower(*half) == 'a' || ascii_lower(*half) == 'p') && ascii_lower(half[1]) == 'm')
		end = half + 2;
	return is_blank(*end) ? blanks_pass(end) : NULL;
}

/* Passes over a process, as in [1234], or a computer, as in [\\VDI-017]. NULL: there is none. */
static const char *process_pass(const char *at)
{
	const char *end;

	if (*at != '[')
		return NULL;
	end = digits_pass(at + 1);
	if (end == at + 1 && end[0] == '\\' && end[1] == '\\')
		while (*end && !strchr("]\r\n", *end))
			end++;
	return end > at + 1 && *end == ']' ? blanks_pass(end + 1) : NULL;
}

/* Passes over all that stands before a line's text. *ret_sure: nothing but DebugView writes such
 * lines. */
static const char *columns_pass(const char *line, bool *ret_sure)
{
	const char *at = blanks_pass(line), *number = digits_pass(at), *next;
	bool timed;

	number = number > at && is_blank(*number) ? blanks_pass(number) : NULL;
	next = time_pass(number ? number : at);
	timed = next;
	*ret_sure = timed && number;
	if (timed)
		at = next;
	while ((next = process_pass(at))) {
		*ret_sure |= timed;
		at = next;
	}
	return at;
}

/* ---- the text ---- */

/* The key that stands at @at with an equals sign behind it, or RECORD_KEYS. */
static unsigned key_at(const char *at)
{
	for (unsigned key = 0; key < RECORD_KEYS; key++) {
		const char *name = trace_keys[key].name;
		size_t size = 0;

		while (name[size] && at[size] == name[size])
			size++;
		if (name[size] == '\0' && at[size] == '=')
			return key;
	}
	return RECORD_KEYS;
}

/* The next word of the text; NULL: there is none. */
static const char *word_next(const char *at)
{
	while (*at && *at != '\n' && !is_blank(*at))
		at++;
	return is_blank(*at) ? blanks_pass(at) : NULL;
}

/* What stands behind the tag, which may itself stand behind a debugger's prompt, as in kd>; NULL:
 * there is none. */
static const char *tag_pass(const char *text)
{
	bool prompt = true;

	for (const char *at = text; *at && *at != '\n'; at++) {
		if (prompt && strncmp(at, TAG, sizeof TAG - 1) == 0)
			return at + sizeof TAG - 1;
		prompt = *at == '>' || (prompt && is_blank(*at));
	}
	return NULL;
}

/* Where the record begins in a text; NULL: it holds none. */
static const char *record_find(const char *text)
{
	const char *tagged = tag_pass(text);

	if (tagged)
		return tagged;
	if (key_at(text) == RECORD_KEYS)
		return NULL;
	/* others print size=8 or status=0x0 too */
	for (const char *word = text; word; word = word_next(word)) {
		unsigned key = key_at(word);

		if (key < RECORD_KEYS && KEY_BIT(key) & TELLING)
			return text;
	}
	return NULL;
}

static const char *debugview_begin(struct reader *reader, void *data, const char *line)
{
	bool sure;
	const char *record = record_find(columns_pass(line, &sure)), *first = blanks_pass(line);

	(void)data;
	/* a text that ends with a line feed of its own leaves a blank line */
	if (!record && *first != '\r' && *first != '\n') {
		reader->counts.records++;
		reader->counts.skipped++;
	}
	return record;
}

/* ---- the format ---- */

static bool debugview_probe(const unsigned char *bytes, size_t size)
{
	struct lines_head head;
	bool sure;

	if (!lines_head_read(bytes, size, &head))
		return false;
	for (const char *line = head.text; line; line = strchr(line, '\n')) {
		const char *text;

		line += *line == '\n';
		text = columns_pass(line, &sure);
		if (sure || tag_pass(text))
			return true;
	}
	return false;
}

static int debugview_open(struct reader *reader)
{
	static const struct text_format format = {
		.grammar = "key=value",
		.scan = logfmt_scan,
		.begin = debugview_begin,
	};

	return text_reader_open(reader, &format, NULL);
}

const struct reader_format reader_debugview = {
	.name = "debugview",
	.summary = "records among debug output: DebugView, debugger logs",
	.probe = debugview_probe,
	.open = debugview_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
