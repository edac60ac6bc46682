/* SPDX-License-Identifier: MIT */
/* Sessions in the table: how they appear, are found, end, and are forgotten. */
#include "check/driver/driver.h"
#include "check/driver/pending.h"
#include "check/driver/views.h"
#include "check/host.h"
#include "check/session/session.h"
#include "check/session/trail.h"

/* Whether sessions of @source on @host are known only from notifications. */
static bool is_notified(const struct host *host, unsigned source)
{
	return source == SESSIONLINT_SOURCE_WDM && host->drivers && !host->events;
}

int session_appear(struct checker *checker, uint32_t scope, uint32_t hash, uint32_t id,
		   uint8_t source, uint32_t *ret_number)
{
	struct host *host = &checker->hosts.hosts[scope];
	uint32_t lost = host_lost(host);
	struct session *session;
	int r = sessions_add(&checker->sessions, hash, scope, id, source, &host->sessions,
			     ret_number);

	if (r < 0)
		return r;
	session = sessions_at(&checker->sessions, *ret_number);
	session->generation = host->generation;
	session->lost = host->lost;
	if (checker->options.observe)
		session->flags |= SESSION_OBSERVED;
	/* it may be older than the driver, even if the trace is complete from its start */
	if (is_notified(host, source) &&
	    (lost || checker->options.start != SESSIONLINT_START_INITIALIZED))
		lost = MODEL_LOST_MANY;
	if (lost >= MODEL_LOST_MANY)
		session_begin(checker, session, SESSIONLINT_BELIEF_ANY, 0);
	else
		session_begin(checker, session, belief_of(SESSIONLINT_STATE_INITIALIZED), lost);
	return 0;
}

/* Whether notifications have shown the session, and now a record of another kind does. */
static bool is_shown_otherwise(const struct subject *subject, uint32_t number)
{
	const struct session_detail *detail = details_at(&subject->checker->details, number);

	return detail && detail->shown_by && !is_notified(subject->host, subject->record->source);
}

int session_find(struct subject *subject, uint32_t *ret_number)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	struct host *host = subject->host;
	uint32_t host_number = subject->place->host;
	uint32_t number = sessions_find(&checker->sessions, subject->hash, host_number,
					record->session, record->source);
	bool known = number != SESSION_NONE, joins = false;
	struct session *session;
	int r;

	if (known && sessions_at(&checker->sessions, number)->generation != host->generation) {
		/* it ended in an earlier boot */
		session_close(checker, sessions_at(&checker->sessions, number));
		session_remove(checker, number, &host->sessions);
		known = false;
	}
	if (!known) {
		r = session_appear(checker, host_number, subject->hash, record->session,
				   record->source, &number);
		if (r < 0)
			return r;
	}
	session = sessions_at(&checker->sessions, number);
	subject->session = session;
	*ret_number = number;
	if (is_notified(host, record->source)) {
		/* it was seen before its drivers, which may not have been notified of everything
		 * since */
		joins = known && !(session->flags & SESSION_NOTIFIED);
		r = session_notify(checker, session);
		if (r < 0)
			return r;
	}
	if (checker->options.trail && is_shown_otherwise(subject, number))
		trail_note(checker, session, TRAIL_SEVERAL);
	if (session_is_current(session, host))
		return 0;
	r = session_follow(checker, number, host);
	if (r == 0 && joins) {
		session_widen(checker, session);
		trail_note(checker, session, TRAIL_SEVERAL);
	}
	return r;
}

int session_follow(struct checker *checker, uint32_t number, const struct host *host)
{
	struct session *session = sessions_at(&checker->sessions, number);
	struct session_detail *detail;
	int r;

	if (session->lost != host->lost) {
		session_lose(checker, session, host->lost - session->lost);
		session->lost = host->lost;
		detail = details_at(&checker->details, number);
		if (detail)
			detail_lose(detail);
		r = views_lose(checker, number, host);
		if (r < 0)
			return r;
		/* no notification of earlier events is still possible */
		if (detail && !(host->drivers && host->drivers->live))
			detail->suspended = false;
	}
	if (session->flags & SESSION_NOTIFIED && host->events) {
		/* what notifications showed is not part of the history from events */
		session->flags &= (uint8_t)~SESSION_NOTIFIED;
		pending_drop_session(checker, number);
		session_widen(checker, session);
		views_forget(checker, number);
	}
	return session_follow_views(checker, number, host);
}

int session_lose_record(struct subject *subject, uint32_t number)
{
	struct checker *checker = subject->checker;
	struct session_detail *detail;
	int r = 0;

	session_widen(checker, subject->session);
	pending_drop_session(checker, number);
	views_forget(checker, number);
	if (subject->host->drivers)
		drivers_forget_sessions(subject->host->drivers);
	detail = details_at(&checker->details, number);
	if (!detail && subject->host->drivers)
		r = details_make(&checker->details, number, &detail);
	if (r < 0)
		return r;
	if (detail) {
		detail_lose(detail);
		detail->suspended = true;
	}
	return 0;
}

void session_remove(struct checker *checker, uint32_t number, struct session_list *list)
{
	pending_drop_session(checker, number);
	views_forget(checker, number);
	details_remove(&checker->details, number);
	sessions_remove(&checker->sessions, number, list);
}

int session_forget(struct checker *checker, uint32_t surplus)
{
	struct session *session = sessions_at(&checker->sessions, surplus);
	int r = pending_end_session(checker, surplus);

	/* it may still exist: then its next event must not be taken for its first */
	if (session->beliefs[0] != belief_of(SESSIONLINT_STATE_TERMINATED)) {
		checker->hosts.hosts[session->scope].unknown = true;
		checker->totals.forgotten++;
	}
	session_close(checker, session);
	session_remove(checker, surplus, NULL);
	return r;
}

int sessions_forget_surplus(struct checker *checker)
{
	uint32_t surplus;
	int r = 0;

	while (r == 0 && (surplus = sessions_surplus(&checker->sessions)) != SESSION_NONE)
		r = session_forget(checker, surplus);
	return r;
}

int session_settle(struct checker *checker, uint32_t number, struct host *host)
{
	struct session *session = sessions_at(&checker->sessions, number);
	bool ended = session->beliefs[0] & belief_of(SESSIONLINT_STATE_TERMINATED);
	int r = 0;

	if (ended && !(session->flags & SESSION_ENDED)) {
		sessions_end(&checker->sessions, number, &host->sessions);
		r = sessions_forget_surplus(checker);
	} else if (!ended && session->flags & SESSION_ENDED) {
		sessions_revive(&checker->sessions, number, &host->sessions);
	}
	return r;
}
