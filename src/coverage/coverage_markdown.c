/* SPDX-License-Identifier: MIT */
/* A ledger in Markdown, for the job summary of a pipeline: the shares, the cells, what is missing.
 */
#include <inttypes.h>

#include "coverage/coverage.h"
#include "trace/time.h"

static void write_shares(FILE *file, struct ledger *ledger)
{
	fputs("| | covered | of | |\n|---|--:|--:|--:|\n", file);
	for (unsigned group = 0; ledger_group_name(group); group++) {
		struct ledger_share share = ledger_share(ledger, group);
		char percent[PERCENT_SIZE];

		coverage_percent(share, percent);
		fprintf(file, "| %s | %u | %u | %s |\n", ledger_group_name(group), share.covered,
			share.total, percent);
	}
}

/* Illegal cells in italics, missing ones in bold. */
static void write_cell(FILE *file, struct ledger *ledger, unsigned state, unsigned event)
{
	enum ledger_cell_kind kind = ledger->kinds[state - 1][event];
	const struct ledger_tally *tally = &ledger->refused[state - 1][event];

	if (kind == LEDGER_CELL_PUBLISHED || kind == LEDGER_CELL_UNDOCUMENTED)
		tally = &ledger->taken[ledger->arc_at[state - 1][event]];
	else if (kind == LEDGER_CELL_REUSE)
		tally = &ledger->reused;
	if (kind == LEDGER_CELL_ILLEGAL && tally->certain)
		fprintf(file, " *%" PRIu64 "* |", tally->certain);
	else if (kind == LEDGER_CELL_ILLEGAL)
		fputs(" |", file);
	else if (tally->certain)
		fprintf(file, " %" PRIu64 " |", tally->certain);
	else
		fprintf(file, " **0**%s |", tally->possible ? "?" : "");
}

static void write_cells(FILE *file, struct ledger *ledger)
{
	fputs("\n| |", file);
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		fprintf(file, " %s |", sessionlint_event_name(event));
	fputs(" stays, about |\n|---|", file);
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event <= MODEL_EVENTS; event++)
		fputs("--:|", file);
	putc('\n', file);
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		char median[DURATION_TEXT_SIZE] = "";
		struct dwell dwell;

		fprintf(file, "| %s |", sessionlint_state_name(state));
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
			write_cell(file, ledger, state, event);
		ledger_state_dwell(ledger, state, &dwell);
		if (dwell.count)
			duration_format(dwell_median(&dwell), median);
		fprintf(file, " %s |\n", median);
	}
	fputs("\n*Italic*: illegal. **0**: in the model, but never taken; with ? it may have "
	      "been.\n",
	      file);
}

static void write_missing(FILE *file, struct ledger *ledger, enum ledger_group group)
{
	struct ledger_share share = ledger_share(ledger, group);
	struct ledger_item item;
	char name[LEDGER_NAME_SIZE];

	if (share.covered == share.total)
		return;
	fprintf(file, "\n<details><summary>%s: %u missing</summary>\n\n", ledger_group_name(group),
		share.total - share.covered);
	for (unsigned i = 0; ledger_item_at(ledger, group, i, &item); i++) {
		if (ledger_item_count(&item))
			continue;
		ledger_item_name(&item, name);
		fprintf(file, "- `%s`\n", name);
	}
	fputs("\n</details>\n", file);
}

static void write(FILE *file, struct ledger *ledger, const char *chart)
{
	(void)chart;
	fputs("### Coverage of the session model\n\n", file);
	coverage_extent(file, ledger);
	fputs(".\n\n", file);
	write_shares(file, ledger);
	write_cells(file, ledger);
	for (unsigned group = 0; ledger_group_name(group); group++)
		write_missing(file, ledger, group);
}

const struct coverage_format coverage_markdown = { .name = "markdown", .write = write };
