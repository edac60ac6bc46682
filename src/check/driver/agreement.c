/* SPDX-License-Identifier: MIT */
#include "check/driver/agreement.h"
#include "base/array.h"
#include "check/driver/local_session.h"
#include "check/state/numbered.h"

#include <errno.h>
#include <stdlib.h>

#include "check/driver/view_ladder.h"
#include "check/driver/views.h"
#include "check/finding.h"

#define NONE UINT32_MAX

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

	if (!detail->notified)
		return true;
	/* the others, the oldest first */
	one = drivers->oldest_live == registration ? registration->newer : drivers->oldest_live;
	if (one && one->made_at <= detail->notified)
		return false;
	/* another registration that has ended may not have received everything before it */
	return registration->made_at > detail->notified ||
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

/* ---- registrations ---- */

/* A question about one session, with its arrays. */
struct hearing {
	struct agreement_question question;
	struct agreement_party parties[AGREEMENT_PARTIES];
	struct agreement_entry entries[AGREEMENT_ENTRIES];
};

static bool has_entries(const struct agreement *agreement, uint32_t serial)
{
	for (uint32_t i = 0; i < agreement->count; i++)
		if (agreement->entries[i].serial == serial)
			return true;
	return false;
}

/* Whether @registration certainly receives the events of @session that it selects. */
static bool reaches(const struct registration *registration, uint32_t session)
{
	const struct io_object *object = registration->object;

	if (object->device_session)
		return object->device_session == session;
	return !object_may_be_foreign(object, session);
}

static struct agreement_party party_of(const struct agreement *agreement,
				       const struct registration *registration, uint64_t until)
{
	return (struct agreement_party) {
		.number = registration->number,
		.serial = registration->serial,
		.mask = registration->mask & IO_SESSION_STATE_VALID_EVENT_MASK,
		.made_at = registration->made_at,
		.live_from = registration->made_at > agreement->since ? registration->live_from
								      : UINT64_MAX,
		.live_until = until,
	};
}

static void hearing_add(struct hearing *hearing, struct agreement_party party)
{
	if (hearing->question.party_count < AGREEMENT_PARTIES)
		hearing->parties[hearing->question.party_count++] = party;
}

/* Collects those that are live and have got something, in the order of their numbers. */
static void hearing_collect_notified(struct hearing *hearing, const struct drivers *drivers,
				     const struct agreement *agreement,
				     const struct registration *ending)
{
	uint32_t from = 0, least;

	for (; hearing->question.party_count < AGREEMENT_PARTIES; from = least + 1) {
		least = NONE;
		for (uint32_t i = 0; i < agreement->count; i++) {
			const struct agreement_entry *entry = &agreement->entries[i];

			if (entry->number >= from && entry->number < least &&
			    (!ending || entry->serial != ending->serial) &&
			    numbered_at(drivers, entry->number, entry->serial))
				least = entry->number;
		}
		if (least == NONE)
			break;
		hearing_add(hearing, party_of(agreement, drivers->numbered[least], 0));
	}
}

/*
 * Collects the registrations: @ending, which ends, and those that have ended or have received
 * something. @until: live registrations have received everything from before that. Any subset of
 * them would do, since the notifications of each subset must be consistent.
 */
static void hearing_collect(struct hearing *hearing, const struct checker *checker,
			    const struct drivers *drivers, const struct agreement *agreement,
			    const struct registration *ending, uint64_t until)
{
	uint32_t session = sessions_at(&checker->sessions, agreement->session)->id;

	if (ending)
		hearing_add(hearing, party_of(agreement, ending, ending->live_until));
	for (uint32_t i = 0; i < agreement->ended_count; i++)
		hearing_add(hearing, agreement->ended[i]);
	if (!until) {
		hearing_collect_notified(hearing, drivers, agreement, ending);
		return;
	}
	for (uint32_t i = 0; i < drivers->words * 64; i++) {
		const struct registration *one = drivers->numbered[i];

		if (hearing->question.party_count == AGREEMENT_PARTIES)
			break;
		if (one && one != ending &&
		    ((one->live_from != UINT64_MAX && reaches(one, session)) ||
		     has_entries(agreement, one->serial)))
			hearing_add(hearing, party_of(agreement, one, until));
	}
}

static bool hearing_has(const struct hearing *hearing, uint32_t serial)
{
	for (uint32_t i = 0; i < hearing->question.party_count; i++)
		if (hearing->parties[i].serial == serial)
			return true;
	return false;
}

static void hearing_prepare(struct hearing *hearing, const struct checker *checker,
			    const struct agreement *agreement)
{
	struct agreement_question *question = &hearing->question;

	question->model = &checker->ladders[SESSIONLINT_SOURCE_WDM].rungs[TOLERANCE_COUNT - 1];
	question->start = agreement->start;
	question->parties = hearing->parties;
	question->entries = hearing->entries;
	question->spared_party = NONE;
	for (uint32_t i = 0; i < agreement->count; i++)
		if (hearing_has(hearing, agreement->entries[i].serial))
			hearing->entries[question->count++] = agreement->entries[i];
}

