/* SPDX-License-Identifier: MIT */
/*
 * What lost records can have led to: each state is held to the number of lost records that the way
 * to it takes, found by relaxing the arcs of a table of their own until nothing changes.
 */
#include "model/projection.h"
#include "simulation.h"
#include "tap.h"

#define FAR 99U

struct ways {
	unsigned lost[MODEL_STATES]; /* how many records the way to each state loses */
};

/* Takes a way to @to that loses @lost records, if it is shorter. Returns whether it is. */
static bool ways_shorten(struct ways *ways, unsigned to, unsigned lost)
{
	if (lost >= ways->lost[to - 1])
		return false;
	ways->lost[to - 1] = lost;
	return true;
}

static bool ways_relax(const struct simulation *simulation, struct ways *ways)
{
	bool changed = false;

	for (unsigned i = 0; i < arc_count; i++) {
		const enum sight sight = simulation->sights[arcs[i].happening];
		unsigned here = ways->lost[arcs[i].from - 1];

		if (sight == IMPOSSIBLE || here == FAR)
			continue;
		changed |= ways_shorten(ways, arcs[i].to, here + (sight == SEEN));
	}
	/* the host may have started, or the capture may have ended */
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		if (ways->lost[state - 1] != FAR)
			changed |= ways_shorten(ways, SESSIONLINT_STATE_INITIALIZED,
						ways->lost[state - 1] + 1);
	return changed;
}

static sessionlint_belief reached(const struct simulation *simulation, sessionlint_belief from,
				  unsigned count)
{
	sessionlint_belief belief = SESSIONLINT_BELIEF_NONE;
	struct ways ways;

	for (unsigned state = 1; state <= MODEL_STATES; state++)
		ways.lost[state - 1] = from & belief_of(state) ? 0 : FAR;
	while (ways_relax(simulation, &ways))
		;
	for (unsigned state = 1; state <= MODEL_STATES; state++)
		if (ways.lost[state - 1] <= count)
			belief |= belief_of(state);
	return belief;
}

static void test_source(enum sessionlint_source source, enum model_recognizer tolerance)
{
	struct simulation simulation;
	unsigned differences = 0;
	struct model model;

	simulation_init(&simulation, source, tolerance);
	model_tabulate(model_recognizer(source, tolerance), &model);
	for (unsigned from = 1; from < MODEL_BELIEFS; from++)
		for (unsigned count = 0; count <= MODEL_LOST_MANY; count++)
			differences += model_lose(&model, (sessionlint_belief)from, count) !=
				       reached(&simulation, (sessionlint_belief)from, count);
	tap_ok(differences == 0, "%s, tolerance %u: what up to %u lost records can do",
	       sessionlint_source_name(source), tolerance, MODEL_LOST_MANY);
}

/* What more lost records than that can do, nobody has to ask. */
static void test_many(const struct model *model, const char *name)
{
	unsigned differences = 0;

	for (unsigned from = 1; from < MODEL_BELIEFS; from++)
		differences += model_lose(model, (sessionlint_belief)from, MODEL_LOST_MANY) !=
			       SESSIONLINT_BELIEF_ANY;
	tap_ok(differences == 0, "%s: %u lost records lead from any state to any", name,
	       MODEL_LOST_MANY);
}

int main(void)
{
	struct model_ladder ladder, projected;
	char name[64];

	for (unsigned source = 0; source < SOURCE_COUNT; source++) {
		for (unsigned tolerance = 0; tolerance < MODEL_RECOGNIZERS; tolerance++)
			test_source((enum sessionlint_source)source,
				    (enum model_recognizer)tolerance);
		model_ladder_tabulate((enum sessionlint_source)source, false, &ladder);
		for (unsigned i = 0; i < TOLERANCE_COUNT; i++)
			test_many(&ladder.rungs[i], sessionlint_source_name(source));
	}
	model_ladder_tabulate(SESSIONLINT_SOURCE_WDM, false, &ladder);
	for (unsigned mask = 0; mask < PROJECTION_MASKS; mask++) {
		model_ladder_project(&ladder, mask, &projected);
		snprintf(name, sizeof name, "mask 0x%02x", mask);
		for (unsigned i = 0; i < TOLERANCE_COUNT; i++)
			test_many(&projected.rungs[i], name);
	}
	return tap_done();
}
