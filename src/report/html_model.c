/* SPDX-License-Identifier: MIT */
#include <inttypes.h>

#include "report/html.h"

static void write_tally(FILE *file, const struct ledger_tally *tally)
{
	fprintf(file, "[%" PRIu64 ",%" PRIu64 "]", tally->certain, tally->possible);
}

/* How long sessions stayed, in the words of the diagram. */
static void write_stay(FILE *file, const struct dwell *dwell)
{
	const struct overlay_stay stay = { dwell->count, dwell->least, dwell_median(dwell),
					   dwell->most };
	char median[OVERLAY_STAY_SIZE];

	if (!dwell->count)
		return;
	overlay_stay_text(&stay, median);
	fprintf(file, ",\"stay\":\"%s\"", median);
}

/* Whether no source of the traces shows the transition. */
static bool is_hidden(const struct html_picture *picture, unsigned state, unsigned event)
{
	const struct diagram *diagram = &picture->diagram;

	for (unsigned i = 0; i < diagram->edge_count; i++)
		if (diagram->edges[i].event == event &&
		    diagram->nodes[diagram->edges[i].from].states == belief_of(state))
			return picture->overlay.edges[i].hidden;
	return false;
}

/* How often a cell was taken, refused, and how long sessions stayed in its state before it. */
static void write_cell(FILE *file, const struct ledger *ledger, const struct html_picture *picture,
		       unsigned state, unsigned event)
{
	enum ledger_cell_kind kind = ledger->kinds[state - 1][event];

	fprintf(file, "{\"state\":%u,\"event\":%u,\"kind\":%u", state, event, (unsigned)kind);
	if (kind == LEDGER_CELL_PUBLISHED || kind == LEDGER_CELL_UNDOCUMENTED) {
		unsigned at = ledger->arc_at[state - 1][event];

		fprintf(file, ",\"to\":%u,\"taken\":", (unsigned)ledger->arcs[at].to);
		write_tally(file, &ledger->taken[at]);
		write_stay(file, &ledger->dwells[at]);
		if (is_hidden(picture, state, event))
			fputs(",\"hidden\":true", file);
	} else if (kind == LEDGER_CELL_REUSE) {
		fprintf(file, ",\"to\":%u,\"taken\":", (unsigned)SESSIONLINT_STATE_CREATED);
		write_tally(file, &ledger->reused);
	}
	fputs(",\"refused\":", file);
	write_tally(file, &ledger->refused[state - 1][event]);
	putc('}', file);
}

static void write_shares(FILE *file, struct ledger *ledger)
{
	fputs("],\"shares\":[", file);
	for (unsigned group = 0; ledger_group_name(group); group++) {
		struct ledger_share share = ledger_share(ledger, group);

		fprintf(file, "%s{\"name\":\"%s\",\"covered\":%u,\"total\":%u}", group ? "," : "",
			ledger_group_name(group), share.covered, share.total);
	}
}

void html_write_model(FILE *file, struct ledger *ledger, const struct html_picture *picture)
{
	const char *before = "\n";

	fputs("{\"cells\":[", file);
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
			fputs(before, file);
			write_cell(file, ledger, picture, state, event);
			before = ",\n";
		}
	write_shares(file, ledger);
	fputs("],\"counts\":{", file);
	for (unsigned count = 0; ledger_count_name(count); count++)
		fprintf(file, "%s\"%s\":%" PRIu64, count ? "," : "", ledger_count_name(count),
			ledger->counts[count]);
	fputs("}}", file);
}
