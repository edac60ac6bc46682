/* SPDX-License-Identifier: MIT */
/*
 * Two subset constructions: the projection in C, and Ragel's from the same chart with the events
 * that a driver did not ask for bound to nothing.
 */
#include <string.h>

#include "mask_recognizers.h"
#include "model/projection.h"
#include "tap.h"

static const char *const tolerances[MODEL_RECOGNIZERS] = {
	[MODEL_PUBLISHED] = "published", [MODEL_REUSED] = "reused",     [MODEL_KNOWN] = "known",
	[MODEL_IMPLIED] = "implied",     [MODEL_OBSERVED] = "observed", [MODEL_ABRUPT] = "abrupt",
};

/* The rung of the ladder that has the recognizer; `observed` has none. */
static int rung_of(enum model_recognizer tolerance)
{
	switch (tolerance) {
	case MODEL_PUBLISHED:
		return SESSIONLINT_TOLERANCE_PUBLISHED;
	case MODEL_REUSED:
		return SESSIONLINT_TOLERANCE_REUSED;
	case MODEL_KNOWN:
		return SESSIONLINT_TOLERANCE_KNOWN;
	case MODEL_IMPLIED:
		return SESSIONLINT_TOLERANCE_IMPLIED;
	case MODEL_ABRUPT:
		return 2; /* with --strict, in the place of the reconnect */
	case MODEL_OBSERVED:
		return -1;
	}
	return -1;
}

static unsigned count_differences(const struct model *ragel, const struct model *projected,
				  uint32_t mask, unsigned *cells)
{
	unsigned differences = 0;

	for (unsigned event = 0; event < MODEL_EVENTS; event++) {
		/* an event that was not asked for is no letter to Ragel; Ignore is none to both */
		if (event != SESSIONLINT_EVENT_IGNORE && !(mask & 1U << (event - 1)))
			continue;
		++*cells;
		differences += ragel->image[event] != projected->image[event];
		for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++) {
			++*cells;
			differences += ragel->next[event][belief] != projected->next[event][belief];
		}
	}
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++) {
		*cells += 2;
		differences += ragel->closure[belief] != projected->closure[belief];
		differences += ragel->allowed[belief] != projected->allowed[belief];
	}
	return differences;
}

static void test_projection(const struct mask_recognizer *masked, const char *what,
			    const struct model *projected)
{
	struct model ragel;
	unsigned cells = 0, differences;

	model_tabulate(masked->recognizer, &ragel);
	differences = count_differences(&ragel, projected, masked->mask, &cells);
	tap_ok(differences == 0, "mask 0x%02x, %s%s: Ragel's is %s: %u cells, %u differ",
	       masked->mask, tolerances[masked->tolerance], masked->abrupt ? ", abrupt ends" : "",
	       what, cells, differences);
}

static void test_recognizer(const struct mask_recognizer *masked)
{
	const int rung = rung_of(masked->tolerance);
	struct model model, projected;

	if (rung >= 0 && !masked->abrupt) {
		struct model_ladder ladder, rungs;

		model_ladder_tabulate(SESSIONLINT_SOURCE_WDM, masked->tolerance == MODEL_ABRUPT,
				      &ladder);
		model_ladder_project(&ladder, masked->mask, &rungs);
		test_projection(masked, "the rung", &rungs.rungs[rung]);
	}
	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, masked->tolerance), &model);
	model_project(&model, masked->mask,
		      masked->abrupt || masked->tolerance == MODEL_IMPLIED ||
			      masked->tolerance == MODEL_ABRUPT,
		      &projected);
	test_projection(masked, "the projection", &projected);
}

/* A recognizer in the wrong row would be held to the wrong projection. */
static void test_names(void)
{
	unsigned right = 0;

	for (unsigned i = 0; i < mask_recognizers_count; i++) {
		const struct mask_recognizer *masked = &mask_recognizers[i];

		right += strcmp(masked->recognizer->vocabulary, masked->vocabulary) == 0 &&
			 strcmp(masked->recognizer->tolerance, tolerances[masked->tolerance]) == 0;
	}
	tap_ok(right == mask_recognizers_count && right >= 8 * MODEL_RECOGNIZERS,
	       "%u of %u recognizers bear the name of their row", right, mask_recognizers_count);
}

int main(void)
{
	test_names();
	for (unsigned i = 0; i < mask_recognizers_count; i++)
		test_recognizer(&mask_recognizers[i]);
	return tap_done();
}
