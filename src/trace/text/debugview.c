/* SPDX-License-Identifier: MIT */
/*
 * Output of programs and drivers, as saved by DebugView of Sysinternals, or logged by a kernel
 * debugger, tracefmt or a build job. Records are on lines among those of other programs, after a
 * tag, with anything before it.
 *
 *     00000042<TAB>1.20000000<TAB>[1234] sessionlint: session=3 event=Logon
 *
 * In a file without a tag, a line that starts like a record and like nothing else is one.
 */
#include <errno.h>
#include <stdlib.h>

#include "trace/text/tag.h"
#include "trace/text/telltale.h"
#include "trace/text/text_reader.h"

struct debugview {
	bool is_tagged; /* a tag was seen: only tagged lines count */
	bool needs_tag; /* without a tag it is not a log, unless a trace starts somewhere */
	bool is_trace;  /* a trace has started: each line is a record */
	bool is_late;   /* after other lines, which are malformed */
	size_t begun;   /* letters of a tag at the end of the previous line */
};

_Static_assert(sizeof(struct debugview) <= TEXT_STATE, "it is kept with a place");

/* ---- columns; a line ends at a line feed, or at a zero at the end of a head ---- */

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

/* Skips seconds, such as 1.20000000, or a time, such as 10:15:32.123 AM, and the separator after
 * it. NULL if missing. */
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

/* Skips a process, such as [1234], or a computer, such as [\\VDI-017]. NULL if missing. */
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

/* Skips everything before a line's text. *ret_sure: only DebugView writes such lines. */
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

/* ---- records ---- */

/* Whether the text is a record, although it has no tag. Other programs print size=8 or
 * status=0x0 too. */
static bool is_record(const char *text, const char *end)
{
	return telltale_leads(text, end) && telltale_keys(text, end) & TELLTALE_KEYS;
}

/* Finds a tag, or the rest of one that was split by a line break, which DebugView inserts into
 * long texts. */
static bool tag_pass(const struct debugview *view, const char *line, const char *end, bool noisy,
		     const char **ret_after)
{
	const char *text;
	bool sure;

	if (tag_find(line, end, noisy, ret_after))
		return true;
	if (!view->begun)
		return false;
	text = columns_pass(line, &sure);
	/* the blanks are between columns, or this is not the rest of a tag */
	*ret_after = tag_finish(text == blanks_pass(line) ? line : text, end, view->begun);
	return *ret_after;
}

static void debugview_split(const char *end, bool noisy, struct text_piece *piece)
{
	const char *after, *second = tag_find(piece->begin, end, noisy, &after);

	piece->end = second ? second : end - 1;
	piece->next = second ? second : end;
}

/* Finds the record in a line without a tag. */
static void untagged_find(struct reader *reader, struct debugview *view, const char *line,
			  const char *text, const char *end, struct text_piece *ret_piece)
{
	if (view->needs_tag && !view->is_tagged && !view->is_trace && telltale_record(line, end)) {
		view->is_trace = true;
		if (view->is_late) {
			ret_piece->begin = line;
			ret_piece->reason =
				"the lines before this one cannot be read; a trace begins here";
			return;
		}
	}
	if (view->is_trace) {
		ret_piece->begin = line;
	} else if (!view->is_tagged && !view->needs_tag && is_record(text, end)) {
		ret_piece->begin = text;
	} else if (line[strspn(line, " \t\r")] != '\n') {
		/* a text with a line feed of its own leaves a blank line */
		view->is_late = true;
		reader->counts.records++;
		reader->counts.skipped++;
	}
}

static void debugview_find(struct reader *reader, void *data, const char *line, const char *end,
			   bool noisy, struct text_piece *ret_piece)
{
	struct debugview *view = data;
	const char *after;
	bool sure;

	noisy = noisy && tag_text_is_noisy(line, end);
	reader->is_intricate |= noisy || (view->begun > 0 && !tag_find(line, end, false, &after) &&
					  tag_pass(view, line, end, false, &after));
	if (!view->is_trace && tag_pass(view, line, end, noisy, &after)) {
		view->is_tagged = true;
		ret_piece->begin = after;
		ret_piece->is_colored = noisy && memchr(line, '\033', (size_t)(end - line));
		ret_piece->is_needed = true;
	} else {
		untagged_find(reader, view, line, columns_pass(line, &sure), end, ret_piece);
	}
	view->begun = tag_begun(line, end);
	reader->is_intricate |= ret_piece->begin && !view->is_tagged;
}

/* ---- the format ---- */

/* A line has DebugView's columns, or a tag. */
static enum probe_result debugview_probe(const struct head *head)
{
	const char *line = head->text, *end = head->text + head->text_size;
	bool sure;

	while (line < end) {
		columns_pass(line, &sure);
		if (sure)
			return PROBE_YES;
		line = head_line_end(head, line) + 1;
	}
	/* a comment in a trace can contain the tag */
	if (head_tag(head) && (head->first || head->is_whole))
		return PROBE_YES;
	return head->is_whole ? PROBE_NO : PROBE_WAIT;
}

static int debugview_end(void *data)
{
	const struct debugview *view = data;

	return view->needs_tag && !view->is_tagged && !view->is_trace ? -EBADMSG : 0;
}

static int view_open(struct reader *reader, bool needs_tag)
{
	static const struct text_format format = {
		.grammar = "key=value",
		.scan = logfmt_scan,
		.find = debugview_find,
		.split = debugview_split,
		.end = debugview_end,
		.state_size = sizeof(struct debugview),
	};
	struct debugview *view = malloc(sizeof *view);
	struct head head;

	if (!view)
		return -ENOMEM;
	head_read(&head, reader->head, reader->head_size, true);
	*view = (struct debugview) { .is_tagged = head_tag(&head), .needs_tag = needs_tag };
	reader->is_intricate = !view->is_tagged;
	return text_reader_open(reader, &format, view);
}

static int debugview_open(struct reader *reader)
{
	return view_open(reader, false);
}

static int tagged_open(struct reader *reader)
{
	return view_open(reader, true);
}

const struct reader_format reader_debugview = {
	.name = "debugview",
	.summary = "records among debug output: DebugView, debugger logs, tracefmt, job logs",
	.probe = debugview_probe,
	.open = debugview_open,
	.read = text_reader_read,
	.close = text_reader_close,
};

const struct reader_format reader_tagged = {
	.name = "debugview",
	.summary = "records in a text of which the beginning shows none",
	.open = tagged_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