/* ---- findings ---- */

/* The same question about the first @count notifications: registrations with more are not done. */
static int explain_first(struct checker *checker, const struct hearing *hearing, uint32_t count,
			 bool *ret_explained, sessionlint_belief *ret_before)
{
	struct agreement_party parties[AGREEMENT_PARTIES];
	struct agreement_question question = hearing->question;
	int r;

	memcpy(parties, hearing->parties, sizeof parties);
	for (uint32_t i = count; i < question.count; i++)
		for (uint32_t party = 0; party < question.party_count; party++)
			if (parties[party].serial == question.entries[i].serial)
				parties[party].live_until = 0;
	question.parties = parties;
	question.count = count;
	r = agreement_explain(&checker->search, &question, ret_explained);
	if (r == 0)
		*ret_before = agreement_before_last(checker->search);
	return r;
}

/* Whether everything is explained if @party did not receive the events in @spared. */
static int explain_sparing(struct checker *checker, const struct hearing *hearing, uint32_t party,
			   uint64_t spared, bool *ret_explained)
{
	struct agreement_question question = hearing->question;

	question.spared_party = party;
	question.spared = spared;
	return agreement_explain(&checker->search, &question, ret_explained);
}

static struct subject subject_of(const struct subject *subject, const struct agreement *agreement,
				 const struct registration *ending, uint32_t number,
				 uint32_t serial)
{
	const struct registration *registration = ending && ending->serial == serial
							  ? ending
							  : numbered_at(subject->host->drivers,
									number, serial);
	struct subject about = {
		.checker = subject->checker,
		.host = subject->host,
		.session = sessions_at(&subject->checker->sessions, agreement->session),
	};

	if (registration)
		about.object = registration->object;
	return about;
}

/* A registration that did not receive an event that others received, if that explains
 * everything; preferably a single event of a single registration. */
struct missing {
	bool found;
	uint32_t party, entry;
};

static int missing_find(struct checker *checker, const struct hearing *hearing, bool several,
			struct missing *ret_missing)
{
	const struct agreement_question *question = &hearing->question;
	struct missing missing = { .found = false };
	int r = 0;

	for (missing.party = 0; missing.party < question->party_count; missing.party++) {
		for (missing.entry = question->count; r == 0 && missing.entry-- > 0;) {
			uint64_t one = (uint64_t)1 << missing.entry;

			r = explain_sparing(checker, hearing, missing.party,
					    several ? ~(one - 1) : one, &missing.found);
			if (r < 0 || missing.found) {
				*ret_missing = missing;
				return r;
			}
		}
	}
	*ret_missing = missing;
	return r;
}

static int report_missing(const struct subject *subject, const struct hearing *hearing,
			  const struct agreement *agreement, const struct registration *ending,
			  const struct missing *missing)
{
	const struct agreement_question *question = &hearing->question;
	struct particulars particulars = NO_PARTICULARS;
	const struct agreement_party *party = &question->parties[missing->party];
	struct subject about = subject_of(subject, agreement, ending, party->number, party->serial);

	particulars.place = &question->entries[missing->entry].place;
	return report(&about, SESSIONLINT_RULE_MISSED, particulars,
		      "the driver is never notified of %s",
		      event_text(subject->checker, particulars.place->event));
}

/* The session cannot have done this: reports the first notification that nothing explains. */
static int report_impossible(const struct subject *subject, const struct hearing *hearing,
			     const struct agreement *agreement, const struct registration *ending)
{
	const struct agreement_question *question = &hearing->question;
	struct checker *checker = subject->checker;
	struct particulars particulars = NO_PARTICULARS;
	sessionlint_belief belief = SESSIONLINT_BELIEF_ANY;
	const struct agreement_entry *entry;
	struct subject about;
	struct session saved;
	uint32_t count = 0;
	bool explained = true;
	int r = view_ladder_make(checker, IO_SESSION_STATE_VALID_EVENT_MASK);

	while (r == 0 && explained && count < question->count)
		r = explain_first(checker, hearing, ++count, &explained, &belief);
	if (r < 0)
		return r;
	entry = &question->entries[count - 1];
	about = subject_of(subject, agreement, ending, entry->number, entry->serial);
	particulars.place = &entry->place;
	/* this is known from all of them together, not from one view */
	saved = *about.session;
	memset(about.session->beliefs, belief, sizeof about.session->beliefs);
	about.session->mask = IO_SESSION_STATE_VALID_EVENT_MASK;
	r = report(&about, SESSIONLINT_RULE_ILLEGAL_TRANSITION, particulars,
		   "%s is illegal in %s, according to what all registrations were and were not "
		   "notified of",
		   event_text(checker, entry->place.event), belief_text(checker, belief));
	memcpy(about.session->beliefs, saved.beliefs, sizeof saved.beliefs);
	about.session->mask = saved.mask;
	return r;
}

