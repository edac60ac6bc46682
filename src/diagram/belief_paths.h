/* SPDX-License-Identifier: MIT */
/*
 * Follows incarnations through a machine whose nodes are beliefs. A node summarizes what its source
 * has shown since the incarnation began, so it follows from the events, edge by edge. If a trace
 * begins in the middle, or loses records, an incarnation can be in one of several nodes; an edge is
 * certain if only one of them has the event.
 */
#ifndef DIAGRAM_BELIEF_PATHS_H
#define DIAGRAM_BELIEF_PATHS_H

#include "diagram/overlay.h"

struct belief_paths;

/*
 * Follows the incarnations that the source of @named shows; @diagram is its diagram and must remain
 * valid. -ENOMEM.
 */
int belief_paths_new(const struct diagram *diagram, const struct model_named *named,
		     struct belief_paths **ret_paths);
void belief_paths_free(struct belief_paths *paths);

/* Counts a step, for options.observe. */
void belief_paths_step(struct belief_paths *paths, const struct sessionlint_step *step);

/* Fills *ret_overlay. -ENOMEM: an incarnation could not be followed. */
int overlay_of_paths(const struct belief_paths *paths, const struct run_totals *totals,
		     struct overlay *ret_overlay);

#endif
