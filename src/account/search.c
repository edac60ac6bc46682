/* SPDX-License-Identifier: MIT */
/*
 * A shortest path over the positions in the logs and the state of the session. Level n holds all
 * positions after n records; each step but an unseen transition leads to a later level. A record
 * may only be consumed while the earliest one that is left is less than the window older, so a
 * level has few positions.
 */
#include "account/search_levels.h"

#include <errno.h>
#include <stdlib.h>

#include "account/completeness.h"
#include "base/array.h"

/* More records that are left make no difference. */
#define LEFT_MAX 1024U

/* How far the witnesses of a transition are apart at most, in 100 ns: 3.7 s and 1 s were seen. */
#define LOGON_APART  50000000
#define OTHERS_APART 20000000

/* The steps of a node that has been visited. */
struct search_row {
	struct search_step steps[STATES];
};

/* A node while its steps are made. */
struct visit {
	struct search *search;
	struct node *node;
	uint32_t level; /* how many records have been consumed */
	uint32_t row;
	bool over;                   /* no records are left */
	int64_t earliest;            /* time of the earliest record that is left */
	int64_t latest;              /* of the latest record before */
	uint8_t heads[MODEL_EVENTS]; /* by event: the logs whose next record it is */
	uint8_t forbidden;           /* logs that would have shown an unseen transition */
	bool bound;                  /* the winlogon's own log shows that the session went on */
};

int search_init(struct search *search, const struct account *account)
{
	*search = (struct search) { .account = account };
	search->levels = calloc(LEVELS, sizeof *search->levels);
	return search->levels ? 0 : -ENOMEM;
}

void search_free(struct search *search)
{
	for (unsigned i = 0; search->levels && i < LEVELS; i++)
		free(search->levels[i].nodes);
	free(search->levels);
	free(search->rows);
	free(search->steps);
}

static const struct account_record *record_at(const struct search *search, unsigned log,
					      uint32_t index)
{
	return account_place(search->account, search->records[log][index]);
}

static int64_t time_at(const struct search *search, unsigned log, uint32_t index)
{
	return search->account->order.times[search->records[log][index]];
}

/* ---- steps ---- */

/* Makes a step that consumes the next records of @logs. */
static int take(const struct visit *visit, unsigned logs, unsigned to, uint64_t cost,
		struct search_step step)
{
	uint32_t at[ACCOUNT_LOGS];
	struct node *node;
	int r;

	if (visit->search->strict && cost >= COST_IMPLIED)
		return 0;
	memcpy(at, visit->node->at, sizeof at);
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		at[log] += logs >> log & 1;
	r = level_find(visit->search, visit->level + (unsigned)__builtin_popcount(logs), at, &node);
	if (r < 0 || !node)
		return r;
	step.before = visit->row;
	step.logs = (uint8_t)logs;
	relax(node, to, cost, step);
	return 0;
}

/* Whether a report of Windows explains why the session manager does not show a transition at @time:
 * one that is about it, or one since which it has shown nothing of the session. */
static bool is_reported(const struct visit *visit, int64_t time)
{
	const struct search *search = visit->search;
	uint32_t at = visit->node->at[ACCOUNT_LOG_LSM];

	if (at > 0 && record_at(search, ACCOUNT_LOG_LSM, at - 1)->kind == ACCOUNT_REPORTED)
		return true;
	return at < search->counts[ACCOUNT_LOG_LSM] &&
	       record_at(search, ACCOUNT_LOG_LSM, at)->kind == ACCOUNT_REPORTED &&
	       time_at(search, ACCOUNT_LOG_LSM, at) - time <= (int64_t)search->account->window;
}

/* Whether the log of the winlogon shows both what came before and what comes next of one process:
 * it would have shown what came between. */
static bool winlogon_goes_on(const struct search *search, const struct node *node)
{
	uint32_t at = node->at[ACCOUNT_LOG_WINLOGON];
	const struct account_record *before, *next;

	if (at == 0 || at >= search->counts[ACCOUNT_LOG_WINLOGON])
		return false;
	before = record_at(search, ACCOUNT_LOG_WINLOGON, at - 1);
	next = record_at(search, ACCOUNT_LOG_WINLOGON, at);
	return before->process == next->process && next->event != SESSIONLINT_EVENT_CREATED &&
	       before->event != SESSIONLINT_EVENT_TERMINATED && !(next->flags & ACCOUNT_AFTER_GAP);
}

