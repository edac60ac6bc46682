/* SPDX-License-Identifier: MIT */
#include "check/checker.h"
#include "check/annotations.h"
#include "check/driver/agreement.h"
#include "check/driver/driver.h"
#include "check/driver/local_session.h"
#include "check/driver/pending.h"
#include "check/driver/views.h"
#include "check/finding.h"
#include "check/host.h"
#include "check/log_end.h"
#include "check/markers.h"
#include "check/session/series.h"
#include "check/session/session.h"
#include "check/session/trail.h"

#include <stdlib.h>

/* During shutdown Windows writes adjacent records in the wrong order, less than a second apart. */
#define WINDOWS_JITTER 10000000U

void checker_tabulate(struct checker *checker)
{
	const enum sessionlint_severity *severities = checker->options.severities;
	/* no error if an unseen end makes the published table explain the trace */
	bool strict = severities[SESSIONLINT_RULE_UNDOCUMENTED_TRANSITION] ==
			      SESSIONLINT_SEVERITY_ERROR &&
		      severities[SESSIONLINT_RULE_IMPLIED_TERMINATION] < SESSIONLINT_SEVERITY_ERROR;

	for (unsigned source = 0; source < SOURCE_COUNT; source++)
		model_ladder_tabulate((enum sessionlint_source)source, strict,
				      &checker->ladders[source]);
}

int checker_init(struct checker *checker, const struct run_options *options, struct hosts *names)
{
	struct model observed;

	checker->options = *options;
	checker->names = names;
	/* if nothing is hidden, nothing can follow unseen */
	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED), &observed);
	memcpy(checker->targets, observed.image, sizeof checker->targets);
	for (unsigned event = SESSIONLINT_EVENT_CREATED; event < MODEL_EVENTS; event++)
		for (unsigned state = 1; state <= MODEL_STATES; state++)
			checker->arcs[event][state - 1] = observed.next[event][belief_of(state)];
	registration_tabulate(&checker->registration);
	suppressions_init(&checker->suppressions);
	return sessions_init(&checker->sessions);
}

void checker_free(struct checker *checker)
{
	host_states_free(&checker->hosts);
	sessions_free(&checker->sessions);
	details_free(&checker->details);
	trails_free(&checker->trails);
	for (unsigned mask = 0; mask < PROJECTION_MASKS; mask++)
		free(checker->masked[mask]);
	agreement_search_free(checker->search);
	suppressions_free(&checker->suppressions);
	log_files_free(&checker->files);
	notes_free(&checker->notes);
	arena_free(&checker->arena);
}

void checker_begin(struct checker *checker, const char *file, bool windows_log)
{
	checker->file = file;
	checker->jitter = windows_log ? WINDOWS_JITTER : 0;
	notes_begin(&checker->notes, windows_log);
	checker->windows_log = windows_log;
	checker->boots = 0;
	checker->pointer_size = 0;
	checker->lost = checker->lost_before = 0;
	checker->shutdowns = 0;
	checker->shutdown = false;
	unreadable_begin(checker);
	checker->stopped = 0;
	switch (checker->options.start) {
	case SESSIONLINT_START_AUTO:
		checker->unknown = windows_log;
		break;
	case SESSIONLINT_START_INITIALIZED:
		checker->unknown = false;
		break;
	case SESSIONLINT_START_UNKNOWN:
		checker->unknown = true;
		break;
	}
}

/*
 * ---- records of sessions ----
 *
 * Nearly all records. They are checked here so that the compiler inlines this into the loop.
 */

/* A summary by Windows: what happened to the session is unknown. */
static int session_reported(struct subject *subject, uint32_t number)
{
	struct session_detail *detail = details_at(&subject->checker->details, number);
	const struct record *record = subject->record;
	struct session *session = subject->session;
	int r = report(subject, SESSIONLINT_RULE_REPORTED_BY_WINDOWS, NO_PARTICULARS,
		       "Windows reports a failed transition: %.*s", (int)record->reason.size,
		       record->reason.data ? record->reason.data : "");

	session_meet(subject);
	session_widen(subject->checker, session);
	if (detail)
		detail_lose(detail);
	return r;
}

/* Whether records of @source name the logged-on user. */
static bool names_users(unsigned source)
{
	const unsigned sources = 1U << SESSIONLINT_SOURCE_SENS | 1U << SESSIONLINT_SOURCE_LSM |
				 1U << SESSIONLINT_SOURCE_WINLOGON |
				 1U << SESSIONLINT_SOURCE_PROFILE |
				 1U << SESSIONLINT_SOURCE_ACCOUNT;

	return sources >> source & 1;
}

