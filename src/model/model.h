/* SPDX-License-Identifier: MIT */
/*
 * Recognizers made by Ragel, tabulated. Everything that asks the model reads this structure;
 * nothing else knows which event leads where.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include "recognizer.h"
#include "sessionlint.h"

#define MODEL_STATES  8
#define MODEL_EVENTS  7 /* Ignore and the six that the table has */
#define MODEL_BELIEFS 256

/* One recognizer: what each belief becomes by each event. 4 KB. */
struct model {
	sessionlint_belief next[MODEL_EVENTS][MODEL_BELIEFS];
	sessionlint_belief closure[MODEL_BELIEFS];    /* a belief and what it can become unseen */
	sessionlint_event_set allowed[MODEL_BELIEFS]; /* without Ignore */
	sessionlint_belief image[MODEL_EVENTS];       /* where an event can lead to from anywhere */

	/* Where an event leads from exactly the states of a belief, before anything follows unseen:
	 * next is the closure of what is reached from the closure. */
	sessionlint_belief reached[MODEL_EVENTS][MODEL_BELIEFS];
};

/* What one source shows, from the strictest tolerance to the laxest; each rung accepts all that the
 * one before does. */
struct model_ladder {
	struct model rungs[SESSIONLINT_TOLERANCES];
	uint8_t grants[SESSIONLINT_TOLERANCES]; /* enum sessionlint_tolerance: what a rung adds */
};

static inline sessionlint_belief belief_of(unsigned state)
{
	return (sessionlint_belief)(1U << (state - 1));
}

static inline bool state_is_valid(unsigned state)
{
	return state >= SESSIONLINT_STATE_CREATED && state < SESSIONLINT_STATE_MAX;
}

/* What an event that is no transition tells of its session. */
enum model_activity {
	MODEL_NO_ACTIVITY,
	MODEL_LOCK,
	MODEL_UNLOCK,
	MODEL_REMOTE_CONTROL,
	MODEL_SHELL,
	MODEL_DESKTOP,
	MODEL_SCREEN_SAVER,
};

/* As sessionlint_event_parse(); *ret_activity is what an Ignore tells besides. */
int model_event_parse(enum sessionlint_source source, struct sessionlint_text text,
		      unsigned *ret_event, enum model_activity *ret_activity);

/* The name of a source other than @source that has an event of its own called @text, which can be a
 * number; NULL if there is none. */
const char *model_event_other_source(enum sessionlint_source source, struct sessionlint_text text);

/* The names that a source has for events; empty for one that has a number only, NULL behind the
 * last. */
const char *model_event_spelling_at(enum sessionlint_source source, unsigned index);

/* Whether a source tells of the event so named without a session ("ISensLogon interface
 * (sensevts.h)"). */
bool model_event_is_sessionless(enum sessionlint_source source, struct sessionlint_text text);

/* The tolerances that have a recognizer of their own: those of the ladders, and the published table
 * with the undocumented reconnect and one life. */
enum model_recognizer {
	MODEL_PUBLISHED,
	MODEL_REUSED,
	MODEL_KNOWN,
	MODEL_IMPLIED,
	MODEL_OBSERVED,
	MODEL_ABRUPT, /* as implied, without the undocumented reconnect */
};
#define MODEL_RECOGNIZERS 6

/* The recognizer of @source under a tolerance. Never NULL for values of the enumerations. */
const struct recognizer *model_recognizer(enum sessionlint_source source,
					  enum model_recognizer tolerance);

/* Tabulates @recognizer. Distributes over the states of a belief: a set's successors are those of
 * its states. */
void model_tabulate(const struct recognizer *recognizer, struct model *ret_model);

/*
 * An unseen end with the user logged on is rarer than the undocumented reconnect, and so the
 * tolerance for it comes last. It is in the published table, though: with @strict it comes before
 * the reconnect.
 */
void model_ladder_tabulate(enum sessionlint_source source, bool strict,
			   struct model_ladder *ret_ladder);

/* The recognizers that have a name of their own, for the command line: published, observed, lsm,
 * ... */
struct model_named {
	const char *name;
	enum sessionlint_source source;
	enum model_recognizer tolerance;
	const char *summary;
};

/* NULL behind the last. */
const struct model_named *model_named(unsigned index);

/*
 * What @belief can have become after at most @count lost records. Each may have been an event, or
 * the boot of the host or the end of a capture, after which the id begins again.
 */
sessionlint_belief model_lose(const struct model *model, sessionlint_belief belief, unsigned count);

/* So many lost records can lead from any state to any other: more say nothing more. */
#define MODEL_LOST_MANY 16U

/*
 * The shortest legal event sequence that makes @event possible from @belief under @model, at most
 * @room events. Returns how many stand in ret_events (0: it is possible at once), or -ENOENT.
 */
int model_shortest_prefix(const struct model *model, sessionlint_belief belief, unsigned event,
			  uint8_t *ret_events, unsigned room);

#endif
