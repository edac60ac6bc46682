/* SPDX-License-Identifier: MIT */
/*
 * The tolerances are nested: whatever one accepts, the next accepts as well. The checker relies on
 * it when it takes the strictest one that explains an event.
 */
#include <string.h>

#include "model/model.h"
#include "tap.h"

static const char *const tolerances[MODEL_RECOGNIZERS] = {
	[MODEL_PUBLISHED] = "published", [MODEL_REUSED] = "reused",     [MODEL_KNOWN] = "known",
	[MODEL_IMPLIED] = "implied",     [MODEL_OBSERVED] = "observed", [MODEL_ABRUPT] = "abrupt",
};

static bool is_subset(sessionlint_belief inner, sessionlint_belief outer)
{
	return (inner & ~outer) == 0;
}

static void test_nested(enum sessionlint_source source, const struct model *inner,
			const char *inner_name, const struct model *outer, const char *outer_name)
{
	unsigned cases = 0, outside = 0;

	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++) {
		cases++;
		outside += !is_subset(inner->closure[belief], outer->closure[belief]);
		for (unsigned event = 0; event < MODEL_EVENTS; event++) {
			cases++;
			if (is_subset(inner->next[event][belief], outer->next[event][belief]))
				continue;
			if (outside++ == 0)
				tap_note("%s by belief 0x%02x: 0x%02x is not within 0x%02x",
					 sessionlint_event_name(event), belief,
					 inner->next[event][belief], outer->next[event][belief]);
		}
	}
	tap_ok(outside == 0, "%s: %s is within %s in %u cases, %u are outside",
	       sessionlint_source_name(source), inner_name, outer_name, cases, outside);
}

/* The rungs are the tolerances, in the order of their values; with --strict what the published
 * table explains comes before the reconnect. */
static void test_ladder(enum sessionlint_source source, bool strict)
{
	static const enum model_recognizer rungs[2][TOLERANCE_COUNT] = {
		{ MODEL_PUBLISHED, MODEL_REUSED, MODEL_KNOWN, MODEL_IMPLIED },
		{ MODEL_PUBLISHED, MODEL_REUSED, MODEL_ABRUPT, MODEL_IMPLIED },
	};
	struct model_ladder ladder;
	struct model model;
	unsigned same = 0;

	model_ladder_tabulate(source, strict, &ladder);
	for (unsigned i = 0; i < TOLERANCE_COUNT; i++) {
		model_tabulate(model_recognizer(source, rungs[strict][i]), &model);
		same += memcmp(&model, &ladder.rungs[i], sizeof model) == 0;
	}
	tap_ok(same == TOLERANCE_COUNT, "%s%s: %u of %u rungs are where they belong",
	       sessionlint_source_name(source), strict ? " --strict" : "", same, TOLERANCE_COUNT);
	for (unsigned i = 0; i + 1 < TOLERANCE_COUNT; i++)
		test_nested(source, &ladder.rungs[i], tolerances[rungs[strict][i]],
			    &ladder.rungs[i + 1], tolerances[rungs[strict][i + 1]]);
	/* the last rung takes both, and what the third does not grant, it does */
	tap_ok(ladder.grants[2] == (strict ? SESSIONLINT_TOLERANCE_IMPLIED
					   : SESSIONLINT_TOLERANCE_KNOWN) &&
		       ladder.grants[3] == (strict ? SESSIONLINT_TOLERANCE_KNOWN
						   : SESSIONLINT_TOLERANCE_IMPLIED),
	       "%s%s: what the rungs grant", sessionlint_source_name(source),
	       strict ? " --strict" : "");
}

static void test_observed(enum sessionlint_source source)
{
	struct model_ladder ladder;
	struct model observed;

	model_ladder_tabulate(source, false, &ladder);
	model_tabulate(model_recognizer(source, MODEL_OBSERVED), &observed);
	test_nested(source, &ladder.rungs[SESSIONLINT_TOLERANCE_PUBLISHED], "published", &observed,
		    "observed");
	test_nested(source, &observed, "observed", &ladder.rungs[SESSIONLINT_TOLERANCE_KNOWN],
		    "known");
}

/* The public functions ask the recognizers each time; the ladder is tabulated. */
static void test_public_functions(enum sessionlint_source source)
{
	struct model_ladder ladder;
	unsigned cases = 0, different = 0;

	model_ladder_tabulate(source, false, &ladder);
	for (unsigned i = 0; i < TOLERANCE_COUNT; i++) {
		const enum sessionlint_tolerance tolerance = (enum sessionlint_tolerance)i;
		const struct model *model = &ladder.rungs[i];

		for (unsigned b = 0; b < MODEL_BELIEFS; b++) {
			const sessionlint_belief belief = (sessionlint_belief)b;

			for (unsigned event = 0; event < MODEL_EVENTS; event++) {
				cases++;
				different += sessionlint_model_next(source, tolerance, belief,
								    event) != model->next[event][b];
			}
			cases += 2;
			different += sessionlint_model_closure(source, tolerance, belief) !=
				     model->closure[b];
			different += sessionlint_model_allowed(source, tolerance, belief) !=
				     model->allowed[b];
		}
	}
	tap_ok(different == 0,
	       "%s: the public functions say what the ladder says: %u cases, %u not",
	       sessionlint_source_name(source), cases, different);
}

int main(void)
{
	for (unsigned source = 0; source < SOURCE_COUNT; source++) {
		test_ladder((enum sessionlint_source)source, false);
		test_ladder((enum sessionlint_source)source, true);
		test_observed((enum sessionlint_source)source);
		test_public_functions((enum sessionlint_source)source);
	}
	return tap_done();
}
