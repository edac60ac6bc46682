/* SPDX-License-Identifier: MIT */
#include "check/driver/unreturned.h"

#include "check/finding.h"

static const char *begin_line(struct subject *subject, const struct running *running)
{
	return line_text(subject->checker, running->record.line, subject->record->line);
}

/* Whether @call began after @callback, both of @driver. */
static bool began_after(const struct running *call, const struct running *callback)
{
	return call && call->at > callback->at;
}

int running_check_end(struct subject *subject, const struct running *call, uint32_t serial)
{
	int r = 0;

	for (struct running *one = subject->driver->running; r == 0 && one; one = one->next) {
		const char *event;

		if (one->record.kind != RECORD_NOTIFY || one->serial != serial || one->outlived)
			continue;
		one->outlived = true;
		event = event_text(subject->checker, one->record.event);
		if (began_after(call, one))
			r = report(subject, SESSIONLINT_RULE_INSIDE_CALLBACK, NO_PARTICULARS,
				   "called and returned while the callback for %s, which began in "
				   "line %s, is running",
				   event, begin_line(subject, one));
		else
			r = report(subject, SESSIONLINT_RULE_OUTLIVES_REGISTRATION, NO_PARTICULARS,
				   "the callback for %s, which began in line %s, is still running "
				   "after "
				   "the registration has ended",
				   event, begin_line(subject, one));
	}
	return r;
}

/* The callback of the same registration during which @call began, or NULL. */
static const struct running *caller_of(const struct driver *driver, const struct running *call)
{
	const struct running *one = driver->running;

	while (one && (one->record.kind != RECORD_NOTIFY || one->serial != call->serial ||
		       !began_after(call, one)))
		one = one->next;
	return one;
}

int running_check_stuck(struct subject *subject, const struct driver *driver)
{
	int r = 0;

	for (const struct running *one = driver->running; r == 0 && one; one = one->next) {
		struct subject call = { .checker = subject->checker,
					.host = subject->host,
					.record = &one->record };
		const struct running *callback;

		if (one->record.kind != RECORD_CALL || !one->serial ||
		    one->record.contract->call != CALL_UNREGISTER)
			continue;
		callback = caller_of(driver, one);
		if (callback)
			r = report(&call, SESSIONLINT_RULE_INSIDE_CALLBACK, NO_PARTICULARS,
				   "called while the callback for %s, which began in line %s, is "
				   "running; "
				   "neither has returned",
				   event_text(subject->checker, callback->record.event),
				   begin_line(&call, callback));
	}
	return r;
}
