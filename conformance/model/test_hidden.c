/* SPDX-License-Identifier: MIT */
/*
 * Where a source hides events, Ragel's subset construction is held to a simulation of sets of
 * states: every source under every tolerance, from every state and from none in particular.
 */
#include <string.h>

#include "model/model.h"
#include "sequence.h"
#include "simulation.h"
#include "tap.h"

#define FIRST_EVENT SESSIONLINT_EVENT_CREATED
#define FIRST_STATE SESSIONLINT_STATE_CREATED

/* One recognizer, the model tabulated from it, and what both are held to. */
struct subject {
	const struct recognizer *recognizer;
	struct model model;
	struct simulation simulation;
};

/* Where the three have come to by the same events. */
struct position {
	int nodes[MODEL_STATES]; /* the recognizer's: one, or of an unknown start one a state */
	unsigned count;
	sessionlint_belief recognized, tabulated, simulated;
};

struct walk {
	const struct subject *subject;
	struct sequence sequence;
	uint64_t stepped;  /* sequences judged event by event */
	uint64_t rejected; /* sequences that go on behind a rejection, judged by it */
	uint64_t differences;
};

static void position_begin(const struct subject *subject, sessionlint_belief start,
			   struct position *ret_position)
{
	const struct recognizer *recognizer = subject->recognizer;
	struct position position = {
		.tabulated = subject->model.closure[start],
		.simulated = simulation_closure(&subject->simulation, start),
	};

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		uint8_t belief;

		if (!(start & belief_of(state)))
			continue;
		position.nodes[position.count++] = recognizer->step(
			recognizer->start, (enum machine_symbol)(BEGIN_CREATED + (int)state - 1),
			&belief);
		position.recognized |= belief;
	}
	*ret_position = position;
}

static void position_step(const struct subject *subject, const struct position *from,
			  unsigned event, struct position *ret_position)
{
	ret_position->count = from->count;
	ret_position->recognized = SESSIONLINT_BELIEF_NONE;
	for (unsigned i = 0; i < from->count; i++) {
		uint8_t belief;

		ret_position->nodes[i] = subject->recognizer->step(
			from->nodes[i], (enum machine_symbol)event, &belief);
		ret_position->recognized |= belief;
	}
	ret_position->tabulated = subject->model.next[event][from->tabulated];
	ret_position->simulated = simulation_next(&subject->simulation, from->simulated, event);
}

static bool position_agrees(const struct position *position)
{
	return position->recognized == position->tabulated &&
	       position->recognized == position->simulated;
}

/*
 * Whether all three stay where they are, rejecting, whatever comes. Then, and only then, one look
 * judges all sequences that go on from here.
 */
static bool position_is_final(const struct subject *subject, const struct position *position)
{
	if (position->recognized || position->tabulated || position->simulated)
		return false;
	for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
		struct position next;

		position_step(subject, position, event, &next);
		if (next.recognized || next.tabulated || next.simulated ||
		    memcmp(next.nodes, position->nodes, next.count * sizeof next.nodes[0]) != 0)
			return false;
	}
	return true;
}

static void walk_from(struct walk *walk, const struct position *position)
{
	const unsigned left = SEQUENCE_LENGTH - walk->sequence.length;

	walk->stepped++;
	if (!position_agrees(position) && walk->differences++ == 0) {
		sequence_note("first difference", &walk->sequence);
		tap_note("recognizer 0x%02x, model 0x%02x, simulation 0x%02x", position->recognized,
			 position->tabulated, position->simulated);
	}
	if (left == 0)
		return;
	if (position_is_final(walk->subject, position)) {
		walk->rejected += sequence_count(left) - 1;
		return;
	}
	walk->sequence.length++;
	for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS; event++) {
		struct position next;

		walk->sequence.events[walk->sequence.length - 1] = (uint8_t)event;
		position_step(walk->subject, position, event, &next);
		walk_from(walk, &next);
	}
	walk->sequence.length--;
}

/* Every sequence up to the length, from each state and from the unknown start. */
static uint64_t test_sequences(const struct subject *subject)
{
	const uint64_t expected = (MODEL_STATES + 1) * sequence_count(SEQUENCE_LENGTH);
	struct walk walk = { .subject = subject };
	struct position position;

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++) {
		position_begin(subject, belief_of(state), &position);
		walk_from(&walk, &position);
	}
	position_begin(subject, SESSIONLINT_BELIEF_ANY, &position);
	walk_from(&walk, &position);
	tap_ok(walk.stepped + walk.rejected == expected && walk.differences == 0,
	       "%s %s: the same beliefs after each of %llu sequences of up to %u events from 9 "
	       "starts: %llu stepped, %llu behind a rejection, %llu differences",
	       subject->recognizer->vocabulary, subject->recognizer->tolerance,
	       (unsigned long long)(walk.stepped + walk.rejected), SEQUENCE_LENGTH,
	       (unsigned long long)walk.stepped, (unsigned long long)walk.rejected,
	       (unsigned long long)walk.differences);
	return walk.stepped + walk.rejected;
}

