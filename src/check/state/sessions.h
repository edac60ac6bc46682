/* SPDX-License-Identifier: MIT */
/*
 * The live sessions of one log, found by host, id and source. Memory is bounded by the number of
 * live sessions: ended sessions are remembered up to the number of live ones, or
 * SESSIONS_ENDED_MIN.
 */
#ifndef CHECK_STATE_SESSIONS_H
#define CHECK_STATE_SESSIONS_H

#include <stdint.h>

#include "rules/counts.h"

#define SESSIONS_ENDED_MIN 65536
#define SESSION_NONE       0U
/* More are too far from the processor to be faster than slots: 512 KiB. */
#define GUESSES_MAX 131072U
#define NO_SCOPE    UINT32_MAX /* of a session that was removed */

/* A block has so many sessions, in four megabytes, and then their events, in two: multiples of the
 * size of a large page, to save address translations. It begins at a multiple of what its sessions
 * take, so that the address of one tells where its events are. */
#define SESSIONS_BLOCK 65536U
#define SESSIONS_SIZE  ((uintptr_t)4 << 20)

enum session_flag {
	SESSION_UNKNOWN = 1 << 0,  /* the incarnation began, or continued, outside the trace */
	SESSION_VIOLATED = 1 << 1, /* a finding of this incarnation breaks the contract */
	SESSION_ENDED = 1 << 2,    /* Terminated, but remembered for later events */
	SESSION_NOTIFIED = 1 << 3, /* known only from notifications of drivers, under their masks */
	SESSION_OBSERVED = 1 << 4, /* options.observe is called for each step */
	SESSION_LOST = 1 << 5,     /* records may be lost since its last one */
};

/* The current incarnation of a session id on a host, but for the events before the last one. One
 * cache line. */
struct session {
	/* ---- sixteen bytes: what they are mostly is known before, see series.c ---- */
	uint32_t scope;
	uint32_t generation; /* of its scope; lower: ended in an earlier boot */
	uint32_t lost;       /* lost records of its scope up to its last record */
	uint8_t source;
	uint8_t flags;
	/* The possible states if the last violating event had not happened; empty if no
	 * violation is in doubt. */
	sessionlint_belief without_violation;
	uint8_t mask; /* with SESSION_NOTIFIED: of the registration that provides the view */

	uint32_t id;
	uint32_t incarnation;
	uint32_t events; /* of this incarnation */
	uint32_t next, previous;
	/* The possible states, for each tolerance; each set includes the one before, and the
	 * first is not empty. */
	sessionlint_belief beliefs[TOLERANCE_COUNT];

	uint64_t line, time; /* of its last record */
	uint64_t place;      /* session_offset(), session_last(), session_before() */
};

/* Events of a session before its last record, indexed by event count modulo the size: the lowest
 * bits of the line number, then four bits of the event. Memory that is not touched until there is a
 * second record. */
struct session_events {
	uint32_t entries[SESSIONLINT_HISTORY];
};

/* The events of a session, which is in a block, before its last record. */
static inline struct session_events *session_events(const struct session *session)
{
	uintptr_t at = (uintptr_t)session, block = at & ~(SESSIONS_SIZE - 1);

	return (struct session_events *)(block + SESSIONS_SIZE) + (at - block) / sizeof *session;
}

/* ---- history ---- */

/* No event: those before it are not remembered. */
#define PAST_NONE 15U
/* A record of a session that is so many lines away from the last event: from then on, the events
 * before it are not remembered. */
#define PAST_REACH (1U << 26)

struct session_past {
	uint64_t line;
	uint8_t event;
};

static inline bool lines_are_far(uint64_t line, uint64_t other)
{
	return line - other + PAST_REACH >= 2 * PAST_REACH;
}

static inline uint64_t session_offset(const struct session *session)
{
	return session->place >> 12;
}

/* The event that the last record is; PAST_NONE if it is another one. */
static inline uint32_t session_last(const struct session *session)
{
	return session->place >> 8 & 15;
}

