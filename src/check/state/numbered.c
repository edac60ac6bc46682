/* SPDX-License-Identifier: MIT */
#include "check/state/numbered.h"

#include <errno.h>
#include <stdlib.h>

#define EVENTS SESSIONLINT_EVENT_MAX

/* The registrations in one word of a set that belong to device objects of one session. */
struct local_word {
	struct local_word *next; /* of the session */
	uint32_t word;
	uint64_t live;
	uint64_t selecting[EVENTS];
};

/* A session that has device objects with registrations. */
struct local_session {
	struct table_entry entry; /* by id */
	uint64_t id;
	struct local_word *words;
};

/* ---- numbers ---- */

/* Makes room for twice as many numbers. The sets that are elsewhere have their own size. */
static int numbers_grow(struct drivers *drivers)
{
	uint32_t words = drivers->words ? drivers->words * 2 : 1, more = words - drivers->words;
	struct registration **numbered = realloc(drivers->numbered,
						 (size_t)words * 64 * sizeof *numbered);
	struct word_summary *summaries;
	uint64_t *taken;

	if (!numbered)
		return -ENOMEM;
	drivers->numbered = numbered;
	taken = realloc(drivers->taken, words * sizeof *taken);
	if (!taken)
		return -ENOMEM;
	drivers->taken = taken;
	summaries = realloc(drivers->summaries, words * sizeof *summaries);
	if (!summaries)
		return -ENOMEM;
	drivers->summaries = summaries;
	for (unsigned event = 0; event < EVENTS; event++) {
		uint64_t *set = realloc(drivers->selecting[event], words * sizeof *set);

		if (!set)
			return -ENOMEM;
		drivers->selecting[event] = set;
		memset(set + drivers->words, 0, more * sizeof *set);
	}
	memset(numbered + (size_t)drivers->words * 64, 0, (size_t)more * 64 * sizeof *numbered);
	memset(taken + drivers->words, 0, more * sizeof *taken);
	memset(summaries + drivers->words, 0, more * sizeof *summaries);
	drivers->words = words;
	return 0;
}

static int number_take(struct drivers *drivers, struct registration *registration)
{
	uint32_t word = drivers->free_word, bit;

	if (drivers->live == drivers->words * 64 && numbers_grow(drivers) < 0)
		return -ENOMEM;
	while (!~drivers->taken[word])
		word++;
	bit = (uint32_t)__builtin_ctzll(~drivers->taken[word]);
	drivers->free_word = word;
	drivers->taken[word] |= (uint64_t)1 << bit;
	registration->number = word * 64 + bit;
	drivers->numbered[registration->number] = registration;
	drivers->live++;
	return 0;
}

static void number_give(struct drivers *drivers, uint32_t number)
{
	drivers->numbered[number] = NULL;
	drivers->taken[number / 64] &= ~((uint64_t)1 << number % 64);
	drivers->live--;
	if (number / 64 < drivers->free_word)
		drivers->free_word = number / 64;
}

/* ---- those of device objects of a session ---- */

static struct local_session *local_find(const struct drivers *drivers, uint64_t id)
{
	return (struct local_session *)table_find(&drivers->locals, table_number(&id));
}

static int local_make(struct drivers *drivers, uint64_t id, struct local_session **ret_session)
{
	struct local_session *session = local_find(drivers, id);

	if (!session) {
		session = calloc(1, sizeof *session);
		if (!session)
			return -ENOMEM;
		session->id = id;
		if (table_add(&drivers->locals, &session->entry, table_number(&session->id)) < 0) {
			free(session);
			return -ENOMEM;
		}
	}
	*ret_session = session;
	return 0;
}

/* Where the word is in the list of a session, or where the list ends. */
static struct local_word **local_word(struct local_session *session, uint32_t word)
{
	struct local_word **link = &session->words;

	while (*link && (*link)->word != word)
		link = &(*link)->next;
	return link;
}

static void local_forget_idle(struct drivers *drivers, struct local_session *session)
{
	if (session->words)
		return;
	table_remove(&drivers->locals, &session->entry);
	free(session);
}

