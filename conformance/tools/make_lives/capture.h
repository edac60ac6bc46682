/* SPDX-License-Identifier: MIT */
/* How a capture records what happened: what it loses, how it numbers, in which order it writes. */
#ifndef CONFORMANCE_LIVES_CAPTURE_H
#define CONFORMANCE_LIVES_CAPTURE_H

#include "plan.h"

/* A line of the file, and the record that it holds. */
struct line {
	uint64_t place;
	uint32_t record;
};

struct lines {
	struct line *list;
	size_t count, room;
};

/* Breaks the trace; what is left may be legal all the same. */
void capture_breach(struct random *random, const struct plan *plan, struct records *records);

/* Loses records, numbers them, and puts them in the order in which they are written. */
void capture_run(struct random *random, const struct plan *plan, struct records *records,
		 struct lines *ret_lines);

/* Whether the record has a number. */
bool capture_is_numbered(const struct plan *plan, const struct record *record);

/* Which of the plan's counters counts a record: up to HOSTS_MAX * DRIVERS_MAX. */
unsigned capture_scope(const struct plan *plan, const struct record *record);
#define SCOPES (HOSTS_MAX * DRIVERS_MAX)

/*
 * Whether what is kept of several counts looks like one count in which nothing is missing: nobody
 * can know otherwise.
 */
bool capture_is_ambiguous(const struct plan *plan, const struct records *records,
			  const struct lines *lines);

#endif
