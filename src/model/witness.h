/* SPDX-License-Identifier: MIT */
/*
 * The difference between two recognizers. A recognizer accepts a sequence of events if some run of
 * the machine from Initialized shows it; it rejects events that it never shows. The prefixes of an
 * accepted sequence are accepted, so a sequence is rejected at one event.
 */
#ifndef MODEL_WITNESS_H
#define MODEL_WITNESS_H

#include "model/model.h"

#define WITNESS_MAX 64

/* A shortest sequence that one recognizer accepts and another rejects, at its last event. */
struct witness {
	unsigned length;
	uint8_t events[WITNESS_MAX];
	/* the beliefs of each, before the first event and after each; the other's is empty at the
	 * end
	 */
	sessionlint_belief accepting[WITNESS_MAX + 1], refusing[WITNESS_MAX + 1];
};

/* The belief after an event that @model shows; empty if it rejects or never shows it. */
static inline sessionlint_belief model_show(const struct model *model, sessionlint_belief belief,
					    unsigned event)
{
	return model->allowed[belief] & 1U << event ? model->next[event][belief]
						    : SESSIONLINT_BELIEF_NONE;
}

/*
 * Finds the first of the shortest witnesses, by the numbers of their events. Returns 1, or 0 if
 * @other accepts all that @model accepts. -ENOMEM; -E2BIG: it is longer than WITNESS_MAX.
 */
int difference_witness(const struct model *model, const struct model *other,
		       struct witness *ret_witness);

/* The events that @model ever shows. */
sessionlint_event_set difference_alphabet(const struct model *model);

/* A transition of the table, the undocumented reconnect, or (event Ignore) the reuse of an id. */
struct difference_arc {
	uint8_t from, event, to;
};

#define DIFFERENCE_ARCS 19

/* Returns whether there is one of that number. */
bool difference_arc_at(unsigned index, struct difference_arc *ret_arc);

/* How a recognizer sees it: bits. */
enum {
	ARC_SHOWN = 1 << 0, /* the event is shown */
	ARC_UNSEEN =
		1 << 1, /* a session can get from one state to the other without a shown event */
};

unsigned difference_arc_view(const struct model *model, const struct difference_arc *arc);

#endif
