/* SPDX-License-Identifier: MIT */
/*
 * Finds out which incarnations conform, whatever came before the stretch, and omits them once the
 * next incarnation of the session begins: until then, the history of a finding can be theirs.
 *
 * A session that a Terminated has ended is Terminated, legally or not, by every tolerance. Then a
 * Created is legal, and begins an incarnation; what was in doubt before is settled by it, for
 * whatever else the session may have been, it is Created now. From there on everything is certain,
 * unless something happens that is not a plain event of the session: then an era begins, and only
 * another Terminated gives certainty again.
 */
#include "check/partial/partial.h"

#include <errno.h>

#include "check/session/simple_step.h"

/* ---- eras ---- */

/* Something other than an event of a session may have happened to all hosts. */
static void begin_era(struct sessionlint_partial *partial)
{
	partial->eras++;
}

static uint64_t era_of(const struct sessionlint_partial *partial, const struct partial_host *host)
{
	return partial->eras + host->eras;
}

/* Forgets what is known of a host of an earlier era. */
static void host_follow_era(const struct sessionlint_partial *partial, struct partial_host *host)
{
	if (host->era == era_of(partial, host))
		return;
	host->era = era_of(partial, host);
	host->timed = host->booted = false;
}

static void session_follow_era(const struct sessionlint_partial *partial,
			       const struct partial_host *host, struct partial_session *session)
{
	if (session->era == era_of(partial, host))
		return;
	session->era = era_of(partial, host);
	session->known = KNOWN_NOTHING;
	session->last = ITEM_NONE;
}

/* ---- hosts ---- */

/*
 * What is missing before a record with a seq is only known with the records before; and it may wait
 * for those, until another one of its host comes. Either can change all sessions.
 */
static void follow_numbers(struct sessionlint_partial *partial, struct partial_host *host,
			   const struct partial_item *item)
{
	if (item->keys & KEY_BIT(KEY_SEQ))
		partial->numbered++;
	else if (host->follows == partial->numbered + 1)
		return;
	else
		host->follows = partial->numbered + 1;
	begin_era(partial);
}

/* Follows the time and the boot of a record. Returns whether its host has nothing to say about it,
 * whatever came before the stretch. */
static bool host_take(struct sessionlint_partial *partial, struct partial_host *host,
		      const struct partial_item *item)
{
	bool quiet = true;

	follow_numbers(partial, host, item);
	host_follow_era(partial, host);
	if (item->keys & KEY_BIT(KEY_BOOT) && (!host->booted || host->boot != item->boot)) {
		host->eras++;
		host_follow_era(partial, host);
		host->booted = true;
		host->boot = item->boot;
	}
	if (item->keys & KEY_BIT(KEY_TIME)) {
		quiet &= host->timed && item->time >= host->time;
		host->timed = true;
		host->time = item->time;
	}
	return quiet;
}

/* ---- sessions ---- */

/* The states that the record allows; NONE: it names one that does not exist. */
static sessionlint_belief states_allowed(const struct partial_item *item, enum record_key key,
					 uint32_t state)
{
	if (!(item->keys & KEY_BIT(key)))
		return SESSIONLINT_BELIEF_ANY;
	return state_is_valid(state) ? belief_of(state) : SESSIONLINT_BELIEF_NONE;
}

/* Whether after the event the session has ended, whatever it was before. */
static bool is_end(const struct partial_item *item)
{
	const sessionlint_belief ended = belief_of(SESSIONLINT_STATE_TERMINATED);

	return item->event == SESSIONLINT_EVENT_TERMINATED &&
	       states_allowed(item, KEY_FROM, item->from) &&
	       states_allowed(item, KEY_TO, item->to) & ended;
}

/* Omits the incarnation whose last item is @last. */
static void omit_incarnation(struct sessionlint_partial *partial, uint32_t last)
{
	uint8_t turn = TURN_ENDS;

	while (last != ITEM_NONE) {
		struct partial_item *item = &partial->items[last];

		item->kind = ITEM_OMITTED;
		item->turn = item->previous == ITEM_NONE ? TURN_BEGINS : turn;
		turn = TURN_NONE;
		last = item->previous;
		partial->omitted++;
	}
}

