/* SPDX-License-Identifier: MIT */
/* What a host's records show apart from its sessions: boots, missing records, times. */
#include "check/host.h"
#include "base/fold.h"
#include "check/driver/agreement.h"
#include "check/driver/driver.h"
#include "check/driver/pending.h"
#include "check/driver/views.h"
#include "check/finding.h"
#include "check/session/session.h"
#include "trace/time.h"

/* Forgets what drivers registered, which is @unknown or nothing from now on, and drops their
 * pending notifications. */
static void host_forget_drivers(struct checker *checker, struct host *host, bool unknown)
{
	/* the host may have booted since */
	host->shutdown = false;
	if (!host->drivers)
		return;
	pending_drop_host(checker, host_number(checker, host));
	agreements_drop(checker, host);
	drivers_clear(host->drivers);
	host->drivers->unknown = unknown;
	host->drivers->intricate = false;
}

/*
 * A record is lost. A single live registration may have been ended by it, or not: the next
 * notification of its driver shows which. With more lost records, or several registrations, nothing
 * is certain.
 */
static void host_doubt_drivers(struct checker *checker, struct host *host, uint64_t count)
{
	struct drivers *drivers = host->drivers;
	/* not every reader of a certificate follows which of several is left */
	bool several = count == 1 && drivers && drivers->serials > 1;

	if (count != 1 || !drivers || drivers->live != 1 || drivers->in_doubt || host->events ||
	    drivers_call_runs(drivers) || pending_any(host)) {
		host_forget_drivers(checker, host, true);
		if (several)
			drivers->intricate = true;
		return;
	}
	drivers->intricate |= several;
	host->shutdown = false;
	/* or the lost record registered another object */
	drivers_forget_idle(drivers);
	drivers_forget_sessions(drivers);
	drivers->in_doubt = true;
	drivers->unknown = true;
}

void host_settle_doubt(struct checker *checker, struct host *host, const struct io_object *object)
{
	if (!host->drivers || !host->drivers->in_doubt)
		return;
	if (object && object->registrations) {
		host->drivers->in_doubt = false;
	} else {
		host_forget_drivers(checker, host, true);
	}
}

int host_drivers(struct host *host, struct drivers **ret_drivers)
{
	if (!host->drivers) {
		int r = drivers_new(&host->drivers);

		if (r < 0)
			return r;
		host->drivers->unknown = host_lost(host) > 0;
	}
	*ret_drivers = host->drivers;
	return 0;
}

/* Caps the number, above which nothing changes, so that the sum cannot overflow. */
static uint32_t lost_weight(uint64_t count)
{
	return count < MODEL_LOST_MANY ? (uint32_t)count : MODEL_LOST_MANY;
}

/* Sessions that appear from now on may be from lost records. */
static void host_add_lost(struct host *host, uint32_t weight)
{
	host->lost += weight;
	host->unknown |= host->lost - host->lost_before >= MODEL_LOST_MANY;
}

void host_lose(struct checker *checker, struct host *host, uint64_t count)
{
	host_add_lost(host, lost_weight(count));
	host_doubt_drivers(checker, host, count);
}

void hosts_lose(struct checker *checker, uint64_t count)
{
	/* the other ones are handled host by host */
	pending_drop_required(checker);
	checker->lost += lost_weight(count);
	checker->unknown |= checker->lost - checker->lost_before >= MODEL_LOST_MANY;
}

/* What affects every host is counted in the checker. A host catches up when it is used next, so
 * the cost of a marker does not depend on the number of hosts. Not inlined: rarely called. */
