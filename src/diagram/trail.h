/* SPDX-License-Identifier: MIT */
/*
 * Lives followed through a machine whose nodes are beliefs. A node stands for all that its source
 * has shown since a life began; so it follows from the events alone, edge by edge. Where a trace
 * begins in the middle of a life, or loses records, a life can be in one of several nodes; an edge
 * is certain where one of them alone has the event.
 */
#ifndef DIAGRAM_TRAIL_H
#define DIAGRAM_TRAIL_H

#include "diagram/overlay.h"

struct trail;

/*
 * Follows the lives that @named's source shows; @diagram is of it, and has to stay. -ENOMEM.
 */
int trail_new(const struct diagram *diagram, const struct model_named *named,
	      struct trail **ret_trail);
void trail_free(struct trail *trail);

/* Counts a step: what options.observe is told. */
void trail_step(struct trail *trail, const struct sessionlint_step *step);

/* Fills *ret_overlay. -ENOMEM: some life could not be followed. */
int overlay_of_trail(const struct trail *trail, const struct sessionlint_totals *totals,
		     struct overlay *ret_overlay);

#endif