/* The next incarnation begins for certain: that before it is not needed. */
static void partial_session_renew(struct sessionlint_partial *partial,
				  struct partial_session *session)
{
	uint32_t last = session->last;

	session->last = ITEM_NONE;
	if (session->known == KNOWN_ENDED)
		omit_incarnation(partial, last);
	session->known = KNOWN_ALIVE;
}

/* Whether the event begins an incarnation for certain. */
static bool session_begins(const struct sessionlint_partial *partial,
			   const struct partial_session *session, const struct partial_item *item,
			   sessionlint_belief beliefs[TOLERANCE_COUNT])
{
	sessionlint_belief from = states_allowed(item, KEY_FROM, item->from);
	sessionlint_belief to = states_allowed(item, KEY_TO, item->to);

	/* a session can only be forgotten when so many others have ended after it */
	return session->known == KNOWN_ENDED && item->event == SESSIONLINT_EVENT_CREATED &&
	       item->line - session->ended < SESSIONS_ENDED_MIN && from && to &&
	       cycle_begin(partial->ladders[session->source], from, to, beliefs);
}

/* Whether nobody but one user is named in an incarnation: then none of them is wrong. */
static bool same_user(struct partial_session *session, const struct partial_item *item)
{
	if (item->user == TEXT_NONE || session->user == item->user)
		return true;
	if (session->user != TEXT_NONE)
		return false;
	session->user = item->user;
	return true;
}

/* Whether the event is certain to be legal in an incarnation of which all is known. */
static bool session_continues(const struct sessionlint_partial *partial,
			      struct partial_session *session, const struct partial_item *item)
{
	sessionlint_belief from = states_allowed(item, KEY_FROM, item->from);
	sessionlint_belief to = states_allowed(item, KEY_TO, item->to);
	struct session step = { 0 };

	if (session->known != KNOWN_ALIVE || item->event >= SESSIONLINT_EVENT_MAX || !from || !to ||
	    !same_user(session, item))
		return false;
	memcpy(step.beliefs, session->beliefs, sizeof step.beliefs);
	if (!session_step_simply(partial->ladders[session->source], &step, item->event, from, to))
		return false;
	memcpy(session->beliefs, step.beliefs, sizeof step.beliefs);
	return true;
}

/* An event of which all is known: follows the incarnation to its end. */
static void session_extend(const struct sessionlint_partial *partial,
			   struct partial_session *session, struct partial_item *item,
			   uint32_t number)
{
	sessionlint_belief ended[TOLERANCE_COUNT];

	item->previous = session->last;
	session->last = number;
	if (!(session->beliefs[0] & belief_of(SESSIONLINT_STATE_TERMINATED)))
		return;
	/* it may have ended, or has */
	cycle_end(partial->ladders[session->source], ended);
	if (is_end(item) && memcmp(ended, session->beliefs, sizeof ended) == 0) {
		session->known = KNOWN_ENDED;
		session->ended = item->line;
		return;
	}
	session->known = KNOWN_NOTHING;
	session->last = ITEM_NONE;
}

/* Any other record of a session. */
static void session_doubt(struct partial_session *session, const struct partial_item *item)
{
	session->known = is_end(item) ? KNOWN_ENDED : KNOWN_NOTHING;
	session->ended = item->line;
	session->last = ITEM_NONE;
}

/* ---- records ---- */

static int find_owner(struct sessionlint_partial *partial, struct partial_item *item,
		      struct partial_host **ret_host, struct partial_session **ret_session)
{
	uint32_t host;
	int r = known_host(partial, item->host, &host);

	if (r == 0)
		r = known_session(partial, host, item->session, item->source, &item->owner);
	if (r < 0)
		return r;
	*ret_host = &partial->hosts[host];
	*ret_session = &partial->sessions.list[item->owner];
	return 0;
}

