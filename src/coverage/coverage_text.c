/* SPDX-License-Identifier: MIT */
/* A ledger for people: the shares, what happened and how long it took, and what did not happen. */
#include <inttypes.h>

#include "coverage/coverage.h"
#include "trace/time.h"

static void write_shares(FILE *file, struct ledger *ledger)
{
	for (unsigned group = 0; ledger_group_name(group); group++) {
		struct ledger_share share = ledger_share(ledger, group);
		char percent[PERCENT_SIZE];

		coverage_percent(share, percent);
		fprintf(file, "  %-18s  %2u of %2u  %8s\n", ledger_group_name(group), share.covered,
			share.total, percent);
	}
}

/* "12", followed by the possible ones: "12 + 3?". */
static void write_tally(FILE *file, const struct ledger_tally *tally)
{
	char text[48];

	if (tally->possible)
		snprintf(text, sizeof text, "%" PRIu64 " + %" PRIu64 "?", tally->certain,
			 tally->possible);
	else
		snprintf(text, sizeof text, "%" PRIu64, tally->certain);
	fprintf(file, "  %12s", text);
}

static void write_dwell(FILE *file, const struct dwell *dwell)
{
	char min[DURATION_TEXT_SIZE], median[DURATION_TEXT_SIZE], max[DURATION_TEXT_SIZE];

	if (dwell->count == 0)
		return;
	duration_format(dwell->min, min);
	duration_format(dwell_median(dwell), median);
	duration_format(dwell->max, max);
	fprintf(file, "  stayed %s, about %s, %s", min, median, max);
}

/* "  shown by lsm, winlogon" */
static void write_sources(FILE *file, uint32_t sources)
{
	const char *before = "  shown by ";

	for (unsigned source = 0; source < SOURCE_COUNT; source++) {
		if (!(sources >> source & 1))
			continue;
		fprintf(file, "%s%s", before, sessionlint_source_name(source));
		before = ", ";
	}
}

static void write_group(FILE *file, struct ledger *ledger, enum ledger_group group)
{
	struct ledger_item item;
	char name[LEDGER_NAME_SIZE];

	for (unsigned i = 0; ledger_item_at(ledger, group, i, &item); i++) {
		ledger_item_name(&item, name);
		if (item.findings) {
			fprintf(file, "  %12" PRIu64 "  %s\n", *item.findings, name);
			continue;
		}
		write_tally(file, item.tally);
		fprintf(file, "  %s", name);
		if (item.dwell)
			write_dwell(file, item.dwell);
		if (item.shown_by && *item.shown_by)
			write_sources(file, *item.shown_by);
		putc('\n', file);
	}
}

static void write(FILE *file, struct ledger *ledger, const char *chart)
{
	(void)chart;
	coverage_extent(file, ledger);
	fputs("; ? marks what may have happened, but the source does not show\n", file);
	write_shares(file, ledger);
	for (unsigned group = 0; ledger_group_name(group); group++) {
		fprintf(file, "\n%s%s\n", ledger_group_name(group),
			group == LEDGER_TRANSITIONS
				? " (time in the state before: min, median, max)"
				: "");
		write_group(file, ledger, group);
	}
}

const struct coverage_format coverage_text = { .name = "text", .write = write };
