/* SPDX-License-Identifier: MIT */
#include "report/coverage.h"

#include <inttypes.h>

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

void coverage_extent(FILE *file, const struct ledger *ledger)
{
	static const struct {
		enum ledger_count count;
		const char *one, *many;
	} parts[] = {
		{ LEDGER_EVENTS, "event of ", "events of " },
		{ LEDGER_LIVES, "incarnation in ", "incarnations in " },
		{ LEDGER_FILES, "file", "files" },
	};

	for (unsigned i = 0; i < sizeof parts / sizeof parts[0]; i++)
		fprintf(file, "%" PRIu64 " %s", ledger->counts[parts[i].count],
			ledger->counts[parts[i].count] == 1 ? parts[i].one : parts[i].many);
}

void coverage_percent(struct ledger_share share, char text[PERCENT_SIZE])
{
	unsigned thousandths = share.total ? share.covered * 1000 / share.total : 1000;

	snprintf(text, PERCENT_SIZE, "%u.%u %%", thousandths / 10 % 1000, thousandths % 10);
}
