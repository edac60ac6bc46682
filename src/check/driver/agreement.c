/* SPDX-License-Identifier: MIT */
#include "check/driver/agreement.h"

#include <errno.h>
#include <stdlib.h>

#include "base/array.h"
#include "check/driver/agreement_comparison.h"
#include "check/driver/local_session.h"

/* ---- stored notifications ---- */

void agreement_forget(struct checker *checker, struct session_detail *detail)
{
	struct agreement *agreement = detail->agreement;
	const struct session *session;

	if (!agreement)
		return;
	session = sessions_at(&checker->sessions, agreement->session);
	if (agreement->previous)
		agreement->previous->next = agreement->next;
	else
		checker->hosts.hosts[session->scope].agreements = agreement->next;
	if (agreement->next)
		agreement->next->previous = agreement->previous;
	checker->agreement_entries -= agreement->count;
	free(agreement->entries);
	free(agreement);
	detail->agreement = NULL;
}

void agreements_drop(struct checker *checker, struct host *host)
{
	while (host->agreements)
		agreement_forget(checker, details_at(&checker->details, host->agreements->session));
}

/* Whether no other registration can still be notified of anything from before the current
 * notification of @registration. */
static bool is_first(const struct drivers *drivers, const struct session_detail *detail,
		     const struct registration *registration)
{
	const struct registration *one;

	if (!detail->notified_at)
		return true;
	/* the others, the oldest first */
	one = drivers->oldest_live == registration ? registration->newer : drivers->oldest_live;
	if (one && one->made_at <= detail->notified_at)
		return false;
	/* another registration that has ended may not have received everything before it */
	return registration->made_at > detail->notified_at ||
	       detail->leader_serial == registration->serial;
}

static int agreement_begin(struct subject *subject, uint32_t session, struct session_detail *detail,
			   const struct registration *registration, sessionlint_belief before)
{
	const struct drivers *drivers = subject->host->drivers;
	struct agreement *agreement = calloc(1, sizeof *agreement);

	if (!agreement)
		return -ENOMEM;
	agreement->session = session;
	agreement->start = before;
	if (!is_first(drivers, detail, registration)) {
		agreement->start = SESSIONLINT_BELIEF_ANY;
		agreement->since = drivers->now;
	}
	agreement->next = subject->host->agreements;
	if (agreement->next)
		agreement->next->previous = agreement;
	subject->host->agreements = agreement;
	detail->agreement = agreement;
	return 0;
}

/* The max size is reached: starts again, without the earlier notifications. */
static void agreement_restart(struct checker *checker, struct agreement *agreement, uint64_t now)
{
	checker->agreement_entries -= agreement->count;
	agreement->count = 0;
	agreement->ended_count = 0;
	agreement->start = SESSIONLINT_BELIEF_ANY;
	agreement->since = now;
}

/* Makes room for one more entry. */
static int agreement_grow(struct agreement *agreement)
{
	struct agreement_entry *entries = array_grow(agreement->entries, agreement->count,
						     &agreement->capacity, sizeof *entries);

	if (!entries)
		return -ENOMEM;
	agreement->entries = entries;
	return 0;
}

int agreement_add(struct subject *subject, uint32_t session,
		  const struct registration *registration, sessionlint_belief before)
{
	struct checker *checker = subject->checker;
	const struct drivers *drivers = subject->host->drivers;
	const struct record *record = subject->record;
	struct session_detail *detail = details_at(&checker->details, session);
	struct agreement *agreement = detail->agreement;
	int r = 0;

	if (!agreement && drivers->live < 2)
		return 0;
	if (!agreement)
		r = agreement_begin(subject, session, detail, registration, before);
	if (r < 0)
		return r;
	agreement = detail->agreement;
	if (agreement->count == AGREEMENT_ENTRIES || checker->agreement_entries >= AGREEMENT_TOTAL)
		agreement_restart(checker, agreement, drivers->now);
	r = agreement_grow(agreement);
	if (r < 0)
		return r;
	agreement->entries[agreement->count++] = (struct agreement_entry) {
		.place = {
			.line = record->line,
			.offset = record->offset,
			.time = record->time,
			.event = record->event,
		},
		.at = drivers->now,
		.number = registration->number,
		.serial = registration->serial,
		.local = (uint8_t)record_local(record),
	};
	checker->agreement_entries++;
	return 0;
}