__attribute__((noinline)) static void host_catch_up(struct checker *checker, struct host *host)
{
	if (host->boots_known != checker->boots) {
		host->boot_ordinal += checker->boots - host->boots_known;
		host->boots_known = checker->boots;
		host->generation++;
		/* losses before the boots belong to earlier boots; those after are added later */
		host->lost += checker->lost_before - host->lost_known;
		host->lost_before = host->lost;
		host->lost_known = checker->lost_before;
		host->unknown = checker->unknown;
		host->service.line = 0;
		host_forget_drivers(checker, host, host->unknown);
	}
	if (host->lost_known != checker->lost) {
		uint32_t count = checker->lost - host->lost_known;

		host_add_lost(host, count);
		host->lost_known = checker->lost;
		host_doubt_drivers(checker, host, count);
	}
	if (host->shutdowns_known != checker->shutdowns) {
		host->shutdowns_known = checker->shutdowns;
		host->shutdown = checker->shutdown;
	}
}

void host_refresh(struct checker *checker, struct host *host)
{
	if (host->boots_known != checker->boots || host->lost_known != checker->lost ||
	    host->shutdowns_known != checker->shutdowns)
		host_catch_up(checker, host);
}

/* A host that was split off starts with the state of the old host. */
static int host_inherit(const struct host *old, struct host *host)
{
	host->inherited = host->unknown || old->lost > old->lost_before || old->boot.data;
	host->lost = old->lost;
	host->lost_before = old->lost_before;
	host->boot_lost = old->boot_lost;
	host->lost_known = old->lost_known;
	host->unknown |= old->unknown;
	host->boot_ordinal = old->boot_ordinal;
	host->boots_known = old->boots_known;
	host->shutdowns_known = old->shutdowns_known;
	host->shutdown = old->shutdown;
	return old->boot.data ? text_own(old->boot, &host->boot) : 0;
}

int hosts_meet(struct checker *checker, uint32_t number)
{
	struct host_states *hosts = &checker->hosts;
	int r = 0;

	while (r >= 0 && hosts->count <= number) {
		const struct host_name *name = &checker->names->hosts[hosts->count];
		struct host *host;

		r = host_states_add(hosts, name->name);
		if (r < 0)
			break;
		host = &hosts->hosts[hosts->count - 1];
		if (name->arrivals.split_off) {
			host->unknown = name->arrivals.was_mixed;
			r = host_inherit(&hosts->hosts[name->arrivals.split_from], host);
			continue;
		}
		host->unknown = checker->unknown;
		host->boot_ordinal = host->boots_known = checker->boots;
		host->lost = checker->lost - checker->lost_before;
		host->lost_known = checker->lost;
		host->shutdowns_known = checker->shutdowns;
		host->shutdown = checker->shutdown;
	}
	return r;
}

uint32_t host_next_met(const struct checker *checker, uint32_t number)
{
	do
		number = host_next_of_name(checker->names, number);
	while (number >= checker->hosts.count);
	return number;
}

int hosts_follow_split(struct checker *checker, uint32_t number, bool mixed)
{
	const struct hosts *names = checker->names;
	int r = hosts_meet(checker, number);

	for (uint32_t other = host_next_of_name(names, number); r >= 0 && other != number;
	     other = host_next_of_name(names, other))
		r = hosts_meet(checker, other);
	if (r >= 0 && mixed)
		host_lose(checker, &checker->hosts.hosts[number], RECORDS_UNCOUNTED);
	return r;
}

static int report_unfinished(struct subject *subject, const char *why, sessionlint_belief belief)
{
	struct checker *checker = subject->checker;

	/* which is costly to say for a million sessions */
	if (checker->options.severities[SESSIONLINT_RULE_UNFINISHED] == SESSIONLINT_SEVERITY_OFF)
		return checker->stopped;
	return report(subject, SESSIONLINT_RULE_UNFINISHED, NO_PARTICULARS, "%s in %s", why,
		      belief_text(checker, belief));
}

