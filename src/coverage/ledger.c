/* SPDX-License-Identifier: MIT */
#include "coverage/ledger.h"

#include <errno.h>
#include <stdlib.h>

#include "arc_lines.h"

/* What a session did last, by what tells it from the others of the log. */
struct life {
	struct table_entry entry;
	uint32_t key[3];
	uint32_t arcs; /* those that its last transition can have been; 0: nothing is known */
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
	table_init(&ledger->lives);
	*ret_ledger = ledger;
	return 0;
}

void ledger_free(struct ledger *ledger)
{
	if (!ledger)
		return;
	for (uint32_t i = 0; i < ledger->lives.slot_count; i++)
		free(ledger->lives.slots[i]);
	table_free(&ledger->lives);
	free(ledger);
}

/* ---- lives ---- */

static struct life *life_find(struct ledger *ledger, const struct sessionlint_step *step)
{
	const uint32_t key[3] = { step->host_number, step->session, (uint32_t)step->source };

	return (struct life *)table_find(&ledger->lives, text_of((const char *)key, sizeof key));
}

/* The same; creates it if needed. NULL if memory runs out. */
static struct life *life_make(struct ledger *ledger, const struct sessionlint_step *step)
{
	struct life *life = life_find(ledger, step);

	if (life)
		return life;
	life = malloc(sizeof *life);
	if (life) {
		*life = (struct life) {
			.key = { step->host_number, step->session, (uint32_t)step->source },
		};
		if (table_add(&ledger->lives, &life->entry,
			      text_of((const char *)life->key, sizeof life->key)) == 0)
			return life;
	}
	free(life);
	ledger->error = -ENOMEM;
	return NULL;
}

/* What comes next does not follow from what came before. */
static void life_cut(struct ledger *ledger, const struct sessionlint_step *step)
{
	struct life *life = life_find(ledger, step);

	if (!life)
		return;
	table_remove(&ledger->lives, &life->entry);
	free(life);
}

/* ---- steps ---- */

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

/* Counts the pairs that @life and the arcs of @step make. */
static void count_pairs(struct ledger *ledger, const struct life *life,
			const struct sessionlint_step *step, uint32_t arcs)
{
	bool certain = is_one(life->arcs) && is_one(arcs) && !step->unseen;

	for (unsigned first = 0; first < ledger->arc_count; first++)
		for (unsigned second = 0; second < ledger->arc_count; second++)
			if (life->arcs & 1U << first && arcs & 1U << second &&
			    ledger_is_pair(ledger, first, second)) {
				tally_add(&ledger->pairs[first][second], certain);
				if (certain && life->time != SESSIONLINT_NO_TIME &&
				    step->time != SESSIONLINT_NO_TIME && step->time >= life->time)
					dwell_add(&ledger->dwells[second], step->time - life->time);
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

static void count_transition(struct ledger *ledger, const struct sessionlint_step *step)
{
	uint32_t arcs = arcs_of(ledger, step);
	struct life *life = life_make(ledger, step);
	sessionlint_belief to = SESSIONLINT_BELIEF_NONE;

	for (unsigned i = 0; i < ledger->arc_count; i++) {
		if (!(arcs & 1U << i))
			continue;
		tally_add(&ledger->taken[i], is_one(arcs));
		to |= belief_of(ledger->arcs[i].to);
	}
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		if (to & belief_of(state))
			tally_add(&ledger->entered[state - 1], is_one(to));
	if (step->renewed)
		ledger->reused.certain++;
	if (!life)
		return;
	count_pairs(ledger, life, step, arcs);
	life->arcs = arcs;
	life->time = step->time;
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
	life_cut(ledger, step);
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
		life_cut(ledger, step);
		break;
	case SESSIONLINT_STEP_LOST:
		ledger->counts[LEDGER_LOSSES]++;
		life_cut(ledger, step);
		break;
	case SESSIONLINT_STEP_END:
		life_cut(ledger, step);
		break;
	}
}

void ledger_totals(struct ledger *ledger, const struct sessionlint_totals *totals)
{
	ledger->counts[LEDGER_FILES] += totals->files;
	ledger->counts[LEDGER_RECORDS] += totals->records;
	ledger->counts[LEDGER_EVENTS] += totals->events;
	ledger->counts[LEDGER_LIVES] += totals->lives;
	for (unsigned rule = 0; rule < SESSIONLINT_RULES; rule++)
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
