/* SPDX-License-Identifier: MIT */
#include "check/session/series.h"

#include "check/host.h"
#include "check/session/simple_step.h"
#include "check/session/trail.h"

/* The events of a chunk are judged while the sessions of the next one are on their way from memory,
 * and the slots of the one after that. */
#define CHUNK 32U

static void series_prepare(const struct checker *checker, const struct series *series,
			   struct series_progress *progress)
{
	const struct sessions *sessions = &checker->sessions;
	unsigned found = progress->next + 2 * CHUNK, hashed = found + CHUNK;

	if (hashed > series->count)
		hashed = series->count;
	if (found > series->count)
		found = series->count;
	for (; progress->hashed < hashed; progress->hashed++) {
		uint32_t hash = session_hash(sessions, series->host,
					     series->events[progress->hashed].session,
					     series->like.source);

		progress->hashes[progress->hashed] = hash;
		sessions_prefetch_slot(sessions, hash);
	}
	for (; progress->found < found; progress->found++) {
		uint32_t number = sessions_prefetch_session(sessions,
							    progress->hashes[progress->found]);

		progress->numbers[progress->found] = number;
		if (checker->options.trail)
			trails_prefetch(&checker->trails, number);
	}
}

/* Whether the next record of @host may need more than its session, or a session more than its
 * beliefs: with drivers, it may be known from notifications alone. */
static bool host_is_special(const struct checker *checker, const struct host *host)
{
	return host->drivers || host->service.line || checker->details.capacity > 0 ||
	       !checker->notes.passing;
}

/* The session of event @i: its number in progress->numbers; NULL: there is none. */
static inline struct session *session_of(const struct checker *checker, const struct series *series,
					 struct series_progress *progress, unsigned i,
					 uint32_t host, uint8_t source)
{
	const struct sessions *sessions = &checker->sessions;
	uint32_t number = progress->numbers[i], id = series->events[i].session;

	if (number != SESSION_NONE) {
		struct session *session = sessions_at(sessions, number);

		if (session->id == id && session->scope == host && session->source == source)
			return session;
	}
	/* it is new since, or another one has the same hash */
	number = sessions_find(sessions, progress->hashes[i], host, id, source);
	progress->numbers[i] = number;
	return number == SESSION_NONE ? NULL : sessions_at(sessions, number);
}

/* Begins the next incarnation with Created if the session has ended, for certain by what is known
 * of Windows, and nobody watches. Returns false otherwise, with nothing changed. */
static bool session_renew_simply(struct checker *checker, const struct model_ladder *ladder,
				 struct session *session)
{
	sessionlint_belief beliefs[RUNGS];

	if (session->without_violation || session->flags & (SESSION_OBSERVED | SESSION_LOST) ||
	    session->events == 0 ||
	    !beliefs_renew(ladder, session->beliefs, SESSIONLINT_BELIEF_ANY, SESSIONLINT_BELIEF_ANY,
			   beliefs))
		return false;
	session_continue(checker, session, beliefs);
	return true;
}

/* What stays the same from event to event, where the compiler need not read it again. */
struct following {
	const struct model_ladder *ladder;
	uint64_t line, offset; /* of the first event */
	uint32_t generation, lost;
	unsigned first;
	bool has_trail;
};

/* Judges an event if it simply follows. Returns 1; 0: it does not, and nothing has changed. */
static inline int event_follow(struct checker *checker, const struct following *following,
			       struct host *host, const struct series_event *event, unsigned i,
			       struct session *session, uint32_t number)
{
	sessionlint_belief before, from = SESSIONLINT_BELIEF_ANY, to = SESSIONLINT_BELIEF_ANY;
	bool ends;

	if (session->generation != following->generation || session->lost != following->lost)
		return 0;
	/* without a time, it is the largest number */
	if (event->time < host->time && host->time != SESSIONLINT_NO_TIME)
		return 0;
	if (event->from | event->to) {
		from = states_named(event->from);
		to = states_named(event->to);
	}
	before = session->beliefs[SESSIONLINT_TOLERANCE_REUSED];
	if (!session_step_simply(following->ladder, session, event->event, from, to)) {
		if (event->event != SESSIONLINT_EVENT_CREATED ||
		    (from & to) != SESSIONLINT_BELIEF_ANY ||
		    !session_renew_simply(checker, following->ladder, session))
			return 0;
		before = belief_of(SESSIONLINT_STATE_INITIALIZED);
	}
	session_remember(session, before, event->event, following->line + i,
			 following->offset + event->offset, event->time);
	if (following->has_trail)
		trail_event(checker, number, event->event, event->from, event->to);
	if (event->time != SESSIONLINT_NO_TIME)
		host->time = event->time;
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
	const uint32_t number = series->host, count = series->count;
	const uint8_t source = series->like.source;
	unsigned i = progress->next;
	struct following following;
	int r = 1;

	host_refresh(checker, host);
	series_prepare(checker, series, progress);
	/* the first event of the kernel shows that there are such */
	if (host_is_special(checker, host) || (source == SESSIONLINT_SOURCE_WDM && !host->events))
		return 0;
	following = (struct following) {
		.ladder = &checker->ladders[source],
		.first = i,
		.line = series->like.line,
		.offset = series->like.offset,
		.generation = host->generation,
		.lost = host->lost,
		.has_trail = checker->options.trail,
	};
	for (; i < count; i++) {
		struct session *session;

		if (i % CHUNK == 0) {
			progress->next = i;
			series_prepare(checker, series, progress);
		}
		session = session_of(checker, series, progress, i, number, source);
		r = session ? event_follow(checker, &following, host, &series->events[i], i,
					   session, progress->numbers[i])
			    : 0;
		if (r <= 0)
			break;
	}
	checker->totals.events += i - following.first;
	progress->next = i;
	return r < 0 ? r : 0;
}