/* Checks an event, its user, and drivers' notifications of it. */
static int check_event(struct subject *subject, uint32_t number)
{
	const struct record *record = subject->record;
	int r = session_event(subject);

	if (r == 0 &&
	    (record->user.size || record->address.size || subject->checker->details.capacity))
		r = check_user(subject, number, names_users(record->source));
	if (r == 0 && (record->contract || subject->checker->details.capacity) &&
	    record->source == SESSIONLINT_SOURCE_WDM)
		r = local_follow(subject, number);
	if (r == 0 && subject->host->drivers && record->source == SESSIONLINT_SOURCE_WDM)
		r = pending_expect(subject, number);
	if (r == 0 && record->contract && record->event < SESSIONLINT_EVENT_MAX)
		r = check_payload(subject, subject->checker->targets[record->event] &
						   subject->session->beliefs[TOLERANCE_COUNT - 1]);
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
	int r;

	if (subject->record->kind == RECORD_EVENT)
		r = check_event(subject, number);
	else if (subject->record->kind == RECORD_STATE)
		r = check_state(subject, number);
	else
		r = session_reported(subject, number);
	if (subject->checker->options.trail)
		trail_record(subject->checker, number, subject->record);
	return r;
}

/* What a late record shows is not valid before it, nor after it. */
static int check_out_of_place(struct subject *subject, uint32_t number)
{
	int r = session_lose_record(subject, number);

	if (r >= 0)
		r = check_in_place(subject, number);
	return r < 0 ? r : session_lose_record(subject, number);
}

__attribute__((always_inline)) static inline int check_session(struct subject *subject)
{
	struct checker *checker = subject->checker;
	uint32_t host = subject->place->host;
	struct drivers *drivers;
	uint32_t number;
	int r, settled;

	r = host_follow(subject);
	if (r == 0 && subject->host->service.line)
		r = host_follow_service(subject);
	if (r < 0)
		return r;
	hosts_occupy(&checker->hosts, host);
	if (subject->host->drivers)
		host_settle_doubt(checker, subject->host, NULL);
	if (subject->record->kind == RECORD_EVENT &&
	    subject->record->source == SESSIONLINT_SOURCE_WDM)
		subject->host->events = true;
	/* a sample taken by a driver is not everything that happened to the session */
	if (subject->record->kind == RECORD_STATE && subject->record->contract &&
	    subject->record->source == SESSIONLINT_SOURCE_WDM) {
		r = host_drivers(subject->host, &drivers);
		if (r < 0)
			return r;
	}
	r = session_find(subject, &number);
	if (r < 0)
		return r;
	checker->totals.events++;
	if (subject->place->sequel == SEQUEL_UNTIMELY)
		r = check_out_of_place(subject, number);
	else
		r = check_in_place(subject, number);
	settled = session_settle(checker, number, subject->host);
	return r < 0 ? r : settled;
}

/* ---- batches ---- */

/* How many records ahead the slot of a session is prefetched, and then the session: the table is
 * larger than any cache, and checking the records between hides the latency of memory. */
#define SLOT_AHEAD    32U
#define SESSION_AHEAD 16U

/* Session hashes of the next records, by index in the batch. */
struct ahead {
	uint32_t hashes[SLOT_AHEAD];
};

/* Adds the host of record @i if it is new, and prefetches the slot of its session. */
static inline int record_prepare(struct checker *checker, const struct batch *batch, unsigned i,
				 struct ahead *ahead)
{
	const struct record *record = &batch->records[i];
	uint32_t host = batch->places[i].host, hash;

	if (host != NO_HOST && host >= checker->hosts.count) {
		int r = hosts_meet(checker, host);

		if (r < 0)
			return r;
	}
	if (!record_is_of_session(record))
		return 0;
	hash = session_hash(&checker->sessions, host, record->session, record->source);
	ahead->hashes[i % SLOT_AHEAD] = hash;
	sessions_prefetch_slot(&checker->sessions, hash);
	return 0;
}

/* Prefetches a session, and its trail. */
static inline void session_prefetch(const struct checker *checker, uint32_t hash)
{
	uint32_t number = sessions_prefetch_session(&checker->sessions, hash);

	if (checker->options.trail)
		trails_prefetch(&checker->trails, number);
}