int host_end_sessions(struct subject *subject, const char *why)
{
	struct checker *checker = subject->checker;
	struct host *host = subject->host;
	struct subject last = { .checker = checker, .host = host };
	int r = 0, forgotten = 0;

	host_refresh(checker, host);
	host_settle_doubt(checker, host, NULL);
	if (host->drivers)
		r = agreements_end(subject, false);
	while (host->sessions.first != SESSION_NONE) {
		uint32_t number = host->sessions.first;
		struct session *session = sessions_at(&checker->sessions, number);
		sessionlint_belief belief;
		int followed;

		followed = session_follow(checker, number, host);
		r = r < 0 ? r : followed;
		belief = session->beliefs[0];
		/* a session without records is known from a notification that was too early */
		if (r == 0 && session->line &&
		    !(belief & belief_of(SESSIONLINT_STATE_TERMINATED))) {
			last.session = session;
			checker->totals.unfinished++;
			r = report_unfinished(&last, why, belief);
		}
		session_close(checker, session);
		session_remove(checker, number, &host->sessions);
	}
	/* sessions that ended before are of an earlier boot too */
	host->generation++;
	/* with fewer that live, fewer of them are remembered */
	if (!checker->sessions.closing)
		forgotten = sessions_forget_surplus(checker);
	return r < 0 ? r : forgotten;
}

int host_reboot(struct subject *subject)
{
	struct host *host = subject->host;
	int r = host_end_sessions(subject, HOST_STARTS);

	host_forget_drivers(subject->checker, host, false);
	host->boot_ordinal++;
	host->busy = false;
	host->service.line = 0;
	host->unknown = false;
	host->lost_before = host->lost;
	return r;
}

/* Whether the record names another boot than the host's previous records. */
static bool boot_changes(const struct host *host, const struct record *record)
{
	return record_has(record, KEY_BOOT) && host->boot.data &&
	       !text_equal(host->boot, record->boot);
}

/* Handles losses that seq shows. A late record is old: what is known from other records is not
 * valid at it, nor the reverse. */
static void host_follow_losses(struct subject *subject)
{
	struct checker *checker = subject->checker;
	const struct record_place *place = subject->place;
	struct host *hosts = checker->hosts.hosts;

	if (place->lost_of_all) {
		hosts_lose(checker, place->lost);
		host_refresh(checker, subject->host);
		return;
	}
	host_lose(checker, subject->host, place->lost);
	/* a record without a driver can be of any host of that name */
	if (record_driver(subject->record).size)
		return;
	for (uint32_t i = host_next_met(checker, place->host); i != place->host;
	     i = host_next_met(checker, i)) {
		host_refresh(checker, &hosts[i]);
		host_lose(checker, &hosts[i], place->lost);
	}
}

/* The record belongs before others that were already checked. */
static int host_follow_late(struct subject *subject)
{
	const struct record *record = subject->record;
	char duration[DURATION_TEXT_SIZE];

	if (record->kind != RECORD_EVENT && record->kind != RECORD_STATE)
		host_follow_losses(subject);
	duration_format(subject->checker->options.reorder, duration);
	return report(subject, SESSIONLINT_RULE_LATE, NO_PARTICULARS,
		      "the record comes too late: later ones have already been judged, after %s",
		      duration);
}

static int host_follow_seq(struct subject *subject)
{
	const struct record *record = subject->record;
	unsigned long long before = subject->place->seq_before, seq = record->seq;
	/* a 32-bit count may have wrapped */
	unsigned long long lost = seq > before ? seq - before - 1 : (uint32_t)(seq - before - 1);

	host_follow_losses(subject);
	switch ((enum record_sequel)subject->place->sequel) {
	case SEQUEL_NEXT:
	case SEQUEL_DOUBTFUL:
	case SEQUEL_AFTER_LATE:
	case SEQUEL_UNTIMELY:
		break;
	case SEQUEL_BEGINS:
		return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
			      "records are missing: the first seq is %llu", seq);
	case SEQUEL_MISSING:
		return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
			      "%llu record%s missing: seq goes from %llu to %llu", lost,
			      lost == 1 ? " is" : "s are", before, seq);
	case SEQUEL_LATE:
		if (seq == before)
			return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
				      "seq %llu is repeated in a different record", seq);
		return report(subject, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
			      "seq goes from %llu back to %llu: the record comes too late", before,
			      seq);
	}
	return 0;
}

