/* SPDX-License-Identifier: MIT */
#include "check/state/sessions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/seed.h"

#define SLOTS_MIN 1024U
/* So that a slot has a bit of the hash at least. */
#define SLOTS_MAX (1U << 31)

/* A multiple of its alignment: the last quarter is not touched. */
#define BLOCK_SIZE (2 * SESSIONS_SIZE)

_Static_assert(sizeof(struct session) == 64, "a session has no gaps");
_Static_assert(SESSIONS_BLOCK * sizeof(struct session) == SESSIONS_SIZE, "they fill their part");
_Static_assert(SESSIONS_BLOCK * sizeof(struct session_events) <= SESSIONS_SIZE, "so do events");

/* Makes empty slots and guesses, in one piece of memory. */
static int slots_make(struct sessions *sessions, uint32_t count)
{
	const bool guesses = count / 2 <= GUESSES_MAX;
	uint32_t *slots = memory_table((count + (guesses ? count / 2 : 0)) * sizeof *slots);

	if (!slots)
		return -ENOMEM;
	sessions->slots = slots;
	sessions->slot_count = count;
	sessions->guesses = guesses ? slots + count : NULL;
	return 0;
}

int sessions_init(struct sessions *sessions)
{
	*sessions = (struct sessions) { .seed = random_seed() };
	return slots_make(sessions, SLOTS_MIN);
}

void sessions_free(struct sessions *sessions)
{
	for (uint32_t i = 0; i < sessions->block_count; i++)
		memory_give_back(sessions->blocks[i], BLOCK_SIZE);
	free(sessions->blocks);
	memory_free(sessions->slots);
}

void sessions_clear(struct sessions *sessions)
{
	memset(sessions->slots, 0, sessions->slot_count * sizeof *sessions->slots);
	/* numbers begin again */
	if (sessions->guesses)
		memset(sessions->guesses, 0, sessions->slot_count / 2 * sizeof *sessions->guesses);
	sessions->filled = sessions->used = sessions->unused = 0;
	sessions->ended = (struct session_list) { 0 };
	sessions->ended_count = sessions->live = 0;
	sessions->closing = false;
}

static void slot_fill(const struct sessions *sessions, uint32_t hash, uint32_t number)
{
	uint32_t mask = sessions->slot_count - 1, at = sessions_slot(sessions, hash);

	while (sessions->slots[at])
		at = (at + 1) & mask;
	sessions->slots[at] = (hash & ~mask) | number;
}

static uint32_t hash_of(const struct sessions *sessions, const struct session *session)
{
	return session_hash(sessions, session->scope, session->id, session->source);
}

/* Doubles the slots when three quarters of them are used. */
static int slots_grow(struct sessions *sessions)
{
	uint32_t *slots = sessions->slots;

	if (sessions->filled < sessions->slot_count / 4 * 3)
		return 0;
	if (sessions->slot_count == SLOTS_MAX || slots_make(sessions, 2 * sessions->slot_count) < 0)
		return -ENOMEM;
	for (uint32_t number = 1; number <= sessions->used; number++) {
		const struct session *session = sessions_at(sessions, number);

		if (session->scope != NO_SCOPE)
			slot_fill(sessions, hash_of(sessions, session), number);
	}
	memory_free(slots);
	return 0;
}

/* An entry of the history, whose line is not far from @line. Returns whether there is one. */
static bool past_read(uint32_t entry, uint64_t line, struct session_past *ret_past)
{
	int32_t back = (int32_t)(((uint32_t)line << 4) - (entry & ~PAST_NONE)) / 16;

	ret_past->line = line - (uint64_t)(int64_t)back;
	ret_past->event = entry & PAST_NONE;
	return ret_past->event != PAST_NONE;
}

/* The event number @number of a session, whose line is not far from @line. Returns whether it is
 * remembered. */
static bool past_find(const struct session *session, uint32_t number, uint64_t line,
		      struct session_past *ret_past)
{
	if (number + 1 == session->events && session_last(session) != PAST_NONE) {
		ret_past->line = session->line;
		ret_past->event = (uint8_t)session_last(session);
		return true;
	}
	return past_read(session_events(session)->entries[number % SESSIONLINT_HISTORY], line,
			 ret_past);
}

unsigned session_history(const struct session *session,
			 struct session_past ret_past[SESSIONLINT_HISTORY])
{
	struct session_past past = { .line = session->line };
	unsigned count = 0;

	/* from the last one back, each close to the one after it */
	while (count < SESSIONLINT_HISTORY && count < session->events &&
	       past_find(session, session->events - 1 - count, past.line, &past))
		ret_past[SESSIONLINT_HISTORY - ++count] = past;
	memmove(ret_past, ret_past + SESSIONLINT_HISTORY - count, count * sizeof *ret_past);
	return count;
}

void session_forget_history(struct session *session)
{
	memset(session_events(session), UINT8_MAX, sizeof(struct session_events));
}

void session_met(struct session *session, sessionlint_belief before, uint64_t line, uint64_t offset,
		 uint64_t time)
{
	struct session_past past;

	if (session->events > 0) {
		if (past_find(session, session->events - 1, session->line, &past) &&
		    lines_are_far(line, past.line))
			session_forget_history(session);
		else if (session_last(session) != PAST_NONE)
			session_push_last(session);
	}
	session_put_place(session, before, PAST_NONE, line, offset, time);
}

