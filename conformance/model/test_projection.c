/* SPDX-License-Identifier: MIT */
/*
 * What a driver knows that asked for some events only: the projections onto all 64 masks, held to
 * words of unseen moves cell by cell, and to the runs of the session word by word.
 */
#include "model/projection.h"

#include <string.h>

#include "driver.h"
#include "tap.h"

/* A rung of the ladder, or one of the two recognizers that `sessionlint model --mask` projects. */
struct subject {
	struct driver_tolerance tolerance;
	bool rung;
	unsigned number; /* enum sessionlint_tolerance of a rung, else enum model_recognizer */
};

/* The rung that --strict puts in the place of the reconnect. */
#define STRICT TOLERANCE_COUNT

static const struct subject subjects[] = {
	{ { "rung published", false, false, false }, true, SESSIONLINT_TOLERANCE_PUBLISHED },
	{ { "rung reused", false, true, false }, true, SESSIONLINT_TOLERANCE_REUSED },
	{ { "rung known", true, true, false }, true, SESSIONLINT_TOLERANCE_KNOWN },
	{ { "rung implied", true, true, true }, true, SESSIONLINT_TOLERANCE_IMPLIED },
	{ { "rung abrupt", false, true, true }, true, STRICT },
	{ { "published", false, false, false }, false, MODEL_PUBLISHED },
	{ { "published, abrupt ends", false, false, true }, false, MODEL_PUBLISHED },
	{ { "observed", true, false, false }, false, MODEL_OBSERVED },
	{ { "observed, abrupt ends", true, false, true }, false, MODEL_OBSERVED },
};

static void subject_project(const struct subject *subject, uint32_t mask, struct model *ret_model)
{
	struct model_ladder ladder, projected;
	struct model model;

	if (subject->rung) {
		bool strict = subject->number == STRICT;

		model_ladder_tabulate(SESSIONLINT_SOURCE_WDM, strict, &ladder);
		model_ladder_project(&ladder, mask, &projected);
		*ret_model = projected.rungs[strict ? 2 : subject->number];
		return;
	}
	model_tabulate(
		model_recognizer(SESSIONLINT_SOURCE_WDM, (enum model_recognizer)subject->number),
		&model);
	model_project(&model, mask, subject->tolerance.abrupt, ret_model);
}

/* ---- every cell ---- */

/* The same table, each state's unseen words spelled out. */
struct expectation {
	struct moves moves;
	unsigned ends[DRIVER_STATES + 1]; /* where unseen words lead from a state */
};

static void expectation_init(struct expectation *expectation, const struct driver *driver)
{
	moves_init(&expectation->moves, driver);
	for (unsigned state = 1; state <= DRIVER_STATES; state++)
		expectation->ends[state] = unseen_ends(&expectation->moves, state, UNSEEN_LENGTH);
}

static unsigned expected_closure(const struct expectation *expectation, unsigned belief)
{
	unsigned closure = 0;

	for (unsigned state = 1; state <= DRIVER_STATES; state++)
		if (belief & state_bit(state))
			closure |= expectation->ends[state];
	return closure;
}

static unsigned expected_next(const struct expectation *expectation, unsigned belief,
			      unsigned event)
{
	const unsigned before = expected_closure(expectation, belief);
	unsigned next = 0;

	if (event == SESSIONLINT_EVENT_IGNORE)
		return before;
	for (unsigned i = 0; i < expectation->moves.told_count; i++) {
		const struct move move = expectation->moves.told[i];

		if (move.event == event && before & state_bit(move.from))
			next |= expectation->ends[move.to];
	}
	return next;
}

/* What each belief becomes by each event, and the columns that follow from it. */
static unsigned count_differences(const struct model *model, const struct driver *driver,
				  unsigned *cells)
{
	struct expectation expectation;
	unsigned differences = 0;

	expectation_init(&expectation, driver);
	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++) {
		unsigned allowed = 0;

		for (unsigned event = 0; event < MODEL_EVENTS; event++) {
			const unsigned next = expected_next(&expectation, belief, event);

			++*cells;
			differences += model->next[event][belief] != next;
			if (next && event != SESSIONLINT_EVENT_IGNORE &&
			    driver_asked_for(driver, event))
				allowed |= 1U << event;
		}
		*cells += 2;
		differences += model->allowed[belief] != allowed;
		differences += model->closure[belief] != expected_closure(&expectation, belief);
	}
	for (unsigned event = 0; event < MODEL_EVENTS; event++) {
		++*cells;
		differences += model->image[event] !=
			       expected_next(&expectation, SESSIONLINT_BELIEF_ANY, event);
	}
	return differences;
}

