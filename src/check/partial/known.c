/* SPDX-License-Identifier: MIT */
/* The hosts and sessions that a stretch shows. */
#include "check/partial/partial.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "base/hash.h"
#include "base/seed.h"

#define SLOTS_MIN 256U

int known_init(struct sessionlint_partial *partial)
{
	struct partial_sessions *sessions = &partial->sessions;

	sessions->slots = calloc(SLOTS_MIN, sizeof *sessions->slots);
	sessions->slot_count = SLOTS_MIN;
	sessions->seed = random_seed();
	return sessions->slots ? hosts_init(&partial->names) : -ENOMEM;
}

void known_free(struct sessionlint_partial *partial)
{
	if (partial->names.slots)
		hosts_free(&partial->names);
	free(partial->hosts);
	free(partial->sessions.list);
	free(partial->sessions.slots);
	for (unsigned source = 0; source < SOURCE_COUNT; source++)
		free(partial->ladders[source]);
}

/* Looks up the host called @name. */
static int host_search(struct sessionlint_partial *partial, struct sessionlint_text name,
		       uint32_t *ret_host)
{
	int r = hosts_search(&partial->names, name, 0, ret_host);
	struct partial_host *hosts;

	if (r <= 0)
		return r;
	hosts = array_grow(partial->hosts, partial->host_count, &partial->host_capacity,
			   sizeof *hosts);
	if (!hosts)
		return -ENOMEM;
	partial->hosts = hosts;
	hosts[partial->host_count++] = (struct partial_host) { 0 };
	return 0;
}

int known_host(struct sessionlint_partial *partial, uint32_t name, uint32_t *ret_host)
{
	struct partial_text *text = name == TEXT_NONE ? NULL : partial->texts.list[name];
	int r;

	if (text && text->host != NO_HOST) {
		*ret_host = text->host;
		return 0;
	}
	r = host_search(partial, partial_text(&partial->texts, name), ret_host);
	if (r == 0 && text)
		text->host = *ret_host;
	return r;
}

static uint32_t session_slot(const struct partial_sessions *sessions, uint32_t host, uint32_t id,
			     uint8_t source)
{
	uint64_t hash = hash_fold(((uint64_t)host << 32 | id) ^ sessions->seed,
				  0x9e3779b97f4a7c15U + source);

	return (uint32_t)(hash ^ hash >> 32) & (sessions->slot_count - 1);
}

static void slot_fill(struct partial_sessions *sessions, uint32_t number)
{
	const struct partial_session *session = &sessions->list[number];
	uint32_t at = session_slot(sessions, session->host, session->id, session->source);

	while (sessions->slots[at])
		at = (at + 1) & (sessions->slot_count - 1);
	sessions->slots[at] = number + 1;
}

/* The tables of a source are made for its first session. */
static int ladder_make(struct model_ladder **ladder, uint8_t source)
{
	if (*ladder)
		return 0;
	*ladder = malloc(sizeof **ladder);
	if (!*ladder)
		return -ENOMEM;
	/* what is left out does not depend on which of the lax tolerances comes first */
	model_ladder_tabulate((enum sessionlint_source)source, false, *ladder);
	return 0;
}

/* Makes room for one more session. */
static int sessions_grow(struct partial_sessions *sessions)
{
	struct partial_session *list = array_grow(sessions->list, sessions->count,
						  &sessions->capacity, sizeof *list);
	uint32_t count = sessions->slot_count * 2, *slots;

	if (!list)
		return -ENOMEM;
	sessions->list = list;
	if (sessions->count < sessions->slot_count / 2)
		return 0;
	slots = count ? calloc(count, sizeof *slots) : NULL;
	if (!slots)
		return -ENOMEM;
	free(sessions->slots);
	sessions->slots = slots;
	sessions->slot_count = count;
	for (uint32_t i = 0; i < sessions->count; i++)
		slot_fill(sessions, i);
	return 0;
}

int known_session(struct sessionlint_partial *partial, uint32_t host, uint32_t id, uint8_t source,
		  uint32_t *ret_session)
{
	struct partial_sessions *sessions = &partial->sessions;
	uint32_t at = session_slot(sessions, host, id, source);
	int r;

	for (; sessions->slots[at]; at = (at + 1) & (sessions->slot_count - 1)) {
		const struct partial_session *session = &sessions->list[sessions->slots[at] - 1];

		if (session->id == id && session->host == host && session->source == source) {
			*ret_session = sessions->slots[at] - 1;
			return 0;
		}
	}
	r = sessions_grow(sessions);
	if (r == 0)
		r = ladder_make(&partial->ladders[source], source);
	if (r < 0)
		return r;
	sessions->list[sessions->count] = (struct partial_session) {
		.host = host,
		.id = id,
		.source = source,
		.last = ITEM_NONE,
	};
	slot_fill(sessions, sessions->count);
	*ret_session = sessions->count++;
	return 0;
}
