/* SPDX-License-Identifier: MIT */
/*
 * The life of a registration, held to the contract: to a table of it, cell by cell, and to a plain
 * program, sequence by sequence.
 */
#include "model/registration.h"

#include <stdbool.h>
#include <string.h>

#include "tap.h"

#define STATES  3
#define SYMBOLS 8 /* OBJECT_CREATION to TRACE_END */

static const char *const state_names[STATES] = { "Absent", "Present", "Registered" };
static const enum registration_symbol begins[STATES] = { BEGIN_ABSENT, BEGIN_PRESENT,
							 BEGIN_REGISTERED };

static const char *const symbol_names[SYMBOLS + 1] = {
	[OBJECT_CREATION] = "creation",  [OBJECT_DELETION] = "deletion",
	[REGISTER_SUCCESS] = "success",  [REGISTER_COMMITTED] = "committed",
	[REGISTER_REFUSAL] = "refusal",  [UNREGISTER] = "unregister",
	[NOTIFICATION] = "notification", [TRACE_END] = "end",
};

/* ---- the contract as a table ---- */

#define A REGISTRATION_ABSENT
#define P REGISTRATION_PRESENT
#define R REGISTRATION_REGISTERED
#define o 0 /* a breach */

/* clang-format off */

/*
 * Transcribed from "IoRegisterContainerNotification function (wdm.h)" and
 * "IoUnregisterContainerNotification function (wdm.h)", Return value and Remarks, not from the
 * chart. Columns as in state_names.
 */
static const uint8_t contract[SYMBOLS + 1][STATES] = {
	/* a driver unregisters before the object is deleted, and so before its address is another's */
	[OBJECT_CREATION]    = { P, P, o },
	[OBJECT_DELETION]    = { A, A, o },
	/* one active registration for one I/O object */
	[REGISTER_SUCCESS]   = { R, R, o },
	/* STATUS_ALREADY_COMMITTED: there is a registration for this I/O object already */
	[REGISTER_COMMITTED] = { o, o, R },
	/* a call that is refused for another reason changes nothing */
	[REGISTER_REFUSAL]   = { A, P, R },
	/* what it takes is a registration that is active; the object lives on */
	[UNREGISTER]         = { o, o, P },
	/* the registration is invalid once the unregister routine has returned */
	[NOTIFICATION]       = { o, o, R },
	/* a driver unregisters before it is unloaded */
	[TRACE_END]          = { A, P, o },
};

/* clang-format on */

#undef A
#undef P
#undef R
#undef o

static void test_cells(const struct registration_model *model)
{
	unsigned cells = 0, same = 0, breaches = 0;

	for (unsigned symbol = 1; symbol <= SYMBOLS; symbol++) {
		for (unsigned state = 0; state < STATES; state++) {
			const unsigned to = model->next[symbol][1U << state];

			cells++;
			breaches += contract[symbol][state] == 0;
			same += to == contract[symbol][state];
			if (to != contract[symbol][state])
				tap_note("%s in %s: 0x%x, and 0x%x by the contract",
					 symbol_names[symbol], state_names[state], to,
					 contract[symbol][state]);
		}
	}
	tap_ok(cells == 24 && same == cells, "%u of %u cells, state by symbol, are the contract's",
	       same, cells);
	tap_ok(breaches == 10, "%u of them are breaches", breaches);
}

/* Sets of states: each cell is that of its states, and what leads nowhere leads nowhere. */
static void test_sets(const struct registration_model *model)
{
	unsigned cells = 0, same = 0;

	for (unsigned symbol = 0; symbol < REGISTRATION_SYMBOLS; symbol++) {
		for (unsigned set = 0; set < REGISTRATION_SETS; set++) {
			unsigned expected = 0;

			for (unsigned state = 0; state < STATES; state++)
				if (set & 1U << state)
					expected |= contract[symbol][state];
			cells++;
			same += model->next[symbol][set] == expected;
		}
		cells++;
		same += model->image[symbol] ==
			(contract[symbol][0] | contract[symbol][1] | contract[symbol][2]);
	}
	tap_ok(cells == REGISTRATION_SYMBOLS * (REGISTRATION_SETS + 1) && same == cells,
	       "%u of %u cells, set by symbol, follow from it", same, cells);
}

/* ---- the contract as a program ---- */

struct life {
	bool there, registered;
	bool breached;
};

