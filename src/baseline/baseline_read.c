/* SPDX-License-Identifier: MIT */
/* Reads what baseline.c writes and people may have edited. Anything unexpected is an error with its
 * place, so that nothing is suppressed by mistake. */
#include <errno.h>
#include <stdarg.h>

#include "base/json_reader.h"
#include "base/suggest.h"
#include "base/utf.h"
#include "baseline/baseline.h"
#include "baseline/fingerprint.h"
#include "trace/text/unescape.h"

struct reader {
	struct json json;
	const char *begin;
	struct baseline *baseline;
	int64_t now;
	struct sessionlint_baseline_error *error;
	struct { /* the last place that was computed; the next is counted from there */
		const char *at;
		unsigned line, column;
	} place;
};

/* ---- errors ---- */

/* Counts lines and characters up to @at. */
static void find_place(struct reader *reader, const char *at)
{
	if (!reader->place.at || at < reader->place.at) {
		reader->place.at = reader->begin;
		reader->place.line = reader->place.column = 1;
	}
	for (; reader->place.at < at; reader->place.at++) {
		if (*reader->place.at == '\n') {
			reader->place.line++;
			reader->place.column = 1;
		} else if (((unsigned char)*reader->place.at & 0xc0) != 0x80) {
			reader->place.column++;
		}
	}
}

/* Sets the error at @at. -EBADMSG. */
__attribute__((format(printf, 3, 4))) static int fail(struct reader *reader, const char *at,
						      const char *format, ...)
{
	struct sessionlint_baseline_error *error = reader->error;
	va_list arguments;

	find_place(reader, at);
	error->line = reader->place.line;
	error->column = reader->place.column;
	va_start(arguments, format);
	vsnprintf(error->text, sizeof error->text, format, arguments);
	va_end(arguments);
	return -EBADMSG;
}

/* Sets the error that @what is missing where reading stopped. */
static int expected(struct reader *reader, const char *what)
{
	if (json_is_over(&reader->json))
		return fail(reader, reader->json.at, "unexpected end of file; expected %s", what);
	return fail(reader, reader->json.at, "expected %s", what);
}

static int unknown_key(struct reader *reader, struct sessionlint_text key, const char *const *keys)
{
	struct suggestion near = { .word = key };

	for (unsigned i = 0; keys[i]; i++)
		suggestion_offer(&near, keys[i]);
	return fail(reader, key.data, "unknown key '%.*s'%s%s%s",
		    key.size < 40 ? (int)key.size : 40, key.data,
		    near.best ? "; did you mean " : "", near.best ? near.best : "",
		    near.best ? "?" : "");
}

/* Goes to the next value of an object, whose key must be among @keys and new. Returns 1 at a value,
 * 0 after the last. */
static int next_key(struct reader *reader, bool *first, const char *const *keys, unsigned *seen,
		    unsigned *ret_index)
{
	struct sessionlint_text key;
	int r = json_next(&reader->json, first, &key);

	if (r < 0)
		return expected(reader, *first ? "a key or }" : "a comma and a key, or }");
	if (r == 0)
		return 0;
	for (unsigned i = 0; keys[i]; i++) {
		if (!text_equal(key, text_from(keys[i])))
			continue;
		if (*seen & 1U << i)
			return fail(reader, key.data, "duplicate key '%s'", keys[i]);
		*seen |= 1U << i;
		*ret_index = i;
		return 1;
	}
	return unknown_key(reader, key, keys);
}

/* ---- strings ---- */

static bool is_hexadecimal(const char *at, const char *end)
{
	if (end - at < 4)
		return false;
	for (unsigned i = 0; i < 4; i++)
		if (!memchr("0123456789abcdefABCDEF", at[i], 22))
			return false;
	return true;
}

/* Whether four digits are the first half of a surrogate pair ('8' to 'b'), or the second. */
static bool is_half(const char *at, const char *second_digits)
{
	return ascii_lower(at[0]) == 'd' && strchr(second_digits, ascii_lower(at[1]));
}

/* The length of the escape at @at; 0: invalid. */
static size_t escape_size(const char *at, const char *end)
{
	if (end - at < 2 || !memchr("\"\\/bfnrtu", at[1], 9))
		return 0;
	if (at[1] != 'u')
		return 2;
	if (!is_hexadecimal(at + 2, end) || is_half(at + 2, "cdef"))
		return 0;
	if (!is_half(at + 2, "89ab"))
		return 6;
	if (end - at < 12 || at[6] != '\\' || at[7] != 'u' || !is_hexadecimal(at + 8, end) ||
	    !is_half(at + 8, "cdef"))
		return 0;
	return 12;
}

static int check_string(struct reader *reader, struct sessionlint_text raw)
{
	const char *at = raw.data, *end = raw.data + raw.size;
	size_t valid = utf8_valid(raw.data, raw.size);

	if (valid < raw.size)
		return fail(reader, raw.data + valid, "invalid UTF-8");
	while ((at = memchr(at, '\\', (size_t)(end - at)))) {
		size_t size = escape_size(at, end);

		if (size == 0)
			return fail(reader, at, "invalid JSON escape");
		at += size;
	}
	return 0;
}

static int read_string(struct reader *reader, const char *key, struct sessionlint_text *ret_text)
{
	struct sessionlint_text raw;
	int r;

	if (json_read_text(&reader->json, &raw) < 0) {
		char what[48];

		snprintf(what, sizeof what, "a string for '%s'", key);
		return expected(reader, what);
	}
	r = check_string(reader, raw);
	if (r == 0 && raw.size > 0)
		r = text_unescape(raw, &reader->baseline->arena, ret_text);
	return r;
}

/* ---- entries ---- */

