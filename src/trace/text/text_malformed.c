/* SPDX-License-Identifier: MIT */
/* Why a line is malformed, and where. */
#include <errno.h>
#include <inttypes.h>

#include "base/utf.h"
#include "trace/text/text_internal.h"

/* The place of @at in a record that begins at @line: the column, and the line if it is another
 * one. */
static struct sessionlint_text place(const struct text_reader *text, struct arena *arena,
				     const char *line, const char *at)
{
	uint64_t number = text->line + 1;
	const char *feed;

	while ((feed = memchr(line, '\n', (size_t)(at - line)))) {
		line = feed + 1;
		number++;
	}
	if (number == text->line + 1)
		return arena_format(arena, "column %zu: ", (size_t)(at - line) + 1);
	return arena_format(arena, "line %" PRIu64 ", column %zu: ", number,
			    (size_t)(at - line) + 1);
}

/* What to report about a record that is cut off. */
static const char *cut_remark(const struct text_reader *text, const char *next)
{
	return text->lines.unterminated && next == text->end
		       ? "; the file ends here and may be truncated"
		       : "";
}

struct sessionlint_text text_syntax_reason(const struct text_reader *text, struct arena *arena,
					   int error, const char *line, const char *at,
					   const char *end)
{
	struct sessionlint_text where = place(text, arena, line, at);
	const char *grammar = text->format->grammar;
	unsigned char c = (unsigned char)*at;
	uint32_t code;
	size_t size;

	if (error == -E2BIG)
		return arena_format(arena, "%.*smore than %d keys", (int)where.size, where.data,
				    PAIRS_MAX);
	if (c == '\n' || c == '\r')
		return arena_format(arena, "%.*sunexpected end of line; expected %s%s",
				    (int)where.size, where.data, grammar, cut_remark(text, at + 1));
	size = utf8_get(at, (size_t)(end - at), &code);
	if (c == 0xef && size == 3 && code == UTF_REPLACEMENT)
		return arena_format(arena, "%.*sinvalid UTF-8; expected %s%s", (int)where.size,
				    where.data, grammar, cut_remark(text, at + size + 1));
	if (c >= 0x80 && code != UTF_REPLACEMENT)
		return arena_format(arena, "%.*sunexpected U+%04X; expected %s", (int)where.size,
				    where.data, (unsigned)code, grammar);
	if (text->lines.halves && utf8_find_half(at, size) == at)
		return arena_format(arena, "%.*s" HALF, (int)where.size, where.data);
	if (c < 0x20 || c >= 0x7f)
		return arena_format(arena, "%.*sunexpected byte 0x%02x; expected %s",
				    (int)where.size, where.data, c, grammar);
	return arena_format(arena, "%.*sunexpected '%c'; expected %s", (int)where.size, where.data,
			    c, grammar);
}

void text_make_malformed(struct text_reader *text, struct record *record, struct arena *arena,
			 const char *line, const char *next, const struct text_malformed *malformed)
{
	struct sessionlint_text where = place(text, arena, line, malformed->at);

	record_make_malformed(record,
			      arena_format(arena, "%.*s%.*s%s", (int)where.size, where.data,
					   (int)malformed->reason.size, malformed->reason.data,
					   malformed->early ? cut_remark(text, next) : ""));
}

struct sessionlint_text text_too_long_reason(struct arena *arena)
{
	return arena_format(arena, "the line is longer than %zu bytes", LINE_MAX_SIZE);
}

/*
 * The end of the record at @line is too far away: either the quoted value contains line feeds, or
 * the closing quote is missing. Returns where to continue, as if the quote were closed on its line.
 */
static const char *unclosed_malformed(struct text_reader *text, struct record *record,
				      struct arena *arena, const char *line)
{
	const char *feed = memchr(line, '\n', (size_t)(text->end - line)), *next = line, *quote;
	bool ends = text->joined == LINES_END;
	struct text_malformed malformed = { 0 };

	if ((size_t)(feed - line) > LINE_MAX_SIZE) {
		record_make_malformed(record, text_too_long_reason(arena));
		return feed + 1;
	}
	/* what is visible here depends on how the bytes arrived: report a quote that does not */
	if (!ends)
		text->format->scan(line, feed + 1, &text->pairs, &next);
	quote = text->pairs.pairs[text->pairs.count - 1].value.data - 1;
	malformed.at = quote;
	if (ends)
		malformed.reason = text_from("the quote that opens here is never closed");
	else
		malformed.reason =
			arena_format(arena,
				     "the quote that opens here is not closed in a record "
				     "of %zu bytes",
				     LINE_MAX_SIZE);
	text_make_malformed(text, record, arena, line, next, &malformed);
	return (const char *)memchr(quote, '\n', (size_t)(text->end - quote)) + 1;
}

bool text_half_malformed(struct text_reader *text, struct record *record, struct arena *arena,
			 const char *line, const char *next)
{
	struct text_malformed malformed = { .at = utf8_find_half(line, (size_t)(next - line)),
					    .reason = text_from(HALF),
					    .early = true };

	/* a comment may contain anything */
	if (!malformed.at || (text->pairs.count == 0 && !text->pairs.framed))
		return false;
	if (text->format->fail)
		text->format->fail(text->data);
	text_make_malformed(text, record, arena, line, next, &malformed);
	return true;
}

const char *text_syntax_malformed(struct text_reader *text, struct record *record,
				  struct arena *arena, int error, const char *line, const char *at)
{
	if (text->format->fail)
		text->format->fail(text->data);
	if (error == -EAGAIN)
		return unclosed_malformed(text, record, arena, line);
	record_make_malformed(record, text_syntax_reason(text, arena, error, line, at, text->end));
	/* the malformed field may have swallowed lines */
	if (text->format->name)
		at = text->pairs.pairs[text->pairs.count - 1].value.data;
	return (const char *)memchr(at, '\n', (size_t)(text->end - at)) + 1;
}
