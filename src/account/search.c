/* SPDX-License-Identifier: MIT */
/*
 * A shortest path over the positions in the logs and the state of the session. Level n holds all
 * positions after n records; each step but an unseen transition leads to a later level. A record
 * may only be consumed while the earliest one that is left is less than the window older, so a
 * level has few positions.
 */
#include "account/search_visit.h"

#include <errno.h>
#include <stdlib.h>

#include "account/completeness.h"
#include "account/internal.h"
#include "base/array.h"

/* More records that are left make no difference. */
#define LEFT_MAX 1024U

/* The steps of a node that has been visited. */
struct search_row {
	struct search_step steps[STATES];
};

struct search_record search_record(const struct account *account, uint32_t place)
{
	const struct account_record *record = account_place(account, place);

	return (struct search_record) {
		.time = account_time(account, place),
		.place = place,
		.process = record->process,
		.kind = record->kind,
		.event = record->event,
		.after_gap = record->flags & ACCOUNT_AFTER_GAP,
	};
}

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

/* ---- steps ---- */

/* The node that a step leads to, if it consumes the next records of @logs; NULL in *ret_node: there
 * are too many. -ENOMEM. */
static int find_next(const struct visit *visit, unsigned logs, struct node **ret_node)
{
	uint32_t at[ACCOUNT_LOGS];

	memcpy(at, visit->node->at, sizeof at);
	for (unsigned log = 0; log < ACCOUNT_LOGS; log++)
		at[log] += logs >> log & 1;
	return level_find(visit->search, visit->level + (unsigned)__builtin_popcount(logs), at,
			  ret_node);
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

/* The logs that would have shown a transition whose first witness is the next record of @first. */
static unsigned find_watching(struct visit *visit, unsigned first)
{
	const struct search *search = visit->search;
	const struct account *account = search->account;
	int64_t time = time_at(search, first, visit->node->at[first]);
	unsigned logs = search->logs;

	if (visit->watched >> first & 1)
		return visit->watching[first];
	if (!visit->bound)
		logs &= ACCOUNT_LOGS_RELIABLE;
	/* while the machine shuts down, logs are not complete */
	if (record_at(search, first, visit->node->at[first])->place >= search->shutdown)
		logs = 0;
	logs &= completeness_between(account, time, time, account->window);
	if (logs & 1U << ACCOUNT_LOG_LSM && is_reported(visit, time))
		logs &= ~(1U << ACCOUNT_LOG_LSM);
	visit->watched |= (uint8_t)(1U << first);
	visit->watching[first] = (uint8_t)logs;
	return logs;
}

/* What it costs at least that the next records of @logs witness a transition by @event: NONE if
 * they cannot. The time from the earliest record that is left to the last of them counts: so long
 * that one waits, whether it is one of them or not. And records that are later in the run than by
 * the clock ("One machine, several logs" has what is common). A winlogon ends before its session is
 * disconnected, though the transitions are in the other order. */
static uint64_t witness_cost(const struct visit *visit, unsigned event, unsigned logs)
{
	int64_t apart = (int64_t)account_apart(event);
	int64_t last = INT64_MIN, window = (int64_t)visit->search->account->window;
	uint64_t cost = COST_SEEN;

	for (; logs; logs &= logs - 1) {
		unsigned log = (unsigned)__builtin_ctz(logs);
		int64_t time = time_at(visit->search, log, visit->node->at[log]);

		last = time > last ? time : last;
		if (event != SESSIONLINT_EVENT_TERMINATED && visit->latest != INT64_MIN &&
		    visit->latest - time > apart)
			cost += COST_LATE;
	}
	if (last - visit->earliest > window)
		return COST_NONE;
	if (window > 0)
		cost += (uint64_t)((last - visit->earliest) * (int64_t)COST_WINDOW / window);
	return cost;
}

/* The transitions by @event from all states, with the next records of @logs as witnesses. */
static int transit(struct visit *visit, unsigned event, unsigned logs)
{
	struct search *search = visit->search;
	const struct account_visibility *visibility = &search->account->visibility;
	uint64_t witnesses = witness_cost(visit, event, logs);
	unsigned states = witnesses == COST_NONE ? 0 : visit->states;
	struct node *node = NULL;

	for (; states; states &= states - 1) {
		unsigned from = (unsigned)__builtin_ctz(states);
		unsigned may = visibility->may[event][from], missing;
		uint64_t cost = visit->node->costs[from];

		if ((may & logs) != logs ||
		    (search->crowded && logs != (visit->heads[event] & may)))
			continue;
		missing = visibility->must[event][from] & ~logs;
		if (missing)
			missing &= find_watching(visit, (unsigned)__builtin_ctz(logs));
		cost += witnesses + COST_MISSING * (unsigned)__builtin_popcount(missing);
		if (event == SESSIONLINT_EVENT_CONNECTED && from == SESSIONLINT_STATE_DISCONNECTED)
			cost += COST_AGAIN;
		if (cost >= search->limit)
			continue;
		if (!node) {
			int r = find_next(visit, logs, &node);

			if (r < 0 || !node)
				return r;
		}
		relax(node, visibility->next[event][from], cost,
		      (struct search_step) {
			      .before = visit->row,
			      .from = from & 15U,
			      .action = SEARCH_TRANSITION,
			      .event = (uint8_t)event,
			      .logs = (uint8_t)logs,
			      .missing = (uint8_t)missing,
		      });
	}
	return 0;
}

static int transit_all(struct visit *visit)
{
	int r = 0;

	for (unsigned event = SESSIONLINT_EVENT_CREATED; r == 0 && event < MODEL_EVENTS; event++) {
		unsigned all = visit->heads[event];

		for (unsigned logs = all; r == 0 && logs; logs = (logs - 1) & all)
			r = transit(visit, event, logs);
	}
	return r;
}

/* Makes a step that consumes the next record of @log. */
static int take(const struct visit *visit, unsigned log, unsigned to, uint64_t cost,
		struct search_step step)
{
	struct node *node;
	int r;

	if (cost >= visit->search->limit)
		return 0;
	r = find_next(visit, 1U << log, &node);
	if (r < 0 || !node)
		return r;
	step.before = visit->row;
	step.logs = (uint8_t)(1U << log);
	relax(node, to, cost, step);
	return 0;
}

/* Leaves out one of the next records, or takes a report of Windows: after it the session can be in
 * any state. */
static int take_alone(const struct visit *visit, unsigned state)
{
	const struct search *search = visit->search;
	uint64_t cost = visit->node->costs[state], left = search->total - visit->level;
	unsigned logs = cost + COST_LEFT_OUT < search->limit ? visit->near : visit->reported;
	int r = 0;

	/* the later of two contradicting records is the one to report */
	if (left > LEFT_MAX)
		left = LEFT_MAX;
	for (; r == 0 && logs; logs &= logs - 1) {
		unsigned log = (unsigned)__builtin_ctz(logs);
		struct search_step step = { .from = state & 15, .action = SEARCH_LEFT_OUT };

		if (!(visit->reported >> log & 1)) {
			r = take(visit, log, state, cost + COST_LEFT_OUT + left, step);
			continue;
		}
		step.action = SEARCH_REPORTED;
		for (unsigned to = 1; r == 0 && to < STATES; to++)
			r = take(visit, log, to, cost + (to == state ? 0 : COST_UNSEEN), step);
	}
	return r;
}

/* Finds what the next records can be witnesses of. */
static void find_heads(struct visit *visit)
{
	const struct search *search = visit->search;

	for (unsigned log = 0; log < ACCOUNT_LOGS; log++) {
		uint32_t at = visit->node->at[log];
		const struct search_record *record;

		if (at >= search->counts[log] ||
		    time_at(search, log, at) - visit->earliest > (int64_t)search->account->window)
			continue;
		record = record_at(search, log, at);
		visit->near |= (uint8_t)(1U << log);
		if (record->kind == ACCOUNT_REPORTED)
			visit->reported |= (uint8_t)(1U << log);
		else
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

static int visit_node(struct search *search, struct node *node, uint32_t level, uint32_t row)
{
	struct visit visit = { .search = search, .node = node, .level = level, .row = row };
	int r = 0;

	visit_begin(&visit);
	if (visit.over)
		return 0;
	find_heads(&visit);
	visit_make_unseen(&visit);
	r = transit_all(&visit);
	for (unsigned states = visit.states; r == 0 && states; states &= states - 1)
		r = take_alone(&visit, (unsigned)__builtin_ctz(states));
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

	level_narrow(search, number);
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
			relax(node, state,
			      search->known ? 0 : search->account->visibility.before[state],
			      (struct search_step) { .action = SEARCH_START });
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
static int visit_levels(struct search *search, uint64_t limit)
{
	int r;

	for (unsigned i = 0; i < LEVELS; i++)
		search->levels[i].count = 0;
	search->row_count = 0;
	search->crowded = false;
	search->narrowed = ACCOUNT_NONE;
	search->limit = limit;
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
	/* the lower the limit, the fewer runs there are; any other run costs more than the cheapest
	 * of them */
	r = visit_levels(search, COST_MISSING);
	if (r == 0)
		r = visit_levels(search, COST_IMPLIED);
	if (r == 0)
		r = visit_levels(search, COST_NONE);
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
