/* SPDX-License-Identifier: MIT */
#include "check/session/series.h"

#include <stddef.h>
#include <string.h>

#include "base/match.h"
#include "check/host.h"
#include "check/session/simple_step.h"
#include "check/session/trail.h"

/* The events of a chunk are judged while the sessions of the next ones are on their way from
 * memory. */
#define CHUNK 32U

/* The hash of the session of event @i. */
static inline uint32_t event_hash(const struct checker *checker, const struct series *series,
				  unsigned i)
{
	return session_hash(&checker->sessions, series->host, series->events[i].session,
			    series->like.source);
}

/* What may be the session of event @i is @number. */
static inline void session_prepare(const struct checker *checker, struct series_progress *progress,
				   unsigned i, uint32_t number)
{
	progress->numbers[i] = number;
	progress->sessions[i] = number == SESSION_NONE ? NULL
						       : sessions_at(&checker->sessions, number);
	if (checker->options.trail)
		trails_prefetch(&checker->trails, number);
}

/* Prefetches the slots of the events up to @end, as far as there are so many. */
static void slots_prepare(const struct checker *checker, const struct series *series,
			  struct series_progress *progress, unsigned end)
{
	unsigned i = progress->found < progress->hashed ? progress->hashed : progress->found;

	for (; i < end && i < series->count; i++) {
		progress->hashes[i] = event_hash(checker, series, i);
		sessions_prefetch_slot(&checker->sessions, progress->hashes[i]);
	}
	progress->hashed = i;
}

/* Prefetches the sessions of the events up to @end, as far as there are so many. */
static void series_prepare(const struct checker *checker, const struct series *series,
			   struct series_progress *progress, unsigned end)
{
	const struct sessions *sessions = &checker->sessions;
	unsigned i = progress->found;

	if (!sessions->guesses)
		slots_prepare(checker, series, progress, end + CHUNK);
	if (end > series->count)
		end = series->count;
	if (sessions->guesses) {
		for (; i < end; i++) {
			uint32_t id = series->events[i].session;
			uint32_t number = *sessions_guess(sessions, series->host, id);

			session_prepare(checker, progress, i, number);
			if (number == SESSION_NONE)
				sessions_prefetch_slot(sessions, event_hash(checker, series, i));
			else
				sessions_prefetch_at(progress->sessions[i]);
		}
	} else {
		for (; i < end; i++)
			session_prepare(checker, progress, i,
					sessions_prefetch_session(sessions, progress->hashes[i]));
	}
	progress->found = i;
}

/* Whether the next record of @host may need more than its session, or a session more than its
 * beliefs: with drivers, it may be known from notifications alone. */
static bool host_is_special(const struct checker *checker, const struct host *host)
{
	return host->drivers || host->service.line || checker->details.capacity > 0 ||
	       !checker->notes.passing;
}

/* Looks up the session of event @i that has not been guessed, or adds it. -ENOMEM. */
__attribute__((noinline)) static int other_session_find(struct checker *checker,
							const struct series *series,
							struct series_progress *progress,
							unsigned i)
{
	struct sessions *sessions = &checker->sessions;
	const uint32_t host = series->host, id = series->events[i].session;
	const uint8_t source = series->like.source;
	const uint32_t hash = event_hash(checker, series, i);
	uint32_t number = sessions_find(sessions, hash, host, id, source);
	int r = 0;

	if (number == SESSION_NONE) {
		hosts_occupy(&checker->hosts, host);
		r = session_appear(checker, host, hash, id, source, &number);
	}
	if (r < 0)
		return r;
	sessions_put_guess(sessions, host, id, number);
	progress->numbers[i] = number;
	progress->sessions[i] = sessions_at(sessions, number);
	return 0;
}

/* Begins the next incarnation of a session, which is certain, with Created if it has ended by what
 * is known of Windows. Returns false otherwise, with nothing changed. */
static bool session_renew_simply(struct checker *checker, const struct model_ladder *ladder,
				 struct session *session)
{
	sessionlint_belief beliefs[RUNGS];

	if (session->events == 0 || !beliefs_renew(ladder, session->beliefs, SESSIONLINT_BELIEF_ANY,
						   SESSIONLINT_BELIEF_ANY, beliefs))
		return false;
	session_continue(checker, session, beliefs);
	return true;
}

/* What sessions must have in common to be followed: their first 16 bytes, where the masks say so.
 */
struct standing {
	char wanted[16];
};

