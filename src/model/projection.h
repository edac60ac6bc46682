/* SPDX-License-Identifier: MIT */
/*
 * What a driver can know that asked for some events only: the model without the events outside its
 * EventMask ("IO_SESSION_STATE_NOTIFICATION structure (wdm.h)"), by subset construction.
 */
#ifndef MODEL_PROJECTION_H
#define MODEL_PROJECTION_H

#include "model/model.h"

#define PROJECTION_MASKS 64 /* bit n - 1 selects IoSessionEvent value n */

/* Whether an EventMask selects the event. Ignore has no bit. */
static inline bool mask_selects(uint32_t mask, unsigned event)
{
	return event >= SESSIONLINT_EVENT_CREATED && event < SESSIONLINT_EVENT_MAX &&
	       mask & 1U << (event - SESSIONLINT_EVENT_CREATED);
}

/*
 * Hides the events outside @mask in @model. An event that the mask hides is followed all the same
 * when it is told; it is not among the allowed ones. @abrupt: a session may also end unseen with
 * its user logged on.
 */
void model_project(const struct model *model, uint32_t mask, bool abrupt, struct model *ret_model);

/* The ladder of a driver with that mask: an end with the user logged on is unseen from the rung on
 * that grants it. */
void model_ladder_project(const struct model_ladder *ladder, uint32_t mask,
			  struct model_ladder *ret_ladder);

/* What a driver can say of one transition of the table. */
enum projection_view {
	VIEW_HIDDEN,    /* its event is not told */
	VIEW_ALIKE,     /* told, and never told apart from another transition by the same event */
	VIEW_SOMETIMES, /* told apart in some runs */
	VIEW_CERTAIN,   /* told apart in each run that takes it */
};

/*
 * How a driver sees @event in @state, a transition of @table, of which @projection is the one by
 * @mask. *ret_alike becomes the other states in which it may have been taken, as far as the driver
 * can tell, in some run.
 */
enum projection_view projection_view(const struct model *table, const struct model *projection,
				     uint32_t mask, unsigned state, unsigned event,
				     sessionlint_belief *ret_alike);

#endif
