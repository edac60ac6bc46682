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

struct incarnation {
	struct open_incarnation open;
	struct node_set nodes; /* in which of them it can be */
	uint64_t time;         /* since when, if that is known */
};

struct belief_paths {
	const struct diagram *diagram;
	enum sessionlint_source source;
	bool renews; /* the machine itself contains the reuse of an id */
	uint16_t edge_at[DIAGRAM_NODES][MODEL_EVENTS];

	struct ledger_tally *taken; /* of edges */
	struct dwell *dwells;       /* before them */
	struct ledger_tally entered[DIAGRAM_NODES];
	struct ledger_tally illegal[DIAGRAM_NODES][MODEL_EVENTS];
	uint64_t incarnations_begun, events, others, masked, reused, ignored, uncounted;

	struct open_incarnations incarnations;
	struct incarnation ended; /* the one that ended last: the next step may continue it */
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

static struct node_set set_of_all(const struct belief_paths *paths)
{
	struct node_set set = { { 0 } };

	for (unsigned node = 0; node < paths->diagram->node_count; node++)
		set_add(&set, node);
	return set;
}

/* The nodes of @set that have an edge for the event and a state of @states; *all their states
 * together. */
static struct node_set set_with(const struct belief_paths *paths, const struct node_set *set,
				unsigned event, sessionlint_belief states,
				sessionlint_belief *ret_covered)
{
	struct node_set with = { { 0 } };

	*ret_covered = SESSIONLINT_BELIEF_NONE;
	for (unsigned node = 0; node < paths->diagram->node_count; node++) {
		sessionlint_belief covered = paths->diagram->nodes[node].states;

		if (!set_has(set, node) || paths->edge_at[node][event] == NO_EDGE ||
		    !(covered & states))
			continue;
		set_add(&with, node);
		*ret_covered |= covered;
	}
	return with;
}

/* Where the event leads to from the nodes of @set that have an edge for it. */
static struct node_set set_targets(const struct belief_paths *paths, const struct node_set *set,
				   unsigned event)
{
	struct node_set targets = { { 0 } };

	for (unsigned node = 0; node < paths->diagram->node_count; node++)
		if (set_has(set, node) && paths->edge_at[node][event] != NO_EDGE)
			set_add(&targets, paths->diagram->edges[paths->edge_at[node][event]].to);
	return targets;
}

/* ---- incarnations ---- */

/* The possible nodes of an incarnation that begins with @step. */
static void incarnation_begin(struct belief_paths *paths, const struct sessionlint_step *step,
			      struct incarnation *incarnation)
{
	incarnation->time = SESSIONLINT_NO_TIME;
	if (step->renewed && paths->renews && set_count(&paths->ended.nodes) &&
	    open_incarnation_alike(incarnation, &paths->ended)) {
		incarnation->nodes = paths->ended.nodes;
		incarnation->time = paths->ended.time;
	} else if (step->midway) {
		incarnation->nodes = set_of_all(paths);
	} else {
		set_add(&incarnation->nodes, paths->diagram->start);
	}
	paths->incarnations_begun++;
}

/* The incarnation of @step; creates it if it is missing. NULL if memory runs out. */
static struct incarnation *incarnation_make(struct belief_paths *paths,
					    const struct sessionlint_step *step)
{
	struct incarnation *incarnation = open_incarnation_find(&paths->incarnations, step);

	if (incarnation)
		return incarnation;
	incarnation = open_incarnation_add(&paths->incarnations, step);
	if (incarnation)
		incarnation_begin(paths, step, incarnation);
	else
		paths->error = -ENOMEM;
	return incarnation;
}

static void incarnation_end(struct belief_paths *paths, const struct sessionlint_step *step)
{
	struct incarnation *incarnation = open_incarnation_find(&paths->incarnations, step);

	if (!incarnation)
		return;
	paths->ended = *incarnation;
	open_incarnation_take(&paths->incarnations, incarnation);
	free(incarnation);
}

static void incarnation_lose(struct belief_paths *paths, struct incarnation *incarnation)
{
	incarnation->nodes = set_of_all(paths);
	incarnation->time = SESSIONLINT_NO_TIME;
}

/* ---- steps ---- */

static void tally_add(struct ledger_tally *tally, bool certain)
{
	if (certain)
		tally->certain++;
	else
		tally->possible++;
}

static void count_entered(struct belief_paths *paths, const struct node_set *targets)
{
	bool certain = set_count(targets) == 1;

	for (unsigned node = 0; node < paths->diagram->node_count; node++)
		if (set_has(targets, node))
			tally_add(&paths->entered[node], certain);
}

static void count_edges(struct belief_paths *paths, const struct incarnation *incarnation,
			const struct node_set *from, const struct sessionlint_step *step)
{
	bool certain = set_count(from) == 1;

	for (unsigned node = 0; node < paths->diagram->node_count; node++) {
		unsigned edge = paths->edge_at[node][step->event];

		if (!set_has(from, node))
			continue;
		tally_add(&paths->taken[edge], certain);
		/* the stay is known if nothing else was possible all the time */
		if (certain && set_count(&incarnation->nodes) == 1 &&
		    incarnation->time != SESSIONLINT_NO_TIME && step->time != SESSIONLINT_NO_TIME &&
		    step->time >= incarnation->time)
			dwell_add(&paths->dwells[edge], step->time - incarnation->time);
	}
}

/* The event can have led to any target of it in the machine. */
static void count_illegal(struct belief_paths *paths, struct incarnation *incarnation,
			  unsigned event)
{
	struct node_set all = set_of_all(paths), targets = set_targets(paths, &all, event);
	bool certain = set_count(&incarnation->nodes) == 1;

	for (unsigned node = 0; node < paths->diagram->node_count; node++)
		if (set_has(&incarnation->nodes, node))
			tally_add(&paths->illegal[node][event], certain);
	incarnation_lose(paths, incarnation);
	if (set_count(&targets))
		incarnation->nodes = targets;
}

/*
 * Of the possible nodes of an incarnation, those remain that have the event and a state in which it
 * can have happened. If none of them has such a state, the trace hides more than this source does,
 * or something illegal and hidden came before: then every node with one is possible.
 */
static void follow(struct belief_paths *paths, struct incarnation *incarnation,
		   const struct sessionlint_step *step)
{
	bool illegal = step->verdict == SESSIONLINT_VERDICT_ILLEGAL;
	sessionlint_belief states = illegal ? SESSIONLINT_BELIEF_ANY : step->before, covered;
	struct node_set from = set_with(paths, &incarnation->nodes, step->event, states, &covered);

	if (!illegal && states & ~covered) {
		incarnation_lose(paths, incarnation);
		from = set_with(paths, &incarnation->nodes, step->event, states, &covered);
	}
	if (set_count(&from) == 0) {
		count_illegal(paths, incarnation, step->event);
		return;
	}
	count_edges(paths, incarnation, &from, step);
	incarnation->nodes = set_targets(paths, &from, step->event);
	incarnation->time = step->time;
	count_entered(paths, &incarnation->nodes);
}

static bool is_seen(const struct belief_paths *paths, unsigned event)
{
	return !paths->diagram->masked || mask_selects(paths->diagram->mask, event);
}

static void belief_paths_event(struct belief_paths *paths, const struct sessionlint_step *step)
{
	struct incarnation *incarnation;

	paths->events++;
	paths->reused += step->renewed;
	if (step->event == SESSIONLINT_EVENT_IGNORE) {
		paths->ignored++;
		return;
	}
	incarnation = incarnation_make(paths, step);
	if (!incarnation)
		return;
	if (step->event >= MODEL_EVENTS || step->verdict == SESSIONLINT_VERDICT_CONTRADICTED) {
		paths->uncounted++;
		incarnation_lose(paths, incarnation);
	} else if (is_seen(paths, step->event)) {
		follow(paths, incarnation, step);
	} else {
		paths->masked++;
	}
}

void belief_paths_step(struct belief_paths *paths, const struct sessionlint_step *step)
{
	struct incarnation *incarnation;

	if (step->source != paths->source) {
		paths->others += step->kind == SESSIONLINT_STEP_EVENT;
		return;
	}
	switch (step->kind) {
	case SESSIONLINT_STEP_EVENT:
		belief_paths_event(paths, step);
		break;
	case SESSIONLINT_STEP_SAMPLE:
		paths->uncounted += step->verdict == SESSIONLINT_VERDICT_CONTRADICTED;
		break;
	case SESSIONLINT_STEP_LOST:
		incarnation = open_incarnation_find(&paths->incarnations, step);
		if (incarnation)
			incarnation_lose(paths, incarnation);
		break;
	case SESSIONLINT_STEP_END:
		incarnation_end(paths, step);
		break;
	}
}

/* ---- the whole ---- */

int belief_paths_new(const struct diagram *diagram, const struct model_named *named,
		     struct belief_paths **ret_paths)
{
	struct belief_paths *paths = calloc(1, sizeof *paths);

