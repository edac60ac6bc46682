/* SPDX-License-Identifier: MIT */
#include "check/driver/local_session.h"

#include "check/driver/pending.h"
#include "check/finding.h"
#include "check/host.h"

const char *local_text(unsigned local)
{
	return local == LOCAL_TRUE ? "true" : "false";
}

static int report_wrong(struct subject *subject, enum local local, uint64_t line)
{
	return report(subject, SESSIONLINT_RULE_WRONG_LOCAL, NO_PARTICULARS,
		      "LocalSession is %s, but it was %s for the same connection in line %s",
		      local_text(local), local_text(local == LOCAL_TRUE ? LOCAL_FALSE : LOCAL_TRUE),
		      line_text(subject->checker, line, subject->record->line));
}

/* Checks @local against the value of the current connection, or stores it as the first one. */
static int local_check(struct subject *subject, struct session_detail *detail, enum local local)
{
	if (detail->local == LOCAL_UNKNOWN) {
		detail->local = (uint8_t)local;
		detail->local_line = subject->record->line;
		return 0;
	}
	return detail->local == local ? 0 : report_wrong(subject, local, detail->local_line);
}

/* Finds or adds the details of a session. -ENOMEM. */
static int detail_make(const struct subject *subject, uint32_t number,
		       struct session_detail **ret_detail)
{
	struct details *details = &subject->checker->details;
	bool is_new = !details_at(details, number);
	int r = details_make(details, number, ret_detail);

	if (r == 0 && is_new)
		(*ret_detail)->complete = host_lost(subject->host) == 0;
	return r;
}

/* Whether a connection begins or ends with @event. */
static bool is_bound(uint32_t event)
{
	return event == SESSIONLINT_EVENT_CREATED || event == SESSIONLINT_EVENT_TERMINATED ||
	       event == SESSIONLINT_EVENT_CONNECTED || event == SESSIONLINT_EVENT_DISCONNECTED;
}

int local_follow(struct subject *subject, uint32_t number)
{
	struct checker *checker = subject->checker;
	struct session_detail *detail = details_at(&checker->details, number);
	const struct record *record = subject->record;
	enum local local = record_local(record);
	int r;

	if (detail && is_bound(record->event)) {
		detail->local = LOCAL_UNKNOWN;
		detail->local_since = checker->pending.made;
	}
	/* after other events, it is unknown whether the session is connected */
	if (local == LOCAL_UNKNOWN || record->event != SESSIONLINT_EVENT_CONNECTED)
		return 0;
	r = detail_make(subject, number, &detail);
	return r < 0 ? r : local_check(subject, detail, local);
}

int local_sample(struct subject *subject, uint32_t number)
{
	struct session_detail *detail;
	int r = detail_make(subject, number, &detail);

	if (r < 0)
		return r;
	return local_check(subject, detail,
			   subject->record->flags & RECORD_LOCAL ? LOCAL_TRUE : LOCAL_FALSE);
}

int local_notify(struct subject *subject, struct session_detail *detail, struct pending *pending)
{
	enum local local = record_local(subject->record);

	if (local == LOCAL_UNKNOWN)
		return 0;
	if (pending->local != LOCAL_UNKNOWN && pending->local != local)
		return report_wrong(subject, local, pending->local_line);
	if (pending->local == LOCAL_UNKNOWN) {
		pending->local = (uint8_t)local;
		pending->local_line = subject->record->line;
	}
	/* only if it is about the current connection */
	return pending->made > detail->local_since ? local_check(subject, detail, local) : 0;
}