static const struct life lives[STATES] = { { .there = false },
					   { .there = true },
					   { .there = true, .registered = true } };

static void life_step(struct life *life, unsigned symbol)
{
	const struct life before = *life;

	switch ((enum registration_symbol)symbol) {
	case OBJECT_CREATION:
	case OBJECT_DELETION:
		life->there = symbol == OBJECT_CREATION;
		life->breached |= before.registered;
		return;
	case REGISTER_SUCCESS:
		/* what can be registered is there, whether a trace told of it or not */
		life->there = life->registered = true;
		life->breached |= before.registered;
		return;
	case REGISTER_REFUSAL:
		return;
	case REGISTER_COMMITTED:
	case NOTIFICATION:
		life->breached |= !before.registered;
		return;
	case UNREGISTER:
		life->registered = false;
		life->breached |= !before.registered;
		return;
	case TRACE_END:
		life->breached |= before.registered;
		return;
	case BEGIN_ABSENT:
	case BEGIN_PRESENT:
	case BEGIN_REGISTERED:
		break;
	}
	life->breached = true;
}

static unsigned life_bit(const struct life *life)
{
	if (life->breached)
		return 0;
	return life->registered ? REGISTRATION_REGISTERED
	       : life->there    ? REGISTRATION_PRESENT
				: REGISTRATION_ABSENT;
}

/* ---- every sequence ---- */

#define LENGTH 9

/* Where the recognizer, the table and the program have come to from each state of the start. */
struct position {
	int nodes[STATES];
	struct life lives[STATES];
	unsigned count;
	unsigned recognized, tabulated, lived;
};

struct walk {
	const struct registration_model *model;
	uint64_t stepped, rejected, differences;
};

/* How many sequences there are of at most @length symbols, the empty one too. */
static uint64_t sequence_count(unsigned length)
{
	uint64_t count = 1;

	for (unsigned i = 0; i < length; i++)
		count = 1 + SYMBOLS * count;
	return count;
}

static struct position position_begin(unsigned start)
{
	struct position position = { .tabulated = start };

	for (unsigned state = 0; state < STATES; state++) {
		const unsigned at = position.count;
		uint8_t states;

		if (!(start & 1U << state))
			continue;
		position.nodes[at] = registration_step(registration_start_node, begins[state],
						       &states);
		position.lives[at] = lives[state];
		position.recognized |= states;
		position.lived |= life_bit(&lives[state]);
		position.count++;
	}
	return position;
}

static struct position position_step(const struct registration_model *model,
				     const struct position *from, unsigned symbol)
{
	struct position next = *from;

	next.recognized = next.lived = 0;
	for (unsigned i = 0; i < next.count; i++) {
		uint8_t states;

		next.nodes[i] = registration_step(next.nodes[i], (enum registration_symbol)symbol,
						  &states);
		life_step(&next.lives[i], symbol);
		next.recognized |= states;
		next.lived |= life_bit(&next.lives[i]);
	}
	next.tabulated = model->next[symbol][from->tabulated];
	return next;
}

/* A sequence that is a breach to all three remains one, whatever follows. */
static bool position_is_final(const struct registration_model *model,
			      const struct position *position)
{
	if (position->recognized || position->tabulated || position->lived)
		return false;
	for (unsigned symbol = 1; symbol <= SYMBOLS; symbol++) {
		const struct position next = position_step(model, position, symbol);

		if (next.recognized || next.tabulated || next.lived ||
		    memcmp(next.nodes, position->nodes, sizeof next.nodes) != 0)
			return false;
	}
	return true;
}

static void walk_from(struct walk *walk, const struct position *position, unsigned length)
{
	walk->stepped++;
	walk->differences += position->recognized != position->lived ||
			     position->tabulated != position->lived;
	if (length == LENGTH)
		return;
	if (position_is_final(walk->model, position)) {
		walk->rejected += sequence_count(LENGTH - length) - 1;
		return;
	}
	for (unsigned symbol = 1; symbol <= SYMBOLS; symbol++) {
		const struct position next = position_step(walk->model, position, symbol);

		walk_from(walk, &next, length + 1);
	}
}