static inline sessionlint_belief session_before(const struct session *session)
{
	return (sessionlint_belief)session->place;
}

/* Sets the possible states before the last record, in the documented model. */
static inline void session_put_before(struct session *session, sessionlint_belief before)
{
	session->place = (session->place & ~UINT64_C(0xff)) | before;
}

/* Keeps where the last record of a session is, in a file of less than 2^52 bytes. */
static inline void session_put_place(struct session *session, sessionlint_belief before,
				     uint32_t last, uint64_t line, uint64_t offset, uint64_t time)
{
	session->line = line;
	session->place = offset << 12 | last << 8 | before;
	session->time = time;
}

/* Moves the event that the last record is to those before it. */
static inline void session_push_last(struct session *session)
{
	session_events(session)->entries[(session->events - 1) % SESSIONLINT_HISTORY] =
		(uint32_t)session->line << 4 | session_last(session);
}

/* The last events of a session that are remembered, oldest first. Returns how many. */
unsigned session_history(const struct session *session,
			 struct session_past ret_past[SESSIONLINT_HISTORY]);

/* Forgets the events before the last record; that itself is about to be replaced. */
void session_forget_history(struct session *session);

/* Keeps where the last record of a session is, which is no event, and its possible states before
 * that, in the documented model. */
void session_met(struct session *session, sessionlint_belief before, uint64_t line, uint64_t offset,
		 uint64_t time);

/* The same for an event, which is at most SESSIONLINT_EVENT_MAX, an unknown one: adds it to the
 * history. */
static inline void session_remember(struct session *session, sessionlint_belief before,
				    uint32_t event, uint64_t line, uint64_t offset, uint64_t time)
{
	/* the last event is not far from the last record, and so not twice as far from this one */
	if (session->events > 0) {
		if (lines_are_far(line, session->line))
			session_forget_history(session);
		else if (session_last(session) != PAST_NONE)
			session_push_last(session);
	}
	session_put_place(session, before, event, line, offset, time);
	session->events++;
}

/* ---- the table ---- */

struct session_list {
	uint32_t first, last;
};

struct sessions {
	/* Sessions are numbered from 1 and never move: blocks of SESSIONS_BLOCK. */
	struct session **blocks;
	uint32_t block_count, used;
	uint32_t unused; /* first of a list of unused ones, linked by next */

	/* Open addressing, linear probing. A slot is the hash of a session with its number in place
	 * of the lowest bits, which are where the search begins: the others avoid reading most
	 * other sessions. */
	uint32_t *slots;
	uint32_t slot_count; /* a power of two, larger than any number */
	/* The session that last had a place, by host and id without a hash: a guess, which spares
	 * most lookups where ids are close to each other. Half as many as slots; NULL: too many. */
	uint32_t *guesses;
	uint32_t filled;
	uint64_t seed; /* of the hash, so that nobody can choose ids that collide */
	bool closing;  /* all will be removed: slots of those that are gone do not matter */

	struct session_list ended; /* oldest first */
	uint32_t ended_count, live, live_peak;
};

int sessions_init(struct sessions *sessions);
void sessions_free(struct sessions *sessions);

/* The session numbered @number, which is not SESSION_NONE. */
static inline struct session *sessions_at(const struct sessions *sessions, uint32_t number)
{
	return &sessions->blocks[(number - 1) / SESSIONS_BLOCK][(number - 1) % SESSIONS_BLOCK];
}

static inline uint32_t session_hash(const struct sessions *sessions, uint32_t scope, uint32_t id,
				    uint8_t source)
{
	uint64_t x = (((uint64_t)scope << 32 | id) ^ sessions->seed) * 0x9e3779b97f4a7c15U + source;

	x = (x ^ x >> 32) * 0xd6e8feb86659fd93U;
	return (uint32_t)(x >> 32);
}

static inline uint32_t sessions_slot(const struct sessions *sessions, uint32_t hash)
{
	return hash & (sessions->slot_count - 1);
}

