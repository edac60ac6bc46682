/* SPDX-License-Identifier: MIT */
/*
 * What tells two recognizers apart. A recognizer accepts a sequence of events if some run of the
 * machine from Initialized shows it; an event that it never shows, it refuses. What it accepts, it
 * accepts from the first event on, so that a sequence is refused at one event.
 */
#ifndef MODEL_DIFFERENCE_H
#define MODEL_DIFFERENCE_H

#include "model/model.h"

#define WITNESS_MAX 64

/* A shortest sequence that one recognizer accepts and another refuses, at its last event. */
struct witness {
	unsigned length;
	uint8_t events[WITNESS_MAX];
	/* what each believes before the first event and behind each; of the other, none at the end
	 */
	sessionlint_belief accepting[WITNESS_MAX + 1], refusing[WITNESS_MAX + 1];
};

/* What @belief becomes by an event that @model shows; none if it refuses or never shows it. */
static inline sessionlint_belief model_show(const struct model *model, sessionlint_belief belief,
					    unsigned event)
{
	return model->allowed[belief] & 1U << event ? model->next[event][belief]
						    : SESSIONLINT_BELIEF_NONE;
}

/*
 * Finds the first of the shortest witnesses, by the numbers of their events. Returns 1, or 0 if
 * @other accepts all that @model accepts. -ENOMEM; -E2BIG: there is one, and it is longer than
 * WITNESS_MAX.
 */
int difference_witness(const struct model *model, const struct model *other,
		       struct witness *ret_witness);

/* The events that @model ever shows. */
sessionlint_event_set difference_alphabet(const struct model *model);

/* A transition of the table, of the undocumented reconnect, or (event Ignore) into a new life. */
struct difference_arc {
	uint8_t from, event, to;
};

#define DIFFERENCE_ARCS 19

/* Returns whether there is one of that number. */
bool difference_arc_at(unsigned index, struct difference_arc *ret_arc);

/* What a recognizer makes of it: bits. */
enum {
	ARC_SHOWN = 1 << 0,  /* the event is shown when a session goes that way */
	ARC_UNSEEN = 1 << 1, /* a session can get there from there, and nothing is shown */
};

unsigned difference_arc_view(const struct model *model, const struct difference_arc *arc);

#endif