static const struct session standing_masks = {
	.scope = UINT32_MAX,
	.generation = UINT32_MAX,
	.lost = UINT32_MAX,
	.source = UINT8_MAX,
	.flags = SESSION_SPECIAL,
	.without_violation = UINT8_MAX,
};

static struct standing standing_of(const struct series *series, const struct host *host)
{
	struct standing standing = { { 0 } };

	memcpy(standing.wanted + offsetof(struct session, scope), &series->host, 4);
	memcpy(standing.wanted + offsetof(struct session, generation), &host->generation, 4);
	memcpy(standing.wanted + offsetof(struct session, lost), &host->lost, 4);
	standing.wanted[offsetof(struct session, source)] = (char)series->like.source;
	return standing;
}

static inline bool session_stands(const struct session *session, const struct standing *standing)
{
	return bytes_match(session, standing->wanted, &standing_masks);
}

/* What stays the same from event to event, where the compiler need not read it again. */
struct following {
	const struct model_ladder *ladder;
	struct standing standing;
	uint64_t line, offset; /* of the first event */
	bool has_trail;
};

/* Judges an event if it simply follows. Returns 1; 0: it does not, and nothing has changed. */
static inline int event_follow(struct checker *checker, const struct following *following,
			       struct host *host, const struct series_event *event, unsigned i,
			       struct session *session, uint32_t number)
{
	const struct model_ladder *ladder = following->ladder;
	const unsigned what = event->event, from = event->from, to = event->to;
	const uint64_t time = event->time;
	/* most have the time of the one before */
	const bool moves = time != host->time;
	sessionlint_belief before = session->beliefs[SESSIONLINT_TOLERANCE_REUSED];
	bool steps, ends;

	/* without a time, it is the largest number */
	if (moves && time < host->time && host->time != SESSIONLINT_NO_TIME)
		return 0;
	/* twice, so that the compiler leaves out what names of states take */
	steps = from | to ? session_step_simply(ladder, session, what, states_named(from),
						states_named(to))
			  : session_step_simply(ladder, session, what, SESSIONLINT_BELIEF_ANY,
						SESSIONLINT_BELIEF_ANY);
	if (!steps) {
		if (what != SESSIONLINT_EVENT_CREATED || from || to ||
		    !session_renew_simply(checker, ladder, session))
			return 0;
		before = belief_of(SESSIONLINT_STATE_INITIALIZED);
	}
	session_remember(session, before, what, following->line + i,
			 following->offset + event->offset, time);
	if (following->has_trail)
		trail_event(checker, number, what, from, to);
	if (moves && time != SESSIONLINT_NO_TIME)
		host->time = time;
	ends = session->beliefs[0] & belief_of(SESSIONLINT_STATE_TERMINATED);
	if (ends != !!(session->flags & SESSION_ENDED)) {
		int r = session_settle(checker, number, host);

		return r < 0 ? r : 1;
	}
	return 1;
}

int series_follow(struct checker *checker, const struct series *series,
		  struct series_progress *progress)
{
	struct host *host = &checker->hosts.hosts[series->host];
	const unsigned first = progress->next, count = series->count;
	unsigned i = first;
	struct following following;
	int r = 1;

	host_refresh(checker, host);
	series_prepare(checker, series, progress, i + 2 * CHUNK);
	/* the first event of the kernel shows that there are such */
	if (host_is_special(checker, host) ||
	    (series->like.source == SESSIONLINT_SOURCE_WDM && !host->events))
		return 0;
	following = (struct following) {
		.ladder = &checker->ladders[series->like.source],
		.standing = standing_of(series, host),
		.line = series->like.line,
		.offset = series->like.offset,
		.has_trail = checker->options.trail,
	};
	for (; i < count; i++) {
		const struct series_event *event = &series->events[i];
		struct session *session;

		if (i % CHUNK == 0)
			series_prepare(checker, series, progress, i + 3 * CHUNK);
		session = progress->sessions[i];
		/* another one has that place, or it is new since */
		if (!session || session->id != event->session ||
		    !session_stands(session, &following.standing)) {
			r = other_session_find(checker, series, progress, i);
			session = progress->sessions[i];
			if (r < 0 || !session_stands(session, &following.standing))
				break;
		}
		r = event_follow(checker, &following, host, event, i, session,
				 progress->numbers[i]);
		if (r <= 0)
			break;
	}
	checker->totals.events += i - first;
	progress->next = i;
	return r < 0 ? r : 0;
}