	if (!paths)
		return -ENOMEM;
	open_incarnations_init(&paths->incarnations, sizeof(struct incarnation));
	paths->diagram = diagram;
	paths->source = named->source;
	paths->renews = named->tolerance != MODEL_PUBLISHED && named->tolerance != MODEL_OBSERVED;
	paths->taken = calloc(diagram->edge_count + 1, sizeof *paths->taken);
	paths->dwells = calloc(diagram->edge_count + 1, sizeof *paths->dwells);
	if (!paths->taken || !paths->dwells) {
		belief_paths_free(paths);
		return -ENOMEM;
	}
	memset(paths->edge_at, 0xff, sizeof paths->edge_at);
	for (unsigned i = 0; i < diagram->edge_count; i++)
		paths->edge_at[diagram->edges[i].from][diagram->edges[i].event] = (uint16_t)i;
	*ret_paths = paths;
	return 0;
}

void belief_paths_free(struct belief_paths *paths)
{
	if (!paths)
		return;
	open_incarnations_free(&paths->incarnations, NULL);
	free(paths->taken);
	free(paths->dwells);
	free(paths);
}

static void fill_illegal(const struct belief_paths *paths, unsigned node, struct overlay *overlay)
{
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		if (paths->illegal[node][event].certain || paths->illegal[node][event].possible)
			overlay->illegal[overlay->illegal_count++] = (struct overlay_illegal) {
				.node = node,
				.event = event,
				.label = sessionlint_event_name(event),
				.tally = paths->illegal[node][event],
			};
}

int overlay_of_paths(const struct belief_paths *paths, const struct run_totals *totals,
		     struct overlay *ret_overlay)
{
	const struct diagram *diagram = paths->diagram;

