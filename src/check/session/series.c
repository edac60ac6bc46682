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

/* The number of the session of event @i, or SESSION_NONE. */
static inline uint32_t session_of(const struct sessions *sessions, const struct series *series,
				  const struct series_progress *progress, unsigned i)
{
	uint32_t number = progress->numbers[i], id = series->events[i].session;
	const struct session *session;

	if (number != SESSION_NONE) {
		session = sessions_at(sessions, number);
		if (session->id == id && session->scope == series->host &&
		    session->source == series->like.source)
			return number;
	}
	/* it is new since, or another one has the same hash */
	return sessions_find(sessions, progress->hashes[i], series->host, id, series->like.source);
}

/* Judges event @i if it simply follows. Returns 1; 0: it does not, and nothing has changed. */
static inline int event_follow(struct checker *checker, struct host *host,
			       const struct series *series, unsigned i, uint32_t number)
{
	const struct series_event *event = &series->events[i];
	struct session *session;
	sessionlint_belief before;
	bool ends;

	if (number == SESSION_NONE)
		return 0;
	session = sessions_at(&checker->sessions, number);
	if (session->generation != host->generation || session->lost != host->lost)
		return 0;
	/* without a time, it is the largest number */
	if (event->time < host->time && host->time != SESSIONLINT_NO_TIME)
		return 0;
	before = session->beliefs[SESSIONLINT_TOLERANCE_REUSED];
	if (!session_step_simply(&checker->ladders[series->like.source], session, event->event,
				 states_named(event->from), states_named(event->to)))
		return 0;
	session_remember(session, before, event->event, series->like.line + i,
			 series->like.offset + event->offset, event->time);
	if (checker->options.trail)
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
	unsigned first = progress->next;
	int r = 1;

	host_refresh(checker, host);
	series_prepare(checker, series, progress);
	/* the first event of the kernel shows that there are such */
	if (host_is_special(checker, host) ||
	    (series->like.source == SESSIONLINT_SOURCE_WDM && !host->events))
		return 0;
	while (progress->next < series->count) {
		unsigned i = progress->next;

		if (i % CHUNK == 0)
			series_prepare(checker, series, progress);
		r = event_follow(checker, host, series, i,
				 session_of(&checker->sessions, series, progress, i));
		if (r <= 0)
			break;
		progress->next++;
	}
	checker->totals.events += progress->next - first;
	return r < 0 ? r : 0;
}
