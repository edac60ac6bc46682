/* SPDX-License-Identifier: MIT */
/*
 * What the recognizers are held to where a source hides something: a simulation of sets of states,
 * from the transcribed table and tables of its own. It neither reads the chart nor calls the model.
 */
#ifndef CONFORMANCE_SIMULATION_H
#define CONFORMANCE_SIMULATION_H

#include "model/model.h"
#include "session_table.h"

/* What happens to a session, told apart as far as some source tells it apart. */
enum happening {
	CREATION,
	CONNECTION,           /* nobody is logged on */
	RECONNECTION,         /* somebody is; undocumented */
	DISCONNECTION_UNUSED, /* nobody has logged on since it was created or connected */
	DISCONNECTION_LOGGED_OFF,
	DISCONNECTION,
	USER_LOGON,
	USER_LOGOFF,
	END,           /* nobody is logged on */
	END_LOGGED_ON, /* somebody is */
	NEW_LIFE,      /* the id is used again; no event */
	HAPPENINGS,    /* how many there are */
};

/* How a source shows it. */
enum sight {
	UNSEEN,     /* it happens, and no event tells */
	SEEN,       /* it happens, and the event comes */
	MAYBE_SEEN, /* it happens, and the event comes or not */
	IMPOSSIBLE, /* it does not happen */
};

static const enum sessionlint_event happening_event[HAPPENINGS] = {
	[CREATION] = SESSIONLINT_EVENT_CREATED,
	[CONNECTION] = SESSIONLINT_EVENT_CONNECTED,
	[RECONNECTION] = SESSIONLINT_EVENT_CONNECTED,
	[DISCONNECTION_UNUSED] = SESSIONLINT_EVENT_DISCONNECTED,
	[DISCONNECTION_LOGGED_OFF] = SESSIONLINT_EVENT_DISCONNECTED,
	[DISCONNECTION] = SESSIONLINT_EVENT_DISCONNECTED,
	[USER_LOGON] = SESSIONLINT_EVENT_LOGON,
	[USER_LOGOFF] = SESSIONLINT_EVENT_LOGOFF,
	[END] = SESSIONLINT_EVENT_TERMINATED,
	[END_LOGGED_ON] = SESSIONLINT_EVENT_TERMINATED,
	[NEW_LIFE] = SESSIONLINT_EVENT_IGNORE,
};

struct arc {
	unsigned from;
	enum happening happening;
	unsigned to;
};

/* What happens to a session that takes an event in a state. */
static inline enum happening happening_of(unsigned from, unsigned event)
{
	const bool logged_on = from == LOGGED_ON || from == DISCONNECTED_LOGGED_ON;

	switch ((enum event)event) {
	case CREATE:
		return CREATION;
	case CONNECT:
		return logged_on ? RECONNECTION : CONNECTION;
	case DISCONNECT:
		return from == CREATED || from == CONNECTED ? DISCONNECTION_UNUSED
		       : from == LOGGED_OFF                 ? DISCONNECTION_LOGGED_OFF
							    : DISCONNECTION;
	case LOGON:
		return USER_LOGON;
	case LOGOFF:
		return USER_LOGOFF;
	case TERMINATE:
		return logged_on ? END_LOGGED_ON : END;
	case IGNORE:
		break;
	}
	return NEW_LIFE;
}

/* The published table, the undocumented reconnect, the new life of an id. */
static struct arc arcs[STATES * EVENTS];
static unsigned arc_count;

static inline void arcs_init(void)
{
	arc_count = 0;
	for (unsigned from = CREATED; from < STATES; from++)
		for (unsigned event = CREATE; event < EVENTS; event++)
			if (session_next(from, event) != NOWHERE)
				arcs[arc_count++] = (struct arc) { from, happening_of(from, event),
								   session_next(from, event) };
	arcs[arc_count++] = (struct arc) { TERMINATED, NEW_LIFE, INITIALIZED };
}

/*
 * What each source shows, where everything can happen. The end with the user logged on stands in
 * simulation_init(): whether it can go unseen is a matter of tolerance.
 */
