/* SPDX-License-Identifier: MIT */
/* What can grow in the inputs of the checker, and the work that it costs. */
#ifndef CONFORMANCE_GROWTH_H
#define CONFORMANCE_GROWTH_H

#include <stdint.h>
#include <stdio.h>

#include "sessionlint.h"

struct growth_scenario {
	const char *thing;
	void (*write)(FILE *trace, unsigned count); /* the input with @count of them */
	/* How the input is checked; NULL: as the buffer of one log. */
	int (*check)(struct sessionlint *run, const char *text, size_t size, unsigned count);
	/* of which there are at least @count in the end: the input is what it is meant to be */
	enum sessionlint_total total;
	unsigned smallest, times; /* the sizes: the smallest, and so many times the one before */
	double most;              /* the exponent */
	const char *why;          /* it is not linear; NULL: it is */
};

/* The last two of those; tables that grow do so by steps. */
#define LINEAR 1.10, NULL

struct growth_scenarios {
	const char *title;
	const struct growth_scenario *scenarios;
	unsigned count;
};

extern const struct growth_scenarios growth_sessions, growth_text, growth_drivers, growth_runs;

/* A legal event of a session, from its creation on. */
const char *growth_event(unsigned step);

/* Blocks that the library has run through, and for each 16 bytes one that the C library has copied,
 * compared, searched or cleared for it. */
extern uint64_t growth_work;

#endif
