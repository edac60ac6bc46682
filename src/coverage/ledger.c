/* SPDX-License-Identifier: MIT */
#include "coverage/ledger.h"

#include <errno.h>
#include <stdlib.h>

#include "arc_lines.h"

/* What a session did last. */
struct last_step {
	struct open_incarnation open;
	uint32_t arcs; /* those that its last transition can have been; 0: nothing is known */
	bool inferred; /* no log shows that transition */
	uint64_t time;
};

_Static_assert(LEDGER_ARCS_MAX <= 32, "a set of arcs fits into 32 bits");

static sessionlint_belief state_next(enum sessionlint_tolerance tolerance, unsigned state,
				     unsigned event)
{
	return sessionlint_model_next(SESSIONLINT_SOURCE_WDM, tolerance, belief_of(state), event);
}

static enum ledger_cell_kind cell_kind(unsigned state, unsigned event)
{
	if (state_next(SESSIONLINT_TOLERANCE_PUBLISHED, state, event))
		return LEDGER_CELL_PUBLISHED;
	if (state_next(SESSIONLINT_TOLERANCE_REUSED, state, event))
		return LEDGER_CELL_REUSE;
	return state_next(SESSIONLINT_TOLERANCE_KNOWN, state, event) ? LEDGER_CELL_UNDOCUMENTED
								     : LEDGER_CELL_ILLEGAL;
}

/* The cells, and the arcs of those that have one, from the model where nothing is hidden. */
static void ledger_draw(struct ledger *ledger)
{
	for (unsigned state = 1; state <= MODEL_STATES; state++) {
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
			enum ledger_cell_kind kind = cell_kind(state, event);
			sessionlint_belief to;

			ledger->kinds[state - 1][event] = kind;
			if ((kind != LEDGER_CELL_PUBLISHED && kind != LEDGER_CELL_UNDOCUMENTED) ||
			    ledger->arc_count == LEDGER_ARCS_MAX)
				continue;
			to = state_next(kind == LEDGER_CELL_PUBLISHED
						? SESSIONLINT_TOLERANCE_PUBLISHED
						: SESSIONLINT_TOLERANCE_KNOWN,
					state, event);
			ledger->arc_at[state - 1][event] = (uint8_t)ledger->arc_count;
			ledger->arcs[ledger->arc_count++] = (struct ledger_arc) {
				.from = (uint8_t)state,
				.event = (uint8_t)event,
				.to = (uint8_t)(__builtin_ctz(to) + 1),
				.kind = kind,
			};
		}
	}
}

int ledger_new(struct ledger **ret_ledger)
{
	struct ledger *ledger = calloc(1, sizeof *ledger);

	if (!ledger)
		return -ENOMEM;
	ledger_draw(ledger);
	open_incarnations_init(&ledger->open, sizeof(struct last_step));
	*ret_ledger = ledger;
	return 0;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	open_incarnations_free(&ledger->open, NULL);
	free(ledger);
}

/* ---- steps ---- */

/* What comes next does not follow from what came before. */
static void last_step_cut(struct ledger *ledger, const struct sessionlint_step *step)
{
	struct last_step *last = open_incarnation_find(&ledger->open, step);

	if (!last)
		return;
	open_incarnation_take(&ledger->open, last);
	free(last);
}

static void tally_add(struct ledger_tally *tally, bool certain)
{
	if (certain)
		tally->certain++;
	else
		tally->possible++;
}

static bool is_one(uint32_t set)
{
	return set && !(set & (set - 1));
}

bool ledger_is_pair(const struct ledger *ledger, unsigned first, unsigned second)
{
	return ledger->arcs[first].to == ledger->arcs[second].from;
}

/* Counts the pairs that @incarnation and the arcs of @step make. */
static void count_pairs(struct ledger *ledger, const struct last_step *last,
			const struct sessionlint_step *step, uint32_t arcs)
{
	bool certain = is_one(last->arcs) && is_one(arcs) && !step->unseen && !step->inferred &&
		       !last->inferred;

	for (unsigned first = 0; first < ledger->arc_count; first++)
		for (unsigned second = 0; second < ledger->arc_count; second++)
			if (last->arcs & 1U << first && arcs & 1U << second &&
			    ledger_is_pair(ledger, first, second)) {
				tally_add(&ledger->pairs[first][second], certain);
				if (certain && last->time != SESSIONLINT_NO_TIME &&
				    step->time != SESSIONLINT_NO_TIME && step->time >= last->time)
					dwell_add(&ledger->dwells[second], step->time - last->time);
			}
}

