/* SPDX-License-Identifier: MIT */
#include "report/findings.h"

#include <errno.h>
#include <stdlib.h>

#include "base/failure.h"
#include "base/json_reader.h"
#include "base/number.h"
#include "base/utf.h"
#include "report/escape.h"
#include "trace/unescape.h"

/* A line of a trace has at most 1 MiB, and escapes make six bytes of one. */
#define LINE_MAX_BYTES ((size_t)16 << 20)
#define LINE_ROOM      ((size_t)64 << 10)

/* What is kept of a text: enough to tell people, whatever is in the report. */
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

static int trouble(struct findings_trouble *ret_trouble, const char *what, const char *key)
{
	ret_trouble->what = what;
	ret_trouble->key = key;
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

/* Whether each backslash begins an escape of JSON, as text_unescape() wants it. */
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
	/* an escape becomes no longer than it was; what is clipped is not worth the memory */
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

/* 16 hexadecimal digits, a colon, a number. */
static bool is_fingerprint(struct sessionlint_text text)
{
	uint64_t number;

	for (unsigned i = 0; i < 16; i++)
		if (text.size <= i || !memchr("0123456789abcdef", text.data[i], 16))
			return false;
	return text.size > 17 && text.data[16] == ':' &&
	       decimal_parse(text_of(text.data + 17, text.size - 17), UINT64_MAX, &number) == 0 &&
	       number > 0;
}

static int check_members(const struct reported *reported, unsigned seen,
			 struct findings_trouble *ret_trouble)
{
	enum sessionlint_severity severity;

	if (!(seen & 1U))
		return trouble(ret_trouble, "is no finding of check --format=json: it has no",
			       "rule");
	for (unsigned i = 0; i < MEMBERS; i++)
		if (!(seen & 1U << i))
			return trouble(ret_trouble, "the finding has no", members[i].key);
	if (!is_fingerprint(reported->fingerprint))
		return trouble(ret_trouble, "is no fingerprint:", "fingerprint");
	if (sessionlint_severity_parse(reported->severity.data, reported->severity.size,
				       &severity) < 0 ||
	    severity == SESSIONLINT_SEVERITY_OFF)
		return trouble(ret_trouble, "is none of note, warning and error:", "severity");
	return 0;
}

static int add(struct findings *findings, struct reported *reported,
	       struct findings_trouble *ret_trouble)
{
	int r;

	if (table_find(&findings->table, reported->fingerprint))
		return trouble(ret_trouble, "another finding before it has the same",
			       "fingerprint");
	r = table_add(&findings->table, &reported->entry, reported->fingerprint);
	if (r < 0)
		return r;
	*findings->last = reported;
	findings->last = &reported->next;
	findings->count++;
	return 0;
}

/* What the members say of the object as a whole. */
struct object {
	bool is_summary;
	bool suppressed;
};

/* The members that hold an object. */
static int read_inner(struct sessionlint_text key, const char *value, struct object *object,
		      struct findings_trouble *ret_trouble)
{
	if (text_equal(key, text_from("summary"))) {
		object->is_summary = true;
		return *value == '{' ? 0 : trouble(ret_trouble, "is no object:", "summary");
	}
	if (text_equal(key, text_from("suppression"))) {
		object->suppressed = true;
		return *value == '{' ? 0 : trouble(ret_trouble, "is no object:", "suppression");
	}
	return 0;
}

/* Goes over the members of the object; *seen has a bit for each that is known. */
static int read_members(struct findings *findings, struct json *json, struct reported *reported,
			unsigned *seen, struct object *object, struct findings_trouble *ret_trouble)
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
			r = read_inner(key, begin, object, ret_trouble);
		if (ret_trouble->what)
			return r;
		if (r < 0)
			break;
		while (i < MEMBERS && !text_equal(key, text_from(members[i].key)))
			i++;
		if (i == MEMBERS)
			continue;
		if (*seen & 1U << i)
			return trouble(ret_trouble, "is there twice:", members[i].key);
		*seen |= 1U << i;
		r = read_member(findings, reported, &members[i],
				text_of(begin, (size_t)(json->at - begin)));
		if (r == -EBADMSG)
			return trouble(ret_trouble, "has no value of its kind:", members[i].key);
	}
	if (r == -EBADMSG || (r == 0 && !json_is_over(json)))
		return trouble(ret_trouble, "is no JSON object, or one that is cut or too deep",
			       NULL);
	return r;
}

