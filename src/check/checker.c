/* SPDX-License-Identifier: MIT */
#include "check/checker.h"

int checker_init(struct checker *checker, const struct sessionlint_options *options)
{
	struct model observed;
	int r;

	checker->options = *options;
	for (unsigned source = 0; source < SESSIONLINT_SOURCES; source++)
		model_ladder_tabulate((enum sessionlint_source)source, &checker->ladders[source]);
	/* where nothing is hidden, nothing follows unseen */
	model_tabulate(model_recognizer(SESSIONLINT_SOURCE_WDM, MODEL_OBSERVED), &observed);
	memcpy(checker->targets, observed.image, sizeof checker->targets);
	r = hosts_init(&checker->hosts);
	if (r < 0)
		return r;
	r = sessions_init(&checker->sessions);
	if (r < 0)
		hosts_free(&checker->hosts);
	return r;
}

void checker_free(struct checker *checker)
{
	hosts_free(&checker->hosts);
	sessions_free(&checker->sessions);
	arena_free(&checker->arena);
}

void checker_begin(struct checker *checker, const char *file, bool windows_log)
{
	checker->file = file;
	checker->boots = 0;
	checker->gaps = 0;
	checker->has_seq = false;
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

int session_find(struct subject *subject, uint32_t host_number, uint32_t hash, uint32_t *ret_number)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	struct host *host = subject->host;
	uint32_t number = sessions_find(&checker->sessions, hash, host_number, record->session,
					record->source);
	bool known = number != SESSION_NONE;
	struct session *session;
	int r;

	if (known && sessions_at(&checker->sessions, number)->generation != host->generation) {
		/* one that ended in an earlier boot */
		session_close(checker, sessions_at(&checker->sessions, number));
		sessions_remove(&checker->sessions, number, &host->sessions);
		known = false;
	}
	if (!known) {
		r = sessions_add(&checker->sessions, hash, host_number, record->session,
				 record->source, &host->sessions, &number);
		if (r < 0)
			return r;
		session = sessions_at(&checker->sessions, number);
		session->generation = host->generation;
		session->gaps = host->gaps;
		session_begin(checker, session,
			      host->unknown ? SESSIONLINT_BELIEF_ANY
					    : belief_of(SESSIONLINT_STATE_INITIALIZED));
	}
	session = sessions_at(&checker->sessions, number);
	session_follow_gaps(checker, session, host);
	subject->session = session;
	*ret_number = number;
	return 0;
}

/* Forgets the session that ended first, if more are remembered than the bound allows. */
static void session_forget(struct checker *checker)
{
	uint32_t surplus = sessions_surplus(&checker->sessions);
	struct session *session;

	if (surplus == SESSION_NONE)
		return;
	session = sessions_at(&checker->sessions, surplus);
	/* it may live on unseen: then its next event must not be taken for its first */
	if (session->beliefs[0] != belief_of(SESSIONLINT_STATE_TERMINATED))
		checker->hosts.hosts[session->scope].unknown = true;
	session_close(checker, session);
	sessions_remove(&checker->sessions, surplus, NULL);
}

void session_settle(struct checker *checker, uint32_t number, struct host *host)
{
	struct session *session = sessions_at(&checker->sessions, number);
	bool ended = session->beliefs[0] & belief_of(SESSIONLINT_STATE_TERMINATED);

	if (ended && !(session->flags & SESSION_ENDED)) {
		sessions_end(&checker->sessions, number, &host->sessions);
		/* twice, so that what a peak has left becomes less */
		session_forget(checker);
		session_forget(checker);
	} else if (!ended && session->flags & SESSION_ENDED) {
		sessions_revive(&checker->sessions, number, &host->sessions);
	}
}

/* Windows' own report: what became of the session is not known. */
static int session_reported(struct subject *subject)
{
	const struct record *record = subject->record;
	struct session *session = subject->session;
	int r = report(subject, SESSIONLINT_RULE_REPORTED_BY_WINDOWS, NO_PARTICULARS,
		       "Windows reports a failed transition: %.*s", (int)record->reason.size,
		       record->reason.data ? record->reason.data : "");

	session->line = record->line;
	session->offset = record->offset;
	session->time = record->time;
	session_widen(subject->checker, session);
	return r;
}

