/* SPDX-License-Identifier: MIT */
/* Records of sessions: events and samples. */
#include "check/local.h"
#include "check/pending.h"
#include "check/views.h"

/* Windows' own report: what became of the session is not known. */
static int session_reported(struct subject *subject, uint32_t number)
{
	struct session_detail *detail = details_at(&subject->checker->details, number);
	const struct record *record = subject->record;
	struct session *session = subject->session;
	int r = report(subject, SESSIONLINT_RULE_REPORTED_BY_WINDOWS, NO_PARTICULARS,
		       "Windows reports a failed transition: %.*s", (int)record->reason.size,
		       record->reason.data ? record->reason.data : "");

	session->line = record->line;
	session->offset = record->offset & SESSION_OFFSET_MAX;
	session->time = record->time;
	session_widen(subject->checker, session);
	if (detail)
		detail_lose(detail);
	return r;
}

/* Whether what @source records names who is logged on. */
static bool names_users(unsigned source)
{
	const unsigned sources = 1U << SESSIONLINT_SOURCE_SENS | 1U << SESSIONLINT_SOURCE_LSM |
				 1U << SESSIONLINT_SOURCE_WINLOGON;

	return sources >> source & 1;
}

/* An event, and what depends on it: drivers are to be notified of it, and its user must be the
 * session's.
 */
static int check_event(struct subject *subject, uint32_t number)
{
	const struct record *record = subject->record;
	int r = session_event(subject);

	if (r == 0 && names_users(record->source))
		r = check_user(subject, number);
	if (r == 0 && (record->contract || subject->checker->details.capacity) &&
	    record->source == SESSIONLINT_SOURCE_WDM)
		r = local_follow(subject, number);
	if (r == 0 && subject->host->drivers && record->source == SESSIONLINT_SOURCE_WDM)
		r = pending_expect(subject, number);
	if (r == 0 && record->contract && record->event < SESSIONLINT_EVENT_MAX)
		r = check_payload(subject,
				  subject->checker->targets[record->event] &
					  subject->session->beliefs[SESSIONLINT_TOLERANCES - 1]);
	return r;
}

static int check_state(struct subject *subject, uint32_t number)
{
	bool notified = subject->session->flags & SESSION_NOTIFIED;
	bool valid;
	int r = notified ? session_sample(subject, number) : session_state(subject);

	if (r < 0 || !record_has(subject->record, KEY_LOCAL))
		return r;
	r = check_local(subject, &valid);
	if (r < 0 || !valid || subject->record->source != SESSIONLINT_SOURCE_WDM)
		return r;
	return notified ? session_sample_local(subject, number) : local_sample(subject, number);
}

static inline int check_in_place(struct subject *subject, uint32_t number)
{
	if (subject->record->kind == RECORD_EVENT)
		return check_event(subject, number);
	if (subject->record->kind == RECORD_STATE)
		return check_state(subject, number);
	return session_reported(subject, number);
}

/* What a late record shows holds neither before it nor after it. */
static int check_out_of_place(struct subject *subject, uint32_t number)
{
	int r = session_lose_record(subject, number);

	if (r >= 0)
		r = check_in_place(subject, number);
	return r < 0 ? r : session_lose_record(subject, number);
}

int check_session(struct subject *subject, uint32_t host_number, uint32_t hash)
{
	struct checker *checker = subject->checker;
	struct drivers *drivers;
	uint32_t number;
	int r, settled;

	subject->host = &checker->hosts.hosts[host_number];
	r = host_follow(subject);
	if (r == 0 && subject->host->service.line)
		r = host_follow_service(subject);
	if (r < 0)
		return r;
	hosts_occupy(&checker->hosts, host_number);
	if (subject->host->drivers)
		host_settle_doubt(checker, subject->host, NULL);
	if (subject->record->kind == RECORD_EVENT &&
	    subject->record->source == SESSIONLINT_SOURCE_WDM)
		subject->host->events = true;
	/* a sample that a driver took is not all that happened to the session */
	if (subject->record->kind == RECORD_STATE && subject->record->contract &&
	    subject->record->source == SESSIONLINT_SOURCE_WDM) {
		r = host_drivers(subject->host, &drivers);
		if (r < 0)
			return r;
	}
	r = session_find(subject, host_number, hash, &number);
	if (r < 0)
		return r;
	checker->totals.events++;
	if (subject->record->sequel == SEQUEL_UNTIMELY)
		r = check_out_of_place(subject, number);
	else
		r = check_in_place(subject, number);
	settled = session_settle(checker, number, subject->host);
	return r < 0 ? r : settled;
}