static int read_object(struct findings *findings, struct sessionlint_text text, uint64_t line,
		       bool *ret_summary, struct findings_trouble *ret_trouble)
{
	struct json json = { .at = text.data, .end = text.data + text.size };
	struct reported *reported = arena_allocate(&findings->arena, sizeof *reported);
	struct object object = { false, false };
	unsigned seen = 0;
	int r;

	if (!reported)
		return -ENOMEM;
	*reported = (struct reported) { .at = line };
	r = read_members(findings, &json, reported, &seen, &object, ret_trouble);
	*ret_summary = object.is_summary;
	if (r == 0 && *ret_summary && seen)
		return trouble(ret_trouble, "is a finding and a summary at once:", "summary");
	if (r < 0 || *ret_summary)
		return r;
	r = check_members(reported, seen, ret_trouble);
	if (r == 0 && object.suppressed)
		findings->suppressed++;
	else if (r == 0)
		r = add(findings, reported, ret_trouble);
	return r;
}

/* ---- lines ---- */

struct lines {
	FILE *file;
	char *data;
	size_t begin, end, room;
	bool over; /* nothing more comes */
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

/* Returns 1 with the next line, without its end; 0 behind the last. */
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

static bool is_utf8(struct sessionlint_text text)
{
	for (size_t i = 0; i < text.size;) {
		uint32_t code;
		size_t size;

		if ((unsigned char)text.data[i] < 0x80) {
			i++;
			continue;
		}
		size = utf8_get(text.data + i, text.size - i, &code);
		if (code == UTF_REPLACEMENT &&
		    !(size == 3 && memcmp(text.data + i, "\xef\xbf\xbd", 3) == 0))
			return false;
		i += size;
	}
	return true;
}

static bool is_blank(struct sessionlint_text text)
{
	for (size_t i = 0; i < text.size; i++)
		if (!memchr(" \t\r", text.data[i], 3))
			return false;
	return true;
}

static int read_line(struct findings *findings, struct sessionlint_text line, bool *ended,
		     struct findings_trouble *ret_trouble)
{
	if (ret_trouble->line == 1 && line.size >= 2 &&
	    (memcmp(line.data, "\xff\xfe", 2) == 0 || memcmp(line.data, "\xfe\xff", 2) == 0))
		return trouble(ret_trouble, "is UTF-16; let check write it: --output=json:PATH",
			       NULL);
	if (ret_trouble->line == 1 && line.size >= 3 && memcmp(line.data, "\xef\xbb\xbf", 3) == 0)
		line = text_of(line.data + 3, line.size - 3);
	if (is_blank(line))
		return 0;
	if (*ended)
		return trouble(ret_trouble, "something follows the summary: is it two reports?",
			       NULL);
	if (!is_utf8(line))
		return trouble(ret_trouble, "is no UTF-8", NULL);
	return read_object(findings, line, ret_trouble->line, ended, ret_trouble);
}

int findings_read(struct findings *findings, FILE *file, struct findings_trouble *ret_trouble)
{
	struct lines lines = { .file = file };
	struct sessionlint_text line;
	bool ended = false;
	int r;

	*ret_trouble = (struct findings_trouble) { .line = 0 };
	while ((r = lines_next(&lines, &line)) > 0) {
		ret_trouble->line++;
		r = read_line(findings, line, &ended, ret_trouble);
		if (r < 0)
			break;
	}
	if (r == -EFBIG) {
		ret_trouble->line++;
		r = trouble(ret_trouble, "is longer than any line of a report", NULL);
	}
	if (r == 0 && !ended) {
		ret_trouble->line = 0;
		r = trouble(ret_trouble,
			    "has no summary at its end: it is cut, or no report of check "
			    "--format=json",
			    NULL);
	}
	free(lines.data);
	return r;
}