static const enum sight sights[SOURCE_COUNT][HAPPENINGS] = {
	[SESSIONLINT_SOURCE_WDM] = {
		[CREATION] = SEEN,
		[CONNECTION] = SEEN,
		[RECONNECTION] = SEEN,
		[DISCONNECTION_UNUSED] = SEEN,
		[DISCONNECTION] = SEEN,
		[DISCONNECTION_LOGGED_OFF] = SEEN,
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
		[END] = SEEN,
		[END_LOGGED_ON] = SEEN,
	},
	/* The codes of Created and Terminated are reserved: they may never come. */
	[SESSIONLINT_SOURCE_WTS] = {
		[CREATION] = MAYBE_SEEN,
		[CONNECTION] = SEEN,
		[RECONNECTION] = SEEN,
		[DISCONNECTION_UNUSED] = SEEN,
		[DISCONNECTION] = SEEN,
		[DISCONNECTION_LOGGED_OFF] = SEEN,
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
		[END] = MAYBE_SEEN,
		[END_LOGGED_ON] = MAYBE_SEEN,
	},
	/* Speaks of users: Connected only as a reconnect; a disconnect without one, perhaps. */
	[SESSIONLINT_SOURCE_SENS] = {
		[RECONNECTION] = SEEN,
		[DISCONNECTION_UNUSED] = MAYBE_SEEN,
		[DISCONNECTION] = SEEN,
		[DISCONNECTION_LOGGED_OFF] = SEEN,
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
	},
	/* The same, and no Disconnected of a session that nobody logged on to. */
	[SESSIONLINT_SOURCE_LSM] = {
		[RECONNECTION] = SEEN,
		[DISCONNECTION] = SEEN,
		[DISCONNECTION_LOGGED_OFF] = SEEN,
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
	},
	[SESSIONLINT_SOURCE_WINLOGON] = {
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
	},
	/* The process begins for all to see, but a shutdown or a crash ends it in silence. */
	[SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL] = {
		[CREATION] = SEEN,
		[RECONNECTION] = SEEN,
		[DISCONNECTION_UNUSED] = MAYBE_SEEN,
		[DISCONNECTION] = SEEN,
		[DISCONNECTION_LOGGED_OFF] = MAYBE_SEEN,
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
		[END] = MAYBE_SEEN,
		[END_LOGGED_ON] = MAYBE_SEEN,
	},
	[SESSIONLINT_SOURCE_PROFILE] = {
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
	},
	/* What no log shows may have happened, but for what a log always shows. */
	[SESSIONLINT_SOURCE_ACCOUNT] = {
		[CREATION] = MAYBE_SEEN,
		[CONNECTION] = MAYBE_SEEN,
		[RECONNECTION] = SEEN,
		[DISCONNECTION_UNUSED] = MAYBE_SEEN,
		[DISCONNECTION] = SEEN,
		[DISCONNECTION_LOGGED_OFF] = SEEN,
		[USER_LOGON] = SEEN,
		[USER_LOGOFF] = SEEN,
		[END] = MAYBE_SEEN,
		[END_LOGGED_ON] = MAYBE_SEEN,
	},
	/* Remote connections alone, and not each of them. */
	[SESSIONLINT_SOURCE_RDP] = {
		[CONNECTION] = MAYBE_SEEN,
		[RECONNECTION] = MAYBE_SEEN,
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
	case SESSIONLINT_SOURCE_ACCOUNT:
		return SEEN;
	case SESSIONLINT_SOURCE_SENS:
	case SESSIONLINT_SOURCE_LSM:
		return IMPOSSIBLE;
	case SESSIONLINT_SOURCE_WINLOGON:
	case SESSIONLINT_SOURCE_PROFILE:
	case SESSIONLINT_SOURCE_RDP:
		return UNSEEN; /* an ordinary end there */
	case SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL:
		return MAYBE_SEEN; /* likewise, but some are shown */
	}
	return IMPOSSIBLE;
}

static inline void simulation_init(struct simulation *ret_simulation,
				   enum sessionlint_source source, enum model_recognizer tolerance)
{
	struct simulation simulation;
	bool reconnect = false, new_life = false, unseen_end = false;

	arcs_init();
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
		simulation.sights[RECONNECTION] = IMPOSSIBLE;
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
		for (unsigned i = 0; i < arc_count; i++) {
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
	for (unsigned i = 0; i < arc_count; i++) {
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
