/* SPDX-License-Identifier: MIT */
/* The state of each host of a log in its current boot, indexed by host number. */
#ifndef CHECK_STATE_HOSTS_H
#define CHECK_STATE_HOSTS_H

#include "base/text.h"
#include "check/state/registrations.h"
#include "check/state/sessions.h"

struct agreement;

struct host {
	struct sessionlint_text name;  /* owned by the stage that puts records in order */
	struct sessionlint_text label; /* what the log calls it, if not by the key host; owned */
	struct sessionlint_text boot;  /* value of the key boot, if the trace has it; owned */
	uint64_t boot_ordinal;         /* number of boot markers and of new values of boot */

	uint32_t generation;  /* number of boots, for sessions */
	uint32_t lost;        /* number of lost records: see lost_weight() */
	uint32_t lost_before; /* in earlier boots */
	uint32_t boot_lost;   /* before its last record with the key boot */
	bool unknown;         /* a session that appears now may have begun earlier */
	bool busy;            /* there was a session record since the last boot marker */
	bool listed;          /* it is in host_states.busy */
	bool inherited;       /* it began with what was known of another host */

	uint64_t boots_known; /* how many of the boots of all hosts it has handled */
	uint32_t lost_known, shutdowns_known;

	uint64_t time; /* time of its last record with one, or SESSIONLINT_NO_TIME */

	/* where the log's service started while no boot was known; line 0: none */
	struct {
		uint64_t line, offset, time;
	} service;

	struct session_list sessions; /* live ones, in order of appearance */

	uint8_t pointer_size;    /* in bytes, from its records; 0: unknown */
	bool shutdown;           /* the host is shutting down: drivers are not unloaded */
	bool events;             /* the trace contains session events from the kernel */
	struct drivers *drivers; /* NULL: none in the trace; owned */

	struct agreement *agreements; /* one for each session */
};

struct host_states {
	struct host *hosts;
	uint32_t count, busy_count;
	size_t capacity, busy_capacity;
	uint32_t *busy; /* hosts that may have sessions */
};

void host_states_free(struct host_states *hosts);
void host_states_clear(struct host_states *hosts);

/* Adds the host with the next number, named @name, in an unknown state. -ENOMEM. */
int host_states_add(struct host_states *hosts, struct sessionlint_text name);

/* Notes that the host has a session. */
static inline void hosts_occupy(struct host_states *hosts, uint32_t number)
{
	struct host *host = &hosts->hosts[number];

	host->busy = true;
	if (!host->listed)
		hosts->busy[hosts->busy_count++] = number;
	host->listed = true;
}

/* Notes that no host has a session. */
void hosts_idle(struct host_states *hosts);

#endif
