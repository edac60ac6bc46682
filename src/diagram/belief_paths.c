/* SPDX-License-Identifier: MIT */
#include "diagram/belief_paths.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check/open_incarnations.h"
#include "model/projection.h"

#define NO_EDGE   UINT16_MAX
#define SET_WORDS (DIAGRAM_NODES / 64)

struct node_set {
	uint64_t words[SET_WORDS];
};

struct life {
	struct open_incarnation open;
	struct node_set nodes; /* in which of them it can be */
	uint64_t time;         /* since when, if that is known */
};

struct trail {
	const struct diagram *diagram;
	enum sessionlint_source source;
	bool renews; /* the machine itself contains the reuse of an id */
	uint16_t edge_at[DIAGRAM_NODES][MODEL_EVENTS];

	struct ledger_tally *taken; /* of edges */
	struct dwell *dwells;       /* before them */
	struct ledger_tally entered[DIAGRAM_NODES];
	struct ledger_tally illegal[DIAGRAM_NODES][MODEL_EVENTS];
	uint64_t lives_begun, events, others, masked, reused, ignored, uncounted;

	struct open_incarnations lives;
	struct life ended; /* the one that ended last: the next step may continue it */
	int error;
};

/* ---- sets of nodes ---- */

static void set_add(struct node_set *set, unsigned node)
{
	set->words[node / 64] |= (uint64_t)1 << node % 64;
}

static bool set_has(const struct node_set *set, unsigned node)
{
	return set->words[node / 64] >> node % 64 & 1;
}

static unsigned set_count(const struct node_set *set)
{
	unsigned count = 0;

	for (unsigned i = 0; i < SET_WORDS; i++)
		count += (unsigned)__builtin_popcountll(set->words[i]);
	return count;
}

static struct node_set set_of_all(const struct trail *trail)
{
	struct node_set set = { { 0 } };

	for (unsigned node = 0; node < trail->diagram->node_count; node++)
		set_add(&set, node);
	return set;
}

/* The nodes of @set that have an edge for the event and a state of @states; *all their states
 * together. */
static struct node_set set_with(const struct trail *trail, const struct node_set *set,
				unsigned event, sessionlint_belief states,
				sessionlint_belief *ret_held)
{
	struct node_set with = { { 0 } };

	*ret_held = SESSIONLINT_BELIEF_NONE;
	for (unsigned node = 0; node < trail->diagram->node_count; node++) {
		sessionlint_belief held = trail->diagram->nodes[node].states;

		if (!set_has(set, node) || trail->edge_at[node][event] == NO_EDGE ||
		    !(held & states))
			continue;
		set_add(&with, node);
		*ret_held |= held;
	}
	return with;
}

/* Where the event leads to from the nodes of @set that have an edge for it. */
static struct node_set set_targets(const struct trail *trail, const struct node_set *set,
				   unsigned event)
{
	struct node_set targets = { { 0 } };

	for (unsigned node = 0; node < trail->diagram->node_count; node++)
		if (set_has(set, node) && trail->edge_at[node][event] != NO_EDGE)
			set_add(&targets, trail->diagram->edges[trail->edge_at[node][event]].to);
	return targets;
}

/* ---- incarnations ---- */

/* The possible nodes of an incarnation that begins with @step. */
static void life_begin(struct trail *trail, const struct sessionlint_step *step, struct life *life)
{
	life->time = SESSIONLINT_NO_TIME;
	if (step->renewed && trail->renews && set_count(&trail->ended.nodes) &&
	    open_incarnation_alike(life, &trail->ended)) {
		life->nodes = trail->ended.nodes;
		life->time = trail->ended.time;
	} else if (step->midway) {
		life->nodes = set_of_all(trail);
	} else {
		set_add(&life->nodes, trail->diagram->start);
	}
	trail->lives_begun++;
}

/* The incarnation of @step; creates it if there is none. NULL if memory runs out. */
static struct life *life_make(struct trail *trail, const struct sessionlint_step *step)
{
	struct life *life = open_incarnation_find(&trail->lives, step);

