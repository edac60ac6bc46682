/* SPDX-License-Identifier: MIT */
/* The counts of a run, as the command reads them; programs have enum sessionlint_total. */
#ifndef CHECK_RUN_TOTALS_H
#define CHECK_RUN_TOTALS_H

#include "rules/counts.h"

struct run_totals {
	uint64_t files;
	uint64_t bytes;
	uint64_t records;
	uint64_t events;
	uint64_t markers;
	uint64_t noted;
	uint64_t skipped;
	uint64_t unreadable;
	uint64_t notifications, calls, objects;
	uint64_t registrations;
	uint64_t incarnations;
	uint64_t conforming, violating, undetermined;
	uint64_t unfinished;
	uint64_t forgotten;
	uint64_t live_peak;
	uint64_t registrations_peak;
	uint64_t findings[RULE_COUNT];
	uint64_t cascades;
	uint64_t severities[4];
	uint64_t suppressed;
	uint64_t annotations;
};

/* The totals of @run; valid as long as @run is. */
const struct run_totals *run_totals(const struct sessionlint *run);

#endif
