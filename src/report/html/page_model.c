/* SPDX-License-Identifier: MIT */
#include "report/html/html.h"

static void write_tally(struct json_writer *json, const char *key, const struct ledger_tally *tally)
{
	json_member_open(json, key, '[');
	json_number(json, tally->certain);
	json_number(json, tally->possible);
	json_close(json);
}

/* How long sessions stayed, worded as in the diagram. */
static void write_stay(struct json_writer *json, const struct dwell *dwell)
{
	const struct overlay_stay stay = { dwell->count, dwell->min, dwell_median(dwell),
					   dwell->max };
	char median[OVERLAY_STAY_SIZE];

	if (!dwell->count)
		return;
	overlay_stay_text(&stay, median);
	json_member_string(json, "stay", median);
}

/* Whether every source of the traces hides the transition. */
static bool is_hidden(const struct html_picture *picture, unsigned state, unsigned event)
{
	const struct diagram *diagram = &picture->diagram;

	for (unsigned i = 0; i < diagram->edge_count; i++)
		if (diagram->edges[i].event == event &&
		    diagram->nodes[diagram->edges[i].from].states == belief_of(state))
			return picture->overlay.edges[i].hidden;
	return false;
}

/* How often a cell was taken, how often it was illegal, and how long sessions stayed in the state
 * before. */
static void write_cell(struct json_writer *json, const struct ledger *ledger,
		       const struct html_picture *picture, unsigned state, unsigned event)
{
	enum ledger_cell_kind kind = ledger->kinds[state - 1][event];

	json_line(json, "\n");
	json_open(json, '{');
	json_member_number(json, "state", state);
	json_member_number(json, "event", event);
	json_member_number(json, "kind", (unsigned)kind);
	if (kind == LEDGER_CELL_PUBLISHED || kind == LEDGER_CELL_UNDOCUMENTED) {
		unsigned at = ledger->arc_at[state - 1][event];

		json_member_number(json, "to", ledger->arcs[at].to);
		write_tally(json, "taken", &ledger->taken[at]);
		write_stay(json, &ledger->dwells[at]);
		if (is_hidden(picture, state, event))
			json_member_bool(json, "hidden", true);
	} else if (kind == LEDGER_CELL_REUSE) {
		json_member_number(json, "to", SESSIONLINT_STATE_CREATED);
		write_tally(json, "taken", &ledger->reused);
	}
	write_tally(json, "refused", &ledger->refused[state - 1][event]);
	json_close(json);
}

static void write_shares(struct json_writer *json, struct ledger *ledger)
{
	json_member_open(json, "shares", '[');
	for (unsigned group = 0; ledger_group_name(group); group++) {
		struct ledger_share share = ledger_share(ledger, group);

		json_open(json, '{');
		json_member_string(json, "name", ledger_group_name(group));
		json_member_number(json, "covered", share.covered);
		json_member_number(json, "total", share.total);
		json_close(json);
	}
	json_close(json);
}

void html_write_model(struct json_writer *json, struct ledger *ledger,
		      const struct html_picture *picture)
{
	json_open(json, '{');
	json_member_open(json, "cells", '[');
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
			write_cell(json, ledger, picture, state, event);
	json_close(json);
	write_shares(json, ledger);
	json_member_open(json, "counts", '{');
	for (unsigned count = 0; ledger_count_name(count); count++)
		json_member_number(json, ledger_count_name(count), ledger->counts[count]);
	json_close(json);
	json_close(json);
}
