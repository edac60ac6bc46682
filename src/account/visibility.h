/* SPDX-License-Identifier: MIT */
/* Which log shows which transition: read off the recognizers of their sources. */
#ifndef ACCOUNT_VISIBILITY_H
#define ACCOUNT_VISIBILITY_H

#include "model/model.h"

/* The logs of a machine that show transitions ("One machine, several logs"), in the order in which
 * they are aligned: those that hold boot markers first, connections after the winlogons that
 * start for them. */
enum account_log {
	ACCOUNT_LOG_LSM,
	ACCOUNT_LOG_SYSTEM,
	ACCOUNT_LOG_PROFILE,
	ACCOUNT_LOG_WINLOGON, /* Winlogon/Operational */
	ACCOUNT_LOG_RDP,
	ACCOUNT_LOGS,
};

/* Logs whose records name the session: a missing one means something by itself. */
#define ACCOUNT_LOGS_RELIABLE                                                                      \
	(1U << ACCOUNT_LOG_LSM | 1U << ACCOUNT_LOG_SYSTEM | 1U << ACCOUNT_LOG_PROFILE)

struct account_visibility {
	/* the transitions, one after the other */
	struct account_arc {
		uint8_t event, from, to;
	} arcs[MODEL_EVENTS * MODEL_STATES];
	uint8_t first_arc[MODEL_STATES + 2]; /* by state: the first arc from it */
	/* by event and state: the state that the transition leads to; 0: none */
	uint8_t next[MODEL_EVENTS][MODEL_STATES + 1];
	/* bit n: log n may show it, and log n shows it always */
	uint8_t may[MODEL_EVENTS][MODEL_STATES + 1];
	uint8_t must[MODEL_EVENTS][MODEL_STATES + 1];
	/* by state: how many transitions a session has had at least */
	uint8_t before[MODEL_STATES + 1];
};

/* The log of a source; ACCOUNT_LOGS: none. */
enum account_log account_log_of(unsigned source);
enum sessionlint_source account_source_of(enum account_log log);

/* The channel of a log, as Windows names it. Static. */
const char *account_log_name(enum account_log log);

void account_visibility_tabulate(struct account_visibility *ret_visibility);

#endif
