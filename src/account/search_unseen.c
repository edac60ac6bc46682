/* SPDX-License-Identifier: MIT */
/* Transitions of a session that no log shows. */
#include "account/completeness.h"
#include "account/search_visit.h"

/* What an unseen transition costs; NONE: a log would have shown it. */
static uint64_t unseen_cost(const struct visit *visit, unsigned state, unsigned event)
{
	bool ends = event == SESSIONLINT_EVENT_TERMINATED;
	bool used = state == SESSIONLINT_STATE_LOGGED_ON ||
		    state == SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON;

	if (visit->search->account->visibility.must[event][state] & visit->forbidden)
		return COST_NONE;
	if (visit->bound && (ends || event == SESSIONLINT_EVENT_CREATED))
		return COST_NONE;
	if (ends && used)
		return COST_IMPLIED;
	return ends || event == SESSIONLINT_EVENT_CREATED || event == SESSIONLINT_EVENT_CONNECTED
		       ? COST_UNSEEN
		       : COST_ODD;
}

/* Whether the log of the winlogon shows both what came before and what comes next of one process:
 * it would have shown what came between. */
static bool winlogon_goes_on(const struct search *search, const struct node *node)
{
	uint32_t at = node->at[ACCOUNT_LOG_WINLOGON];
	const struct search_record *before, *next;

	if (at == 0 || at >= search->counts[ACCOUNT_LOG_WINLOGON])
		return false;
	before = record_at(search, ACCOUNT_LOG_WINLOGON, at - 1);
	next = record_at(search, ACCOUNT_LOG_WINLOGON, at);
	return before->process == next->process && next->event != SESSIONLINT_EVENT_CREATED &&
	       before->event != SESSIONLINT_EVENT_TERMINATED && !next->after_gap;
}

/* The logs that would have shown an unseen transition: those that are complete from what came
 * before it, or from the boot, to what comes next. */
static unsigned find_forbidden(const struct visit *visit)
{
	const struct search *search = visit->search;
	unsigned reliable = ACCOUNT_LOGS_RELIABLE;
	int64_t before = account_time(search->account, search->begins);

	if (visit->latest > before)
		before = visit->latest;
	if (visit->bound)
		reliable |= 1U << ACCOUNT_LOG_WINLOGON;
	return reliable & search->logs &
	       completeness_between(search->account,
				    before < visit->earliest ? before : visit->earliest,
				    before < visit->earliest ? visit->earliest : before, 0);
}

/* Makes the unseen transitions from one state. Returns the states that are cheaper now. */
static unsigned make_unseen_from(const struct visit *visit, unsigned state)
{
	const struct account_visibility *visibility = &visit->search->account->visibility;
	struct node *node = visit->node;
	unsigned cheaper = 0;

	for (unsigned i = visibility->first_arc[state]; i < visibility->first_arc[state + 1]; i++) {
		const struct account_arc *arc = &visibility->arcs[i];
		uint64_t cost = node->costs[state];

		if (cost + COST_UNSEEN >= node->costs[arc->to])
			continue;
		cost = unseen_cost(visit, state, arc->event);
		if (cost == COST_NONE)
			continue;
		cost += node->costs[state];
		if (cost >= node->costs[arc->to] || cost >= visit->search->limit)
			continue;
		relax(node, arc->to, cost,
		      (struct search_step) {
			      .before = visit->row,
			      .from = state & 15U,
			      .action = SEARCH_UNSEEN,
			      .event = arc->event,
		      });
		cheaper |= 1U << arc->to;
	}
	return cheaper;
}

void visit_make_unseen(struct visit *visit)
{
	unsigned pending;

	visit->bound = winlogon_goes_on(visit->search, visit->node);
	visit->forbidden = (uint8_t)find_forbidden(visit);
	visit->states = 0;
	for (unsigned state = 1; state < STATES; state++)
		if (visit->node->costs[state] != COST_NONE)
			visit->states |= 1U << state;
	for (pending = visit->states; pending;) {
		unsigned state = (unsigned)__builtin_ctz(pending), cheaper;

		cheaper = make_unseen_from(visit, state);
		pending = (pending & ~(1U << state)) | cheaper;
		visit->states |= cheaper;
	}
}
