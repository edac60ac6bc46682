/* SPDX-License-Identifier: MIT */
/*
 * What the recognizers are held to where a source hides something: a simulation of sets of states,
 * from tables of its own. It neither reads the chart nor calls the model.
 */
#ifndef CONFORMANCE_MODEL_SIMULATION_H
#define CONFORMANCE_MODEL_SIMULATION_H

#include "model/model.h"

/* What happens to a session, told apart as far as some source tells it apart. */
enum happening {
	CREATION,
	CONNECT,           /* nobody is logged on */
	RECONNECT,         /* somebody is; undocumented */
	DISCONNECT_UNUSED, /* nobody has logged on since it was created or connected */
	DISCONNECT,
	LOGON,
	LOGOFF,
	END,           /* nobody is logged on */
	END_LOGGED_ON, /* somebody is */
	NEW_LIFE,      /* the id is used again; no event */
};
#define HAPPENINGS 10

/* How a source shows it. */
enum sight {
	UNSEEN,     /* it happens, and no event tells */
	SEEN,       /* it happens, and the event comes */
	MAYBE_SEEN, /* it happens, and the event comes or not */
	IMPOSSIBLE, /* it does not happen */
};

static const enum sessionlint_event happening_event[HAPPENINGS] = {
	[CREATION] = SESSIONLINT_EVENT_CREATED,
	[CONNECT] = SESSIONLINT_EVENT_CONNECTED,
	[RECONNECT] = SESSIONLINT_EVENT_CONNECTED,
	[DISCONNECT_UNUSED] = SESSIONLINT_EVENT_DISCONNECTED,
	[DISCONNECT] = SESSIONLINT_EVENT_DISCONNECTED,
	[LOGON] = SESSIONLINT_EVENT_LOGON,
	[LOGOFF] = SESSIONLINT_EVENT_LOGOFF,
	[END] = SESSIONLINT_EVENT_TERMINATED,
	[END_LOGGED_ON] = SESSIONLINT_EVENT_TERMINATED,
	[NEW_LIFE] = SESSIONLINT_EVENT_IGNORE,
};

struct arc {
	enum sessionlint_state from;
	enum happening happening;
	enum sessionlint_state to;
};

/* By happening: the published table, the undocumented reconnect, the new life of an id. */
static const struct arc arcs[] = {
	{ SESSIONLINT_STATE_INITIALIZED, CREATION, SESSIONLINT_STATE_CREATED },

	{ SESSIONLINT_STATE_CREATED, CONNECT, SESSIONLINT_STATE_CONNECTED },
	{ SESSIONLINT_STATE_DISCONNECTED, CONNECT, SESSIONLINT_STATE_CONNECTED },
	{ SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON, RECONNECT, SESSIONLINT_STATE_LOGGED_ON },

	{ SESSIONLINT_STATE_CREATED, DISCONNECT_UNUSED, SESSIONLINT_STATE_DISCONNECTED },
	{ SESSIONLINT_STATE_CONNECTED, DISCONNECT_UNUSED, SESSIONLINT_STATE_DISCONNECTED },
	{ SESSIONLINT_STATE_LOGGED_OFF, DISCONNECT, SESSIONLINT_STATE_DISCONNECTED },
	{ SESSIONLINT_STATE_LOGGED_ON, DISCONNECT, SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON },

	{ SESSIONLINT_STATE_CONNECTED, LOGON, SESSIONLINT_STATE_LOGGED_ON },
	{ SESSIONLINT_STATE_DISCONNECTED, LOGON, SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON },

	{ SESSIONLINT_STATE_LOGGED_ON, LOGOFF, SESSIONLINT_STATE_LOGGED_OFF },
	{ SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON, LOGOFF, SESSIONLINT_STATE_DISCONNECTED },

	{ SESSIONLINT_STATE_CREATED, END, SESSIONLINT_STATE_TERMINATED },
	{ SESSIONLINT_STATE_CONNECTED, END, SESSIONLINT_STATE_TERMINATED },
	{ SESSIONLINT_STATE_DISCONNECTED, END, SESSIONLINT_STATE_TERMINATED },
	{ SESSIONLINT_STATE_LOGGED_OFF, END, SESSIONLINT_STATE_TERMINATED },
	{ SESSIONLINT_STATE_LOGGED_ON, END_LOGGED_ON, SESSIONLINT_STATE_TERMINATED },
	{ SESSIONLINT_STATE_DISCONNECTED_LOGGED_ON, END_LOGGED_ON, SESSIONLINT_STATE_TERMINATED },

	{ SESSIONLINT_STATE_TERMINATED, NEW_LIFE, SESSIONLINT_STATE_INITIALIZED },
};
#define ARCS (sizeof arcs / sizeof arcs[0])

/*
 * What each source shows, where everything can happen. The end with the user logged on stands in
 * simulation_init(): whether it can go unseen is a matter of tolerance.
 */