/* The logs that should have shown a transition and did not. */
static unsigned missing_logs(const struct visit *visit, unsigned must, unsigned logs)
{
	const struct search *search = visit->search;
	const struct account *account = search->account;
	unsigned missing = must & ~logs, first = (unsigned)__builtin_ctz(logs);
	uint32_t place = search->records[first][visit->node->at[first]];

	missing &= search->logs;
	if (!winlogon_goes_on(search, visit->node))
		missing &= ACCOUNT_LOGS_RELIABLE;
	if (!missing || completeness_shut(account, place))
		return 0;
	missing &= completeness_between(account, account->order.times[place],
					account->order.times[place], account->window);
	if (missing & 1U << ACCOUNT_LOG_LSM &&
	    is_reported(visit, time_at(search, first, visit->node->at[first])))
		missing &= ~(1U << ACCOUNT_LOG_LSM);
	return missing;
}

/* The time from the earliest record that is left to the last of the next records of @logs: so long
 * the earliest one waits, whether it is one of them or not. */
static int64_t spread_of(const struct visit *visit, unsigned logs)
{
	int64_t last = INT64_MIN;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		int64_t time;

		if (!(logs >> log & 1))
			continue;
		time = time_at(visit->search, log, visit->node->at[log]);
		last = time > last ? time : last;
	}
	return last - visit->earliest;
}

/* How many of the next records of @logs are later in the run than by the clock ("One machine,
 * several logs" has what is common). A winlogon ends before its session is disconnected, though
 * the transitions are in the other order. */
static unsigned count_late(const struct visit *visit, unsigned event, unsigned logs)
{
	int64_t apart = event == SESSIONLINT_EVENT_LOGON ? LOGON_APART : OTHERS_APART;
	unsigned late = 0;

	if (event == SESSIONLINT_EVENT_TERMINATED || visit->latest == INT64_MIN)
		return 0;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		late += logs >> log & 1 &&
			visit->latest - time_at(visit->search, log, visit->node->at[log]) > apart;
	return late;
}

/* The transition by @event from @from, with the next records of @logs as its witnesses. */
static int transit(const struct visit *visit, unsigned from, unsigned event, unsigned logs)
{
	const struct search *search = visit->search;
	const struct account_visibility *visibility = &search->account->visibility;
	int64_t spread = spread_of(visit, logs), window = (int64_t)search->account->window;
	struct search_step step = {
		.from = from & 15,
		.action = SEARCH_TRANSITION,
		.event = (uint8_t)event,
	};
	uint64_t cost = visit->node->costs[from];

	if (spread > window)
		return 0;
	step.missing = (uint8_t)missing_logs(visit, visibility->must[event][from], logs);
	cost += COST_SEEN + COST_MISSING * (unsigned)__builtin_popcount(step.missing) +
		COST_LATE * count_late(visit, event, logs);
	if (event == SESSIONLINT_EVENT_CONNECTED && from == SESSIONLINT_STATE_DISCONNECTED)
		cost += COST_AGAIN;
	if (window > 0)
		cost += (uint64_t)(spread * (int64_t)COST_WINDOW / window);
	return take(visit, logs, visibility->next[event][from], cost, step);
}

static int transit_all(const struct visit *visit, unsigned state)
{
	const struct account_visibility *visibility = &visit->search->account->visibility;
	int r = 0;

	for (unsigned event = SESSIONLINT_EVENT_CREATED; r == 0 && event < MODEL_EVENTS; event++) {
		unsigned all = visit->heads[event] & visibility->may[event][state];

		for (unsigned logs = all; r == 0 && logs; logs = (logs - 1) & all) {
			r = transit(visit, state, event, logs);
			if (visit->search->crowded)
				break;
		}
	}
	return r;
}

/* Leaves out one of the next records, or takes a report of Windows: after it the session can be in
 * any state. */
