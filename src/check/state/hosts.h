/* SPDX-License-Identifier: MIT */
/* What is known of each host of a log in its present boot, by the number of the host. */
#ifndef CHECK_STATE_HOSTS_H
#define CHECK_STATE_HOSTS_H

#include "base/text.h"
#include "check/state/registrations.h"
#include "check/state/sessions.h"

struct agreement;

struct host {
	struct sessionlint_text name;  /* of the stage that puts records in order */
	struct sessionlint_text label; /* what the log calls it, where that is no key; owned */
	struct sessionlint_text boot;  /* the value of the key boot, if the trace gives it; owned */
	uint64_t boot_ordinal;         /* boot markers, or new values of boot, so far */

	uint32_t generation;  /* counts boots, for sessions */
	uint32_t lost;        /* how many records are lost: lost_weight() */
	uint32_t lost_before; /* those of earlier boots */
	uint32_t boot_lost;   /* those before its last record with the key boot */
	bool unknown;         /* a session that appears now may have begun before */
	bool busy;            /* there was a record of a session since the last boot marker */
	bool listed;          /* it is in the list of busy hosts */

	uint64_t boots_known; /* of those that the checker counts for all hosts */
	uint32_t lost_known, shutdowns_known;

	uint64_t time; /* of its last record that had one, or SESSIONLINT_NO_TIME */

	/* where the log's service started and no boot is known yet; line 0: nowhere */
	struct {
		uint64_t line, offset, time;
	} service;

	struct session_list sessions; /* alive, in order of appearance */

	uint8_t pointer_size;    /* in bytes, as its records say; 0: they do not */
	bool shutdown;           /* the host is going down: drivers are not unloaded */
	bool events;             /* the trace holds session events as the kernel has them */
	struct drivers *drivers; /* NULL: the trace shows none; owned */

	struct agreement *agreements; /* of its sessions */
};

struct host_states {
	struct host *hosts;
	uint32_t count, capacity;
	uint32_t *busy; /* those that may have sessions */
	uint32_t busy_count;
};

void host_states_free(struct host_states *hosts);
void host_states_clear(struct host_states *hosts);

/* Adds the host with the next number, called @name, of which nothing is known. -ENOMEM. */
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

/* Notes that no host has one. */
void hosts_idle(struct host_states *hosts);

#endif
