/* SPDX-License-Identifier: MIT */
/* Reports notifications of several registrations that contradict each other. */
#include <string.h>

#include "check/driver/agreement_comparison.h"
#include "check/driver/local_session.h"
#include "check/driver/view_ladder.h"
#include "check/finding.h"
#include "check/state/numbered.h"

/* Asks the same about the first @count notifications. Registrations with later ones may still
 * receive events. */
static int explain_first(struct checker *checker, const struct comparison *comparison,
			 uint32_t count, bool *ret_explained, sessionlint_belief *ret_before)
{
	struct agreement_party parties[AGREEMENT_PARTIES];
	struct agreement_question question = comparison->question;
	int r;

	memcpy(parties, comparison->parties, sizeof parties);
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

/* Whether everything is explained if @party did not receive the events of @missing_entries. */
static int explain_without(struct checker *checker, const struct comparison *comparison,
			   uint32_t party, uint64_t missing_entries, bool *ret_explained)
{
	struct agreement_question question = comparison->question;

	question.missing_party = party;
	question.missing_entries = missing_entries;
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

static int missing_find(struct checker *checker, const struct comparison *comparison, bool several,
			struct missing *ret_missing)
{
	const struct agreement_question *question = &comparison->question;
	struct missing missing = { .found = false };
	int r = 0;

	for (missing.party = 0; missing.party < question->party_count; missing.party++) {
		for (missing.entry = question->count; r == 0 && missing.entry-- > 0;) {
			uint64_t one = (uint64_t)1 << missing.entry;

			r = explain_without(checker, comparison, missing.party,
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

static int report_missing(const struct subject *subject, const struct comparison *comparison,
			  const struct agreement *agreement, const struct registration *ending,
			  const struct missing *missing)
{
	const struct agreement_question *question = &comparison->question;
	struct particulars particulars = NO_PARTICULARS;
	const struct agreement_party *party = &question->parties[missing->party];
	struct subject about = subject_of(subject, agreement, ending, party->number, party->serial);

	particulars.place = &question->entries[missing->entry].place;
	return report(&about, SESSIONLINT_RULE_MISSED, particulars,
		      "the driver is never notified of %s",
		      event_text(subject->checker, particulars.place->event));
}

/* The session cannot have done this: reports the first notification that nothing explains. */
static int report_impossible(const struct subject *subject, const struct comparison *comparison,
			     const struct agreement *agreement, const struct registration *ending)
{
	const struct agreement_question *question = &comparison->question;
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
		r = explain_first(checker, comparison, ++count, &explained, &belief);
	if (r < 0)
		return r;
	entry = &question->entries[count - 1];
	about = subject_of(subject, agreement, ending, entry->number, entry->serial);
	particulars.place = &entry->place;
	/* no single view shows this; all of them together do */
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

int report_contradiction(struct subject *subject, const struct comparison *comparison,
			 const struct agreement *agreement, const struct registration *ending)
{
	struct missing missing;
	int r = missing_find(subject->checker, comparison, false, &missing);

	if (r == 0 && !missing.found)
		r = missing_find(subject->checker, comparison, true, &missing);
	if (r < 0)
		return r;
	return missing.found ? report_missing(subject, comparison, agreement, ending, &missing)
			     : report_impossible(subject, comparison, agreement, ending);
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

int report_local(const struct subject *subject, const struct comparison *comparison,
		 const struct agreement *agreement, const struct registration *ending)
{
	const struct agreement_question *question = &comparison->question;
	struct particulars particulars = NO_PARTICULARS;
	const struct agreement_entry *entry;
	sessionlint_belief before;
	struct subject about;
	uint32_t count = 0;
	bool explained = true;
	int r = 0;

	while (r == 0 && explained && count < question->count)
		r = explain_first(subject->checker, comparison, ++count, &explained, &before);
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
