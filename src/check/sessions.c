/* SPDX-License-Identifier: MIT */
#include "check/sessions.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SESSIONS_BLOCK 4096U
#define SLOTS_LEAST    1024U

/* Where to find a session; the upper half of its hash spares most visits to others. */
struct session_slot {
	uint32_t tag;
	uint32_t number;
};

_Static_assert(sizeof(struct session) == 128, "a session fills two cache lines");

int sessions_init(struct sessions *sessions)
{
	*sessions = (struct sessions) { .slot_count = SLOTS_LEAST };
	sessions->slots = calloc(sessions->slot_count, sizeof *sessions->slots);
	return sessions->slots ? 0 : -ENOMEM;
}

void sessions_free(struct sessions *sessions)
{
	for (uint32_t i = 0; i < sessions->block_count; i++)
		free(sessions->blocks[i]);
	free(sessions->blocks);
	free(sessions->slots);
}

void sessions_clear(struct sessions *sessions)
{
	memset(sessions->slots, 0, sessions->slot_count * sizeof *sessions->slots);
	sessions->filled = sessions->used = sessions->unused = 0;
	sessions->ended = (struct session_list) { 0 };
	sessions->ended_count = sessions->live = 0;
}

struct session *sessions_at(const struct sessions *sessions, uint32_t number)
{
	return &sessions->blocks[(number - 1) / SESSIONS_BLOCK][(number - 1) % SESSIONS_BLOCK];
}

uint64_t session_hash(uint32_t scope, uint32_t id, uint8_t source)
{
	/* the finaliser of splitmix64: consecutive ids land far apart */
	uint64_t x = ((uint64_t)scope << 32 | id) + 0x9e3779b97f4a7c15U * (source + 1U);

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
	x = (x ^ x >> 27) * 0x94d049bb133111ebU;
	return x ^ x >> 31;
}

static uint32_t slot_of(const struct sessions *sessions, uint64_t hash)
{
	return (uint32_t)hash & (sessions->slot_count - 1);
}

void sessions_prefetch_slot(const struct sessions *sessions, uint64_t hash)
{
	__builtin_prefetch(&sessions->slots[slot_of(sessions, hash)]);
}

void sessions_prefetch_session(const struct sessions *sessions, uint64_t hash)
{
	const struct session_slot *slot = &sessions->slots[slot_of(sessions, hash)];

	if (slot->number != SESSION_NONE) {
		const struct session *session = sessions_at(sessions, slot->number);

		__builtin_prefetch(session);
		__builtin_prefetch((const char *)session + 64);
	}
}

uint32_t sessions_find(const struct sessions *sessions, uint64_t hash, uint32_t scope, uint32_t id,
		       uint8_t source)
{
	uint32_t tag = (uint32_t)(hash >> 32), mask = sessions->slot_count - 1;

	for (uint32_t at = slot_of(sessions, hash);; at = (at + 1) & mask) {
		const struct session_slot *slot = &sessions->slots[at];
		const struct session *session;

		if (slot->number == SESSION_NONE)
			return SESSION_NONE;
		if (slot->tag != tag)
			continue;
		session = sessions_at(sessions, slot->number);
		if (session->id == id && session->scope == scope && session->source == source)
			return slot->number;
	}
}

static void slot_fill(struct session_slot *slots, uint32_t count, uint64_t hash, uint32_t number)
{
	uint32_t at = (uint32_t)hash & (count - 1);

	while (slots[at].number != SESSION_NONE)
		at = (at + 1) & (count - 1);
	slots[at] = (struct session_slot) { .tag = (uint32_t)(hash >> 32), .number = number };
}

static uint64_t hash_of(const struct sessions *sessions, uint32_t number)
{
	const struct session *session = sessions_at(sessions, number);

	return session_hash(session->scope, session->id, session->source);
}

/* Doubles the slots when seven tenths are filled. */
static int slots_grow(struct sessions *sessions)
{
	uint32_t count = sessions->slot_count * 2;
	struct session_slot *slots;

	if ((uint64_t)sessions->filled * 10 < (uint64_t)sessions->slot_count * 7)
		return 0;
	slots = calloc(count, sizeof *slots);
	if (!slots || count == 0) {
		free(slots);
		return -ENOMEM;
	}
	for (uint32_t i = 0; i < sessions->slot_count; i++) {
		uint32_t number = sessions->slots[i].number;

		if (number != SESSION_NONE)
			slot_fill(slots, count, hash_of(sessions, number), number);
	}
	free(sessions->slots);
	sessions->slots = slots;
	sessions->slot_count = count;
	return 0;
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
		/* the list of blocks doubles, the blocks stay where they are */
		if ((block & (block - 1)) == 0) {
			size_t room = block ? (size_t)block * 2 : 1;
			struct session **blocks = realloc(sessions->blocks, room * sizeof *blocks);

			if (!blocks)
				return -ENOMEM;
			sessions->blocks = blocks;
		}
		if (sessions->used > UINT32_MAX - SESSIONS_BLOCK - 1)
			return -ENOMEM;
		sessions->blocks[block] = aligned_alloc(64,
							SESSIONS_BLOCK * sizeof(struct session));
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

int sessions_add(struct sessions *sessions, uint64_t hash, uint32_t scope, uint32_t id,
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
	if (sessions->ended_count <= SESSIONS_ENDED_LEAST ||
	    sessions->ended_count <= sessions->live)
		return SESSION_NONE;
	return sessions->ended.first;
}

/* Empties the slot of a session and moves those up that it had pushed on. */
static void slot_remove(struct sessions *sessions, uint32_t number)
{
	uint32_t mask = sessions->slot_count - 1;
	uint32_t at = slot_of(sessions, hash_of(sessions, number)), next;

	while (sessions->slots[at].number != number)
		at = (at + 1) & mask;
	for (next = (at + 1) & mask; sessions->slots[next].number != SESSION_NONE;
	     next = (next + 1) & mask) {
		uint32_t home = slot_of(sessions, hash_of(sessions, sessions->slots[next].number));

		/* it may move up if its home is not between the hole and itself */
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

	slot_remove(sessions, number);
	if (session->flags & SESSION_ENDED) {
		list_take(sessions, &sessions->ended, number);
		sessions->ended_count--;
	} else {
		list_take(sessions, list, number);
		sessions->live--;
	}
	session->next = sessions->unused;
	sessions->unused = number;
}
