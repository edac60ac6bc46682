/* SPDX-License-Identifier: MIT */
/*
 * Three ways to judge a sequence of events, and every sequence up to a length: the recognizer as
 * Ragel made it, the tabulated model, and an interpreter of the published picture. A sequence that
 * was rejected is followed further, so that what follows a rejection is compared as well.
 */
#include <string.h>

#include "model/model.h"
#include "sequence.h"
#include "session_table.h"
#include "tap.h"

#define JUDGES 3

/* Where one judge has come to. */
struct verdict {
	int node;                  /* the recognizer's */
	sessionlint_belief belief; /* the one state, or empty once the sequence is rejected */
	unsigned rejected_at;      /* the place of the event that was rejected, from 1; 0: none */
};

struct walk {
	const struct recognizer *recognizer;
	struct model model;
	bool observed; /* the interpreter knows the one arc that the picture lacks */
	struct sequence sequence;
	uint64_t compared, accepted, differences;
};

static void judge_recognizer(const struct walk *walk, struct verdict *verdict, unsigned event)
{
	verdict->node = walk->recognizer->step(verdict->node, (enum machine_symbol)event,
					       &verdict->belief);
}

static void judge_model(const struct walk *walk, struct verdict *verdict, unsigned event)
{
	verdict->belief = walk->model.next[event][verdict->belief];
}

static void judge_picture(const struct walk *walk, struct verdict *verdict, unsigned event)
{
	unsigned to = 0;

	for (unsigned state = SESSIONLINT_STATE_CREATED; state_is_valid(state); state++) {
		if (verdict->belief != belief_of(state))
			continue;
		to = walk->observed ? session_next(state, event) : session_table[state][event];
	}
	verdict->belief = to ? belief_of(to) : SESSIONLINT_BELIEF_NONE;
}

static void (*const judges[JUDGES])(const struct walk *, struct verdict *, unsigned) = {
	judge_recognizer,
	judge_model,
	judge_picture,
};

static void compare(struct walk *walk, const struct verdict verdicts[JUDGES])
{
	walk->compared++;
	walk->accepted += verdicts[0].rejected_at == 0;
	for (unsigned i = 1; i < JUDGES; i++) {
		if (verdicts[i].belief == verdicts[0].belief &&
		    verdicts[i].rejected_at == verdicts[0].rejected_at)
			continue;
		if (walk->differences++ == 0)
			sequence_note("first difference", &walk->sequence);
	}
}

static void walk_from(struct walk *walk, const struct verdict verdicts[JUDGES])
{
	compare(walk, verdicts);
	if (walk->sequence.length == SEQUENCE_LENGTH)
		return;
	walk->sequence.length++;
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
		struct verdict next[JUDGES];

		walk->sequence.events[walk->sequence.length - 1] = (uint8_t)event;
		memcpy(next, verdicts, sizeof next);
		for (unsigned i = 0; i < JUDGES; i++) {
			judges[i](walk, &next[i], event);
			if (!next[i].belief && !next[i].rejected_at)
				next[i].rejected_at = walk->sequence.length;
		}
		walk_from(walk, next);
	}
	walk->sequence.length--;
}

/* How many sequences the picture accepts, counted without walking: paths through its cells. */
static uint64_t paths_count(unsigned state, unsigned length, bool observed)
{
	uint64_t count = 1;

	if (length == 0)
		return count;
	for (unsigned to = CREATED; to < STATES; to++)
		if (session_event_between(state, to) != IGNORE)
			count += paths_count(to, length - 1, observed);
	if (observed && state == DISCONNECTED_LOGGED_ON)
		count += paths_count(LOGGED_ON, length - 1, observed);
	return count;
}

static void test_sequences(const char *name, enum model_recognizer tolerance)
{
	const uint64_t expected = sequence_count(SEQUENCE_LENGTH);
	struct walk walk = {
		.recognizer = model_recognizer(SESSIONLINT_SOURCE_WDM, tolerance),
		.observed = tolerance == MODEL_OBSERVED,
	};
	struct verdict verdicts[JUDGES] = { 0 };
	uint64_t paths;

	model_tabulate(walk.recognizer, &walk.model);
	verdicts[0].node = walk.recognizer->step(walk.recognizer->start, BEGIN_INITIALIZED,
						 &verdicts[0].belief);
	for (unsigned i = 1; i < JUDGES; i++)
		verdicts[i].belief = belief_of(SESSIONLINT_STATE_INITIALIZED);
	walk_from(&walk, verdicts);

	tap_ok(walk.compared == expected && walk.differences == 0,
	       "%s: recognizer, model and picture judge %llu of %llu sequences of up to %u events "
	       "alike, %llu differences",
	       name, (unsigned long long)walk.compared, (unsigned long long)expected,
	       SEQUENCE_LENGTH, (unsigned long long)walk.differences);
	paths = paths_count(SESSIONLINT_STATE_INITIALIZED, SEQUENCE_LENGTH, walk.observed);
	tap_ok(walk.accepted == paths && paths > 1,
	       "%s: %llu of them are accepted, as many as the picture has paths: %llu", name,
	       (unsigned long long)walk.accepted, (unsigned long long)paths);
}

int main(void)
{
	tap_ok(sequence_count(SEQUENCE_LENGTH) == 2015539,
	       "there are 6^0 + ... + 6^%u = 2015539 sequences", SEQUENCE_LENGTH);
	test_sequences("published", MODEL_PUBLISHED);
	test_sequences("observed", MODEL_OBSERVED);
	return tap_done();
}
