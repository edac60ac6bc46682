/* SPDX-License-Identifier: MIT */
/*
 * What an account says happened to a made-up machine, and what it costs to believe that. Shares no
 * code with the account: it looks at the records and at the published table only.
 */
#ifndef CONFORMANCE_ACCOUNT_READING_H
#define CONFORMANCE_ACCOUNT_READING_H

#include "machine.h"
#include "sessionlint.h"

/* A transition, with the records that show it; none: it is unseen. */
struct reading_step {
	int records[MACHINE_LOGS];
	unsigned record_count;
	uint64_t boot;
	uint32_t session;
	bool unnamed; /* session is the id of a process whose session is not known */
	uint8_t event;
};

struct reading {
	const struct made_machine *machine;
	struct reading_step steps[MACHINE_TRANSITIONS_MAX * 2];
	unsigned count;
	bool odd; /* a step has too many records, or one that does not exist */
};

/* The record of the machine that a witness is; NONE: there is no such record. */
int reading_find_record(const struct made_machine *machine,
			const struct sessionlint_witness *witness);

/* Begins a reading of @machine, and adds what the library observes, in its order. */
void reading_begin(struct reading *reading, const struct made_machine *machine);
void reading_add(struct reading *reading, const struct sessionlint_step *step);

/* What a reading costs: what is first counts more. */
struct reading_cost {
	unsigned jumps;    /* how often the clock was set back by more than the window */
	unsigned unlikely; /* unseen transitions, also before the logs begin, and processes
			      without a session */
};

/* Whether the reading explains all records that are left: each is a witness of one transition, with
 * others of the same session, event and time; all logs keep their order; and the transitions of
 * each session are a run of the published table, or reconnects. Finds its cost. NULL, or what is
 * wrong. */
const char *reading_problem(const struct reading *reading, struct reading_cost *ret_cost);

#endif
