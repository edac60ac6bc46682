/* SPDX-License-Identifier: MIT */
#include "diff/findings_read.h"

#include "baseline/fingerprint.h"

#include <errno.h>
#include <stdlib.h>

#include "base/escape.h"
#include "base/failure.h"
#include "base/json_reader.h"
#include "base/number.h"
#include "base/utf.h"
#include "sessionlint.h"
#include "trace/text/unescape.h"

/* A line of a trace has at most 1 MiB, and escapes make six bytes of one. */
#define LINE_MAX_BYTES ((size_t)16 << 20)
#define LINE_ROOM      ((size_t)64 << 10)

/* The maximum length of a text that is kept: enough for people. */
#define CLIP 1024

void findings_init(struct findings *findings)
{
	*findings = (struct findings) { .last = NULL };
	table_init(&findings->table);
	findings->last = &findings->first;
}

void findings_free(struct findings *findings)
{
	table_free(&findings->table);
	arena_free(&findings->arena);
	*findings = (struct findings) { .last = NULL };
}

static int set_reason(struct findings_reason *ret_reason, const char *what, const char *key)
{
	ret_reason->what = what;
	ret_reason->key = key;
	return -EBADMSG;
}

/* ---- one object ---- */

enum kind {
	KIND_TEXT,
	KIND_NUMBER,
	KIND_OR_NULL = 2,
};

static const struct member {
	const char *key;
	unsigned kind;
	size_t offset;
} members[] = {
	{ "rule", KIND_TEXT, offsetof(struct reported, rule) },
	{ "severity", KIND_TEXT, offsetof(struct reported, severity) },
	{ "file", KIND_TEXT, offsetof(struct reported, file) },
	{ "line", KIND_NUMBER, offsetof(struct reported, line) },
	{ "host", KIND_TEXT | KIND_OR_NULL, offsetof(struct reported, host) },
	{ "session", KIND_NUMBER | KIND_OR_NULL, offsetof(struct reported, session) },
	{ "message", KIND_TEXT, offsetof(struct reported, message) },
	{ "fingerprint", KIND_TEXT, offsetof(struct reported, fingerprint) },
};
#define MEMBERS (sizeof members / sizeof members[0])

/* Whether each backslash begins a valid JSON escape, as text_unescape() requires. */
static bool escapes_are_whole(struct sessionlint_text text)
{
	static const char digits[] = "0123456789ABCDEFabcdef";

	for (size_t i = 0; i < text.size; i++) {
		if (text.data[i] != '\\')
			continue;
		if (++i == text.size || !memchr("\"\\/bfnrtu", text.data[i], 9))
			return false;
		if (text.data[i] != 'u')
			continue;
		for (unsigned digit = 0; digit < 4; digit++)
			if (++i == text.size || !memchr(digits, text.data[i], sizeof digits - 1))
				return false;
	}
	return true;
}

static int read_text(struct findings *findings, struct sessionlint_text value,
		     struct sessionlint_text *ret_text)
{
	struct json json = { .at = value.data, .end = value.data + value.size };
	struct sessionlint_text text;

	if (json_read_text(&json, &text) < 0 || !json_is_over(&json) || !escapes_are_whole(text))
		return -EBADMSG;
	/* unescaped text is never longer; clip first to save memory */
	if (text.size > CLIP) {
		text = text_clipped(text, CLIP);
		while (text.size > 0 && !escapes_are_whole(text))
			text.size--;
	}
	*ret_text = text;
	if (text.size > 0 && text_unescape(text, &findings->arena, ret_text) < 0)
		return -ENOMEM;
	return 0;
}

static int read_member(struct findings *findings, struct reported *reported,
		       const struct member *member, struct sessionlint_text value)
{
	void *field = (char *)reported + member->offset;

	if (member->kind & KIND_OR_NULL && text_equal(value, text_from("null")))
		return 0;
	if (!(member->kind & KIND_NUMBER))
		return read_text(findings, value, field);
	if (field == &reported->session)
		reported->has_session = true;
	return decimal_parse(value, UINT64_MAX, field) < 0 ? -EBADMSG : 0;
}