/* How to check a record, by kind. Its host has been looked up, if it has one. */
static int (*const dispatch[])(struct subject *subject) = {
	[RECORD_EVENT] = check_session,
	[RECORD_STATE] = check_session,
	[RECORD_NOTIFY] = check_notification,
	[RECORD_MARKER] = check_marker,
	[RECORD_MALFORMED] = check_malformed,
	[RECORD_NOTED] = check_noted,
	[RECORD_CALL] = check_call,
	[RECORD_OBJECT] = check_object,
	[RECORD_ANNOTATION] = check_annotation,
};

static int record_check(struct checker *checker, const struct record *record,
			const struct record_place *place, uint32_t hash)
{
	struct subject subject = {
		.checker = checker,
		.record = record,
		.place = place,
		.hash = hash,
		.host = place->host == NO_HOST ? NULL : &checker->hosts.hosts[place->host],
	};
	int r = 0;

	if (record->allowance)
		r = suppressions_add(&checker->suppressions, record);
	if (r == 0 && !checker->notes.passing && record_is_of_session(record))
		r = notes_release(checker);
	if (r < 0)
		return r;
	/* nearly all records, inlined into the loop; and the summary by Windows */
	if (record->kind == RECORD_EVENT ||
	    (record->kind == RECORD_MARKER && record->marker == MARKER_REPORTED))
		return check_session(&subject);
	return dispatch[record->kind](&subject);
}

/* Judges a series. Nearly all of its events simply follow; the others are judged as records. */
static int checker_series(struct checker *checker, const struct series *series)
{
	const struct record_place place = { .host = series->host };
	struct series_progress progress;
	struct record record;
	int r = hosts_meet(checker, series->host);

	progress.next = progress.hashed = progress.found = 0;

	while (r >= 0) {
		r = series_follow(checker, series, &progress);
		if (r < 0 || progress.next == series->count)
			break;
		series_record(series, progress.next, &record);
		r = record_check(checker, &record, &place,
				 session_hash(&checker->sessions, series->host, record.session,
					      record.source));
		progress.next++;
	}
	return r < 0 ? r : 0;
}

int checker_batch(struct checker *checker, const struct batch *batch)
{
	struct ahead ahead;
	int r = 0;

	if (batch_is_series(batch))
		return checker_series(checker, &batch->series);
	for (unsigned i = 0; r >= 0 && i < batch->count && i < SLOT_AHEAD; i++)
		r = record_prepare(checker, batch, i, &ahead);
	for (unsigned i = 0; r >= 0 && i < batch->count; i++) {
		unsigned near = i + SESSION_AHEAD, far = i + SLOT_AHEAD;
		uint32_t hash = ahead.hashes[i % SLOT_AHEAD];

		if (far < batch->count)
			r = record_prepare(checker, batch, far, &ahead);
		if (near < batch->count && record_is_of_session(&batch->records[near]))
			session_prefetch(checker, ahead.hashes[near % SLOT_AHEAD]);
		if (r >= 0)
			r = record_check(checker, &batch->records[i], &batch->places[i], hash);
	}
	return r < 0 ? r : 0;
}

int checker_end(struct checker *checker)
{
	int r, ended;

	checker->sessions.closing = true;
	for (uint32_t i = 0; i < checker->hosts.count; i++)
		host_refresh(checker, &checker->hosts.hosts[i]);
	r = pending_end(checker, NO_HOST, true);
	for (uint32_t i = 0; r == 0 && i < checker->hosts.count; i++) {
		struct subject subject = { .checker = checker, .host = &checker->hosts.hosts[i] };

		r = drivers_end(&subject, false);
	}
	for (uint32_t i = 0; r == 0 && i < checker->hosts.count; i++) {
		struct subject subject = { .checker = checker, .host = &checker->hosts.hosts[i] };

		r = host_end_sessions(&subject, "the trace ends while the session is");
	}
	ended = unreadable_end(checker);
	r = r < 0 ? r : ended;
	ended = suppressions_end(checker);
	while (checker->sessions.ended.first != SESSION_NONE) {
		session_close(checker,
			      sessions_at(&checker->sessions, checker->sessions.ended.first));
		session_remove(checker, checker->sessions.ended.first, NULL);
	}
	/* left over if the caller ended the run */
	for (uint32_t i = 0; i < checker->hosts.count; i++) {
		pending_drop_host(checker, i);
		agreements_drop(checker, &checker->hosts.hosts[i]);
	}
	details_free(&checker->details);
	checker->totals.live_peak = checker->sessions.live_peak;
	sessions_clear(&checker->sessions);
	host_states_clear(&checker->hosts);
	return r < 0 ? r : ended;
}
