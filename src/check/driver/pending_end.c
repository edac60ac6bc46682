/* SPDX-License-Identifier: MIT */
/* Ends of registrations, sessions, hosts and logs: what still waits was missed, or is dropped. */
#include "check/driver/pending_internal.h"
#include "check/driver/unsure_registrations.h"
#include "check/finding.h"

/* It ends, and more events were missed than are named. */
static int report_missed_more(const struct subject *subject,
			      const struct registration *registration, uint32_t count)
{
	struct subject more = {
		.checker = subject->checker,
		.record = subject->record,
		.host = subject->host,
		.object = registration->object,
	};

	return report(&more, SESSIONLINT_RULE_MISSED, NO_PARTICULARS,
		      "the driver is never notified of %u more event%s", count,
		      count == 1 ? "" : "s");
}

/* Decides what is still open of one session for @registration. */
static bool pending_close(struct checker *checker, const struct registration *registration)
{
	for (struct pending *one = checker->pending.oldest; one; one = one->newer) {
		struct session_detail *detail = detail_of(checker, one->session);

		if (detail->loose && loose_close(checker, detail, registration))
			return true;
	}
	return false;
}

void pending_forget(struct subject *subject, struct registration *registration)
{
	struct checker *checker = subject->checker;
	uint32_t host = host_number(checker, subject->host);
	struct pending *older;

	while (registration->loose && pending_close(checker, registration))
		;
	registration->loose = 0;
	for (struct pending *one = checker->pending.newest; one && one->made > registration->since;
	     one = older) {
		older = one->older;
		if (one->host != host)
			continue;
		pending_strike(one, registration->number);
		if (one->left == 0)
			pending_free(checker, one);
	}
}

int pending_unregister(struct subject *subject, const struct registration *registration)
{
	struct checker *checker = subject->checker;
	uint32_t host = host_number(checker, subject->host);
	struct pending *first = NULL, *newer;
	uint32_t missed = 0;
	bool late;
	int r = 0;

	while (registration->loose && pending_close(checker, registration))
		;
	/* what was made before the registration does not wait for it */
	for (struct pending *one = checker->pending.newest; one && one->made > registration->since;
	     one = one->older)
		first = one;
	for (struct pending *one = first; one; one = newer) {
		newer = one->newer;
		if (one->host != host ||
		    !set_has(waiting_set(one), one->words, registration->number))
			continue;
		/* the end of the registration may have come first */
		late = one->at > registration->live_until && !one->revealed &&
		       !set_has(skipped_set(one), one->words, registration->number);
		if (!late &&
		    pending_missed(checker, one, registration->number / 64) >>
				    registration->number % 64 &
			    1 &&
		    missed++ < MISSED_NAMED && r == 0)
			r = report_missed(checker, one, registration, 1);
		pending_strike(one, registration->number);
		if (one->left == 0)
			pending_free(checker, one);
	}
	if (r == 0 && missed > MISSED_NAMED)
		r = report_missed_more(subject, registration, missed - MISSED_NAMED);
	return r;
}

/* After the end of a log that is cut there may be whatever is still in time: only who was notified
 * of a later event of the session has missed this one. */
static void pending_cut(struct pending *pending)
{
	for (uint32_t word = 0; word < pending->words; word++)
		waiting_set(pending)[word] &= skipped_set(pending)[word];
}

/* Decides what is open of the registrations of a host, or of all. */
static void pending_close_host(struct checker *checker, uint32_t host)
{
	for (uint32_t i = 0; i < checker->hosts.count; i++) {
		const struct drivers *drivers = checker->hosts.hosts[i].drivers;

		if (!drivers || (host != NO_HOST && host != i))
			continue;
		for (uint32_t number = 0; number < drivers->words * 64; number++)
			while (drivers->numbered[number] && drivers->numbered[number]->loose &&
			       pending_close(checker, drivers->numbered[number]))
				;
	}
}

int pending_end(struct checker *checker, uint32_t host, bool cut)
{
	struct pending *newer;
	int r = 0;

	pending_close_host(checker, host);
	for (struct pending *one = checker->pending.oldest; one; one = newer) {
		newer = one->newer;
		if (host != NO_HOST && one->host != host)
			continue;
		if (cut)
			pending_cut(one);
		if (r < 0)
			pending_free(checker, one);
		else
			r = pending_give_up(checker, one);
	}
	return r;
}

bool pending_any(const struct checker *checker, uint32_t host)
{
	const struct pending *one = checker->pending.oldest;

	while (one && one->host != host)
		one = one->newer;
	return one != NULL;
}

void pending_drop_host(struct checker *checker, uint32_t host)
{
	struct pending *newer;

	for (struct pending *one = checker->pending.oldest; one; one = newer) {
		newer = one->newer;
		if (host != NO_HOST && one->host != host)
			continue;
		loose_free(detail_of(checker, one->session));
		pending_free(checker, one);
	}
}

void pending_drop_recorded(struct checker *checker)
{
	struct pending *newer;

	for (struct pending *one = checker->pending.oldest; one; one = newer) {
		newer = one->newer;
		if (one->recorded)
			pending_free(checker, one);
	}
}

void pending_drop_session(struct checker *checker, uint32_t session)
{
	struct session_detail *detail = detail_of(checker, session);

	while (detail && detail->first)
		pending_free(checker, detail->first);
	if (detail)
		loose_free(detail);
}

int pending_end_session(struct checker *checker, uint32_t session)
{
	struct session_detail *detail = detail_of(checker, session);
	int r = 0;

	while (detail && detail->first && r == 0)
		r = pending_give_up(checker, detail->first);
	pending_drop_session(checker, session);
	return r;
}
