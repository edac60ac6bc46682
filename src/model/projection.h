/* SPDX-License-Identifier: MIT */
/*
 * The view of a driver that selects only some events: the model without the events outside its
 * EventMask ("IO_SESSION_STATE_NOTIFICATION structure (wdm.h)"), by subset construction.
 */
#ifndef MODEL_PROJECTION_H
#define MODEL_PROJECTION_H

#include "model/model.h"

#define PROJECTION_MASKS 64 /* bit n - 1 selects IoSessionEvent value n */

/* Whether an EventMask selects the event. Ignore has no bit. */
/*@ predicate selects(integer mask, integer event) = SESSIONLINT_EVENT_CREATED <= event &&
	event < SESSIONLINT_EVENT_MAX && (mask & (1 << (event - SESSIONLINT_EVENT_CREATED))) != 0;
 */
/*@ assigns \nothing;
    ensures \result <==> selects(mask, event); */
static inline bool mask_selects(uint32_t mask, unsigned event)
{
	return event >= SESSIONLINT_EVENT_CREATED && event < SESSIONLINT_EVENT_MAX &&
	       mask & 1U << (event - SESSIONLINT_EVENT_CREATED);
}

/*
 * Hides the events outside @mask in @model. If a hidden event is notified nevertheless, it is
 * followed, but it is not among the allowed ones. @abrupt: a session may also have a hidden end
 * with its user logged on. @ret_model may be @model.
 */
void model_project(const struct model *model, uint32_t mask, bool abrupt, struct model *ret_model);

/* The ladder of a driver with that mask: an end with the user logged on can be hidden from the rung
 * on that allows it. */
void model_ladder_project(const struct model_ladder *ladder, uint32_t mask,
			  struct model_ladder *ret_ladder);

/* What a driver can verify of one transition of the table. */
enum projection_view {
	VIEW_HIDDEN, /* not notified of its event */
	VIEW_ALIKE,  /* notified, but never distinguished from another transition by the same event
		      */
	VIEW_SOMETIMES, /* distinguished in some runs */
	VIEW_CERTAIN,   /* distinguished in each run that takes it */
};

/*
 * How a driver sees @event in @state, a transition of @table, of which @projection is the one by
 * @mask. *ret_alike is set to the other states in which, for the driver, it may have been taken in
 * some run.
 */
enum projection_view projection_view(const struct model *table, const struct model *projection,
				     uint32_t mask, unsigned state, unsigned event,
				     sessionlint_belief *ret_alike);

#endif