static void test_cells(const struct subject *subject)
{
	unsigned cells = 0, differences = 0;

	for (uint32_t mask = 0; mask < DRIVER_MASKS; mask++) {
		const struct driver driver = driver_of(&subject->tolerance, mask);
		struct model model;
		unsigned found;

		subject_project(subject, mask, &model);
		found = count_differences(&model, &driver, &cells);
		if (found > 0 && differences == 0)
			tap_note("%s, mask 0x%02x: %u cells differ", subject->tolerance.name, mask,
				 found);
		differences += found;
	}
	tap_ok(differences == 0 && cells == DRIVER_MASKS * (MODEL_BELIEFS * 9 + 7),
	       "%s: %u cells of the projections onto %u masks are as spelled out, %u are not",
	       subject->tolerance.name, cells, DRIVER_MASKS, differences);
}

/* ---- every word ---- */

struct words {
	uint64_t judged, accepted, differences;
};

/* Each word of what the driver asked for: the states that its runs end in are the belief. */
static void words_from(struct words *words, const struct runs *runs, const struct model *model,
		       unsigned word, unsigned length, sessionlint_belief belief)
{
	words->judged++;
	words->accepted += belief != SESSIONLINT_BELIEF_NONE;
	words->differences += belief != runs->ends[word];
	if (length == WORD_LENGTH)
		return;
	for (unsigned event = 1; event <= DRIVER_EVENTS; event++)
		if (driver_asked_for(&runs->driver, event))
			words_from(words, runs, model, word_append(word, event), length + 1,
				   model->next[event][belief]);
}

static uint64_t words_of_runs(const struct runs *runs)
{
	uint64_t count = 0;

	for (unsigned word = 0; word < WORDS; word++)
		count += runs->ends[word] != 0;
	return count;
}

/*
 * What the projection accepts is what the runs tell, no word more and no word less. Runs are
 * limited in their unseen moves only: UNSEEN_LENGTH between two told events, which is enough.
 */
static void test_words(const struct subject *subject)
{
	static struct runs runs;
	struct words words = { 0 };
	uint64_t told = 0;
	unsigned saturated = 0;

	for (uint32_t mask = 0; mask < DRIVER_MASKS; mask++) {
		const struct driver driver = driver_of(&subject->tolerance, mask);
		const uint64_t before = words.differences;
		struct model model;

		runs_init(&runs, &driver);
		saturated += runs_are_saturated(&runs);
		told += words_of_runs(&runs);
		subject_project(subject, mask, &model);
		words_from(&words, &runs, &model, 0, 0,
			   model.closure[state_bit(SESSIONLINT_STATE_INITIALIZED)]);
		if (words.differences > before && before == 0)
			tap_note("%s, mask 0x%02x: %llu words differ", subject->tolerance.name,
				 mask, (unsigned long long)words.differences);
	}
	tap_ok(words.differences == 0 && words.accepted == told && told > DRIVER_MASKS,
	       "%s: of %llu words of up to %u told events the projections onto %u masks accept "
	       "%llu; the runs tell %llu; %llu beliefs are not where the runs end",
	       subject->tolerance.name, (unsigned long long)words.judged, WORD_LENGTH, DRIVER_MASKS,
	       (unsigned long long)words.accepted, (unsigned long long)told,
	       (unsigned long long)words.differences);
	tap_ok(saturated == DRIVER_MASKS, "%s: longer words bring nothing new with %u of %u masks",
	       subject->tolerance.name, saturated, DRIVER_MASKS);
}

/* ---- masks that are none of the 64 ---- */