	memset(ret_overlay, 0, sizeof *ret_overlay);
	ret_overlay->files = totals->files;
	ret_overlay->incarnations = paths->incarnations_begun;
	ret_overlay->events = paths->events;
	ret_overlay->others = paths->others;
	ret_overlay->masked = paths->masked;
	ret_overlay->reused = paths->reused;
	ret_overlay->ignored = paths->ignored;
	ret_overlay->uncounted = paths->uncounted;
	ret_overlay->sources = paths->events ? 1U << paths->source : 0;
	for (unsigned node = 0; node < diagram->node_count; node++) {
		struct dwell dwell = { 0 };

		for (unsigned i = 0; i < diagram->edge_count; i++)
			if (diagram->edges[i].from == node)
				dwell_merge(&dwell, &paths->dwells[i]);
		ret_overlay->nodes[node].tally = paths->entered[node];
		ret_overlay->nodes[node].stay = overlay_stay_of(&dwell);
		fill_illegal(paths, node, ret_overlay);
	}
	for (unsigned i = 0; i < diagram->edge_count; i++) {
		ret_overlay->edges[i].tally = paths->taken[i];
		ret_overlay->edges[i].stay = overlay_stay_of(&paths->dwells[i]);
	}
	overlay_level(diagram, ret_overlay);
	return paths->error;
}