static const enum sight sights[SOURCE_COUNT][HAPPENINGS] = {
	[SESSIONLINT_SOURCE_WDM] = {
		[CREATION] = SEEN,
		[CONNECT] = SEEN,
		[RECONNECT] = SEEN,
		[DISCONNECT_UNUSED] = SEEN,
		[DISCONNECT] = SEEN,
		[LOGON] = SEEN,
		[LOGOFF] = SEEN,
		[END] = SEEN,
		[END_LOGGED_ON] = SEEN,
	},
	/* The codes of Created and Terminated are reserved: they may never come. */
	[SESSIONLINT_SOURCE_WTS] = {
		[CREATION] = MAYBE_SEEN,
		[CONNECT] = SEEN,
		[RECONNECT] = SEEN,
		[DISCONNECT_UNUSED] = SEEN,
		[DISCONNECT] = SEEN,
		[LOGON] = SEEN,
		[LOGOFF] = SEEN,
		[END] = MAYBE_SEEN,
		[END_LOGGED_ON] = MAYBE_SEEN,
	},
	/* Speaks of users: Connected only as a reconnect; a disconnect without one, perhaps. */
	[SESSIONLINT_SOURCE_SENS] = {
		[RECONNECT] = SEEN,
		[DISCONNECT_UNUSED] = MAYBE_SEEN,
		[DISCONNECT] = SEEN,
		[LOGON] = SEEN,
		[LOGOFF] = SEEN,
	},
	/* The same, and no Disconnected of a session that nobody logged on to. */
	[SESSIONLINT_SOURCE_LSM] = {
		[RECONNECT] = SEEN,
		[DISCONNECT] = SEEN,
		[LOGON] = SEEN,
		[LOGOFF] = SEEN,
	},
	[SESSIONLINT_SOURCE_WINLOGON] = {
		[LOGON] = SEEN,
		[LOGOFF] = SEEN,
	},
};

/* One source under one tolerance. */
struct simulation {
	enum sight sights[HAPPENINGS];
};

/* How the end with the user logged on is seen where the tolerance takes no unseen one. */
static inline enum sight end_logged_on_strict(enum sessionlint_source source)
{
	switch (source) {
	case SESSIONLINT_SOURCE_WDM:
	case SESSIONLINT_SOURCE_WTS:
		return SEEN;
	case SESSIONLINT_SOURCE_SENS:
	case SESSIONLINT_SOURCE_LSM:
		return IMPOSSIBLE;
	case SESSIONLINT_SOURCE_WINLOGON:
		return UNSEEN; /* an ordinary end there */
	}
	return IMPOSSIBLE;
}

static inline void simulation_init(struct simulation *ret_simulation,
				   enum sessionlint_source source, enum model_recognizer tolerance)
{
	struct simulation simulation;
	bool reconnect = false, new_life = false, unseen_end = false;

	switch (tolerance) {
	case MODEL_PUBLISHED:
		break;
	case MODEL_OBSERVED:
		reconnect = true;
		break;
	case MODEL_REUSED:
		new_life = true;
		break;
	case MODEL_KNOWN:
		reconnect = new_life = true;
		break;
	case MODEL_IMPLIED:
		reconnect = new_life = unseen_end = true;
		break;
	case MODEL_ABRUPT:
		new_life = unseen_end = true;
		break;
	}
	for (unsigned i = 0; i < HAPPENINGS; i++)
		simulation.sights[i] = sights[source][i];
	if (!reconnect)
		simulation.sights[RECONNECT] = IMPOSSIBLE;
	if (!new_life)
		simulation.sights[NEW_LIFE] = IMPOSSIBLE;
	if (!unseen_end)
		simulation.sights[END_LOGGED_ON] = end_logged_on_strict(source);
	*ret_simulation = simulation;
}

/* @belief and all that it can become unseen. */
static inline sessionlint_belief simulation_closure(const struct simulation *simulation,
						    sessionlint_belief belief)
{
	sessionlint_belief before;

	do {
		before = belief;
		for (unsigned i = 0; i < ARCS; i++) {
			const enum sight sight = simulation->sights[arcs[i].happening];

			if ((sight == UNSEEN || sight == MAYBE_SEEN) &&
			    belief & belief_of(arcs[i].from))
				belief |= belief_of(arcs[i].to);
		}
	} while (belief != before);
	return belief;
}

/* Where an event leads from exactly the states of @belief, before anything follows unseen. */
static inline sessionlint_belief simulation_reached(const struct simulation *simulation,
						    sessionlint_belief belief, unsigned event)
{
	sessionlint_belief next = SESSIONLINT_BELIEF_NONE;

	if (event == SESSIONLINT_EVENT_IGNORE)
		return belief;
	for (unsigned i = 0; i < ARCS; i++) {
		const enum sight sight = simulation->sights[arcs[i].happening];

		if ((sight == SEEN || sight == MAYBE_SEEN) && belief & belief_of(arcs[i].from) &&
		    happening_event[arcs[i].happening] == event)
			next |= belief_of(arcs[i].to);
	}
	return next;
}

static inline sessionlint_belief simulation_next(const struct simulation *simulation,
						 sessionlint_belief belief, unsigned event)
{
	belief = simulation_closure(simulation, belief);
	return simulation_closure(simulation, simulation_reached(simulation, belief, event));
}

#endif
