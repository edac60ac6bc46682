/* SPDX-License-Identifier: MIT */
/* Reports missed notifications, and drops pending ones when there are too many. */
#include "check/driver/pending_internal.h"
#include "check/finding.h"
#include "check/state/numbered.h"
#include "check/state/session_objects.h"

int report_missed(struct checker *checker, const struct pending *pending,
		  const struct registration *registration, uint32_t count)
{
	struct subject subject = {
		.checker = checker,
		.host = &checker->hosts.hosts[pending->host],
		.session = sessions_at(&checker->sessions, pending->session),
		.object = registration ? registration->object : NULL,
	};
	struct particulars particulars = NO_PARTICULARS;
	const char *event = event_text(checker, pending->place.event);

	particulars.place = &pending->place;
	if (registration)
		return report(&subject, SESSIONLINT_RULE_MISSED, particulars,
			      "the driver is never notified of %s", event);
	return report(&subject, SESSIONLINT_RULE_MISSED, particulars,
		      "%u more registration%s never notified of %s", count,
		      count == 1 ? " is" : "s are", event);
}

/* Whether @registration need not receive the event: it may not have been live yet, may belong to
 * another session, or may have been notified of unknown events of this session. */
static bool need_not_receive(const struct pending *pending, const struct registration *registration,
			     const struct session_detail *detail, uint32_t session)
{
	return pending->at < registration->live_from || registration->uncertain ||
	       object_may_be_foreign(registration->object, session) ||
	       session_objects_doubt(&registration->object->owner->sessions, session) ||
	       pending_lags(detail, registration);
}

bool pending_has_missed(const struct checker *checker, struct pending *pending,
			const struct registration *registration)
{
	uint32_t number = registration->number;

	if (pending->revealed)
		return is_skipped(pending, number);
	return pending->required && !is_excused(pending, number) &&
	       !need_not_receive(pending, registration, detail_of(checker, pending->session),
				 sessions_at(&checker->sessions, pending->session)->id);
}

/* The lagging registrations of @set, one word; or all, if they must be checked one by one. */
static uint64_t lagging_of(const struct session_detail *detail, uint32_t word, uint64_t set)
{
	uint64_t lagging = 0;

	if (detail->lagging_until)
		return set;
	for (uint32_t i = 0; i < detail->lagging_count; i++)
		if (detail->lagging[i].number / 64 == word)
			lagging |= (uint64_t)1 << detail->lagging[i].number % 64;
	return set & lagging;
}

/* The registrations of @missed, one word, that need not receive the event. */
static uint64_t not_required_of(const struct checker *checker, const struct pending *pending,
				uint32_t word, uint64_t missed)
{
	const struct drivers *drivers = checker->hosts.hosts[pending->host].drivers;
	const struct word_summary *summary = numbered_word(drivers, word);
	const struct session_detail *detail = detail_of(checker, pending->session);
	uint32_t session = sessions_at(&checker->sessions, pending->session)->id;
	uint64_t doubtful = missed & summary->doubtful, not_required = 0;

	if (summary->newest <= detail->lagging_until ||
	    (summary->owner && session_objects_doubt(&summary->owner->sessions, session)))
		return missed;
	if (!summary->owner || pending->at < summary->live_from)
		doubtful = missed;
	else
		doubtful |= lagging_of(detail, word, missed);
	for (; doubtful; doubtful &= doubtful - 1) {
		uint32_t bit = (uint32_t)__builtin_ctzll(doubtful);

		if (need_not_receive(pending, drivers->numbered[word * 64 + bit], detail, session))
			not_required |= (uint64_t)1 << bit;
	}
	return not_required;
}

/* The registrations of one word of its sets that have missed it. */
static uint64_t missed_of(const struct checker *checker, struct pending *pending, uint32_t word)
{
	uint64_t missed = waiting_set(pending)[word] & ~excused_set(pending)[word];

	if (pending->revealed)
		return waiting_set(pending)[word] & skipped_set(pending)[word];
	if (!pending->required || !missed)
		return 0;
	return missed & ~not_required_of(checker, pending, word, missed);
}

int pending_give_up(struct checker *checker, struct pending *pending)
{
	const struct drivers *drivers = checker->hosts.hosts[pending->host].drivers;
	uint32_t named = 0, others = 0;
	int r = 0;

	for (uint32_t word = 0; word < pending->words; word++) {
		uint64_t missed = missed_of(checker, pending, word);

		for (; missed && named < MISSED_NAMED && r == 0; missed &= missed - 1, named++)
			r = report_missed(
				checker, pending,
				drivers->numbered[word * 64 + (uint32_t)__builtin_ctzll(missed)],
				1);
		others += (uint32_t)__builtin_popcountll(missed);
	}
	if (r == 0 && others)
		r = report_missed(checker, pending, NULL, others);
	pending_free(checker, pending);
	return r;
}

/* The registrations of @late, one word, lag from now on. */
static int pending_lag_all(struct session_detail *detail, const struct drivers *drivers,
			   const struct pending *pending, uint32_t word, uint64_t late)
{
	const struct word_summary *summary = numbered_word(drivers, word);
	uint32_t latest = summary->latest[pending->place.event];
	int r = 0;

	for (; late && r == 0 && summary->newest > detail->lagging_until; late &= late - 1) {
		uint32_t bit = (uint32_t)__builtin_ctzll(late);

		/* the list is full: let all up to the last one lag */
		if (detail->lagging_count == LAGGING_OF_SESSION && late >> latest & 1) {
			const struct registration *last = drivers->numbered[word * 64 + latest];

			if (!pending_lags(detail, last)) {
				detail->lagging_until = last->serial;
				break;
			}
		}
		r = pending_lag(detail, drivers->numbered[word * 64 + bit]);
	}
	return r;
}

/* There are too many pending notifications: drops this one. Registrations that were notified of a
 * later event have missed it; the others may be notified of it later. */
static int pending_push_out(struct checker *checker, struct pending *pending)
{
	const struct drivers *drivers = checker->hosts.hosts[pending->host].drivers;
	struct session_detail *detail = detail_of(checker, pending->session);
	/* most often all lag already, and none was notified of a later event */
	bool lag = !pending->early && detail->lagging_until < drivers->serials;
	uint64_t missed = 0;
	int r = 0;

	for (uint32_t word = 0; word < pending->words; word++) {
		uint64_t late = waiting_set(pending)[word] & ~skipped_set(pending)[word];

		if (lag && late && r == 0)
			r = pending_lag_all(detail, drivers, pending, word, late);
		waiting_set(pending)[word] &= ~late;
		missed |= waiting_set(pending)[word];
	}
	if (r == 0 && missed)
		return pending_give_up(checker, pending);
	pending_free(checker, pending);
	return r;
}

int pending_make_room(struct checker *checker, const struct session_detail *detail, uint64_t words)
{
	const struct pending_list *all = &checker->pending;
	int r = 0;

	while (r == 0 && detail->waiting >= PENDING_OF_SESSION)
		r = pending_push_out(checker, detail->first);
	while (r == 0 && all->oldest &&
	       (all->count >= PENDING_IN_ALL || all->words + words > PENDING_WORDS))
		r = pending_push_out(checker, all->oldest);
	return r;
}
