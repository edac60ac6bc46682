/* SPDX-License-Identifier: MIT */
#include "check/checker.h"

#include "trace/time.h"

int checker_init(struct checker *checker, const struct sessionlint_options *options)
{
	int r;

	checker->options = *options;
	for (unsigned source = 0; source < SESSIONLINT_SOURCES; source++)
		model_ladder_tabulate((enum sessionlint_source)source, &checker->ladders[source]);
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

/* ---- hosts ---- */

/* A session of which records may be missing since its last one can be in any state. */
static void session_follow_gaps(struct checker *checker, struct session *session,
				const struct host *host)
{
	if (session->gaps == host->gaps)
		return;
	session->gaps = host->gaps;
	session_widen(checker, session);
}

static int host_end_sessions(struct subject *subject, const char *why)
{
	struct checker *checker = subject->checker;
	struct host *host = subject->host;
	struct subject last = { .checker = checker, .host = host };

	while (host->sessions.first != SESSION_NONE) {
		uint32_t number = host->sessions.first;
		struct session *session = sessions_at(&checker->sessions, number);
		sessionlint_belief belief;
		int r = 0;

		session_follow_gaps(checker, session, host);
		belief = session->beliefs[0];
		if (!(belief & belief_of(SESSIONLINT_STATE_TERMINATED))) {
			last.session = session;
			checker->totals.unfinished++;
			r = report(&last, SESSIONLINT_RULE_UNFINISHED, NO_PARTICULARS, "%s in %s",
				   why, belief_text(checker, belief));
		}
		session_close(checker, session);
		sessions_remove(&checker->sessions, number, &host->sessions);
		if (r < 0)
			return r;
	}
	return 0;
}

/* The host starts: whatever ran there is gone. */
static int host_reboot(struct subject *subject)
{
	struct host *host = subject->host;
	int r = host_end_sessions(subject, "the host starts again while the session is");

	host->generation++;
	host->boot_ordinal++;
	host->busy = false;
	host->unknown = false;
	return r;
}

/* Finds the host of @record; a new one begins as the log does. */
static int host_find(struct checker *checker, const struct record *record, uint32_t *ret_number)
{
	bool label = record->flags & RECORD_HOST_IS_LABEL;
	int r = hosts_find(&checker->hosts, label ? text_of(NULL, 0) : record->host, ret_number);

	if (r == 1) {
		checker->hosts.hosts[*ret_number].unknown = checker->unknown;
		checker->hosts.hosts[*ret_number].boot_ordinal = checker->boots;
	}
	return r < 0 ? r : 0;
}

/* What a host's own numbering and clock say about the record: a new boot, missing records, reversed
 * time. */
static int host_follow(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	int r = 0;

	if (record->flags & RECORD_HOST_IS_LABEL && record_has(record, KEY_HOST)) {
		r = host_set_text(&host->label, record->host);
		if (r < 0)
			return r;
	}
	if (record_has(record, KEY_BOOT)) {
		bool first = host->boot.data == NULL;

		r = host_set_text(&host->boot, record->boot);
		if (r == 1 && (!first || host->busy)) {
			r = host_reboot(subject);
			/* a new value does not say that this is the first record of the boot */
			host->unknown = subject->checker->options.start ==
					SESSIONLINT_START_UNKNOWN;
		}
		if (r < 0)
			return r;
	}
	if (record_has(record, KEY_TIME)) {
		if (host->time != SESSIONLINT_NO_TIME && record->time < host->time) {
			char duration[DURATION_TEXT_SIZE];

			duration_format(host->time - record->time, duration);
			r = report(subject, SESSIONLINT_RULE_TIME_REVERSED, NO_PARTICULARS,
				   "the record is %s older than the one before it", duration);
		}
		host->time = record->time;
	}
	return r < 0 ? r : 0;
}

/* Records of @host are missing: each of its sessions may have done anything. */
static void host_lose(struct host *host)
{
	host->gaps++;
	host->unknown = true;
}

static int host_follow_seq(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	uint64_t before = host->seq;
	bool had = host->has_seq;

	if (!record_has(record, KEY_SEQ))
		return 0;
	host->seq = record->seq;
	host->has_seq = true;
	if (!had || record->seq == before + 1)
		return 0;
	host_lose(host);
	if (record->seq <= before)
		return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
			      "seq goes from %llu back to %llu: the records are not in order",
			      (unsigned long long)before, (unsigned long long)record->seq);
	return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
		      "%llu records are missing: seq goes from %llu to %llu",
		      (unsigned long long)(record->seq - before - 1), (unsigned long long)before,
		      (unsigned long long)record->seq);
}