/* An event of which all is told by @item, which is added. */
int condense_event(struct sessionlint_partial *partial, struct partial_item *item)
{
	struct partial_session *session = NULL;
	struct partial_host *host = NULL;
	bool quiet;
	int r;

	item->previous = ITEM_NONE;
	r = items_add(partial, item);
	if (r == 0 && partial->kind == SESSIONLINT_PARTIAL_WHOLE)
		return 0;
	if (r == 0)
		r = find_owner(partial, &partial->items[partial->count - 1], &host, &session);
	if (r < 0)
		return r;
	item = &partial->items[partial->count - 1];
	quiet = host_take(partial, host, item);
	session_follow_era(partial, host, session);
	if (quiet && session_begins(partial, session, item, session->beliefs)) {
		partial_session_renew(partial, session);
		session->user = item->user;
		session_extend(partial, session, item, partial->count - 1);
	} else if (quiet && session_continues(partial, session, item)) {
		session_extend(partial, session, item, partial->count - 1);
	} else {
		session_doubt(session, item);
	}
	return 0;
}

/* Whether the record is of one session, and of nothing else. */
static bool is_of_session(const struct record *record)
{
	return (record->kind == RECORD_EVENT || record->kind == RECORD_STATE) &&
	       !record_has(record, KEY_SEQ);
}

int condense_other(struct sessionlint_partial *partial, struct partial_item *item,
		   const struct record *record)
{
	struct partial_session *session = NULL;
	struct partial_host *host = NULL;
	int r;

	item->kind = ITEM_RAW;
	item->previous = ITEM_NONE;
	if (partial->kind == SESSIONLINT_PARTIAL_WHOLE)
		return items_add(partial, item);
	if (record->contract && record->kind != RECORD_MALFORMED) {
		item_free(item);
		return -ENOTSUP;
	}
	r = items_add(partial, item);
	if (r < 0)
		return r;
	if (!is_of_session(record)) {
		partial->numbered += record_has(record, KEY_SEQ);
		begin_era(partial);
		return 0;
	}
	item = &partial->items[partial->count - 1];
	r = find_owner(partial, item, &host, &session);
	if (r < 0)
		return r;
	host_take(partial, host, item);
	session_follow_era(partial, host, session);
	session->known = KNOWN_NOTHING;
	session->last = ITEM_NONE;
	return 0;
}

int condense_omission(struct sessionlint_partial *partial, struct omission *omission)
{
	for (uint32_t i = 0; i < omission->host_count; i++) {
		const struct omitted_host *one = &omission->hosts[i];
		struct partial_host *host = &partial->hosts[one->host];

		host_follow_era(partial, host);
		host->timed |= one->timed;
		if (one->timed)
			host->time = one->time;
	}
	for (uint32_t i = 0; i < omission->turn_count; i++) {
		const struct omitted_turn *turn = &omission->turns[i];
		struct partial_session *session = &partial->sessions.list[turn->owner];

		session_follow_era(partial, &partial->hosts[session->host], session);
		if (turn->begun > 0)
			partial_session_renew(partial, session);
		session->known = turn->is_alive ? KNOWN_NOTHING : KNOWN_ENDED;
		session->ended = turn->ended;
	}
	return items_add(partial, &(struct partial_item) {
					  .kind = ITEM_OMISSION,
					  .previous = ITEM_NONE,
					  .omission = omission,
				  });
}

int condense_omitted(struct sessionlint_partial *partial, struct partial_item *item)
{
	struct partial_session *session = NULL;
	struct partial_host *host = NULL;
	int r = find_owner(partial, item, &host, &session);

	if (r < 0)
		return r;
	host_follow_era(partial, host);
	if (item->keys & KEY_BIT(KEY_TIME)) {
		host->timed = true;
		host->time = item->time;
	}
	session_follow_era(partial, host, session);
	if (item->turn == TURN_BEGINS)
		partial_session_renew(partial, session);
	if (item->turn != TURN_NONE)
		session->known = item->turn == TURN_ENDS ? KNOWN_ENDED : KNOWN_NOTHING;
	session->ended = item->line;
	item->previous = ITEM_NONE;
	partial->omitted++;
	return items_add(partial, item);
}
