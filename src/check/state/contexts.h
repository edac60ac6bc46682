/* SPDX-License-Identifier: MIT */
/* The live registrations of a driver by their Context. */
#ifndef CHECK_STATE_CONTEXTS_H
#define CHECK_STATE_CONTEXTS_H

#include "check/state/registrations.h"

/* A Context that is not NULL, of one driver. */
struct context {
	struct table_entry entry;    /* by driver and context */
	struct registration *latest; /* by older_alike */
};

/* @registration becomes live, or is live no more. -ENOMEM. */
int context_add(struct drivers *drivers, struct registration *registration);
void context_remove(struct drivers *drivers, struct registration *registration);

/* The last one that @driver made with the Context @canonical, or NULL. */
const struct registration *context_find(const struct drivers *drivers, const struct driver *driver,
					struct sessionlint_text canonical);

#endif