	if (life)
		return life;
	life = open_incarnation_add(&trail->lives, step);
	if (life)
		life_begin(trail, step, life);
	else
		trail->error = -ENOMEM;
	return life;
}

static void life_end(struct trail *trail, const struct sessionlint_step *step)
{
	struct life *life = open_incarnation_find(&trail->lives, step);

	if (!life)
		return;
	trail->ended = *life;
	open_incarnation_take(&trail->lives, life);
	free(life);
}

static void life_lose(struct trail *trail, struct life *life)
{
	life->nodes = set_of_all(trail);
	life->time = SESSIONLINT_NO_TIME;
}

/* ---- steps ---- */

static void tally_add(struct ledger_tally *tally, bool certain)
{
	if (certain)
		tally->certain++;
	else
		tally->possible++;
}

static void count_entered(struct trail *trail, const struct node_set *targets)
{
	bool certain = set_count(targets) == 1;

	for (unsigned node = 0; node < trail->diagram->node_count; node++)
		if (set_has(targets, node))
			tally_add(&trail->entered[node], certain);
}

static void count_edges(struct trail *trail, const struct life *life, const struct node_set *from,
			const struct sessionlint_step *step)
{
	bool certain = set_count(from) == 1;

	for (unsigned node = 0; node < trail->diagram->node_count; node++) {
		unsigned edge = trail->edge_at[node][step->event];

		if (!set_has(from, node))
			continue;
		tally_add(&trail->taken[edge], certain);
		/* the stay is known if nothing else was possible all the time */
		if (certain && set_count(&life->nodes) == 1 && life->time != SESSIONLINT_NO_TIME &&
		    step->time != SESSIONLINT_NO_TIME && step->time >= life->time)
			dwell_add(&trail->dwells[edge], step->time - life->time);
	}
}

/* The event can have led to any target of it in the machine. */
static void count_illegal(struct trail *trail, struct life *life, unsigned event)
{
	struct node_set all = set_of_all(trail), targets = set_targets(trail, &all, event);
	bool certain = set_count(&life->nodes) == 1;

	for (unsigned node = 0; node < trail->diagram->node_count; node++)
		if (set_has(&life->nodes, node))
			tally_add(&trail->illegal[node][event], certain);
	life_lose(trail, life);
	if (set_count(&targets))
		life->nodes = targets;
}

/*
 * Of the possible nodes of an incarnation, those remain that have the event and a state in which it
 * can have happened. If none of them has such a state, the trace hides more than this source does,
 * or something illegal and hidden came before: then every node with one is possible.
 */
static void follow(struct trail *trail, struct life *life, const struct sessionlint_step *step)
{
	bool illegal = step->verdict == SESSIONLINT_VERDICT_ILLEGAL;
	sessionlint_belief states = illegal ? SESSIONLINT_BELIEF_ANY : step->before, held;
	struct node_set from = set_with(trail, &life->nodes, step->event, states, &held);

	if (!illegal && states & ~held) {
		life_lose(trail, life);
		from = set_with(trail, &life->nodes, step->event, states, &held);
	}
	if (set_count(&from) == 0) {
		count_illegal(trail, life, step->event);
		return;
	}
	count_edges(trail, life, &from, step);
	life->nodes = set_targets(trail, &from, step->event);
	life->time = step->time;
	count_entered(trail, &life->nodes);
}

static bool is_seen(const struct trail *trail, unsigned event)
{
	return !trail->diagram->masked || mask_selects(trail->diagram->mask, event);
}

static void trail_event(struct trail *trail, const struct sessionlint_step *step)
{
	struct life *life;

	trail->events++;
	trail->reused += step->renewed;
	if (step->event == SESSIONLINT_EVENT_IGNORE) {
		trail->ignored++;
		return;
	}
	life = life_make(trail, step);
	if (!life)
		return;
	if (step->event >= MODEL_EVENTS || step->verdict == SESSIONLINT_VERDICT_CONTRADICTED) {
		trail->uncounted++;
		life_lose(trail, life);
	} else if (is_seen(trail, step->event)) {
		follow(trail, life, step);
	} else {
		trail->masked++;
	}
}

