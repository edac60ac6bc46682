/* SPDX-License-Identifier: MIT */
/* What a host's own records say beyond its sessions: that it started anew, that records are
 * missing, what time it is. */
#include "check/checker.h"
#include "trace/time.h"

/*
 * What concerns every host is counted in the checker; a host learns of it when it is next looked
 * at, so that a marker costs the same however many hosts there are.
 */
static void host_refresh(const struct checker *checker, struct host *host)
{
	if (host->boots_known != checker->boots) {
		host->boot_ordinal += checker->boots - host->boots_known;
		host->boots_known = checker->boots;
		host->generation++;
		host->seq_restarts = true;
		host->unknown = checker->unknown;
	}
	if (host->gaps_known != checker->gaps) {
		host->gaps += checker->gaps - host->gaps_known;
		host->gaps_known = checker->gaps;
		host->unknown |= checker->unknown;
	}
}

int host_find(struct checker *checker, const struct record *record, uint32_t *ret_number)
{
	bool label = record->flags & RECORD_HOST_IS_LABEL;
	int r = hosts_find(&checker->hosts, label ? text_of(NULL, 0) : record->host, ret_number);

	if (r == 1) {
		struct host *host = &checker->hosts.hosts[*ret_number];

		host->unknown = checker->unknown;
		host->boot_ordinal = host->boots_known = checker->boots;
		host->gaps_known = checker->gaps;
	}
	return r < 0 ? r : 0;
}

void session_follow_gaps(struct checker *checker, struct session *session, const struct host *host)
{
	if (session->gaps == host->gaps)
		return;
	session->gaps = host->gaps;
	session_widen(checker, session);
}

int host_end_sessions(struct subject *subject, const char *why)
{
	struct checker *checker = subject->checker;
	struct host *host = subject->host;
	struct subject last = { .checker = checker, .host = host };
	int r = 0;

	host_refresh(checker, host);
	while (host->sessions.first != SESSION_NONE) {
		uint32_t number = host->sessions.first;
		struct session *session = sessions_at(&checker->sessions, number);
		sessionlint_belief belief;

		session_follow_gaps(checker, session, host);
		belief = session->beliefs[0];
		if (r == 0 && !(belief & belief_of(SESSIONLINT_STATE_TERMINATED))) {
			last.session = session;
			checker->totals.unfinished++;
			r = report(&last, SESSIONLINT_RULE_UNFINISHED, NO_PARTICULARS, "%s in %s",
				   why, belief_text(checker, belief));
		}
		session_close(checker, session);
		sessions_remove(&checker->sessions, number, &host->sessions);
	}
	return r;
}

int host_reboot(struct subject *subject)
{
	struct host *host = subject->host;
	int r = host_end_sessions(subject, HOST_STARTS);

	host->generation++;
	host->boot_ordinal++;
	host->busy = false;
	host->unknown = false;
	host->seq_restarts = true;
	return r;
}

/* Whether the record gives the boot another name than the host's records before it. */
static bool boot_changes(const struct host *host, const struct record *record)
{
	return record_has(record, KEY_BOOT) && host->boot.data &&
	       !text_equal(host->boot, record->boot);
}

/*
 * seq counts the records of a host, or those of the trace. What goes on neither with the one nor
 * with the other has lost records.
 */
static int host_follow_seq(struct subject *subject, bool restarts)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	struct host *host = subject->host;
	uint64_t before = host->seq, lost;
	bool goes_on = !host->has_seq || record->seq == before + 1 ||
		       (checker->has_seq && record->seq == checker->seq + 1) ||
		       ((restarts || host->seq_restarts) && record->seq <= before);

	host->seq = checker->seq = record->seq;
	host->has_seq = checker->has_seq = true;
	host->seq_restarts = false;
	if (goes_on)
		return 0;
	host->gaps++;
	host->unknown = true;
	if (record->seq <= before)
		return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
			      "seq goes from %llu back to %llu: the records are not in order",
			      (unsigned long long)before, (unsigned long long)record->seq);
	lost = record->seq - before - 1;
	return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
		      "%llu record%s missing: seq goes from %llu to %llu", (unsigned long long)lost,
		      lost == 1 ? " is" : "s are", (unsigned long long)before,
		      (unsigned long long)record->seq);
}

/* Another name of the boot says that the host started anew; a boot marker says so itself. */
static int host_follow_boot(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	int r = 0;

	if (boot_changes(host, record) && record->marker != MARKER_BOOT) {
		r = host_reboot(subject);
		/* the boot can have begun before this record, unless the capture holds all */
		host->unknown = subject->checker->options.start == SESSIONLINT_START_UNKNOWN;
	}
	if (r == 0 && record_has(record, KEY_BOOT) && record->marker != MARKER_BOOT)
		r = host_set_text(&host->boot, record->boot);
	return r < 0 ? r : 0;
}

static int host_follow_time(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	uint64_t before = host->time;
	char duration[DURATION_TEXT_SIZE];

	host->time = record->time;
	if (before == SESSIONLINT_NO_TIME || record->time >= before)
		return 0;
	duration_format(before - record->time, duration);
	return report(subject, SESSIONLINT_RULE_TIME_REVERSED, NO_PARTICULARS,
		      "the record is %s older than the one before it", duration);
}

int host_follow(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	int r = 0;

	host_refresh(subject->checker, host);
	if (record->flags & RECORD_HOST_IS_LABEL && record_has(record, KEY_HOST)) {
		r = host_set_text(&host->label, record->host);
		if (r < 0)
			return r;
	}
	r = 0; /* that the label is new is no news to anybody */
	if (record_has(record, KEY_SEQ))
		r = host_follow_seq(subject,
				    boot_changes(host, record) || record->marker == MARKER_BOOT);
	if (r == 0 && record_has(record, KEY_BOOT))
		r = host_follow_boot(subject);
	if (r == 0 && record_has(record, KEY_TIME))
		r = host_follow_time(subject);
	return r;
}
