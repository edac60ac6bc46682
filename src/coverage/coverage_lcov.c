/* SPDX-License-Identifier: MIT */
/* A ledger as LCOV's tracefile ("geninfo(1)", FILES): each arc is a line of the chart. */
#include <inttypes.h>

#include "coverage/coverage.h"

/* The lines of the chart in order: its states are in the order of a session, not of their numbers.
 */
static unsigned next_line(struct ledger *ledger, unsigned after, uint64_t *ret_count)
{
	struct ledger_item item;
	unsigned next = 0;

	for (unsigned group = LEDGER_TRANSITIONS; group <= LEDGER_REUSE; group++)
		for (unsigned i = 0; ledger_item_at(ledger, group, i, &item); i++)
			if (item.line > after && (next == 0 || item.line < next)) {
				next = item.line;
				*ret_count = ledger_item_count(&item);
			}
	return next;
}

static void write(FILE *file, struct ledger *ledger, const char *chart)
{
	unsigned line = 0, found = 0, hit = 0;
	uint64_t count;

	fprintf(file, "TN:\nSF:%s\n", chart);
	while ((line = next_line(ledger, line, &count)) != 0) {
		fprintf(file, "DA:%u,%" PRIu64 "\n", line, count);
		found++;
		hit += count > 0;
	}
	fprintf(file, "LF:%u\nLH:%u\nend_of_record\n", found, hit);
}

const struct coverage_format coverage_lcov = { .name = "lcov", .write = write };