static int check_members(const struct reported *reported, unsigned seen,
			 struct findings_reason *ret_reason)
{
	enum sessionlint_severity severity;

	if (!(seen & 1U))
		return set_reason(ret_reason, "not a finding of check --format=json: missing",
				  "rule");
	for (unsigned i = 0; i < MEMBERS; i++)
		if (!(seen & 1U << i))
			return set_reason(ret_reason, "the finding is missing", members[i].key);
	if (!fingerprint_valid(reported->fingerprint))
		return set_reason(ret_reason, "invalid", "fingerprint");
	if (sessionlint_severity_parse(reported->severity.data, reported->severity.size,
				       &severity) < 0 ||
	    severity == SESSIONLINT_SEVERITY_OFF)
		return set_reason(ret_reason, "not note, warning or error:", "severity");
	return 0;
}

static int add(struct findings *findings, struct reported *reported,
	       struct findings_reason *ret_reason)
{
	int r;

	if (table_find(&findings->table, reported->fingerprint))
		return set_reason(ret_reason, "an earlier finding has the same", "fingerprint");
	r = table_add(&findings->table, &reported->entry, reported->fingerprint);
	if (r < 0)
		return r;
	*findings->last = reported;
	findings->last = &reported->next;
	findings->count++;
	return 0;
}

/* What kind of object it is. */
struct object {
	bool is_summary;
	bool suppressed;
};

/* The members that are objects. */
static int read_inner(struct sessionlint_text key, const char *value, struct object *object,
		      struct findings_reason *ret_reason)
{
	if (text_equal(key, text_from("summary"))) {
		object->is_summary = true;
		return *value == '{' ? 0 : set_reason(ret_reason, "not an object:", "summary");
	}
	if (text_equal(key, text_from("suppression"))) {
		object->suppressed = true;
		return *value == '{' ? 0 : set_reason(ret_reason, "not an object:", "suppression");
	}
	return 0;
}

/* Reads the members of the object; *seen has a bit for each known one. */
static int read_members(struct findings *findings, struct json *json, struct reported *reported,
			unsigned *seen, struct object *object, struct findings_reason *ret_reason)
{
	struct sessionlint_text key;
	bool first = true;
	int r = json_enter(json, '{');

	while (r == 0 && (r = json_next(json, &first, &key)) > 0) {
		const char *begin;
		unsigned i = 0;

		while (json->at < json->end && memchr(" \t\r", *json->at, 3))
			json->at++;
		begin = json->at;
		r = json_skip(json);
		if (r == 0)
			r = read_inner(key, begin, object, ret_reason);
		if (ret_reason->what)
			return r;
		if (r < 0)
			break;
		while (i < MEMBERS && !text_equal(key, text_from(members[i].key)))
			i++;
		if (i == MEMBERS)
			continue;
		if (*seen & 1U << i)
			return set_reason(ret_reason, "duplicate", members[i].key);
		*seen |= 1U << i;
		r = read_member(findings, reported, &members[i],
				text_of(begin, (size_t)(json->at - begin)));
		if (r == -EBADMSG)
			return set_reason(ret_reason, "wrong type:", members[i].key);
	}
	if (r == -EBADMSG || (r == 0 && !json_is_over(json)))
		return set_reason(ret_reason,
				  "not a JSON object, or truncated or nested too deeply", NULL);
	return r;
}

static int read_object(struct findings *findings, struct sessionlint_text text, uint64_t line,
		       bool *ret_summary, struct findings_reason *ret_reason)
{
	struct json json = { .at = text.data, .end = text.data + text.size };
	struct reported *reported = arena_allocate(&findings->arena, sizeof *reported);
	struct object object = { false, false };
	unsigned seen = 0;
	int r;

	if (!reported)
		return -ENOMEM;
	*reported = (struct reported) { .at = line };
	r = read_members(findings, &json, reported, &seen, &object, ret_reason);
	*ret_summary = object.is_summary;
	if (r == 0 && *ret_summary && seen)
		return set_reason(ret_reason,
				  "a finding and a summary at the same time:", "summary");
	if (r < 0 || *ret_summary)
		return r;
	r = check_members(reported, seen, ret_reason);
	if (r == 0 && object.suppressed)
		findings->suppressed++;
	else if (r == 0)
		r = add(findings, reported, ret_reason);
	return r;
}

