/* SPDX-License-Identifier: MIT */
/* The incarnations that are alive, and how steps, findings and annotations find them. */
#ifndef TIMELINE_ALIVE_H
#define TIMELINE_ALIVE_H

#include "timeline/incarnation.h"

struct alive {
	/* by host, source and session; and by the name of the host and session */
	struct table numbered, named;
	struct timeline_incarnation *first, *last; /* oldest first */
};

void alive_init(struct alive *alive);
/* Frees the incarnations too. */
void alive_free(struct alive *alive);

/* The incarnation of a step; NULL: not found. */
struct timeline_incarnation *alive_find(const struct alive *alive,
					const struct sessionlint_step *step);

/* The one that @host calls so, in *ret_found; NULL: not found. -ENOMEM. */
int alive_find_named(const struct alive *alive, enum sessionlint_source source, uint32_t session,
		     struct sessionlint_text host, struct timeline_incarnation **ret_found);

/* The same for an annotation, which is of a log of any source. */
int alive_find_annotated(const struct alive *alive, const struct sessionlint_annotation *annotation,
			 struct timeline_incarnation **ret_found);

/* Adds a new one, of @step. -ENOMEM. */
int alive_begin(struct alive *alive, const struct sessionlint_step *step,
		struct timeline_incarnation **ret_new);

/* Follows the name of the host, which a log can give later. -ENOMEM. */
int alive_rename(struct alive *alive, struct timeline_incarnation *incarnation,
		 struct sessionlint_text host);

/* Removes it, and frees it. */
void alive_end(struct alive *alive, struct timeline_incarnation *incarnation);

#endif
