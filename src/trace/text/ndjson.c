/* SPDX-License-Identifier: MIT */
/* NDJSON: one record a line, a flat JSON object with the keys of the native text trace. */
#include "trace/text/telltale.h"
#include "trace/text/text_reader.h"

/* An object on the first line with a key of a trace, or without signs of anything else. */
static enum probe_result ndjson_probe(const struct head *head)
{
	const struct head_json *json = &head->json;

	if (!head->is_json || json->is_array || !json->is_one_line)
		return PROBE_NO;
	return json->count == 0 || telltale_json(json) ? PROBE_YES : PROBE_NO;
}

const struct text_format ndjson_format = {
	.grammar = "a flat JSON object",
	.scan = ndjson_scan,
};

static int ndjson_open(struct reader *reader)
{
	return text_reader_open(reader, &ndjson_format, NULL);
}

const struct reader_format reader_ndjson = {
	.name = "ndjson",
	.summary = "a flat JSON object a line, with the same keys",
	.probe = ndjson_probe,
	.open = ndjson_open,
	.read = text_reader_read,
	.close = text_reader_close,
};