/* Prefetches what a later lookup will read: the slot, then the session. */
static inline void sessions_prefetch_slot(const struct sessions *sessions, uint32_t hash)
{
	__builtin_prefetch(&sessions->slots[sessions_slot(sessions, hash)]);
}

/* The place of the guess for that key, if there are guesses. */
static inline uint32_t *sessions_guess(const struct sessions *sessions, uint32_t scope, uint32_t id)
{
	uint32_t place = id + scope * 0x9e3779b1U;

	return &sessions->guesses[place & (sessions->slot_count / 2 - 1)];
}

static inline void sessions_put_guess(const struct sessions *sessions, uint32_t scope, uint32_t id,
				      uint32_t number)
{
	if (sessions->guesses)
		*sessions_guess(sessions, scope, id) = number;
}

static inline void sessions_prefetch_at(const struct session *session)
{
	__builtin_prefetch(session, 1);
	__builtin_prefetch(session_events(session), 1);
}

/* The number in a slot; SESSION_NONE: it is empty. */
static inline uint32_t sessions_number_in(const struct sessions *sessions, uint32_t slot)
{
	return slot & (sessions->slot_count - 1);
}

/* Whether a slot, which is not empty, may be that of a session with @hash. */
static inline bool sessions_may_be(const struct sessions *sessions, uint32_t slot, uint32_t hash)
{
	return !((slot ^ hash) & ~(sessions->slot_count - 1));
}

/* Returns the number of a session whose hash may be @hash, or SESSION_NONE. */
static inline uint32_t sessions_prefetch_session(const struct sessions *sessions, uint32_t hash)
{
	uint32_t mask = sessions->slot_count - 1, at = sessions_slot(sessions, hash), slot, number;

	for (; (slot = sessions->slots[at]); at = (at + 1) & mask)
		if (sessions_may_be(sessions, slot, hash))
			break;
	number = sessions_number_in(sessions, slot);
	if (number != SESSION_NONE)
		sessions_prefetch_at(sessions_at(sessions, number));
	return number;
}

/* The number of the session with that key, or SESSION_NONE. */
static inline uint32_t sessions_find(const struct sessions *sessions, uint32_t hash, uint32_t scope,
				     uint32_t id, uint8_t source)
{
	uint32_t mask = sessions->slot_count - 1, at = sessions_slot(sessions, hash), slot;

	for (; (slot = sessions->slots[at]); at = (at + 1) & mask) {
		const struct session *session;

		if (!sessions_may_be(sessions, slot, hash))
			continue;
		session = sessions_at(sessions, sessions_number_in(sessions, slot));
		if (session->id == id && session->scope == scope && session->source == source)
			return sessions_number_in(sessions, slot);
	}
	return SESSION_NONE;
}

/* The number of a session, or SESSION_NONE. */
static inline uint32_t session_number(const struct sessions *sessions,
				      const struct session *session)
{
	if (sessions->guesses) {
		uint32_t number = *sessions_guess(sessions, session->scope, session->id);

		if (number != SESSION_NONE && sessions_at(sessions, number) == session)
			return number;
	}
	return sessions_find(sessions,
			     session_hash(sessions, session->scope, session->id, session->source),
			     session->scope, session->id, session->source);
}

/* Adds a session with that key, otherwise zeroed, live, at the end of @list. -ENOMEM. */
int sessions_add(struct sessions *sessions, uint32_t hash, uint32_t scope, uint32_t id,
		 uint8_t source, struct session_list *list, uint32_t *ret_number);

/* Moves a live session from @list to the ended ones, and back. */
void sessions_end(struct sessions *sessions, uint32_t number, struct session_list *list);
void sessions_revive(struct sessions *sessions, uint32_t number, struct session_list *list);

/* The oldest ended session if more are remembered than allowed, or SESSION_NONE. */
uint32_t sessions_surplus(const struct sessions *sessions);

/* Removes a session from the table and from @list, which contains it. */
void sessions_remove(struct sessions *sessions, uint32_t number, struct session_list *list);

/* Removes all sessions but keeps the memory. */
void sessions_clear(struct sessions *sessions);

#endif
