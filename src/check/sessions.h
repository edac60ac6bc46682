/* SPDX-License-Identifier: MIT */
/*
 * The live sessions of one log, found by host, id and source. Memory is bounded by the sessions
 * that are alive: of those that have ended, at most as many are remembered as are alive, or
 * SESSIONS_ENDED_LEAST.
 */
#ifndef CHECK_SESSIONS_H
#define CHECK_SESSIONS_H

#include <stdint.h>

#include "sessionlint.h"

#define SESSIONS_ENDED_LEAST 4096
#define SESSION_NONE         0U

enum session_flag {
	SESSION_UNKNOWN = 1 << 0,  /* the life began, or went on, where the trace did not look */
	SESSION_VIOLATED = 1 << 1, /* a finding of this life breaks the contract */
	SESSION_ENDED = 1 << 2,    /* Terminated; kept so that later events find it */
};

/* One session id of a host, in its present life. Two cache lines. */
struct session {
	uint32_t scope;
	uint32_t id;
	uint32_t generation; /* of its scope: a session of an earlier boot is none */
	uint32_t gaps;       /* of its scope, as far as this session knows of them */
	uint32_t next, previous;
	uint32_t incarnation;
	uint32_t events; /* of this life */

	/* What it can be, for each tolerance; each set holds the one before, and the first is not
	 * empty. */
	sessionlint_belief beliefs[SESSIONLINT_TOLERANCES];
	/* What it could be if the last violating event had not happened; empty if none is in doubt.
	 */
	sessionlint_belief otherwise;
	uint8_t source;
	uint8_t flags;

	uint64_t line, offset, time; /* of its last event */

	/* The last events: line number, then event in the lowest three bits. By events modulo the
	 * size. */
	uint64_t history[SESSIONLINT_HISTORY];
};

struct session_list {
	uint32_t first, last;
};

struct sessions {
	/* Sessions are numbered from 1 and never move: blocks of SESSIONS_BLOCK. */
	struct session **blocks;
	uint32_t block_count, used;
	uint32_t unused; /* the first of a list of given-back ones, by next */

	struct session_slot *slots; /* open addressing, linear probing */
	uint32_t slot_count;        /* a power of two */
	uint32_t filled;

	struct session_list ended; /* the oldest first */
	uint32_t ended_count, live, live_peak;
};

int sessions_init(struct sessions *sessions);
void sessions_free(struct sessions *sessions);

/* The session numbered @number, which is not SESSION_NONE. */
struct session *sessions_at(const struct sessions *sessions, uint32_t number);

uint64_t session_hash(uint32_t scope, uint32_t id, uint8_t source);

/* Asks the processor to fetch what a later lookup will read: the slot, and then the session. */
void sessions_prefetch_slot(const struct sessions *sessions, uint64_t hash);
void sessions_prefetch_session(const struct sessions *sessions, uint64_t hash);

/* The number of the session with that key, or SESSION_NONE. */
uint32_t sessions_find(const struct sessions *sessions, uint64_t hash, uint32_t scope, uint32_t id,
		       uint8_t source);

/* Adds one with that key, otherwise zeroed, alive, at the end of @list. -ENOMEM. */
int sessions_add(struct sessions *sessions, uint64_t hash, uint32_t scope, uint32_t id,
		 uint8_t source, struct session_list *list, uint32_t *ret_number);

/* Moves a live session from @list to those that have ended, and back. */
void sessions_end(struct sessions *sessions, uint32_t number, struct session_list *list);
void sessions_revive(struct sessions *sessions, uint32_t number, struct session_list *list);

/* The oldest ended session if more are remembered than the bound allows, or SESSION_NONE. */
uint32_t sessions_surplus(const struct sessions *sessions);

/* Forgets one; @list is the one that it is in. */
void sessions_remove(struct sessions *sessions, uint32_t number, struct session_list *list);

/* Forgets all and keeps the memory. */
void sessions_clear(struct sessions *sessions);

#endif
