/* SPDX-License-Identifier: MIT */
/* Shares and sums of a ledger in words, for the formats. */
#include "coverage/coverage.h"

#include <inttypes.h>

void coverage_extent(FILE *file, const struct ledger *ledger)
{
	static const struct {
		enum ledger_count count;
		const char *one, *many;
	} parts[] = {
		{ LEDGER_EVENTS, "event of ", "events of " },
		{ LEDGER_INCARNATIONS, "incarnation in ", "incarnations in " },
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
