/* SPDX-License-Identifier: MIT */
/*
 * Samples of sessions that are known only from notifications. Notifications lag: a sample can show
 * a state that the driver has not been notified of yet. It contradicts them only if the session
 * never was in that state until the registration had received everything from before the sample.
 */
#include "check/driver/local_session.h"
#include "check/driver/views.h"
#include "check/finding.h"
#include "check/session/session.h"
#include "check/session/steps.h"
#include "check/state/registrations.h"
#include "check/state/session_views.h"

static sessionlint_belief laxest(const struct session *session)
{
	return session->beliefs[TOLERANCE_COUNT - 1];
}

/* Adds a sample that waits for its state, or for @local; if there are too many, the oldest is
 * dropped. */
static void sample_wait(struct subject *subject, uint32_t number,
			const struct session_detail *detail, enum local local)
{
	struct drivers *drivers = subject->host->drivers;
	const struct record *record = subject->record;

	if (drivers->sample_count == DRIVERS_SAMPLES) {
		drivers->sample_count--;
		memmove(drivers->samples, drivers->samples + 1,
			drivers->sample_count * sizeof drivers->samples[0]);
	}
	drivers->samples[drivers->sample_count++] = (struct sample) {
		.session = number,
		.serial = detail->leader_serial,
		.at = drivers->now,
		.state = record->state,
		.local = (uint8_t)local,
		.belief = subject->session->beliefs[0],
		.line = record->line,
		.offset = record->offset,
		.time = record->time,
	};
}

static void sample_observe(const struct subject *subject)
{
	struct step step = {
		.event = SESSIONLINT_NO_EVENT,
		.from = SESSIONLINT_BELIEF_ANY,
		.reached = belief_of(subject->record->state),
	};

	if (!(subject->session->flags & SESSION_OBSERVED))
		return;
	observe_prepare(subject, &step, TOLERANCE_COUNT - 1);
	observe_step(subject, false);
}

int session_sample(struct subject *subject, uint32_t number)
{
	const struct session_detail *detail = details_at(&subject->checker->details, number);
	sessionlint_belief state;
	int r = session_look(subject, &state);

	if (r < 0 || state == SESSIONLINT_BELIEF_ANY)
		return r;
	if (!detail || !detail->leader_serial)
		/* nothing reports its transitions: it can be in any state */
		subject->session->flags |= SESSION_UNKNOWN;
	else if (!(laxest(subject->session) & state))
		sample_wait(subject, number, detail, LOCAL_UNKNOWN);
	sample_observe(subject);
	return 0;
}

int session_sample_local(struct subject *subject, uint32_t number)
{
	const struct session_detail *detail = details_at(&subject->checker->details, number);
	enum local local = subject->record->flags & RECORD_LOCAL ? LOCAL_TRUE : LOCAL_FALSE;
	const struct view *view;

	if (!detail || !detail->leader_serial)
		return 0;
	view = view_at(detail, detail->leader);
	/* it may be of a connection that the registration has not been notified of yet */
	if (view && view->serial == detail->leader_serial && view->local != LOCAL_UNKNOWN &&
	    view->local != local)
		sample_wait(subject, number, detail, local);
	return 0;
}

static void sample_remove(struct drivers *drivers, uint32_t index)
{
	drivers->sample_count--;
	memmove(drivers->samples + index, drivers->samples + index + 1,
		(drivers->sample_count - index) * sizeof drivers->samples[0]);
}

/* Whether a waiting sample agrees with what the registration has been notified of. */
static bool is_met(const struct sample *sample, const struct record *record,
		   const struct view *view)
{
	if (!sample->local)
		return view->beliefs[TOLERANCE_COUNT - 1] & belief_of(sample->state);
	return record->event == SESSIONLINT_EVENT_CONNECTED &&
	       (view->local == LOCAL_UNKNOWN || view->local == sample->local);
}

void samples_meet(struct subject *subject, uint32_t number, const struct view *view)
{
	struct drivers *drivers = subject->host->drivers;

	for (uint32_t i = drivers->sample_count; i-- > 0;) {
		const struct sample *sample = &drivers->samples[i];

		if (sample->session == number && sample->serial == view->serial &&
		    is_met(sample, subject->record, view))
			sample_remove(drivers, i);
	}
}

void samples_forget(struct drivers *drivers, uint32_t number)
{
	for (uint32_t i = drivers->sample_count; i-- > 0;)
		if (drivers->samples[i].session == number)
			sample_remove(drivers, i);
}

static int sample_report(const struct subject *subject, const struct sample *sample)
{
	struct checker *checker = subject->checker;
	struct particulars particulars = { .observed = sample->state };
	struct place place = {
		.line = sample->line,
		.offset = sample->offset,
		.time = sample->time,
		.event = SESSIONLINT_NO_EVENT,
	};
	struct subject about = {
		.checker = checker,
		.host = subject->host,
		.session = sessions_at(&checker->sessions, sample->session),
	};

	particulars.place = &place;
	if (sample->local)
		return report(&about, SESSIONLINT_RULE_WRONG_LOCAL, particulars,
			      "LocalSession was found to be %s, but no connection that the driver "
			      "was notified of matches",
			      local_text(sample->local));
	return report(&about, SESSIONLINT_RULE_WRONG_STATE, particulars,
		      "the session was found in %s, but can only be in %s",
		      sessionlint_state_name(sample->state), belief_text(checker, sample->belief));
}

int samples_end(struct subject *subject, const struct registration *registration, uint64_t until)
{
	struct drivers *drivers = subject->host->drivers;
	int r = 0;

	for (uint32_t i = 0; i < drivers->sample_count;) {
		struct sample sample = drivers->samples[i];

		if (registration && sample.serial != registration->serial) {
			i++;
			continue;
		}
		sample_remove(drivers, i);
		if (r == 0 && sample.at < until)
			r = sample_report(subject, &sample);
	}
	return r;
}
