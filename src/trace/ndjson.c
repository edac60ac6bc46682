/* SPDX-License-Identifier: MIT */
/* NDJSON: a line a record, a flat JSON object of the same keys as in the native text trace. */
#include "trace/lines.h"
#include "trace/text_reader.h"

static bool ndjson_probe(const unsigned char *bytes, size_t size)
{
	struct lines_head head;

	return lines_head_read(bytes, size, &head) &&
	       head.text[strspn(head.text, " \t\r\n")] == '{';
}

static int ndjson_open(struct reader *reader)
{
	static const struct text_format format = {
		.grammar = "a flat JSON object",
		.scan = ndjson_scan,
	};

	return text_reader_open(reader, &format, NULL);
}

const struct reader_format reader_ndjson = {
	.name = "ndjson",
	.summary = "a flat JSON object a line, with the same keys",
	.probe = ndjson_probe,
	.open = ndjson_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
