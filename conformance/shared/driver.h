/* SPDX-License-Identifier: MIT */
/*
 * What a projection is held to: a driver that asked for some events only, and the moves of its
 * session, from the published picture. Nothing here reads the chart or calls the model, and nothing
 * computes with beliefs until they do not change any more, as the model does: words of unseen moves
 * are spelled out, and so are the runs.
 */
#ifndef CONFORMANCE_DRIVER_H
#define CONFORMANCE_DRIVER_H

#include <string.h>

#include "session_table.h"
#include "sessionlint.h"

#define DRIVER_MASKS  64
#define DRIVER_STATES 8
#define DRIVER_EVENTS 6

/*
 * A word of unseen moves that comes to a state twice comes to the same end without what is in
 * between. With eight states, words of seven moves therefore lead wherever longer ones do.
 */
#define UNSEEN_LENGTH (DRIVER_STATES - 1)

struct driver {
	uint32_t mask;  /* bit n - 1: told of IoSessionEvent value n */
	bool reconnect; /* DisconnectedLoggedOn --Connected--> LoggedOn happens */
	bool new_life;  /* Terminated becomes Initialized, and no event tells */
	bool abrupt;    /* Terminated can go unseen while somebody is logged on */
};

struct move {
	unsigned from, event, to;
};

/* 17 moves of the picture, the reconnect, the new life. */
#define MOVES 19

struct moves {
	struct move told[MOVES], unseen[MOVES];
	unsigned told_count, unseen_count;
};

static inline unsigned state_bit(unsigned state)
{
	return 1U << (state - 1);
}

static inline bool driver_asked_for(const struct driver *driver, unsigned event)
{
	return driver->mask >> (event - 1) & 1;
}

static inline void moves_add(struct moves *moves, const struct driver *driver, struct move move)
{
	const bool logged_on = move.from == SESSIONLINT_STATE_LOGGED_ON ||
			       move.from == SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON;
	const bool is_abrupt = move.event == SESSIONLINT_EVENT_TERMINATED && logged_on;

	/* a trace may tell of an event that was not asked for: it then happened */
	moves->told[moves->told_count++] = move;
	if (!driver_asked_for(driver, move.event) && (driver->abrupt || !is_abrupt))
		moves->unseen[moves->unseen_count++] = move;
}

static inline void moves_init(struct moves *moves, const struct driver *driver)
{
	*moves = (struct moves) { 0 };
	for (unsigned from = CREATED; from < STATES; from++)
		for (unsigned event = CREATE; event < EVENTS; event++)
			if (session_table[from][event] != NOWHERE)
				moves_add(
					moves, driver,
					(struct move) { from, event, session_table[from][event] });
	if (driver->reconnect)
		moves_add(moves, driver,
			  (struct move) { .from = SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON,
					  .event = SESSIONLINT_EVENT_CONNECTED,
					  .to = SESSIONLINT_STATE_LOGGED_ON });
	if (driver->new_life)
		moves->unseen[moves->unseen_count++] =
			(struct move) { .from = SESSIONLINT_STATE_TERMINATED,
					.event = SESSIONLINT_EVENT_IGNORE,
					.to = SESSIONLINT_STATE_INITIALIZED };
}

/* Where the words of at most @length unseen moves lead from @state: each is spelled out. */
static inline unsigned unseen_ends(const struct moves *moves, unsigned state, unsigned length)
{
	unsigned ends = state_bit(state);

	if (length == 0)
		return ends;
	for (unsigned i = 0; i < moves->unseen_count; i++)
		if (moves->unseen[i].from == state)
			ends |= unseen_ends(moves, moves->unseen[i].to, length - 1);
	return ends;
}

/* ---- runs ---- */

/* Words of told events, numbered as the nodes of a tree with six branches: the empty one is 0. */
#define WORD_LENGTH 7
#define WORDS       335923 /* 6^0 + ... + 6^7 */

static inline unsigned word_append(unsigned word, unsigned event)
{
	return word * DRIVER_EVENTS + event;
}

static inline unsigned word_last(unsigned word)
{
	return (word - 1) % DRIVER_EVENTS + 1;
}

/* All runs from Initialized of which at most WORD_LENGTH events are told, by the word told. */
struct runs {
	struct driver driver;
	struct moves moves;
	uint8_t ends[WORDS];    /* the states in which runs with the word end */
	uint8_t sources[WORDS]; /* the states in which runs with it took its last event */
	/* by unseen moves since: a state that a run was in goes on as it did before */
	uint8_t visited[UNSEEN_LENGTH + 1][WORDS];
};

/* A run that has told @word, @length events, and is in @state after @unseen moves since. */
static inline void runs_from(struct runs *runs, unsigned word, unsigned length, unsigned unseen,
			     unsigned state)
{
	const struct moves *moves = &runs->moves;

	if (runs->visited[unseen][word] & state_bit(state))
		return;
	runs->visited[unseen][word] |= (uint8_t)state_bit(state);
	runs->ends[word] |= (uint8_t)state_bit(state);
	for (unsigned i = 0; i < moves->unseen_count && unseen < UNSEEN_LENGTH; i++)
		if (moves->unseen[i].from == state)
			runs_from(runs, word, length, unseen + 1, moves->unseen[i].to);
	for (unsigned i = 0; i < moves->told_count && length < WORD_LENGTH; i++) {
		const struct move move = moves->told[i];
		unsigned longer;

		if (move.from != state || !driver_asked_for(&runs->driver, move.event))
			continue;
		longer = word_append(word, move.event);
		runs->sources[longer] |= (uint8_t)state_bit(state);
		runs_from(runs, longer, length + 1, 0, move.to);
	}
}

static inline void runs_init(struct runs *runs, const struct driver *driver)
{
	memset(runs, 0, sizeof *runs);
	runs->driver = *driver;
	moves_init(&runs->moves, driver);
	runs_from(runs, 0, 0, 0, SESSIONLINT_STATE_INITIALIZED);
}

/*
 * Whether the words of WORD_LENGTH events end in no set of states in which no shorter one ends. How
 * a word can go on depends on that set alone; longer words then bring nothing new either.
 */
static inline bool runs_are_saturated(const struct runs *runs)
{
	const unsigned shorter = (WORDS - 1) / DRIVER_EVENTS;
	bool known[1 << DRIVER_STATES] = { false };

	for (unsigned word = 0; word < shorter; word++)
		known[runs->ends[word]] = true;
	for (unsigned word = shorter; word < WORDS; word++)
		if (runs->ends[word] && !known[runs->ends[word]])
			return false;
	return true;
}

/* ---- tolerances ---- */

/* What each tolerance takes, and whether the driver of the test takes an abrupt end. */
struct driver_tolerance {
	const char *name;
	bool reconnect, new_life, abrupt;
};

static inline struct driver driver_of(const struct driver_tolerance *tolerance, uint32_t mask)
{
	return (struct driver) {
		.mask = mask,
		.reconnect = tolerance->reconnect,
		.new_life = tolerance->new_life,
		.abrupt = tolerance->abrupt,
	};
}

#endif