/* Who asked for all, in either way of saying so, has the model itself. */
static void test_all_events(void)
{
	static const uint32_t all[] = { 0x3f, 0xffffffff };

	for (unsigned i = 0; i < sizeof all / sizeof all[0]; i++) {
		unsigned same = 0;

		for (unsigned tolerance = 0; tolerance < MODEL_RECOGNIZERS; tolerance++) {
			struct model model, projected;

			model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM,
							(enum model_recognizer)tolerance),
				       &model);
			for (unsigned abrupt = 0; abrupt <= 1; abrupt++) {
				model_project(&model, all[i], abrupt, &projected);
				same += memcmp(&model, &projected, sizeof model) == 0;
			}
		}
		tap_ok(same == 2 * MODEL_RECOGNIZERS,
		       "mask 0x%x: %u of %u projections are the model itself", all[i], same,
		       2 * MODEL_RECOGNIZERS);
	}
}

/* The checker takes the strictest rung that explains an event: what one takes, the next takes too.
 */
static void test_nested(void)
{
	unsigned cells = 0, outside = 0;

	for (uint32_t mask = 0; mask < 2 * DRIVER_MASKS; mask++) {
		struct model_ladder ladder, projected;

		model_ladder_tabulate(SESSIONLINT_SOURCE_WDM, mask >= DRIVER_MASKS, &ladder);
		model_ladder_project(&ladder, mask % DRIVER_MASKS, &projected);
		for (unsigned i = 0; i + 1 < TOLERANCE_COUNT; i++) {
			const struct model *inner = &projected.rungs[i], *outer = inner + 1;

			for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++) {
				for (unsigned event = 0; event < MODEL_EVENTS; event++) {
					cells++;
					outside += (inner->next[event][belief] &
						    ~outer->next[event][belief]) != 0;
				}
			}
		}
	}
	tap_ok(outside == 0,
	       "each rung of %u projected ladders is within the next: %u cells, %u are "
	       "outside",
	       2 * DRIVER_MASKS, cells, outside);
}

/* What the documents tell of a driver that asked for Logon and Logoff: what explains a word. */
static void test_word(const char *what, const unsigned *events, bool by_known, bool by_implied)
{
	struct model_ladder ladder, projected;
	bool taken[TOLERANCE_COUNT];

	model_ladder_tabulate(SESSIONLINT_SOURCE_WDM, false, &ladder);
	model_ladder_project(&ladder, 0x30, &projected);
	for (unsigned i = 0; i < TOLERANCE_COUNT; i++) {
		const struct model *model = &projected.rungs[i];
		sessionlint_belief belief =
			model->closure[state_bit(SESSIONLINT_STATE_INITIALIZED)];

		for (const unsigned *event = events; *event; event++)
			belief = model->next[*event][belief];
		taken[i] = belief != SESSIONLINT_BELIEF_NONE;
	}
	tap_ok(taken[SESSIONLINT_TOLERANCE_PUBLISHED] == by_known &&
		       taken[SESSIONLINT_TOLERANCE_REUSED] == by_known &&
		       taken[SESSIONLINT_TOLERANCE_KNOWN] == by_known &&
		       taken[SESSIONLINT_TOLERANCE_IMPLIED] == by_implied,
	       "mask 0x30: %s is explained by %s", what,
	       by_known     ? "each tolerance"
	       : by_implied ? "implied alone"
			    : "none");
}

static void test_logon_logoff(void)
{
	enum {
		ON = SESSIONLINT_EVENT_LOGON,
		OFF = SESSIONLINT_EVENT_LOGOFF
	};

	test_word("a Logon and its Logoff, twice", (const unsigned[]) { ON, OFF, ON, OFF, 0 }, true,
		  true);
	test_word("a second Logon", (const unsigned[]) { ON, ON, 0 }, false, true);
	test_word("a second Logoff", (const unsigned[]) { ON, OFF, OFF, 0 }, false, false);
	test_word("a Logoff without a Logon", (const unsigned[]) { OFF, 0 }, false, false);
}

int main(void)
{
	for (unsigned i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
		test_cells(&subjects[i]);
		test_words(&subjects[i]);
	}
	test_all_events();
	test_nested();
	test_logon_logoff();
	return tap_done();
}