static void test_sequences(const struct registration_model *model, unsigned start, const char *name)
{
	const uint64_t expected = sequence_count(LENGTH);
	const struct position position = position_begin(start);
	struct walk walk = { .model = model };

	walk_from(&walk, &position, 0);
	tap_ok(walk.stepped + walk.rejected == expected && walk.differences == 0,
	       "%s: recognizer, table and program judge each of %llu sequences of up to %u symbols "
	       "alike: %llu stepped, %llu behind a breach, %llu differences",
	       name, (unsigned long long)expected, LENGTH, (unsigned long long)walk.stepped,
	       (unsigned long long)walk.rejected, (unsigned long long)walk.differences);
}

/* ---- lint ---- */

static void test_deterministic(const struct registration_model *model)
{
	unsigned conflicts = 0;

	for (unsigned symbol = 0; symbol < REGISTRATION_SYMBOLS; symbol++) {
		for (unsigned state = 0; state < STATES; state++) {
			const unsigned to = model->next[symbol][1U << state];

			conflicts += (to & (to - 1)) != 0;
		}
	}
	tap_ok(conflicts == 0, "no symbol leads from a state to two: %u do", conflicts);
}

static void test_reachable(const struct registration_model *model)
{
	unsigned reached = REGISTRATION_ABSENT, before, dead = 0;

	do {
		before = reached;
		for (unsigned symbol = 1; symbol <= SYMBOLS; symbol++)
			reached |= model->next[symbol][before];
	} while (reached != before);
	for (unsigned symbol = 1; symbol <= SYMBOLS; symbol++)
		dead += model->next[symbol][reached] == 0;
	tap_ok(reached == REGISTRATION_ANY, "each state can be reached from Absent: 0x%x", reached);
	tap_ok(dead == 0, "each symbol is possible in a state: %u are not", dead);
}

/* Whether some sequence of at most @length symbols is a breach from one state alone. */
static bool differ(const struct registration_model *model, unsigned one, unsigned other,
		   unsigned length)
{
	if (!one != !other)
		return true;
	for (unsigned symbol = 1; symbol <= SYMBOLS && one && length > 0; symbol++)
		if (differ(model, model->next[symbol][one], model->next[symbol][other], length - 1))
			return true;
	return false;
}

/*
 * Ragel would merge states that accept the same, were it not for the action that each has of its
 * own. Absent and Present are such: what was not shown to be there may be there all the same.
 */
static void test_not_merged(const struct registration_model *model)
{
	const unsigned absent = REGISTRATION_ABSENT, present = REGISTRATION_PRESENT;
	const unsigned registered = REGISTRATION_REGISTERED;
	unsigned own = 0, other = 0;

	for (unsigned state = 0; state < STATES; state++) {
		uint8_t states;
		const int node = registration_step(registration_start_node, begins[state], &states);

		own += states == 1U << state;
		for (unsigned i = 0; i < state; i++)
			other += node !=
				 registration_step(registration_start_node, begins[i], &states);
	}
	tap_ok(own == STATES && other == STATES, "three states, three nodes: none is merged");
	/* of three states and the breach, three symbols tell apart what can be told apart */
	tap_ok(differ(model, absent, registered, 3) && differ(model, present, registered, 3),
	       "some sequence tells Registered from Absent and from Present");
	tap_ok(!differ(model, absent, present, 3), "none tells Absent from Present");
}

/* Nothing else is a letter: the values around the symbols, and those of the beginning. */
static void test_letters(void)
{
	unsigned letters = 0, refused = 0;

	for (unsigned state = 0; state < STATES; state++) {
		uint8_t states;
		const int node = registration_step(registration_start_node, begins[state], &states);

		for (int letter = 0; letter < 256; letter++) {
			if (letter >= OBJECT_CREATION && letter <= TRACE_END)
				continue;
			letters++;
			registration_step(node, (enum registration_symbol)letter, &states);
			refused += states == 0;
		}
	}
	tap_ok(letters == STATES * 248 && refused == letters,
	       "the recognizer takes no letter but the symbols: %u of %u cases", refused, letters);
}

int main(void)
{
	struct registration_model model;

	registration_tabulate(&model);
	test_cells(&model);
	test_sets(&model);
	for (unsigned state = 0; state < STATES; state++)
		test_sequences(&model, 1U << state, state_names[state]);
	test_sequences(&model, REGISTRATION_ANY, "any state");
	test_deterministic(&model);
	test_reachable(&model);
	test_not_merged(&model);
	test_letters();
	return tap_done();
}