static int session_allocate(struct sessions *sessions, uint32_t *ret_number)
{
	uint32_t block = sessions->used / SESSIONS_BLOCK;

	if (sessions->unused != SESSION_NONE) {
		*ret_number = sessions->unused;
		sessions->unused = sessions_at(sessions, sessions->unused)->next;
		return 0;
	}
	if (block == sessions->block_count) {
		/* the list of blocks doubles; blocks do not move */
		if ((block & (block - 1)) == 0) {
			size_t room = block ? (size_t)block * 2 : 1;
			struct session **blocks = realloc(sessions->blocks, room * sizeof *blocks);

			if (!blocks)
				return -ENOMEM;
			sessions->blocks = blocks;
		}
		if (sessions->used > SLOTS_MAX - SESSIONS_BLOCK)
			return -ENOMEM;
		/* most logs need a small part of the first one */
		sessions->blocks[block] = memory_aligned(SESSIONS_SIZE, BLOCK_SIZE, block > 0);
		if (!sessions->blocks[block])
			return -ENOMEM;
		sessions->block_count++;
	}
	*ret_number = ++sessions->used;
	return 0;
}

static void list_append(const struct sessions *sessions, struct session_list *list, uint32_t number)
{
	struct session *session = sessions_at(sessions, number);

	session->previous = list->last;
	session->next = SESSION_NONE;
	if (list->last != SESSION_NONE)
		sessions_at(sessions, list->last)->next = number;
	else
		list->first = number;
	list->last = number;
}

static void list_take(const struct sessions *sessions, struct session_list *list, uint32_t number)
{
	struct session *session = sessions_at(sessions, number);

	if (session->previous != SESSION_NONE)
		sessions_at(sessions, session->previous)->next = session->next;
	else
		list->first = session->next;
	if (session->next != SESSION_NONE)
		sessions_at(sessions, session->next)->previous = session->previous;
	else
		list->last = session->previous;
}

int sessions_add(struct sessions *sessions, uint32_t hash, uint32_t scope, uint32_t id,
		 uint8_t source, struct session_list *list, uint32_t *ret_number)
{
	struct session *session;
	int r;

	r = slots_grow(sessions);
	if (r == 0)
		r = session_allocate(sessions, ret_number);
	if (r < 0)
		return r;
	session = sessions_at(sessions, *ret_number);
	*session = (struct session) { .scope = scope, .id = id, .source = source };
	slot_fill(sessions, hash, *ret_number);
	sessions_put_guess(sessions, scope, id, *ret_number);
	sessions->filled++;
	list_append(sessions, list, *ret_number);
	if (++sessions->live > sessions->live_peak)
		sessions->live_peak = sessions->live;
	return 0;
}

void sessions_end(struct sessions *sessions, uint32_t number, struct session_list *list)
{
	list_take(sessions, list, number);
	list_append(sessions, &sessions->ended, number);
	sessions_at(sessions, number)->flags |= SESSION_ENDED;
	sessions->ended_count++;
	sessions->live--;
}

void sessions_revive(struct sessions *sessions, uint32_t number, struct session_list *list)
{
	list_take(sessions, &sessions->ended, number);
	list_append(sessions, list, number);
	sessions_at(sessions, number)->flags &= (uint8_t)~SESSION_ENDED;
	sessions->ended_count--;
	if (++sessions->live > sessions->live_peak)
		sessions->live_peak = sessions->live;
}

uint32_t sessions_surplus(const struct sessions *sessions)
{
	if (sessions->ended_count <= SESSIONS_ENDED_MIN || sessions->ended_count <= sessions->live)
		return SESSION_NONE;
	return sessions->ended.first;
}

/* Empties the slot of a session and moves later ones up to close the hole. */
static void slot_remove(struct sessions *sessions, uint32_t number)
{
	uint32_t hash = hash_of(sessions, sessions_at(sessions, number));
	uint32_t *slots = sessions->slots;
	uint32_t mask = sessions->slot_count - 1, at = sessions_slot(sessions, hash), next;

	while (sessions_number_in(sessions, slots[at]) != number)
		at = (at + 1) & mask;
	for (next = (at + 1) & mask; slots[next]; next = (next + 1) & mask) {
		uint32_t other = sessions_number_in(sessions, slots[next]);
		uint32_t home = sessions_slot(sessions,
					      hash_of(sessions, sessions_at(sessions, other)));

		/* it may move up unless its home is between the hole and itself */
		if (((next - home) & mask) >= ((next - at) & mask)) {
			slots[at] = slots[next];
			at = next;
		}
	}
	slots[at] = 0;
	sessions->filled--;
}

void sessions_remove(struct sessions *sessions, uint32_t number, struct session_list *list)
{
	struct session *session = sessions_at(sessions, number);

	if (!sessions->closing)
		slot_remove(sessions, number);
	if (session->flags & SESSION_ENDED) {
		list_take(sessions, &sessions->ended, number);
		sessions->ended_count--;
	} else {
		list_take(sessions, list, number);
		sessions->live--;
	}
	/* whoever remembers the number must not find it */
	session->scope = NO_SCOPE;
	session->next = sessions->unused;
	sessions->unused = number;
}