/* The arcs that an explained event can have been. */
static uint32_t arcs_of(const struct ledger *ledger, const struct sessionlint_step *step)
{
	uint32_t arcs = 0;

	for (unsigned i = 0; i < ledger->arc_count; i++)
		if (ledger->arcs[i].event == step->event &&
		    step->before & belief_of(ledger->arcs[i].from) &&
		    step->after & belief_of(ledger->arcs[i].to))
			arcs |= 1U << i;
	return arcs;
}

/* Notes the sources of the witnesses of the only arc in @arcs. */
static void note_witnesses(struct ledger *ledger, const struct sessionlint_step *step,
			   uint32_t arcs)
{
	for (unsigned i = 0; is_one(arcs) && i < step->witness_count; i++)
		ledger->shown_by[__builtin_ctz(arcs)] |= 1U << step->witnesses[i].source;
}

static void count_transition(struct ledger *ledger, const struct sessionlint_step *step)
{
	uint32_t arcs = arcs_of(ledger, step);
	/* what an account needs may have happened, but no log shows it */
	bool certain = is_one(arcs) && !step->inferred;
	struct last_step *last = open_incarnation_find(&ledger->open, step);
	sessionlint_belief to = SESSIONLINT_BELIEF_NONE;

	for (unsigned i = 0; i < ledger->arc_count; i++) {
		if (!(arcs & 1U << i))
			continue;
		tally_add(&ledger->taken[i], certain);
		to |= belief_of(ledger->arcs[i].to);
	}
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		if (to & belief_of(state))
			tally_add(&ledger->entered[state - 1], is_one(to) && !step->inferred);
	note_witnesses(ledger, step, arcs);
	ledger->inferred += step->inferred;
	if (step->renewed)
		tally_add(&ledger->reused, !step->inferred);
	if (last)
		count_pairs(ledger, last, step, arcs);
	else
		last = open_incarnation_add(&ledger->open, step);
	if (!last) {
		ledger->error = -ENOMEM;
		return;
	}
	last->arcs = arcs;
	last->inferred = step->inferred;
	last->time = step->time;
}

static void count_event(struct ledger *ledger, const struct sessionlint_step *step)
{
	if (step->event >= MODEL_EVENTS) {
		ledger->counts[LEDGER_INVALID]++;
	} else if (step->verdict == SESSIONLINT_VERDICT_CONTRADICTED) {
		ledger->counts[LEDGER_CONTRADICTED]++;
	} else if (step->event == SESSIONLINT_EVENT_IGNORE) {
		ledger->counts[LEDGER_IGNORED]++;
		return;
	} else if (step->verdict == SESSIONLINT_VERDICT_ILLEGAL) {
		for (unsigned state = 1; state <= MODEL_STATES; state++)
			if (step->before & belief_of(state))
				tally_add(&ledger->refused[state - 1][step->event],
					  is_one(step->before));
	} else {
		count_transition(ledger, step);
		return;
	}
	last_step_cut(ledger, step);
}

void ledger_step(struct ledger *ledger, const struct sessionlint_step *step)
{
	ledger->sources |= 1U << step->source;
	switch (step->kind) {
	case SESSIONLINT_STEP_EVENT:
		count_event(ledger, step);
		break;
	case SESSIONLINT_STEP_SAMPLE:
		ledger->counts[LEDGER_SAMPLES]++;
		if (step->verdict != SESSIONLINT_VERDICT_CONTRADICTED)
			break;
		ledger->counts[LEDGER_CONTRADICTED]++;
		last_step_cut(ledger, step);
		break;
	case SESSIONLINT_STEP_LOST:
		ledger->counts[LEDGER_LOSSES]++;
		last_step_cut(ledger, step);
		break;
	case SESSIONLINT_STEP_END:
		last_step_cut(ledger, step);
		break;
	}
}

void ledger_totals(struct ledger *ledger, const struct run_totals *totals)
{
	ledger->counts[LEDGER_FILES] += totals->files;
	ledger->counts[LEDGER_RECORDS] += totals->records;
	ledger->counts[LEDGER_EVENTS] += totals->events;
	ledger->counts[LEDGER_INCARNATIONS] += totals->incarnations;
	for (unsigned rule = 0; rule < RULE_COUNT; rule++)
		ledger->rules[rule] += totals->findings[rule];
}

void ledger_state_dwell(const struct ledger *ledger, unsigned state, struct dwell *ret_dwell)
{
	*ret_dwell = (struct dwell) { 0 };
	for (unsigned i = 0; i < ledger->arc_count; i++)
		if (ledger->arcs[i].from == state)
			dwell_merge(ret_dwell, &ledger->dwells[i]);
}

unsigned ledger_arc_line(const struct ledger_arc *arc)
{
	return arc_lines[arc->from][arc->to];
}
