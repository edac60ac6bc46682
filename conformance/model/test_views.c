/* SPDX-License-Identifier: MIT */
/*
 * What `sessionlint model --mask` says of each transition, held to the runs of the session: it is
 * told apart at the end of a run if no run that tells the same word took its last event in another
 * state.
 */
#include "driver.h"
#include "model/projection.h"
#include "tap.h"

/* The recognizers that the command projects, with the abrupt end that it takes and without. */
static const struct subject {
	struct driver_tolerance tolerance;
	enum model_recognizer recognizer;
	unsigned transitions;
} subjects[] = {
	{ { "published", false, false, false }, MODEL_PUBLISHED, 17 },
	{ { "published, abrupt ends", false, false, true }, MODEL_PUBLISHED, 17 },
	{ { "observed", true, false, false }, MODEL_OBSERVED, 18 },
	{ { "observed, abrupt ends", true, false, true }, MODEL_OBSERVED, 18 },
};

static const char *const view_names[] = {
	[VIEW_HIDDEN] = "hidden",
	[VIEW_ALIKE] = "alike",
	[VIEW_SOMETIMES] = "sometimes",
	[VIEW_CERTAIN] = "certain",
};

/* Looks at each word that ends with the move's event and that some run with the move tells. */
static enum projection_view runs_view(const struct runs *runs, const struct move *move,
				      sessionlint_belief *ret_alike)
{
	unsigned apart = 0, alike = 0, others = 0;

	for (unsigned word = 1; word < WORDS; word++) {
		if (word_last(word) != move->event ||
		    !(runs->sources[word] & state_bit(move->from)))
			continue;
		if (runs->sources[word] == state_bit(move->from))
			apart++;
		else
			alike++;
		others |= runs->sources[word] & ~state_bit(move->from);
	}
	*ret_alike = (sessionlint_belief)others;
	if (apart && alike)
		return VIEW_SOMETIMES;
	return apart ? VIEW_CERTAIN : alike ? VIEW_ALIKE : VIEW_HIDDEN;
}

struct tally {
	unsigned views, same, counts[VIEW_CERTAIN + 1], saturated;
};

static void compare_views(const struct subject *subject, const struct model *table, uint32_t mask,
			  struct tally *tally)
{
	static struct runs runs;
	const struct driver driver = driver_of(&subject->tolerance, mask);
	struct model projection;

	runs_init(&runs, &driver);
	tally->saturated += runs_are_saturated(&runs);
	model_project(table, mask, subject->tolerance.abrupt, &projection);
	for (unsigned i = 0; i < runs.moves.told_count; i++) {
		const struct move *move = &runs.moves.told[i];
		sessionlint_belief expected_alike, alike;
		const enum projection_view expected = runs_view(&runs, move, &expected_alike);
		const enum projection_view view = projection_view(table, &projection, mask,
								  move->from, move->event, &alike);

		tally->views++;
		tally->counts[expected]++;
		tally->same += view == expected && alike == expected_alike;
		if (view != expected || alike != expected_alike)
			tap_note("mask 0x%02x, %s in %s: %s, alike 0x%02x, by the runs %s, 0x%02x",
				 mask, sessionlint_event_name(move->event),
				 sessionlint_state_name(move->from), view_names[view], alike,
				 view_names[expected], expected_alike);
	}
}

/*
 * The runs are limited in length, and nothing is lost by it: the states in which a word can take
 * its last event depend on where the word before it can end, and longer words end nowhere else.
 */
static void test_views(const struct subject *subject)
{
	struct tally tally = { 0 };
	struct model table;

	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, subject->recognizer), &table);
	for (uint32_t mask = 0; mask < DRIVER_MASKS; mask++)
		compare_views(subject, &table, mask, &tally);
	tap_ok(tally.views == DRIVER_MASKS * subject->transitions && tally.same == tally.views,
	       "%s: %u of %u views, mask by transition, are those of the runs",
	       subject->tolerance.name, tally.same, tally.views);
	tap_ok(tally.saturated == DRIVER_MASKS,
	       "%s: longer words bring nothing new with %u of %u masks", subject->tolerance.name,
	       tally.saturated, DRIVER_MASKS);
	/* each of the 17 or 18 is told by half of the masks */
	tap_ok(tally.counts[VIEW_HIDDEN] == tally.views / 2 && tally.counts[VIEW_ALIKE] > 0 &&
		       tally.counts[VIEW_SOMETIMES] > 0 && tally.counts[VIEW_CERTAIN] > 0,
	       "%s: all views occur: %u hidden, %u alike, %u sometimes, %u certain",
	       subject->tolerance.name, tally.counts[VIEW_HIDDEN], tally.counts[VIEW_ALIKE],
	       tally.counts[VIEW_SOMETIMES], tally.counts[VIEW_CERTAIN]);
}

/* The views of one mask, counted: what the documents tell of a driver. */
static void test_count(uint32_t mask, unsigned alike, unsigned sometimes, unsigned certain)
{
	struct tally tally = { 0 };
	struct model table;

	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_PUBLISHED), &table);
	compare_views(&subjects[1], &table, mask, &tally);
	tap_ok(tally.same == 17 && tally.counts[VIEW_ALIKE] == alike &&
		       tally.counts[VIEW_SOMETIMES] == sometimes &&
		       tally.counts[VIEW_CERTAIN] == certain,
	       "mask 0x%02x: %u alike, %u sometimes, %u certain", mask, tally.counts[VIEW_ALIKE],
	       tally.counts[VIEW_SOMETIMES], tally.counts[VIEW_CERTAIN]);
}

int main(void)
{
	for (unsigned i = 0; i < sizeof subjects / sizeof subjects[0]; i++)
		test_views(&subjects[i]);
	test_count(0x00, 0, 0, 0);
	test_count(0x30, 4, 0, 0);
	test_count(0x3f, 0, 0, 17);
	return tap_done();
}
