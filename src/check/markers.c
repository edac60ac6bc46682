/* SPDX-License-Identifier: MIT */
/* Records about the trace or a host, and malformed records. */
#include "check/markers.h"
#include "base/utf.h"
#include "check/driver/driver.h"
#include "check/driver/pending.h"
#include "check/driver/views.h"
#include "check/finding.h"
#include "check/host.h"
#include "check/log_end.h"
#include "check/session/session.h"

int check_noted(struct subject *subject)
{
	subject->checker->totals.noted++;
	return host_follow(subject);
}

/* Whether the record applies to every host of the log, including those that have no records yet. */
static bool is_for_all(const struct record *record)
{
	return !record_has(record, KEY_HOST) || record->flags & RECORD_HOST_IS_LABEL;
}

/* Ends the sessions of all hosts that have any. */
static int end_all_sessions(struct subject *subject, const char *why)
{
	struct host_states *hosts = &subject->checker->hosts;
	int r = 0;

	for (uint32_t i = 0; i < hosts->busy_count; i++) {
		struct subject one = *subject;
		int ended;

		one.host = &hosts->hosts[hosts->busy[i]];
		ended = host_end_sessions(&one, why);
		r = r < 0 ? r : ended;
	}
	hosts_idle(hosts);
	return r;
}

/* Applies a marker to all hosts with the name of its host, which may be split by drivers with
 * their own counts. */
static int act_on_name(const struct subject *subject, int (*act)(struct subject *one))
{
	struct host_states *hosts = &subject->checker->hosts;
	uint32_t first = subject->place->host, number = first;
	int r;

	do {
		struct subject one = *subject;

		one.host = &hosts->hosts[number];
		host_refresh(one.checker, one.host);
		r = act(&one);
		number = host_next_met(subject->checker, number);
	} while (r == 0 && number != first);
	return r;
}

static int marker_boot(struct subject *subject)
{
	struct checker *checker = subject->checker;
	int r = 0;

	if (!is_for_all(subject->record)) {
		r = act_on_name(subject, host_reboot);
	} else {
		r = end_all_sessions(subject, HOST_STARTS);
		pending_drop_host(checker, NO_HOST);
		checker->boots++;
		checker->lost_before = checker->lost;
		checker->unknown = false;
		checker->shutdown = false;
	}
	if (r == 0 && record_has(subject->record, KEY_BOOT))
		r = text_set(&subject->host->boot, subject->record->boot);
	return r < 0 ? r : 0;
}

static int report_gap(struct subject *subject)
{
	const struct sessionlint_text reason = subject->record->reason;
	struct subject file = { .checker = subject->checker, .record = subject->record };

	if (!utf8_is_visible(reason.data, reason.size))
		return report(&file, SESSIONLINT_RULE_GAP, NO_PARTICULARS,
			      "according to the trace, records are missing");
	return report(&file, SESSIONLINT_RULE_GAP, NO_PARTICULARS, "%.*s", (int)reason.size,
		      reason.data);
}

/* Records of any host may be missing here. */
static void lose_all(struct checker *checker)
{
	hosts_lose(checker, MODEL_LOST_MANY);
	checker->shutdown = false;
}

static int lose_host(struct subject *subject)
{
	uint64_t lost = subject->record->lost ? subject->record->lost : MODEL_LOST_MANY;

	host_lose(subject->checker, subject->host, lost);
	return 0;
}

static int marker_gap(struct subject *subject)
{
	uint64_t lost = subject->record->lost ? subject->record->lost : MODEL_LOST_MANY;

	if (is_for_all(subject->record)) {
		hosts_lose(subject->checker, lost);
		subject->checker->shutdown = false;
	} else {
		act_on_name(subject, lose_host);
	}
	return subject->record->flags & RECORD_REPORTED ? 0 : report_gap(subject);
}

/* Reports a remark that matters even in a log without session records. */
static int marker_leftover(struct subject *subject)
{
	struct notes *notes = &subject->checker->notes;
	bool passing = notes->passing;
	int r;

	notes->passing = true;
	r = report_gap(subject);
	notes->passing = passing;
	return r;
}

static const char capture_ends[] = "the capture ends while the session is";

/* The capture of a host ends: reports missed notifications, and registrations that are left. */
static int end_host(struct subject *subject)
{
	struct checker *checker = subject->checker;
	int r = pending_end(checker, host_number(checker, subject->host), false);

	if (r == 0)
		r = drivers_end(subject, true);
	return r < 0 ? r : host_end_sessions(subject, capture_ends);
}

