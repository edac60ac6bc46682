/* SPDX-License-Identifier: MIT */
#include "check/state/sessions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/seed.h"

#define SLOTS_MIN  1024U
#define BLOCK_SIZE (SESSIONS_BLOCK * sizeof(struct session))

_Static_assert(sizeof(struct session) == 96, "a session has no gaps");

/* Makes empty slots and guesses, in one piece of memory. */
static int slots_make(struct sessions *sessions, uint32_t count)
{
	const bool guesses = count / 2 <= GUESSES_MAX;
	struct session_slot *slots = memory_table(
		count * sizeof *slots + (guesses ? count / 2 * sizeof *sessions->guesses : 0));

	if (!slots)
		return -ENOMEM;
	sessions->slots = slots;
	sessions->slot_count = count;
	sessions->guesses = guesses ? (uint32_t *)(void *)(slots + count) : NULL;
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
		memory_free(sessions->blocks[i]);
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

static void slot_fill(struct session_slot *slots, uint32_t count, uint32_t hash, uint32_t number)
{
	uint32_t at = hash & (count - 1);

	while (slots[at].number != SESSION_NONE)
		at = (at + 1) & (count - 1);
	slots[at] = (struct session_slot) { .hash = hash, .number = number };
}

/* Doubles the slots when three quarters of them are used. */
static int slots_grow(struct sessions *sessions)
{
	const uint32_t count = sessions->slot_count;
	struct session_slot *slots = sessions->slots;

	if (sessions->filled < count / 4 * 3)
		return 0;
	if (count > UINT32_MAX / 2 || slots_make(sessions, 2 * count) < 0)
		return -ENOMEM;
	for (uint32_t i = 0; i < count; i++)
		if (slots[i].number != SESSION_NONE)
			slot_fill(sessions->slots, 2 * count, slots[i].hash, slots[i].number);
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

unsigned session_history(const struct session *session,
			 struct session_past ret_past[SESSIONLINT_HISTORY])
{
	struct session_past past = { .line = session->line };
	unsigned count = 0;

	/* from the last one back, each close to the one after it */
	while (count < SESSIONLINT_HISTORY && count < session->events &&
	       past_read(session->history[(session->events - 1 - count) % SESSIONLINT_HISTORY],
			 past.line, &past))
		ret_past[SESSIONLINT_HISTORY - ++count] = past;
	memmove(ret_past, ret_past + SESSIONLINT_HISTORY - count, count * sizeof *ret_past);
	return count;
}

void session_forget_history(struct session *session)
{
	memset(session->history, UINT8_MAX, sizeof session->history);
}

void session_met(struct session *session, sessionlint_belief before, uint64_t line, uint64_t offset,
		 uint64_t time)
{
	struct session_past past;

	if (session->events > 0 &&
	    past_read(session->history[(session->events - 1) % SESSIONLINT_HISTORY], session->line,
		      &past) &&
	    lines_are_far(line, past.line))
		session_forget_history(session);
	session_put_place(session, before, line, offset, time);
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
		if (sessions->used > UINT32_MAX - SESSIONS_BLOCK - 1)
			return -ENOMEM;
		/* most logs need a small part of the first one */
		sessions->blocks[block] = memory_aligned(block ? LARGE_PAGE : 64, BLOCK_SIZE);
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
	slot_fill(sessions->slots, sessions->slot_count, hash, *ret_number);
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
	const struct session *session = sessions_at(sessions, number);
	uint32_t hash = session_hash(sessions, session->scope, session->id, session->source);
	uint32_t mask = sessions->slot_count - 1, at = sessions_slot(sessions, hash), next;

	while (sessions->slots[at].number != number)
		at = (at + 1) & mask;
	for (next = (at + 1) & mask; sessions->slots[next].number != SESSION_NONE;
	     next = (next + 1) & mask) {
		uint32_t home = sessions_slot(sessions, sessions->slots[next].hash);

		/* it may move up unless its home is between the hole and itself */
		if (((next - home) & mask) >= ((next - at) & mask)) {
			sessions->slots[at] = sessions->slots[next];
			at = next;
		}
	}
	sessions->slots[at] = (struct session_slot) { 0 };
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