static int take_alone(const struct visit *visit, unsigned state)
{
	const struct search *search = visit->search;
	uint64_t cost = visit->node->costs[state], left = search->total - visit->level;
	int r = 0;

	/* the later of two contradicting records is the one to report */
	if (left > LEFT_MAX)
		left = LEFT_MAX;
	for (unsigned log = 0; r == 0 && log < ACCOUNT_LOGS; log++) {
		uint32_t at = visit->node->at[log];
		struct search_step step = { .from = state & 15, .action = SEARCH_LEFT_OUT };

		if (at >= search->counts[log] ||
		    time_at(search, log, at) - visit->earliest > (int64_t)search->account->window)
			continue;
		if (record_at(search, log, at)->kind != ACCOUNT_REPORTED) {
			if (search->strict)
				continue;
			r = take(visit, 1U << log, state, cost + COST_LEFT_OUT + left, step);
			continue;
		}
		step.action = SEARCH_REPORTED;
		for (unsigned to = 1; r == 0 && to < STATES; to++)
			r = take(visit, 1U << log, to, cost + (to == state ? 0 : COST_UNSEEN),
				 step);
	}
	return r;
}

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
		return visit->search->strict ? COST_NONE : COST_IMPLIED;
	return ends || event == SESSIONLINT_EVENT_CREATED || event == SESSIONLINT_EVENT_CONNECTED
		       ? COST_UNSEEN
		       : COST_ODD;
}

/* Makes the unseen transitions of a node, until none is cheaper than what is known. */
static void make_unseen(const struct visit *visit)
{
	const struct account_visibility *visibility = &visit->search->account->visibility;
	struct node *node = visit->node;
	bool again = true;

	while (again) {
		again = false;
		for (unsigned i = 0; i < visibility->arc_count; i++) {
			const struct account_arc *arc = &visibility->arcs[i];
			uint64_t cost = node->costs[arc->from];

			if (cost == COST_NONE || cost + COST_UNSEEN >= node->costs[arc->to])
				continue;
			cost = unseen_cost(visit, arc->from, arc->event);
			if (cost == COST_NONE ||
			    node->costs[arc->from] + cost >= node->costs[arc->to])
				continue;
			relax(node, arc->to, node->costs[arc->from] + cost,
			      (struct search_step) {
				      .before = visit->row,
				      .from = arc->from & 15U,
				      .action = SEARCH_UNSEEN,
				      .event = arc->event,
			      });
			again = true;
		}
	}
}

/* Finds the events that the next records can be witnesses of. */
static void find_heads(struct visit *visit)
{
	const struct search *search = visit->search;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		uint32_t at = visit->node->at[log];
		const struct account_record *record;

		if (at >= search->counts[log] ||
		    time_at(search, log, at) - visit->earliest > (int64_t)search->account->window)
			continue;
		record = record_at(search, log, at);
		if (record->kind == ACCOUNT_EVENT)
			visit->heads[record->event] |= (uint8_t)(1U << log);
	}
}

/* Finds out where the node is: what came before it and what comes next. */
static void visit_begin(struct visit *visit)
{
	const struct search *search = visit->search;
	const struct node *node = visit->node;

	visit->over = true;
	visit->latest = INT64_MIN;
	visit->earliest = INT64_MAX;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		uint32_t at = node->at[log];

		if (at > 0 && time_at(search, log, at - 1) > visit->latest)
			visit->latest = time_at(search, log, at - 1);
		if (at >= search->counts[log])
			continue;
		if (time_at(search, log, at) < visit->earliest)
			visit->earliest = time_at(search, log, at);
		visit->over = false;
	}
}

/* The logs that would have shown an unseen transition: those that are complete from what came
 * before it, or from the boot, to what comes next. */
static unsigned find_forbidden(const struct visit *visit)
{
	const struct search *search = visit->search;
	unsigned reliable = ACCOUNT_LOGS_RELIABLE;
	int64_t before = search->account->order.times[search->begins];

	if (visit->latest > before)
		before = visit->latest;
	if (visit->bound)
		reliable |= 1U << ACCOUNT_LOG_WINLOGON;
	return reliable & search->logs &
	       completeness_between(search->account,
				    before < visit->earliest ? before : visit->earliest,
				    before < visit->earliest ? visit->earliest : before, 0);
}

