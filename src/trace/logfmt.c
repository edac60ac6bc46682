/* SPDX-License-Identifier: MIT */
/* The native text trace: a line a record, key=value. */
#include "trace/lines.h"
#include "trace/text_reader.h"

static bool logfmt_probe(const unsigned char *bytes, size_t size)
{
	return lines_first_character(bytes, size) >= 0;
}

static int logfmt_open(struct reader *reader)
{
	return text_reader_open(reader, logfmt_scan, "key=value");
}

const struct reader_format reader_logfmt = {
	.name = "logfmt",
	.summary = "native text trace, key=value",
	.probe = logfmt_probe,
	.open = logfmt_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