/* A new name of the boot is the same as a boot marker. */
static int host_follow_boot(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	int r = 0;

	if (boot_changes(host, record) && record->marker != MARKER_BOOT) {
		r = host_reboot(subject);
		/* the first records of the boot may be among the lost ones */
		host->lost_before = host->boot_lost;
		host_add_lost(host, 0);
		if (host->drivers)
			host->drivers->unknown = host_lost(host) > 0;
	}
	host->boot_lost = host->lost;
	if (r == 0 && record_has(record, KEY_BOOT) && record->marker != MARKER_BOOT)
		r = text_set(&host->boot, record->boot);
	return r < 0 ? r : 0;
}

int host_follow_service(struct subject *subject)
{
	struct host *host = subject->host;
	const struct place place = { host->service.line, host->service.offset, host->service.time,
				     SESSIONLINT_NO_EVENT };
	struct particulars particulars = NO_PARTICULARS;
	bool known = host->busy || !host->unknown;

	host->service.line = 0;
	if (!known)
		return 0;
	host_lose(subject->checker, host, MODEL_LOST_MANY);
	particulars.place = &place;
	return report(subject, SESSIONLINT_RULE_GAP, particulars,
		      "the Event Log service started without a boot: records may be missing");
}

__attribute__((noinline)) static int report_reversed(struct subject *subject, uint64_t by)
{
	char duration[DURATION_TEXT_SIZE];

	duration_format(by, duration);
	return report(subject, SESSIONLINT_RULE_TIME_REVERSED, NO_PARTICULARS,
		      "the record is %s older than the one before it", duration);
}

/* Whether the record is of a log of Windows that knows no boots. When the clock was set is reported
 * where they are: in the log of the session manager and in the System log. */
static bool is_without_boots(const struct subject *subject)
{
	const unsigned sources = 1U << SESSIONLINT_SOURCE_WINLOGON_OPERATIONAL |
				 1U << SESSIONLINT_SOURCE_PROFILE | 1U << SESSIONLINT_SOURCE_RDP;

	return subject->checker->windows_log && sources >> subject->record->source & 1;
}

static int host_follow_time(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	uint64_t before = host->time;

	if (before == SESSIONLINT_NO_TIME || record->time >= before) {
		host->time = record->time;
		return 0;
	}
	if (before - record->time < subject->checker->jitter)
		return 0;
	host->time = record->time;
	return is_without_boots(subject) ? 0 : report_reversed(subject, before - record->time);
}

/* Handles what most records lack: a new label, a place in a count, a boot. */
__attribute__((noinline)) static int host_follow_marks(struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	int r;

	if (record->flags & RECORD_HOST_IS_LABEL && record_has(record, KEY_HOST) &&
	    !text_alike(host->label, record->host)) {
		r = text_set(&host->label, record->host);
		if (r < 0)
			return r;
	}
	r = 0; /* returns 1 for a new label, which does not matter here */
	if (subject->place->sequel == SEQUEL_UNTIMELY)
		r = host_follow_late(subject);
	else if (subject->place->sequel != SEQUEL_NEXT)
		r = host_follow_seq(subject);
	if (r == 0 && record_has(record, KEY_BOOT))
		r = host_follow_boot(subject);
	if (record->pointer_size)
		host->pointer_size = record->pointer_size;
	return r;
}

int host_follow(struct subject *subject)
{
	const struct record *record = subject->record;
	int r = 0;

	host_refresh(subject->checker, subject->host);
	if (subject->place->sequel != SEQUEL_NEXT || record->flags & RECORD_HOST_IS_LABEL ||
	    record_has(record, KEY_BOOT) || record->pointer_size)
		r = host_follow_marks(subject);
	/* a record known to be late does not mean that a clock was set back */
	if (r == 0 && record_has(record, KEY_TIME) && subject->place->sequel != SEQUEL_UNTIMELY)
		r = host_follow_time(subject);
	return r;
}