static bool position_equal(const struct position *a, const struct position *b)
{
	return a->nodes[0] == b->nodes[0] && a->tabulated == b->tabulated &&
	       a->simulated == b->simulated;
}

/*
 * Sequences of any length, by induction: the positions that the three can come to from a state are
 * few, and if all of them agree, no sequence can tell the three apart.
 */
static void test_any_length(const struct subject *subject)
{
	struct position queue[1024];
	unsigned tail = 0, disagreeing = 0;
	bool room = true;

	for (unsigned state = FIRST_STATE; state_is_valid(state); state++)
		position_begin(subject, belief_of(state), &queue[tail++]);
	for (unsigned head = 0; head < tail && room; head++) {
		disagreeing += !position_agrees(&queue[head]);
		for (unsigned event = FIRST_EVENT; event < MODEL_EVENTS && room; event++) {
			struct position next;
			unsigned known = 0;

			position_step(subject, &queue[head], event, &next);
			while (known < tail && !position_equal(&queue[known], &next))
				known++;
			if (known < tail)
				continue;
			room = tail < sizeof queue / sizeof queue[0];
			if (room)
				queue[tail++] = next;
		}
	}
	tap_ok(room && disagreeing == 0,
	       "%s %s: the same beliefs after sequences of any length: %u positions, %u disagree",
	       subject->recognizer->vocabulary, subject->recognizer->tolerance, tail, disagreeing);
}

/* The whole table, for beliefs that no trace leads to as well. */
static void test_table(const struct subject *subject)
{
	const struct model *model = &subject->model;
	const struct simulation *simulation = &subject->simulation;
	unsigned cells = 0, different = 0;

	for (unsigned belief = 0; belief < MODEL_BELIEFS; belief++) {
		const sessionlint_belief states = (sessionlint_belief)belief;
		sessionlint_event_set allowed = 0;

		for (unsigned event = 0; event < MODEL_EVENTS; event++) {
			const sessionlint_belief next = simulation_next(simulation, states, event);

			cells += 2;
			different += model->next[event][belief] != next;
			different += model->reached[event][belief] !=
				     simulation_reached(simulation, states, event);
			if (event != SESSIONLINT_EVENT_IGNORE && next)
				allowed |= (sessionlint_event_set)(1U << event);
		}
		cells += 2;
		different += model->allowed[belief] != allowed;
		different += model->closure[belief] != simulation_closure(simulation, states);
	}
	for (unsigned event = 0; event < MODEL_EVENTS; event++) {
		cells++;
		different += model->image[event] !=
			     simulation_next(simulation, SESSIONLINT_BELIEF_ANY, event);
	}
	tap_ok(different == 0, "%s %s: %u cells of the table are as simulated, %u differences",
	       subject->recognizer->vocabulary, subject->recognizer->tolerance, cells, different);
}

/* A recognizer filed under a wrong name would be held to the wrong simulation. */
static void test_names(void)
{
	static const char *const tolerances[MODEL_RECOGNIZERS] = {
		[MODEL_PUBLISHED] = "published", [MODEL_REUSED] = "reused",
		[MODEL_KNOWN] = "known",         [MODEL_IMPLIED] = "implied",
		[MODEL_OBSERVED] = "observed",   [MODEL_ABRUPT] = "abrupt",
	};
	unsigned right = 0;

	for (unsigned source = 0; source < SOURCE_COUNT; source++) {
		for (unsigned tolerance = 0; tolerance < MODEL_RECOGNIZERS; tolerance++) {
			const struct recognizer *recognizer = model_recognizer(
				(enum sessionlint_source)source, (enum model_recognizer)tolerance);

			right += strcmp(recognizer->vocabulary, sessionlint_source_name(source)) ==
					 0 &&
				 strcmp(recognizer->tolerance, tolerances[tolerance]) == 0;
		}
	}
	tap_ok(right == 54, "%u of 54 recognizers bear the name they are asked for by", right);
}

int main(void)
{
	uint64_t sequences = 0;

	test_names();
	for (unsigned source = 0; source < SOURCE_COUNT; source++) {
		for (unsigned tolerance = 0; tolerance < MODEL_RECOGNIZERS; tolerance++) {
			struct subject subject = {
				.recognizer = model_recognizer((enum sessionlint_source)source,
							       (enum model_recognizer)tolerance),
			};

			model_tabulate(subject.recognizer, &subject.model);
			simulation_init(&subject.simulation, (enum sessionlint_source)source,
					(enum model_recognizer)tolerance);
			sequences += test_sequences(&subject);
			test_any_length(&subject);
			test_table(&subject);
		}
	}
	tap_note("%llu sequences", (unsigned long long)sequences);
	return tap_done();
}