/* Calls @act for the host that the record names, or for every host if it names none. */
static int for_hosts(struct subject *subject, int (*act)(struct subject *subject))
{
	struct checker *checker = subject->checker;
	bool all = !record_has(subject->record, KEY_HOST) &&
		   !(subject->record->flags & RECORD_HOST_IS_LABEL);
	uint32_t number;
	int r;

	if (!all) {
		r = host_find(checker, subject->record, &number);
		if (r < 0)
			return r;
		subject->host = &checker->hosts.hosts[number];
		return act(subject);
	}
	for (number = 0; number < checker->hosts.count; number++) {
		subject->host = &checker->hosts.hosts[number];
		r = act(subject);
		if (r < 0)
			return r;
	}
	return 0;
}

/* ---- sessions ---- */

/* Finds the session of a record, or begins one. */
static int session_find(struct subject *subject, uint32_t host_number, uint32_t hash,
			uint32_t *ret_number)
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

/* Moves a session that has ended, or begun again, to where it belongs; forgets the oldest that is
 * too many. */
static void session_settle(struct checker *checker, uint32_t number, struct host *host)
{
	struct session *session = sessions_at(&checker->sessions, number);
	bool ended = session->beliefs[0] == belief_of(SESSIONLINT_STATE_TERMINATED);
	uint32_t surplus;

	if (ended == ((session->flags & SESSION_ENDED) != 0))
		return;
	if (!ended) {
		sessions_revive(&checker->sessions, number, &host->sessions);
		return;
	}
	sessions_end(&checker->sessions, number, &host->sessions);
	surplus = sessions_surplus(&checker->sessions);
	if (surplus != SESSION_NONE) {
		session_close(checker, sessions_at(&checker->sessions, surplus));
		sessions_remove(&checker->sessions, surplus, NULL);
	}
}

static int check_session(struct subject *subject, uint32_t host_number, uint32_t hash)
{
	struct checker *checker = subject->checker;
	uint32_t number;
	int r;

	subject->host = &checker->hosts.hosts[host_number];
	r = host_follow(subject);
	if (r == 0)
		r = host_follow_seq(subject);
	if (r < 0)
		return r;
	r = session_find(subject, host_number, hash, &number);
	if (r < 0)
		return r;
	subject->host->busy = true;
	checker->totals.events++;
	switch ((enum record_kind)subject->record->kind) {
	case RECORD_EVENT:
		r = session_event(subject);
		break;
	case RECORD_STATE:
		r = session_state(subject);
		break;
	case RECORD_MARKER:
		r = report(subject, SESSIONLINT_RULE_REPORTED_BY_WINDOWS, NO_PARTICULARS,
			   "Windows reports a failed transition: %.*s",
			   (int)subject->record->reason.size,
			   subject->record->reason.data ? subject->record->reason.data : "");
		subject->session->line = subject->record->line;
		subject->session->offset = subject->record->offset;
		subject->session->time = subject->record->time;
		session_widen(checker, subject->session);
		break;
	case RECORD_MALFORMED:
		break;
	}
	session_settle(checker, number, subject->host);
	return r;
}

/* ---- records that are about the log ---- */