/* ---- the check ---- */

/* Whether notifications report different values of LocalSession. */
static bool locals_differ(const struct agreement_question *question)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < question->count; i++)
		seen |= 1U << question->entries[i].local;
	return seen >> LOCAL_FALSE & seen >> LOCAL_TRUE & 1;
}

/* Checks the stored notifications of a session; reports and forgets them if they contradict each
 * other. */
static int agreement_check(struct subject *subject, struct agreement *agreement,
			   const struct registration *ending, uint64_t until)
{
	struct checker *checker = subject->checker;
	struct comparison comparison = { .question = { .count = 0 } };
	bool explained;
	int r;

	comparison_collect(&comparison, checker, subject->host->drivers, agreement, ending, until);
	comparison_prepare(&comparison, checker, agreement);
	if (comparison.question.party_count < 2 || comparison.question.count == 0)
		return 0;
	comparison.question.compares_local = locals_differ(&comparison.question);
	r = agreement_explain(&checker->search, &comparison.question, &explained);
	if (r < 0 || explained)
		return r;
	if (comparison.question.compares_local) {
		comparison.question.compares_local = false;
		r = agreement_explain(&checker->search, &comparison.question, &explained);
		if (r < 0)
			return r;
		comparison.question.compares_local = explained;
	}
	r = explained ? report_local(subject, &comparison, agreement, ending)
		      : report_contradiction(subject, &comparison, agreement, ending);
	agreement_forget(checker, details_at(&checker->details, agreement->session));
	return r;
}

/* ---- ends ---- */

/* Stores what is known about a registration that has ended. */
static void agreement_part(struct checker *checker, const struct drivers *drivers,
			   struct agreement *agreement, const struct registration *registration)
{
	bool has = agreement_has_entries(agreement, registration->serial);

	if (!has && (registration->live_from == UINT64_MAX ||
		     agreement->ended_count == AGREEMENT_PARTIES / 2))
		return;
	if (agreement->ended_count == AGREEMENT_PARTIES) {
		agreement_restart(checker, agreement, drivers->now);
		return;
	}
	agreement->ended[agreement->ended_count++] = agreement_party(agreement, registration,
								     registration->live_until);
}

int agreements_unregister(struct subject *subject, const struct registration *registration)
{
	struct checker *checker = subject->checker;
	const struct drivers *drivers = subject->host->drivers;
	struct agreement *next;
	int r = 0;

	for (struct agreement *one = subject->host->agreements; r == 0 && one; one = next) {
		struct session_detail *detail = details_at(&checker->details, one->session);

		next = one->next;
		if (!registration_reaches(registration,
					  sessions_at(&checker->sessions, one->session)->id) &&
		    !agreement_has_entries(one, registration->serial))
			continue;
		r = agreement_check(subject, one, registration, 0);
		if (detail->agreement)
			agreement_part(checker, drivers, one, registration);
	}
	return r;
}

int agreements_end(struct subject *subject, bool complete)
{
	struct checker *checker = subject->checker;
	const struct drivers *drivers = subject->host->drivers;
	int r = 0;

	while (r == 0 && subject->host->agreements) {
		struct agreement *one = subject->host->agreements;
		struct session_detail *detail = details_at(&checker->details, one->session);

		r = agreement_check(subject, one, NULL, complete ? drivers->now + 1 : 0);
		if (detail->agreement)
			agreement_forget(checker, detail);
	}
	return r;
}