static int visit_node(struct search *search, struct node *node, uint32_t level, uint32_t row)
{
	struct visit visit = { .search = search, .node = node, .level = level, .row = row };
	int r = 0;

	visit_begin(&visit);
	if (visit.over)
		return 0;
	find_heads(&visit);
	visit.bound = winlogon_goes_on(search, node);
	visit.forbidden = (uint8_t)find_forbidden(&visit);
	make_unseen(&visit);
	for (unsigned state = 1; r == 0 && state < STATES; state++) {
		if (node->costs[state] == COST_NONE)
			continue;
		r = transit_all(&visit, state);
		if (r == 0)
			r = take_alone(&visit, state);
	}
	return r;
}

/* ---- the whole ---- */

/* Adds a row for the steps of a node. */
static int add_row(struct search *search, uint32_t *ret_row)
{
	struct search_row *rows = array_grow(search->rows, search->row_count, &search->row_capacity,
					     sizeof *rows);

	if (!rows)
		return -ENOMEM;
	search->rows = rows;
	*ret_row = (uint32_t)search->row_count++;
	return 0;
}

static int visit_level(struct search *search, uint32_t number)
{
	struct search_level *level = &search->levels[number % LEVELS];
	int r = 0;

	level_narrow(search, level);
	levels_rebase(search, number);
	for (size_t i = 0; r == 0 && i < level->count; i++) {
		uint32_t row;

		r = add_row(search, &row);
		if (r == 0)
			r = visit_node(search, &level->nodes[i], number, row);
		if (r == 0)
			memcpy(search->rows[row].steps, level->nodes[i].steps,
			       sizeof search->rows[row].steps);
	}
	if (number < search->total)
		level->count = 0;
	return r;
}

static int begin_level(struct search *search)
{
	const uint32_t at[ACCOUNT_LOGS] = { 0 };
	struct node *node;
	int r = level_find(search, 0, at, &node);

	if (r < 0)
		return r;
	for (unsigned state = 1; state < STATES; state++)
		if (!search->known || state == SESSIONLINT_STATE_INITIALIZED)
			relax(node, state, 0, (struct search_step) { .action = SEARCH_START });
	return 0;
}

/* Follows the run back from its end, and turns it around. */
static int collect_steps(struct search *search, uint32_t row, unsigned state)
{
	search->step_count = 0;
	for (;;) {
		struct search_step step = search->rows[row].steps[state], *steps;

		if (step.action == SEARCH_START)
			break;
		steps = array_grow(search->steps, search->step_count, &search->step_capacity,
				   sizeof *steps);
		if (!steps)
			return -ENOMEM;
		search->steps = steps;
		steps[search->step_count++] = step;
		row = step.before;
		state = step.from;
	}
	for (size_t i = 0; i < search->step_count / 2; i++) {
		struct search_step step = search->steps[i];

		search->steps[i] = search->steps[search->step_count - 1 - i];
		search->steps[search->step_count - 1 - i] = step;
	}
	return 0;
}

/* Visits all levels. Returns 1 if there is a run, 0, or -ENOMEM. */
static int visit_levels(struct search *search, bool strict)
{
	int r;

	for (unsigned i = 0; i < LEVELS; i++)
		search->levels[i].count = 0;
	search->row_count = 0;
	search->crowded = false;
	search->strict = strict;
	r = begin_level(search);
	for (uint32_t level = 0; r == 0 && level <= search->total; level++)
		r = visit_level(search, level);
	return r < 0 ? r : search->levels[search->total % LEVELS].count > 0;
}

int search_run(struct search *search)
{
	const struct node *last;
	unsigned best = 1;
	int r;

	search->total = 0;
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		search->total += search->counts[log];
	/* any other run costs more than one that is found so */
	r = visit_levels(search, true);
	if (r == 0)
		r = visit_levels(search, false);
	if (r < 0)
		return r;
	/* the last level has one position */
	last = &search->levels[search->total % LEVELS].nodes[0];
	for (unsigned state = 2; state < STATES; state++)
		if (last->costs[state] < last->costs[best])
			best = state;
	search->cost = last->costs[best];
	return collect_steps(search, (uint32_t)search->row_count - 1, best);
}