static int marker_boot(struct subject *subject)
{
	bool repeated = subject->record->flags & RECORD_BOOT_REPEATS && !subject->host->busy &&
			subject->host->boot_ordinal > 0;
	int r = host_follow(subject);

	return r < 0 || repeated ? r : host_reboot(subject);
}

static int marker_end(struct subject *subject)
{
	return host_end_sessions(subject, "the capture ends while the session is");
}

static int marker_gap(struct subject *subject)
{
	host_lose(subject->host);
	return 0;
}

static int marker_time(struct subject *subject)
{
	return host_follow(subject);
}

static int report_gap(struct subject *subject)
{
	const struct sessionlint_text reason = subject->record->reason;

	subject->host = NULL;
	return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS, "%.*s",
		      reason.size ? (int)reason.size : 36,
		      reason.size ? reason.data : "the trace says that records are lost");
}

static int check_marker(struct subject *subject)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	bool every = !record_has(record, KEY_HOST) || record->flags & RECORD_HOST_IS_LABEL;
	int r = 0;

	checker->totals.markers += record->marker != MARKER_REMARK;
	switch ((enum record_marker)record->marker) {
	case MARKER_BOOT:
		r = for_hosts(subject, marker_boot);
		if (every) {
			/* hosts that appear from now on began with this boot */
			checker->unknown = false;
			checker->boots++;
		}
		break;
	case MARKER_SHUTDOWN:
		r = for_hosts(subject, marker_time);
		break;
	case MARKER_END:
		r = for_hosts(subject, marker_end);
		break;
	case MARKER_GAP:
		r = report_gap(subject);
		if (r == 0)
			r = for_hosts(subject, marker_gap);
		if (every)
			checker->unknown = true;
		break;
	case MARKER_REMARK:
		r = report_gap(subject);
		break;
	case MARKER_REPORTED:
	case MARKER_NONE:
		break;
	}
	return r;
}

/* Whether a record that cannot be read still says which session it is about. */
static bool names_session(const struct checker *checker, const struct record *record)
{
	const struct hosts *hosts = &checker->hosts;

	return record_has(record, KEY_SESSION) &&
	       (record_has(record, KEY_HOST) || hosts->count == 0 ||
		(hosts->count == 1 && hosts->hosts[0].name.size == 0));
}

/* A record that cannot be read may have been anything: of the session that it still names, or of
 * any. */
static int check_malformed(struct subject *subject)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	uint32_t number, host_number;
	int r;

	checker->totals.unreadable++;
	r = report(subject, SESSIONLINT_RULE_MALFORMED, NO_PARTICULARS, "%.*s",
		   (int)record->reason.size, record->reason.data ? record->reason.data : "");
	if (r < 0)
		return r;
	if (!names_session(checker, record)) {
		checker->unknown = true;
		return for_hosts(subject, marker_gap);
	}
	r = host_find(checker, record, &host_number);
	if (r < 0)
		return r;
	subject->host = &checker->hosts.hosts[host_number];
	r = session_find(subject, host_number,
			 session_hash(host_number, record->session, record->source), &number);
	if (r < 0)
		return r;
	session_widen(checker, subject->session);
	session_settle(checker, number, subject->host);
	return 0;
}

/* ---- batches ---- */

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
	checker->prepared[i].hash = session_hash(checker->prepared[i].host, record->session,
						 record->source);
	sessions_prefetch_slot(&checker->sessions, checker->prepared[i].hash);
	return 0;
}

static int record_check(struct checker *checker, const struct batch *batch, unsigned i)
{
	struct subject subject = { .checker = checker, .record = &batch->records[i] };

	if (is_of_session(subject.record))
		return check_session(&subject, checker->prepared[i].host,
				     checker->prepared[i].hash);
	if (subject.record->kind == RECORD_MARKER)
		return check_marker(&subject);
	return check_malformed(&subject);
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