void trail_step(struct trail *trail, const struct sessionlint_step *step)
{
	struct life *life;

	if (step->source != trail->source) {
		trail->others += step->kind == SESSIONLINT_STEP_EVENT;
		return;
	}
	switch (step->kind) {
	case SESSIONLINT_STEP_EVENT:
		trail_event(trail, step);
		break;
	case SESSIONLINT_STEP_SAMPLE:
		trail->uncounted += step->verdict == SESSIONLINT_VERDICT_CONTRADICTED;
		break;
	case SESSIONLINT_STEP_LOST:
		life = open_incarnation_find(&trail->lives, step);
		if (life)
			life_lose(trail, life);
		break;
	case SESSIONLINT_STEP_END:
		life_end(trail, step);
		break;
	}
}

/* ---- the whole ---- */

int trail_new(const struct diagram *diagram, const struct model_named *named,
	      struct trail **ret_trail)
{
	struct trail *trail = calloc(1, sizeof *trail);

	if (!trail)
		return -ENOMEM;
	open_incarnations_init(&trail->lives, sizeof(struct life));
	trail->diagram = diagram;
	trail->source = named->source;
	trail->renews = named->tolerance != MODEL_PUBLISHED && named->tolerance != MODEL_OBSERVED;
	trail->taken = calloc(diagram->edge_count + 1, sizeof *trail->taken);
	trail->dwells = calloc(diagram->edge_count + 1, sizeof *trail->dwells);
	if (!trail->taken || !trail->dwells) {
		trail_free(trail);
		return -ENOMEM;
	}
	memset(trail->edge_at, 0xff, sizeof trail->edge_at);
	for (unsigned i = 0; i < diagram->edge_count; i++)
		trail->edge_at[diagram->edges[i].from][diagram->edges[i].event] = (uint16_t)i;
	*ret_trail = trail;
	return 0;
}

void trail_free(struct trail *trail)
{
	if (!trail)
		return;
	open_incarnations_free(&trail->lives, NULL);
	free(trail->taken);
	free(trail->dwells);
	free(trail);
}

static void fill_illegal(const struct trail *trail, unsigned node, struct overlay *overlay)
{
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		if (trail->illegal[node][event].certain || trail->illegal[node][event].possible)
			overlay->illegal[overlay->illegal_count++] = (struct overlay_illegal) {
				.node = node,
				.event = event,
				.label = sessionlint_event_name(event),
				.tally = trail->illegal[node][event],
			};
}

int overlay_of_trail(const struct trail *trail, const struct sessionlint_totals *totals,
		     struct overlay *ret_overlay)
{
	const struct diagram *diagram = trail->diagram;

	memset(ret_overlay, 0, sizeof *ret_overlay);
	ret_overlay->files = totals->files;
	ret_overlay->lives = trail->lives_begun;
	ret_overlay->events = trail->events;
	ret_overlay->others = trail->others;
	ret_overlay->masked = trail->masked;
	ret_overlay->reused = trail->reused;
	ret_overlay->ignored = trail->ignored;
	ret_overlay->uncounted = trail->uncounted;
	ret_overlay->sources = trail->events ? 1U << trail->source : 0;
	for (unsigned node = 0; node < diagram->node_count; node++) {
		struct dwell dwell = { 0 };

		for (unsigned i = 0; i < diagram->edge_count; i++)
			if (diagram->edges[i].from == node)
				dwell_merge(&dwell, &trail->dwells[i]);
		ret_overlay->nodes[node].tally = trail->entered[node];
		ret_overlay->nodes[node].stay = overlay_stay_of(&dwell);
		fill_illegal(trail, node, ret_overlay);
	}
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		ret_overlay->edges[i].tally = trail->taken[i];
		ret_overlay->edges[i].stay = overlay_stay_of(&trail->dwells[i]);
	}
	overlay_level(diagram, ret_overlay);
	return trail->error;
}
