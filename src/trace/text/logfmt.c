/* SPDX-License-Identifier: MIT */
/* The native text trace: one record a line, key=value. */
#include "trace/text/telltale.h"
#include "trace/text/text_reader.h"

/* Whether the first line that is not a comment starts with key=, and is meant to be a record. */
static enum probe_result logfmt_probe(const struct head *head)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz_0123456789.-";
	const char *first = head->first, *end;
	size_t key = first ? strspn(first, letters) : 0;

	if (key == 0 || strchr("0123456789.-", *first))
		return PROBE_NO;
	end = head_line_end(head, first);
	if (first + key == end && !head->has_line)
		return head->is_whole ? PROBE_NO : PROBE_WAIT;
	if (first[key] != '=')
		return PROBE_NO;
	if (telltale_keys(first, end) & TELLTALE_KEYS)
		return PROBE_YES;
	/* other programs print key= on tagged lines */
	if (head_tag(head))
		return PROBE_NO;
	if (!head->is_whole)
		return PROBE_WAIT;
	return telltale_line(first, end) ? PROBE_YES : PROBE_NO;
}

const struct text_format logfmt_format = {
	.grammar = "key=value",
	.scan = logfmt_scan,
};

static int logfmt_open(struct reader *reader)
{
	return text_reader_open(reader, &logfmt_format, NULL);
}

const struct reader_format reader_logfmt = {
	.name = "logfmt",
	.summary = "native text trace, key=value",
	.probe = logfmt_probe,
	.open = logfmt_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
