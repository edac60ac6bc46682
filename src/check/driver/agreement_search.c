/* SPDX-License-Identifier: MIT */
/*
 * Searches for a sequence of events that explains the notifications of several registrations. A
 * node is a position in the notifications of each registration, with the set of possible states of
 * the session. An event advances every registration that must receive it, and is only possible if
 * it is the next one of each.
 */
#include <errno.h>
#include <stdlib.h>

#include "check/driver/agreement.h"
#include "check/driver/local_session.h"

#define NODES 4096U
#define SLOTS 8192U
#define NONE  UINT32_MAX

/* The number of used notifications of each registration. */
struct positions {
	uint8_t of[AGREEMENT_PARTIES];
};

struct node {
	struct positions positions;
	sessionlint_belief belief;
	uint32_t next; /* next with the same number of used notifications */
};

struct agreement_search {
	struct node nodes[NODES];
	uint32_t count;
	uint32_t slots[SLOTS];                  /* node + 1 */
	uint32_t layers[AGREEMENT_ENTRIES + 1]; /* by number of used notifications */

	const struct agreement_question *question;
	/* entries of each registration, by index */
	uint8_t list[AGREEMENT_PARTIES][AGREEMENT_ENTRIES];
	uint8_t length[AGREEMENT_PARTIES];
};

/* One event from one node. */
struct move {
	unsigned event;
	struct positions from;
	uint32_t must, may; /* registrations that must receive it, or may */
};

static uint32_t party_of(const struct agreement_question *question, uint32_t serial)
{
	for (uint32_t i = 0; i < question->party_count; i++)
		if (question->parties[i].serial == serial)
			return i;
	return NONE;
}

static void search_begin(struct agreement_search *search, const struct agreement_question *question)
{
	memset(search->slots, 0, sizeof search->slots);
	memset(search->length, 0, sizeof search->length);
	for (uint32_t i = 0; i <= AGREEMENT_ENTRIES; i++)
		search->layers[i] = NONE;
	search->count = 0;
	search->question = question;
	for (uint32_t i = 0; i < question->count; i++) {
		uint32_t party = party_of(question, question->entries[i].serial);

		search->list[party][search->length[party]++] = (uint8_t)i;
	}
}

static uint32_t positions_sum(struct positions positions)
{
	uint32_t sum = 0;

	for (uint32_t i = 0; i < AGREEMENT_PARTIES; i++)
		sum += positions.of[i];
	return sum;
}

/* Adds the states in @belief at @positions. Returns false if there are too many nodes. */
static bool node_put(struct agreement_search *search, struct positions positions,
		     sessionlint_belief belief)
{
	uint64_t word;
	uint32_t at, sum;

	memcpy(&word, positions.of, sizeof word);
	at = (uint32_t)(word * 0x9e3779b97f4a7c15U >> 51) & (SLOTS - 1);
	for (; search->slots[at]; at = (at + 1) & (SLOTS - 1)) {
		struct node *node = &search->nodes[search->slots[at] - 1];

		if (memcmp(&node->positions, &positions, sizeof positions) == 0) {
			node->belief |= belief;
			return true;
		}
	}
	if (search->count == NODES)
		return false;
	sum = positions_sum(positions);
	search->nodes[search->count] = (struct node) {
		.positions = positions,
		.belief = belief,
		.next = search->layers[sum],
	};
	search->layers[sum] = search->count++;
	search->slots[at] = search->count;
	return true;
}

/* The next notification of a registration, or NONE. */
static uint32_t entry_next(const struct agreement_search *search, struct positions positions,
			   uint32_t party)
{
	uint8_t at = positions.of[party];

	return at < search->length[party] ? search->list[party][at] : NONE;
}

static unsigned event_next(const struct agreement_search *search, struct positions positions,
			   uint32_t party)
{
	uint32_t entry = entry_next(search, positions, party);

	return entry == NONE ? SESSIONLINT_NO_EVENT : search->question->entries[entry].place.event;
}

/* The earliest time of the next event: when the newest of the registrations that received an
 * earlier event, or this one, was created. */
static uint64_t earliest(const struct agreement_search *search, struct positions positions,
			 uint32_t getting)
{
	uint64_t made_at = 0;

	for (uint32_t i = 0; i < search->question->party_count; i++)
		if ((positions.of[i] || getting >> i & 1) &&
		    search->question->parties[i].made_at > made_at)
			made_at = search->question->parties[i].made_at;
	return made_at;
}

/* Whether the next event can have happened after the registration ended: no registration
 * received this or a later event while it was live. */
static bool can_be_over(const struct agreement_search *search, struct positions positions,
			uint32_t party)
{
	uint64_t until = search->question->parties[party].live_until;

	for (uint32_t i = 0; i < search->question->party_count; i++) {
		uint32_t entry = entry_next(search, positions, i);

		if (entry != NONE && search->question->entries[entry].at < until)
			return false;
	}
	return true;
}