/* ---- lines ---- */

struct lines {
	FILE *file;
	char *data;
	size_t begin, end, room;
	bool over; /* end of file */
};

static int lines_fill(struct lines *lines)
{
	if (lines->begin > 0)
		memmove(lines->data, lines->data + lines->begin, lines->end - lines->begin);
	lines->end -= lines->begin;
	lines->begin = 0;
	if (lines->end == lines->room) {
		size_t room = lines->room ? lines->room * 2 : LINE_ROOM;
		char *data = room > LINE_MAX_BYTES ? NULL : realloc(lines->data, room);

		if (!data)
			return room > LINE_MAX_BYTES ? -EFBIG : -ENOMEM;
		lines->data = data;
		lines->room = room;
	}
	errno = 0;
	lines->end += fread(lines->data + lines->end, 1, lines->room - lines->end, lines->file);
	if (ferror(lines->file))
		return failure_of(errno);
	lines->over = feof(lines->file);
	return 0;
}

/* Returns 1 with the next line, without its end; 0 after the last. */
static int lines_next(struct lines *lines, struct sessionlint_text *ret_line)
{
	size_t looked = 0;

	for (;;) {
		size_t size = lines->end - lines->begin;
		const char *begin = lines->data ? lines->data + lines->begin : NULL;
		const char *end = size > looked ? memchr(begin + looked, '\n', size - looked)
						: NULL;
		int r;

		if (end || (lines->over && size > 0)) {
			*ret_line = text_of(begin, end ? (size_t)(end - begin) : size);
			lines->begin += ret_line->size + (end != NULL);
			return 1;
		}
		if (lines->over)
			return 0;
		looked = size;
		r = lines_fill(lines);
		if (r < 0)
			return r;
	}
}

static bool is_blank(struct sessionlint_text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (!memchr(" \t\r", text.data[i], 3))
			return false;
	return true;
}

static int read_line(struct findings *findings, struct sessionlint_text line, bool *ended,
		     struct findings_reason *ret_reason)
{
	if (ret_reason->line == 1 && line.size >= 2 &&
	    (memcmp(line.data, "\xff\xfe", 2) == 0 || memcmp(line.data, "\xfe\xff", 2) == 0))
		return set_reason(ret_reason,
				  "the file is UTF-16; let check write it with --output=json:PATH",
				  NULL);
	if (ret_reason->line == 1 && line.size >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0)
		line = text_of(line.data + 3, line.size - 3);
	if (is_blank(line))
		return 0;
	if (*ended)
		return set_reason(ret_reason,
				  "unexpected text after the summary; are these two reports?",
				  NULL);
	if (utf8_valid(line.data, line.size) < line.size)
		return set_reason(ret_reason, "invalid UTF-8", NULL);
	return read_object(findings, line, ret_reason->line, ended, ret_reason);
}

int findings_read(struct findings *findings, FILE *file, struct findings_reason *ret_reason)
{
	struct lines lines = { .file = file };
	struct sessionlint_text line;
	bool ended = false;
	int r;

	*ret_reason = (struct findings_reason) { .line = 0 };
	while ((r = lines_next(&lines, &line)) > 0) {
		ret_reason->line++;
		r = read_line(findings, line, &ended, ret_reason);
		if (r < 0)
			break;
	}
	if (r == -EFBIG) {
		ret_reason->line++;
		r = set_reason(ret_reason, "the line is too long for a report", NULL);
	}
	if (r == 0 && !ended) {
		ret_reason->line = 0;
		r = set_reason(ret_reason,
			       "missing summary at the end: truncated, or not a report of check "
			       "--format=json",
			       NULL);
	}
	free(lines.data);
	return r;
}
