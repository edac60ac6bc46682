/* SPDX-License-Identifier: MIT */
#include "report/coverage.h"

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

void coverage_percent(struct ledger_share share, char text[PERCENT_SIZE])
{
	unsigned thousandths = share.total ? share.covered * 1000 / share.total : 1000;

	snprintf(text, PERCENT_SIZE, "%u.%u %%", thousandths / 10 % 1000, thousandths % 10);
}
