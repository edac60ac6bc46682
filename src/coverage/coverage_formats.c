/* SPDX-License-Identifier: MIT */
/* The table of formats. */
#include "coverage/coverage.h"

static const struct coverage_format *const formats[] = {
	&coverage_text,
	&coverage_json,
	&coverage_markdown,
	&coverage_lcov,
};

const struct coverage_format *coverage_format_at(unsigned index)
{
	return index < sizeof formats / sizeof formats[0] ? formats[index] : NULL;
}
