/* SPDX-License-Identifier: MIT */
/*
 * Samples of sessions that are known from notifications alone. Notifications lag: a sample can show
 * a state that the driver has yet to be notified of. It contradicts them only if the session was in
 * no such state by the time that the registration had got all that came before the sample.
 */
#include "check/drivers.h"
#include "check/views.h"

static sessionlint_belief laxest(const struct session *session)
{
	return session->beliefs[SESSIONLINT_TOLERANCES - 1];
}

/* One more sample waits; of too many the oldest is forgotten. */
static void sample_wait(struct subject *subject, uint32_t number,
			const struct session_detail *detail)
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
		.behind = belief_of(subject->record->state),
	};

	if (!(subject->session->flags & SESSION_OBSERVED))
		return;
	observe_prepare(subject, &step, SESSIONLINT_TOLERANCES - 1);
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
		/* nobody is notified of what it does: it can be in any state */
		subject->session->flags |= SESSION_UNKNOWN;
	else if (!(laxest(subject->session) & state))
		sample_wait(subject, number, detail);
	sample_observe(subject);
	return 0;
}

static void sample_remove(struct drivers *drivers, uint32_t index)
{
	drivers->sample_count--;
	memmove(drivers->samples + index, drivers->samples + index + 1,
		(drivers->sample_count - index) * sizeof drivers->samples[0]);
}

void samples_meet(struct drivers *drivers, uint32_t number, const struct view *view)
{
	for (uint32_t i = drivers->sample_count; i-- > 0;) {
		const struct sample *sample = &drivers->samples[i];

		if (sample->session == number && sample->serial == view->serial &&
		    view->beliefs[SESSIONLINT_TOLERANCES - 1] & belief_of(sample->state))
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
