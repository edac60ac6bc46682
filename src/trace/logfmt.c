/* SPDX-License-Identifier: MIT */
/* The native text trace: a line a record, key=value. */
#include "trace/lines.h"
#include "trace/text_reader.h"

/* The first line that is no comment begins with key=. */
static bool logfmt_probe(const unsigned char *bytes, size_t size)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				      "abcdefghijklmnopqrstuvwxyz_0123456789.-";
	struct lines_head head;
	const char *first = lines_head_read(bytes, size, &head) ? lines_head_record(&head) : NULL;
	size_t key = first ? strspn(first, letters) : 0;

	return key > 0 && !strchr("0123456789.-", *first) && first[key] == '=';
}

/* A text that is nothing else is a trace with a bad beginning. */
static bool logfmt_accept(const unsigned char *bytes, size_t size)
{
	struct lines_head head;

	return lines_head_read(bytes, size, &head);
}

static int logfmt_open(struct reader *reader)
{
	static const struct text_format format = { .grammar = "key=value", .scan = logfmt_scan };

	return text_reader_open(reader, &format, NULL);
}

const struct reader_format reader_logfmt = {
	.name = "logfmt",
	.summary = "native text trace, key=value",
	.probe = logfmt_probe,
	.accept = logfmt_accept,
	.open = logfmt_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