/* Whether @getting contains a registration whose next notification may be missing. */
static bool is_missing(const struct agreement_search *search, const struct move *move,
		       uint32_t getting, uint32_t party)
{
	const struct agreement_question *question = search->question;

	if (party != question->missing_party)
		return false;
	for (uint32_t left = getting; left; left &= left - 1) {
		uint32_t entry = entry_next(search, move->from, (uint32_t)__builtin_ctz(left));

		if (question->missing_entries >> entry & 1)
			return true;
	}
	return false;
}

/* Whether a registration that selects the event may not have received it, if those in @getting
 * did. */
static bool can_go_without(const struct agreement_search *search, const struct move *move,
			   uint32_t getting, uint32_t party)
{
	if (is_missing(search, move, getting, party))
		return true;
	/* it may not have been live yet */
	if (move->from.of[party] == 0 &&
	    earliest(search, move->from, getting) < search->question->parties[party].live_from)
		return true;
	return entry_next(search, move->from, party) == NONE &&
	       can_be_over(search, move->from, party);
}

/* Whether exactly the registrations in @getting can have received the event. */
static bool is_possible(const struct agreement_search *search, const struct move *move,
			uint32_t getting)
{
	const struct agreement_question *question = search->question;

	for (uint32_t i = 0; i < question->party_count; i++)
		if (!(getting >> i & 1) && mask_selects(question->parties[i].mask, move->event) &&
		    !can_go_without(search, move, getting, i))
			return false;
	return true;
}

/* Whether the registrations in @getting received the event with the same LocalSession. */
static bool locals_agree(const struct agreement_search *search, const struct move *move,
			 uint32_t getting)
{
	unsigned seen = 0;

	for (uint32_t left = getting; left; left &= left - 1) {
		uint32_t entry = entry_next(search, move->from, (uint32_t)__builtin_ctz(left));

		seen |= 1U << search->question->entries[entry].local;
	}
	return (seen >> LOCAL_FALSE & seen >> LOCAL_TRUE & 1) == 0;
}

static bool move_take(struct agreement_search *search, const struct move *move, uint32_t getting,
		      sessionlint_belief belief)
{
	const struct model *model = search->question->model;
	struct positions to = move->from;
	sessionlint_belief next = model->next[move->event][belief];

	if (!next || !is_possible(search, move, getting) ||
	    (search->question->compares_local && !locals_agree(search, move, getting)))
		return true;
	for (uint32_t left = getting; left; left &= left - 1)
		to.of[__builtin_ctz(left)]++;
	return node_put(search, to, model->closure[next]);
}

/* The registrations for which the event is next. */
static uint32_t getters(const struct agreement_search *search, struct positions from,
			unsigned event)
{
	uint32_t set = 0;

	for (uint32_t i = 0; i < search->question->party_count; i++)
		if (event_next(search, from, i) == event)
			set |= 1U << i;
	return set;
}

/* Adds the successors of a node, for each event and each set of registrations that can receive
 * it. */
static bool node_expand(struct agreement_search *search, uint32_t number)
{
	struct node *node = &search->nodes[number];
	const struct model *model = search->question->model;
	sessionlint_belief before;

	/* start with events that no registration received */
	do {
		before = node->belief;
		for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
			struct move move = { .event = event, .from = node->positions };

			if (is_possible(search, &move, 0))
				node->belief |= model->closure[model->next[event][node->belief]];
		}
	} while (node->belief != before);
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++) {
		struct move move = { .event = event, .from = node->positions };
		uint32_t all = getters(search, node->positions, event);

		for (uint32_t set = all; set; set = (set - 1) & all)
			if (!move_take(search, &move, set, node->belief))
				return false;
	}
	return true;
}

int agreement_explain(struct agreement_search **search, const struct agreement_question *question,
		      bool *ret_explained)
{
	struct agreement_search *work = *search;
	struct positions none = { { 0 } };

	if (!work)
		work = *search = malloc(sizeof *work);
	if (!work)
		return -ENOMEM;
	search_begin(work, question);
	node_put(work, none, question->model->closure[question->start]);
	*ret_explained = true;
	for (uint32_t sum = 0; sum <= question->count; sum++)
		for (uint32_t i = work->layers[sum]; i != NONE; i = work->nodes[i].next)
			if (!node_expand(work, i))
				return 0;
	*ret_explained = work->layers[question->count] != NONE;
	return 0;
}

sessionlint_belief agreement_before_last(const struct agreement_search *search)
{
	const struct agreement_question *question = search->question;
	uint32_t last = question->count - 1;
	uint32_t party = party_of(question, question->entries[last].serial);
	sessionlint_belief belief = SESSIONLINT_BELIEF_NONE;

	for (uint32_t i = search->layers[last]; i != NONE; i = search->nodes[i].next)
		if (entry_next(search, search->nodes[i].positions, party) == last)
			belief |= search->nodes[i].belief;
	return belief ? belief : SESSIONLINT_BELIEF_ANY;
}

void agreement_search_free(struct agreement_search *search)
{
	free(search);
}