/* The same for all hosts. */
static int end_all(struct subject *subject)
{
	struct checker *checker = subject->checker;
	struct host_states *hosts = &checker->hosts;
	int r;

	/* no other host has had a driver record since the last end */
	for (uint32_t i = 0; i < hosts->busy_count; i++)
		host_refresh(checker, &hosts->hosts[hosts->busy[i]]);
	r = pending_end(checker, NO_HOST, false);
	for (uint32_t i = 0; r == 0 && i < hosts->busy_count; i++) {
		struct subject one = *subject;

		one.host = &hosts->hosts[hosts->busy[i]];
		r = drivers_end(&one, true);
	}
	return r < 0 ? r : end_all_sessions(subject, capture_ends);
}

/* Drivers are not unloaded at shutdown. */
static int shut_host(struct subject *subject)
{
	subject->host->shutdown = true;
	return 0;
}

static void marker_shutdown(const struct subject *subject)
{
	struct checker *checker = subject->checker;

	if (is_for_all(subject->record)) {
		checker->shutdowns++;
		checker->shutdown = true;
	} else {
		act_on_name(subject, shut_host);
	}
}

/* EventLog 6005 is written at every boot, before or after the kernel's record, but the service
 * can also start without one. The next session record shows which it was. */
static void marker_service(const struct subject *subject)
{
	const struct record *record = subject->record;
	struct host *host = subject->host;
	bool booted = host->boot_ordinal > 0 && !host->busy;

	if (booted || host->service.line)
		return;
	host->service.line = record->line;
	host->service.offset = record->offset;
	host->service.time = record->time;
}

static int set_pointer_size(struct subject *subject)
{
	subject->host->pointer_size = subject->record->pointer_size;
	return 0;
}

static int set_all_pointer_sizes(struct subject *subject)
{
	struct host_states *hosts = &subject->checker->hosts;

	subject->checker->pointer_size = subject->record->pointer_size;
	for (uint32_t i = 0; i < hosts->count; i++)
		hosts->hosts[i].pointer_size = 0;
	return 0;
}

int check_marker(struct subject *subject)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	int r;

	if (record->marker == MARKER_REMARK)
		return report_gap(subject);
	if (record->marker == MARKER_LEFTOVER)
		return marker_leftover(subject);
	checker->totals.markers += !(record->flags & RECORD_REPORTED);
	r = host_follow(subject);
	if (r == 0 && record->pointer_size)
		r = is_for_all(record) ? set_all_pointer_sizes(subject)
				       : act_on_name(subject, set_pointer_size);
	if (r < 0)
		return r;
	switch ((enum record_marker)record->marker) {
	case MARKER_BOOT:
		return marker_boot(subject);
	case MARKER_END:
		return is_for_all(record) ? end_all(subject) : act_on_name(subject, end_host);
	case MARKER_GAP:
		return marker_gap(subject);
	case MARKER_SHUTDOWN:
		marker_shutdown(subject);
		break;
	case MARKER_SERVICE:
		marker_service(subject);
		break;
	case MARKER_REPORTED:
	case MARKER_REMARK:
	case MARKER_LEFTOVER:
	case MARKER_NONE:
		break;
	}
	return 0;
}

/* A malformed record names a session, which may be in any state now. */
static int lose_session(struct subject *subject)
{
	struct checker *checker = subject->checker;
	uint32_t number;
	int r;

	hosts_occupy(&checker->hosts, subject->place->host);
	host_refresh(checker, subject->host);
	host_settle_doubt(checker, subject->host, NULL);
	subject_rehash(subject);
	r = session_find(subject, &number);
	if (r < 0)
		return r;
	r = session_lose_record(subject, number);
	return r < 0 ? r : session_settle(checker, number, subject->host);
}

/* Whether a malformed record may affect more than a session: it may be a marker or a
 * registration, as its kind may be what is malformed. */
static bool is_of_all(const struct record *record)
{
	return record->keys & (KEY_BIT(KEY_MARKER) | KEY_BIT(KEY_CALL) | KEY_BIT(KEY_OBJECT) |
			       KEY_BIT(KEY_REGISTRATION) | KEY_BIT(KEY_MASK) | KEY_BIT(KEY_SIZE) |
			       KEY_BIT(KEY_FLAGS) | KEY_BIT(KEY_DEVICE_SESSION));
}

int check_malformed(struct subject *subject)
{
	struct checker *checker = subject->checker;
	const struct record *record = subject->record;
	struct host *host = subject->host;
	int r;

	/* the finding is about the log, not about the host */
	subject->host = NULL;
	r = unreadable_report(subject);
	subject->host = host;
	/* still use its number, and the boot of the session that it names */
	if (r == 0 && (record_has(record, KEY_SEQ) ||
		       (record_has(record, KEY_BOOT) && record->flags & RECORD_NAMES_SESSION)))
		r = host_follow(subject);
	if (r < 0)
		return r;
	if (record->flags & RECORD_NAMES_SESSION && !is_of_all(record))
		return lose_session(subject);
	lose_all(checker);
	return 0;
}
