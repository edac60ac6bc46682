/* SPDX-License-Identifier: MIT */
/* The machines in which certificates explain sessions of one source. */
#ifndef CERTIFICATE_WITNESS_MACHINE_H
#define CERTIFICATE_WITNESS_MACHINE_H

#include "model/projection.h"

/* What is not an error beyond the published table, and the reuse of ids. */
struct witness_tolerances {
	bool reconnect;  /* the undocumented one */
	bool hidden_end; /* with the user logged on */
};

/* A model, and its hidden transitions: how many of them lead from one state to another, by index,
 * or WITNESS_FAR; and the first event, or WITNESS_REUSE, and where that leads. */
struct witness_model {
	struct model model;
	uint8_t distance[MODEL_STATES][MODEL_STATES];
	uint8_t event[MODEL_STATES][MODEL_STATES];
	uint8_t through[MODEL_STATES][MODEL_STATES];
};

#define WITNESS_FAR   UINT8_MAX
#define WITNESS_REUSE MODEL_EVENTS

struct witness_machine {
	bool made;
	bool shows_all;            /* nothing is hidden but the reuse of ids */
	struct model published;    /* one incarnation, by the published table alone */
	struct witness_model life; /* one incarnation, with what is tolerated while it lasts */
	struct witness_model all;  /* any number of them, with all that is tolerated */
};

void witness_machine_make(struct witness_machine *machine, enum sessionlint_source source,
			  struct witness_tolerances tolerances);

/* The states in which an incarnation can end; @over: in which it can be over. */
sessionlint_belief witness_machine_ends(const struct witness_machine *machine, bool over);

/* The machines of what drivers see, by mask; NULL until needed. */
struct witness_masked {
	struct witness_machine *of[PROJECTION_MASKS];
	struct witness_tolerances tolerances;
};

/* That of a driver that has selected the events of @mask. NULL: no memory. */
const struct witness_machine *witness_masked_at(struct witness_masked *masked, uint8_t mask);

void witness_masked_free(struct witness_masked *masked);

#endif