/* The sets that a registration of a device object of @id is in. -ENOMEM. */
static int local_sets(struct drivers *drivers, uint32_t id, uint32_t word, uint64_t bit,
		      uint64_t **ret_selecting)
{
	struct local_session *session;
	struct local_word *local;
	int r = local_make(drivers, id, &session);

	if (r < 0)
		return r;
	local = *local_word(session, word);
	if (!local) {
		local = calloc(1, sizeof *local);
		if (!local) {
			local_forget_idle(drivers, session);
			return -ENOMEM;
		}
		local->word = word;
		local->next = session->words;
		session->words = local;
	}
	local->live |= bit;
	*ret_selecting = local->selecting;
	return 0;
}

static void local_remove(struct drivers *drivers, const struct registration *registration)
{
	struct local_session *session = local_find(drivers, registration->object->device_session);
	struct local_word **link = local_word(session, registration->number / 64), *local = *link;
	uint64_t bit = (uint64_t)1 << registration->number % 64;

	local->live &= ~bit;
	for (unsigned event = 0; event < EVENTS; event++)
		local->selecting[event] &= ~bit;
	if (local->live)
		return;
	*link = local->next;
	free(local);
	local_forget_idle(drivers, session);
}

/* ---- sets ---- */

int numbered_add(struct drivers *drivers, struct registration *registration)
{
	uint32_t session = registration->object->device_session, word;
	uint64_t *local = NULL, bit;

	if (number_take(drivers, registration) < 0)
		return -ENOMEM;
	word = registration->number / 64;
	bit = (uint64_t)1 << registration->number % 64;
	if (session && local_sets(drivers, session, word, bit, &local) < 0) {
		number_give(drivers, registration->number);
		return -ENOMEM;
	}
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < EVENTS; event++)
		if (mask_selects(registration->mask, event))
			*(local ? &local[event] : &drivers->selecting[event][word]) |= bit;
	numbered_touch(drivers, registration);
	return 0;
}

void numbered_remove(struct drivers *drivers, const struct registration *registration)
{
	uint32_t word = registration->number / 64;
	uint64_t bit = (uint64_t)1 << registration->number % 64;

	if (registration->object->device_session)
		local_remove(drivers, registration);
	else
		for (unsigned event = 0; event < EVENTS; event++)
			drivers->selecting[event][word] &= ~bit;
	numbered_touch(drivers, registration);
	number_give(drivers, registration->number);
}

void numbered_free(struct drivers *drivers)
{
	free(drivers->numbered);
	free(drivers->taken);
	free(drivers->summaries);
	for (unsigned event = 0; event < EVENTS; event++)
		free(drivers->selecting[event]);
	table_free(&drivers->locals);
}

uint32_t numbered_selecting(const struct drivers *drivers, unsigned event, uint32_t session,
			    uint64_t *ret_set)
{
	const struct local_session *local = drivers->locals.count ? local_find(drivers, session)
								  : NULL;
	uint32_t count = 0;

	memcpy(ret_set, drivers->selecting[event], drivers->words * sizeof *ret_set);
	for (const struct local_word *one = local ? local->words : NULL; one; one = one->next)
		ret_set[one->word] |= one->selecting[event];
	for (uint32_t word = 0; word < drivers->words; word++)
		count += (uint32_t)__builtin_popcountll(ret_set[word]);
	return count;
}

/* ---- summaries ---- */

/* Takes a registration into the summary of its word. */
static void summary_add(struct word_summary *summary, const struct registration *one,
			uint32_t newest[EVENTS])
{
	uint32_t bit = one->number % 64;

	if (summary->newest && summary->owner != one->object->owner)
		summary->owner = NULL;
	else if (!summary->newest)
		summary->owner = one->object->owner;
	if (one->serial > summary->newest)
		summary->newest = one->serial;
	if (one->uncertain || one->object->doubtful)
		summary->doubtful |= (uint64_t)1 << bit;
	else if (one->live_from > summary->live_from)
		summary->live_from = one->live_from;
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < EVENTS; event++) {
		if (!mask_selects(one->mask, event) || one->serial < newest[event])
			continue;
		newest[event] = one->serial;
		summary->latest[event] = (uint8_t)bit;
	}
}

const struct word_summary *numbered_word(const struct drivers *drivers, uint32_t word)
{
	struct word_summary *summary = &drivers->summaries[word];
	uint32_t newest[EVENTS] = { 0 };

	if (summary->known)
		return summary;
	*summary = (struct word_summary) { .known = true };
	for (uint64_t left = drivers->taken[word]; left; left &= left - 1)
		summary_add(summary, drivers->numbered[word * 64 + (uint32_t)__builtin_ctzll(left)],
			    newest);
	return summary;
}