enum {
	FINGERPRINT,
	RULE,
	LOG,
	SUBJECT,
	MESSAGE,
	REASON,
	EXPIRES
};

static const char *const entry_keys[] = { "fingerprint", "rule",   "log",     "subject",
					  "message",     "reason", "expires", NULL };

static int check_entry(struct reader *reader, const char *at, unsigned seen,
		       const struct sessionlint_text texts[])
{
	for (unsigned i = FINGERPRINT; i < EXPIRES; i++)
		if (!(seen & 1U << i))
			return fail(reader, at, "missing '%s' in the entry", entry_keys[i]);
	if (!fingerprint_valid(texts[FINGERPRINT]))
		return fail(reader, at, "invalid fingerprint");
	if (!baseline_has_text(texts[REASON]))
		return fail(reader, at, "empty reason");
	return 0;
}

static int add_entry(struct reader *reader, const char *at, unsigned seen,
		     const struct sessionlint_text texts[])
{
	const struct baseline_entry *known = baseline_find(reader->baseline, texts[FINGERPRINT]);
	struct baseline_entry *entry;

	if (known)
		return fail(reader, at, "duplicate fingerprint, already in line %u", known->line);
	entry = baseline_add(reader->baseline, texts[FINGERPRINT]);
	if (!entry)
		return -ENOMEM;
	find_place(reader, at);
	entry->line = reader->place.line;
	entry->column = reader->place.column;
	entry->rule = texts[RULE];
	entry->log = texts[LOG];
	entry->subject = texts[SUBJECT];
	entry->message = texts[MESSAGE];
	entry->reason = texts[REASON];
	entry->expires = texts[EXPIRES];
	if (seen & 1U << EXPIRES && !baseline_day(entry->expires, reader->now, &entry->expired))
		return fail(reader, at, "'expires' is not a date such as 2026-12-31");
	return 0;
}

static int read_entry(struct reader *reader)
{
	struct sessionlint_text texts[EXPIRES + 1] = { 0 };
	unsigned seen = 0, index = 0;
	bool first = true;
	const char *at;
	int r;

	if (json_enter(&reader->json, '{') < 0)
		return expected(reader, "an entry {...}");
	at = reader->json.at - 1;
	while ((r = next_key(reader, &first, entry_keys, &seen, &index)) > 0) {
		r = read_string(reader, entry_keys[index], &texts[index]);
		if (r < 0)
			break;
	}
	if (r == 0)
		r = check_entry(reader, at, seen, texts);
	return r == 0 ? add_entry(reader, at, seen, texts) : r;
}

/* ---- the file ---- */

enum {
	BASELINE,
	VERSION,
	ENTRIES
};

static const char *const top_keys[] = { "baseline", "version", "entries", NULL };

/* Where the next value begins. */
static const char *value_at(struct reader *reader)
{
	json_is_over(&reader->json); /* skips blanks */
	return reader->json.at;
}

static int read_name(struct reader *reader)
{
	struct sessionlint_text name = { 0 };
	const char *at = value_at(reader);
	int r = read_string(reader, "baseline", &name);

	if (r == 0 && !text_equal(name, text_from("sessionlint")))
		r = fail(reader, at, "not a baseline of sessionlint");
	return r;
}

static int read_version(struct reader *reader)
{
	const char *at = value_at(reader);
	uint64_t version;

	if (json_read_number(&reader->json, &version) < 0)
		return fail(reader, at, "expected a whole number for 'version'");
	if (version != BASELINE_VERSION)
		return fail(reader, at, "unsupported version of the baseline; expected %d",
			    BASELINE_VERSION);
	return 0;
}

static int read_entries(struct reader *reader)
{
	bool first = true;
	int r = json_enter(&reader->json, '[');

	if (r < 0)
		return expected(reader, "an array for 'entries'");
	while (r == 0 && (r = json_next(&reader->json, &first, NULL)) > 0)
		r = read_entry(reader);
	/* an error within an entry is more precise */
	return r < 0 && r != -ENOMEM && !reader->error->line
		       ? expected(reader, "a comma and an entry, or ]")
		       : r;
}

static int read_top(struct reader *reader)
{
	unsigned seen = 0, index = 0;
	bool first = true;
	int r;

	if (json_enter(&reader->json, '{') < 0)
		return expected(reader, "{\"baseline\":\"sessionlint\", ...}");
	while ((r = next_key(reader, &first, top_keys, &seen, &index)) > 0) {
		r = index == BASELINE  ? read_name(reader)
		    : index == VERSION ? read_version(reader)
				       : read_entries(reader);
		if (r < 0)
			return r;
	}
	for (unsigned i = BASELINE; r == 0 && i <= ENTRIES; i++)
		if (!(seen & 1U << i))
			return fail(reader, reader->begin, "missing '%s'", top_keys[i]);
	if (r == 0 && !json_is_over(&reader->json))
		return fail(reader, reader->json.at, "unexpected text after the baseline");
	return r;
}

int baseline_read(struct baseline *baseline, const char *data, size_t size, int64_t now,
		  struct sessionlint_baseline_error *ret_error)
{
	struct reader reader = {
		.json = { .at = data, .end = data + size },
		.begin = data,
		.baseline = baseline,
		.now = now,
		.error = ret_error,
	};

	*ret_error = (struct sessionlint_baseline_error) { 0 };
	if (size >= 2 && (memcmp(data, "\xff\xfe", 2) == 0 || memcmp(data, "\xfe\xff", 2) == 0))
		return fail(&reader, data, "the file is UTF-16; a baseline must be UTF-8");
	/* editors on Windows write a byte order mark */
	if (size >= 3 && memcmp(data, "\xef\xbb\xbf", 3) == 0)
		reader.begin = reader.json.at += 3;
	return read_top(&reader);
}
