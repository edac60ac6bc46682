/* SPDX-License-Identifier: MIT */
/* When registrations, sessions, hosts or logs end, pending notifications were missed or are
 * dropped. */
#include "check/driver/pending_internal.h"
#include "check/driver/unsure_registrations.h"
#include "check/finding.h"

/* Reports missed events that are not named one by one. */
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

/* Decides which events @registration was notified of, where that is still undecided. */
static void pending_close(struct checker *checker, const struct drivers *drivers,
			  const struct registration *registration)
{
	struct pending *newer;

	if (!registration->unsure_count)
		return;
	for (struct pending *one = drivers->oldest; one; one = newer) {
		struct session_detail *detail = detail_of(checker, one->session);

		/* others of the session may be freed */
		for (newer = one->host_newer; newer && newer->session == one->session;)
			newer = newer->host_newer;
		if (detail->unsure)
			unsure_close(checker, detail, registration);
	}
}

void pending_forget(struct subject *subject, struct registration *registration)
{
	struct checker *checker = subject->checker;
	const struct drivers *drivers = subject->host->drivers;
	struct pending *older;

	pending_close(checker, drivers, registration);
	registration->unsure_count = 0;
	for (struct pending *one = drivers->newest; one && one->made > registration->since;
	     one = older) {
		older = one->host_older;
		pending_take(checker, one, registration->number);
	}
}

/* The first pending notification of the host that is newer than @registration, or NULL. */
static struct pending *pending_since(const struct drivers *drivers,
				     const struct registration *registration)
{
	struct pending *first = NULL;

	if (drivers->oldest && drivers->oldest->made > registration->since)
		return drivers->oldest;
	for (struct pending *one = drivers->newest; one && one->made > registration->since;
	     one = one->host_older)
		first = one;
	return first;
}

int pending_unregister(struct subject *subject, const struct registration *registration)
{
	struct checker *checker = subject->checker;
	const struct drivers *drivers = subject->host->drivers;
	struct pending *newer;
	uint32_t missed = 0;
	bool late;
	int r = 0;

	pending_close(checker, drivers, registration);
	for (struct pending *one = pending_since(drivers, registration); one; one = newer) {
		newer = one->host_newer;
		if (!set_has(waiting_set(one), one->words, registration->number))
			continue;
		/* the registration may have ended before the event */
		late = one->at > registration->live_until && !one->revealed &&
		       !set_has(skipped_set(one), one->words, registration->number);
		if (!late && pending_has_missed(checker, one, registration) &&
		    missed++ < MISSED_NAMED && r == 0)
			r = report_missed(checker, one, registration, 1);
		pending_take(checker, one, registration->number);
	}
	if (r == 0 && missed > MISSED_NAMED)
		r = report_missed_more(subject, registration, missed - MISSED_NAMED);
	return r;
}

/* A log that is cut off may continue with notifications that are still in time. Only registrations
 * that were notified of a later event of the session have missed this one. */
static void pending_cut(struct pending *pending)
{
	for (uint32_t word = 0; word < pending->words; word++)
		waiting_set(pending)[word] &= skipped_set(pending)[word];
}

/* The same for all registrations of a host, or of all hosts. */
static void pending_close_host(struct checker *checker, uint32_t host)
{
	for (uint32_t i = 0; i < checker->hosts.count; i++) {
		const struct drivers *drivers = checker->hosts.hosts[i].drivers;

		if (!drivers || (host != NO_HOST && host != i))
			continue;
		for (uint32_t number = 0; number < drivers->words * 64; number++)
			if (drivers->numbered[number])
				pending_close(checker, drivers, drivers->numbered[number]);
	}
}

/* Reports who has missed @pending, unless there was an error, and frees it. */
static int pending_end_one(struct checker *checker, struct pending *pending, bool cut, int r)
{
	if (cut)
		pending_cut(pending);
	if (r == 0)
		return pending_give_up(checker, pending);
	pending_free(checker, pending);
	return r;
}

int pending_end(struct checker *checker, uint32_t host, bool cut)
{
	const struct drivers *drivers = host == NO_HOST ? NULL : checker->hosts.hosts[host].drivers;
	int r = 0;

	pending_close_host(checker, host);
	while (host == NO_HOST && checker->pending.oldest)
		r = pending_end_one(checker, checker->pending.oldest, cut, r);
	while (drivers && drivers->oldest)
		r = pending_end_one(checker, drivers->oldest, cut, r);
	return r;
}

bool pending_any(const struct host *host)
{
	return host->drivers && host->drivers->oldest;
}

static void pending_drop(struct checker *checker, struct pending *pending)
{
	unsure_free(detail_of(checker, pending->session));
	pending_free(checker, pending);
}

void pending_drop_host(struct checker *checker, uint32_t host)
{
	const struct drivers *drivers = host == NO_HOST ? NULL : checker->hosts.hosts[host].drivers;

	while (host == NO_HOST && checker->pending.oldest)
		pending_drop(checker, checker->pending.oldest);
	while (drivers && drivers->oldest)
		pending_drop(checker, drivers->oldest);
}

void pending_drop_required(struct checker *checker)
{
	struct pending *newer;

	for (struct pending *one = checker->pending.oldest; one; one = newer) {
		newer = one->newer;
		if (one->required)
			pending_free(checker, one);
	}
}

void pending_drop_session(struct checker *checker, uint32_t session)
{
	struct session_detail *detail = detail_of(checker, session);

	while (detail && detail->first)
		pending_free(checker, detail->first);
	if (detail)
		unsure_free(detail);
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
