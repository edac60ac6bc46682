/* SPDX-License-Identifier: MIT */
/*
 * The model for model checkers, provers and monitors: states, events and where each event leads,
 * made only from the tabulated model, and the claims that hold of them. Each language writes this
 * structure. Names come from the tables of the model and are identifiers, so that no language has
 * to escape them.
 */
#ifndef FORMAL_FORMAL_H
#define FORMAL_FORMAL_H

#include <stdio.h>

#include "model/beliefs.h"

#define FORMAL_STATES MODEL_BELIEFS
#define FORMAL_EVENTS 8

#define FORMAL_NOWHERE UINT16_MAX

struct formal_state {
	char name[BELIEF_NAME_SIZE];
	uint8_t states; /* bit n is the state named state_name(n) */
	bool final;     /* nothing needs to follow */
	bool first;     /* the first event of an incarnation leads here */
	bool inside;    /* see struct formal_hold */
	uint16_t next[FORMAL_EVENTS];
};

/* What is claimed of a hold. If events are hidden, less can be. */
enum formal_hold_claim {
	FORMAL_NO_CLAIM,
	FORMAL_ONLY_WHILE, /* the states inside are only reached while it lasts */
	FORMAL_EXACTLY,    /* and it lasts only in these */
};

/* Something that one event begins and others end: the logon of a user, a registration. */
struct formal_hold {
	const char *name;   /* of the hold: "user" */
	const char *inside; /* of the states that need it: "logged_on" */
	unsigned begin;     /* an event, by its index */
	unsigned ends;      /* a bit for each event */
	enum formal_hold_claim claim;
};

struct formal_machine {
	const char *kind, *module; /* "session", "Session" */
	const char *name, *summary;
	const char *source, *tolerance;  /* NULL: it is not of a session */
	bool tolerance_is_given, masked; /* whether the command line had them */
	uint32_t mask;
	const char *(*state_name)(unsigned bit);
	unsigned state_count, start;
	struct formal_state states[FORMAL_STATES];
	unsigned event_count;
	const char *events[FORMAL_EVENTS]; /* their names */
	unsigned first_number;             /* that of the first event; they are consecutive */
	int over;    /* the event that ends an incarnation; -1: there is none */
	bool reused; /* another one can follow */
	struct formal_hold hold;
};

/* What to export. */
struct formal_choice {
	const struct model_named *named;
	enum model_recognizer tolerance;
	bool tolerance_is_given, masked;
	uint32_t mask;
};

void formal_of_model(const struct formal_choice *choice, struct formal_machine *ret_machine);
void formal_of_registration(struct formal_machine *ret_machine);

/* ---- what languages share ---- */

/* Where @event leads from @state, both by index; FORMAL_NOWHERE: it is not possible. */
static inline unsigned formal_next(const struct formal_machine *machine, unsigned state,
				   unsigned event)
{
	return machine->states[state].next[event];
}

/* A transition. */
struct formal_arc {
	unsigned from, event, to;
};

/* Whether there is a transition after @arc, by states, then by events: *arc becomes it. Begin with
 * FORMAL_BEFORE_FIRST. */
#define FORMAL_BEFORE_FIRST ((struct formal_arc) { .event = UINT32_MAX })
bool formal_arc_next(const struct formal_machine *machine, struct formal_arc *arc);

/* Whether any event is possible in a state. */
bool formal_can_act(const struct formal_machine *machine, unsigned state);

/* Selects states of a set. */
typedef bool formal_select(const struct formal_state *state);
bool formal_is_final(const struct formal_state *state);
bool formal_is_first(const struct formal_state *state);
bool formal_is_inside(const struct formal_state *state);

/* Writes the names of the selected states, each between @before and @after, with @separator between
 * them. Returns how many. */
unsigned formal_print_states(FILE *file, const struct formal_machine *machine,
			     formal_select *select, const char *before, const char *after,
			     const char *separator);

/* The same for the events whose bits are in @events. */
unsigned formal_print_events(FILE *file, const struct formal_machine *machine, unsigned events,
			     const char *before, const char *after, const char *separator);
#define FORMAL_ALL_EVENTS UINT32_MAX

/* Writes what the machine is and how it was made, each line after @comment, and the states of each
 * belief. */
void formal_print_header(FILE *file, const struct formal_machine *machine, const char *language,
			 const char *comment);

struct formal_language {
	const char *name;
	const char *summary;
	bool sessions_only;
	void (*write)(FILE *file, const struct formal_machine *machine);
};

extern const struct formal_language formal_promela, formal_murphi, formal_tla, formal_tla_trace,
	formal_smv, formal_rv, formal_dfa, formal_json;

/* The languages, and their names; NULL after the last. */
const struct formal_language *formal_language_at(unsigned index);
const char *formal_language_name_at(unsigned index);

#endif
