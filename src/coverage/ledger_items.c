/* SPDX-License-Identifier: MIT */
/* What there is to cover, group by group: every report of a ledger walks these. */
#include <stdio.h>

#include "coverage/ledger.h"

static const char *const group_names[LEDGER_GROUPS] = {
	[LEDGER_TRANSITIONS] = "transitions",
	[LEDGER_UNDOCUMENTED] = "undocumented",
	[LEDGER_REUSE] = "reuse",
	[LEDGER_ILLEGAL] = "illegal",
	[LEDGER_PAIRS] = "pairs",
	[LEDGER_UNDOCUMENTED_PAIRS] = "undocumented-pairs",
	[LEDGER_RULES] = "rules",
};

static const char *const count_names[LEDGER_COUNTS] = {
	[LEDGER_FILES] = "files",
	[LEDGER_RECORDS] = "records",
	[LEDGER_EVENTS] = "events",
	[LEDGER_INCARNATIONS] = "incarnations",
	[LEDGER_SAMPLES] = "samples",
	[LEDGER_LOSSES] = "losses",
	[LEDGER_IGNORED] = "ignored",
	[LEDGER_INVALID] = "invalid",
	[LEDGER_CONTRADICTED] = "contradicted",
};

const char *ledger_group_name(unsigned group)
{
	return group < LEDGER_GROUPS ? group_names[group] : NULL;
}

const char *ledger_count_name(unsigned count)
{
	return count < LEDGER_COUNTS ? count_names[count] : NULL;
}

static bool arc_item(struct ledger *ledger, enum ledger_cell_kind kind, unsigned index,
		     struct ledger_item *ret_item)
{
	for (unsigned i = 0; i < ledger->arc_count; i++) {
		const struct ledger_arc *arc = &ledger->arcs[i];

		if (arc->kind != kind || index-- > 0)
			continue;
		*ret_item = (struct ledger_item) {
			.from = arc->from,
			.event = arc->event,
			.to = arc->to,
			.tally = &ledger->taken[i],
			.refused = &ledger->refused[arc->from - 1][arc->event],
			.dwell = &ledger->dwells[i],
			.shown_by = &ledger->shown_by[i],
			.line = ledger_arc_line(arc),
		};
		return true;
	}
	return false;
}

static bool cell_item(struct ledger *ledger, enum ledger_cell_kind kind, unsigned index,
		      struct ledger_item *ret_item)
{
	static const struct ledger_arc reuse = {
		.from = SESSIONLINT_STATE_TERMINATED,
		.to = SESSIONLINT_STATE_INITIALIZED,
	};

	for (unsigned cell = 0; cell < MODEL_STATES * MODEL_EVENTS; cell++) {
		unsigned state = cell / MODEL_EVENTS, event = cell % MODEL_EVENTS;

		if (event == SESSIONLINT_EVENT_IGNORE || ledger->kinds[state][event] != kind ||
		    index-- > 0)
			continue;
		*ret_item = (struct ledger_item) {
			.from = (uint8_t)(state + 1),
			.event = (uint8_t)event,
			.tally = &ledger->refused[state][event],
		};
		if (kind == LEDGER_CELL_REUSE) {
			ret_item->to = SESSIONLINT_STATE_CREATED;
			ret_item->tally = &ledger->reused;
			ret_item->line = ledger_arc_line(&reuse);
		}
		return true;
	}
	return false;
}

static bool pair_item(struct ledger *ledger, bool undocumented, unsigned index,
		      struct ledger_item *ret_item)
{
	for (unsigned i = 0; i < ledger->arc_count * ledger->arc_count; i++) {
		unsigned a = i / ledger->arc_count, b = i % ledger->arc_count;
		const struct ledger_arc *first = &ledger->arcs[a], *second = &ledger->arcs[b];
		bool published = first->kind == LEDGER_CELL_PUBLISHED &&
				 second->kind == LEDGER_CELL_PUBLISHED;

		if (!ledger_is_pair(ledger, a, b) || published == undocumented || index-- > 0)
			continue;
		*ret_item = (struct ledger_item) {
			.from = first->from,
			.event = first->event,
			.to = first->to,
			.then = second->event,
			.end = second->to,
			.tally = &ledger->pairs[a][b],
		};
		return true;
	}
	return false;
}

bool ledger_item_at(struct ledger *ledger, enum ledger_group group, unsigned index,
		    struct ledger_item *ret_item)
{
	switch (group) {
	case LEDGER_TRANSITIONS:
		return arc_item(ledger, LEDGER_CELL_PUBLISHED, index, ret_item);
	case LEDGER_UNDOCUMENTED:
		return arc_item(ledger, LEDGER_CELL_UNDOCUMENTED, index, ret_item);
	case LEDGER_REUSE:
		return cell_item(ledger, LEDGER_CELL_REUSE, index, ret_item);
	case LEDGER_ILLEGAL:
		return cell_item(ledger, LEDGER_CELL_ILLEGAL, index, ret_item);
	case LEDGER_PAIRS:
	case LEDGER_UNDOCUMENTED_PAIRS:
		return pair_item(ledger, group == LEDGER_UNDOCUMENTED_PAIRS, index, ret_item);
	case LEDGER_RULES:
		if (index >= RULE_COUNT)
			return false;
		*ret_item = (struct ledger_item) {
			.rule = sessionlint_rule_info(index)->name,
			.findings = &ledger->rules[index],
		};
		return true;
	case LEDGER_GROUPS:
		break;
	}
	return false;
}

void ledger_item_name(const struct ledger_item *item, char name[LEDGER_NAME_SIZE])
{
	const char *from = sessionlint_state_name(item->from);
	const char *event = sessionlint_event_name(item->event);

	if (item->rule)
		snprintf(name, LEDGER_NAME_SIZE, "%s", item->rule);
	else if (!item->to)
		snprintf(name, LEDGER_NAME_SIZE, "%s in %s", event, from);
	else if (!item->then)
		snprintf(name, LEDGER_NAME_SIZE, "%s --%s--> %s", from, event,
			 sessionlint_state_name(item->to));
	else
		snprintf(name, LEDGER_NAME_SIZE, "%s --%s--> %s --%s--> %s", from, event,
			 sessionlint_state_name(item->to), sessionlint_event_name(item->then),
			 sessionlint_state_name(item->end));
}

struct ledger_share ledger_share(struct ledger *ledger, enum ledger_group group)
{
	struct ledger_share share = { 0 };
	struct ledger_item item;

	for (; ledger_item_at(ledger, group, share.total, &item); share.total++)
		share.covered += ledger_item_count(&item) > 0;
	return share;
}