static int check_session(struct subject *subject, uint32_t host_number, uint32_t hash)
{
	struct checker *checker = subject->checker;
	uint32_t number;
	int r;

	subject->host = &checker->hosts.hosts[host_number];
	r = host_follow(subject);
	if (r < 0)
		return r;
	hosts_occupy(&checker->hosts, host_number);
	r = session_find(subject, host_number, hash, &number);
	if (r < 0)
		return r;
	checker->totals.events++;
	if (subject->record->kind == RECORD_EVENT)
		r = session_event(subject);
	else if (subject->record->kind == RECORD_STATE)
		r = session_state(subject);
	else
		r = session_reported(subject);
	session_settle(checker, number, subject->host);
	return r;
}

static bool is_of_session(const struct record *record)
{
	return record->kind == RECORD_EVENT || record->kind == RECORD_STATE ||
	       (record->kind == RECORD_MARKER && record->marker == MARKER_REPORTED);
}

/* How many records ahead the slot of a session is asked for, and then the session: the table is
 * larger than any cache, and the records between give memory the time to answer. */
#define SLOT_AHEAD    32U
#define SESSION_AHEAD 16U

/* Finds the host of record @i and asks for the slot of its session. */
static int record_prepare(struct checker *checker, const struct batch *batch, unsigned i)
{
	const struct record *record = &batch->records[i];
	int r;

	if (!is_of_session(record))
		return 0;
	r = host_find(checker, record, &checker->prepared[i].host);
	if (r < 0)
		return r;
	checker->prepared[i].hash = session_hash(&checker->sessions, checker->prepared[i].host,
						 record->session, record->source);
	sessions_prefetch_slot(&checker->sessions, checker->prepared[i].hash);
	return 0;
}

static int record_check(struct checker *checker, const struct batch *batch, unsigned i)
{
	struct subject subject = { .checker = checker, .record = &batch->records[i] };

	if (is_of_session(subject.record))
		return check_session(&subject, checker->prepared[i].host,
				     checker->prepared[i].hash);
	switch ((enum record_kind)subject.record->kind) {
	case RECORD_MARKER:
		return check_marker(&subject);
	case RECORD_MALFORMED:
		return check_malformed(&subject);
	case RECORD_NOTED:
	case RECORD_NOTIFY:
	case RECORD_CALL:
	case RECORD_OBJECT:
		return check_noted(&subject);
	case RECORD_EVENT:
	case RECORD_STATE:
		break;
	}
	return 0;
}

int checker_batch(struct checker *checker, const struct batch *batch)
{
	int r = 0;

	for (unsigned i = 0; r >= 0 && i < batch->count && i < SLOT_AHEAD; i++)
		r = record_prepare(checker, batch, i);
	for (unsigned i = 0; r >= 0 && i < batch->count; i++) {
		unsigned near = i + SESSION_AHEAD, far = i + SLOT_AHEAD;

		if (far < batch->count)
			r = record_prepare(checker, batch, far);
		if (near < batch->count && is_of_session(&batch->records[near]))
			sessions_prefetch_session(&checker->sessions, checker->prepared[near].hash);
		if (r >= 0)
			r = record_check(checker, batch, i);
	}
	return r < 0 ? r : 0;
}

int checker_end(struct checker *checker)
{
	int r = 0;

	for (uint32_t i = 0; r == 0 && i < checker->hosts.count; i++) {
		struct subject subject = { .checker = checker, .host = &checker->hosts.hosts[i] };

		r = host_end_sessions(&subject, "the trace ends while the session is");
	}
	while (checker->sessions.ended.first != SESSION_NONE) {
		session_close(checker,
			      sessions_at(&checker->sessions, checker->sessions.ended.first));
		sessions_remove(&checker->sessions, checker->sessions.ended.first, NULL);
	}
	checker->totals.live_peak = checker->sessions.live_peak;
	sessions_clear(&checker->sessions);
	hosts_clear(&checker->hosts);
	return r;
}