static int report_contradiction(struct subject *subject, const struct hearing *hearing,
				const struct agreement *agreement,
				const struct registration *ending)
{
	struct missing missing;
	int r = missing_find(subject->checker, hearing, false, &missing);

	if (r == 0 && !missing.found)
		r = missing_find(subject->checker, hearing, true, &missing);
	if (r < 0)
		return r;
	return missing.found ? report_missing(subject, hearing, agreement, ending, &missing)
			     : report_impossible(subject, hearing, agreement, ending);
}

/* Whether notifications report different values of LocalSession. */
static bool locals_differ(const struct agreement_question *question)
{
	unsigned seen = 0;

	for (uint32_t i = 0; i < question->count; i++)
		seen |= 1U << question->entries[i].local;
	return seen >> LOCAL_FALSE & seen >> LOCAL_TRUE & 1;
}

/* The last of the first @count notifications whose LocalSession differs from another one's for
 * the same event. */
static const struct agreement_entry *local_find(const struct agreement_question *question,
						uint32_t count)
{
	for (uint32_t i = count; i-- > 0;) {
		const struct agreement_entry *one = &question->entries[i];

		for (uint32_t k = 0; k < i; k++) {
			const struct agreement_entry *other = &question->entries[k];

			if (one->local && other->local && one->local != other->local &&
			    one->serial != other->serial && one->place.event == other->place.event)
				return one;
		}
	}
	return &question->entries[count - 1];
}

/* Everything is explained except LocalSession: reports where it first differs. */
static int report_local(const struct subject *subject, const struct hearing *hearing,
			const struct agreement *agreement, const struct registration *ending)
{
	const struct agreement_question *question = &hearing->question;
	struct particulars particulars = NO_PARTICULARS;
	const struct agreement_entry *entry;
	sessionlint_belief before;
	struct subject about;
	uint32_t count = 0;
	bool explained = true;
	int r = 0;

	while (r == 0 && explained && count < question->count)
		r = explain_first(subject->checker, hearing, ++count, &explained, &before);
	if (r < 0)
		return r;
	entry = local_find(question, count);
	about = subject_of(subject, agreement, ending, entry->number, entry->serial);
	particulars.place = &entry->place;
	return report(&about, SESSIONLINT_RULE_WRONG_LOCAL, particulars,
		      "LocalSession is %s, but differs for another registration that was notified "
		      "of this "
		      "%s",
		      local_text(entry->local), event_text(subject->checker, entry->place.event));
}

/* Checks the stored notifications of a session; reports and forgets them if they contradict each
 * other. */
static int agreement_check(struct subject *subject, struct agreement *agreement,
			   const struct registration *ending, uint64_t until)
{
	struct checker *checker = subject->checker;
	struct hearing hearing = { .question = { .count = 0 } };
	bool explained;
	int r;

	hearing_collect(&hearing, checker, subject->host->drivers, agreement, ending, until);
	hearing_prepare(&hearing, checker, agreement);
	if (hearing.question.party_count < 2 || hearing.question.count == 0)
		return 0;
	hearing.question.heeds_local = locals_differ(&hearing.question);
	r = agreement_explain(&checker->search, &hearing.question, &explained);
	if (r < 0 || explained)
		return r;
	if (hearing.question.heeds_local) {
		hearing.question.heeds_local = false;
		r = agreement_explain(&checker->search, &hearing.question, &explained);
		if (r < 0)
			return r;
		hearing.question.heeds_local = explained;
	}
	r = explained ? report_local(subject, &hearing, agreement, ending)
		      : report_contradiction(subject, &hearing, agreement, ending);
	agreement_forget(checker, details_at(&checker->details, agreement->session));
	return r;
}

/* ---- ends ---- */

/* Stores what is known of a registration that has ended. */
static void agreement_part(struct checker *checker, const struct drivers *drivers,
			   struct agreement *agreement, const struct registration *registration)
{
	bool has = has_entries(agreement, registration->serial);

	if (!has && (registration->live_from == UINT64_MAX ||
		     agreement->ended_count == AGREEMENT_PARTIES / 2))
		return;
	if (agreement->ended_count == AGREEMENT_PARTIES) {
		agreement_restart(checker, agreement, drivers->now);
		return;
	}
	agreement->ended[agreement->ended_count++] = party_of(agreement, registration,
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
		if (!reaches(registration, sessions_at(&checker->sessions, one->session)->id) &&
		    !has_entries(one, registration->serial))
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
