/* SPDX-License-Identifier: MIT */
#include "certificate/witness_steps.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "check/session/session.h"
#include "check/state/trails.h"

void witness_steps_free(struct witness_steps *steps)
{
	free(steps->list);
	free(steps->sets);
	free(steps->pruned);
	free(steps->before);
	free(steps->after);
}

static int make_room(struct witness_steps *steps, size_t count)
{
	size_t capacity = steps->capacity ? steps->capacity : 256;

	if (count < steps->capacity)
		return 0;
	while (capacity <= count)
		capacity *= 2;
	witness_steps_free(steps);
	*steps = (struct witness_steps) {
		.list = calloc(capacity, sizeof *steps->list),
		.sets = calloc(capacity + 1, sizeof *steps->sets),
		.pruned = calloc(capacity + 1, sizeof *steps->pruned),
		.before = calloc(capacity + 1, sizeof *steps->before),
		.after = calloc(capacity + 1, sizeof *steps->after),
	};
	if (!steps->list || !steps->sets || !steps->pruned || !steps->before || !steps->after)
		return -ENOMEM;
	steps->capacity = capacity;
	return 0;
}

/* What the bytes before a record have said of it. */
struct said {
	sessionlint_belief from, to;
	unsigned rule;
	struct trail_notified notified;
};

static const struct said nothing_said = {
	.from = SESSIONLINT_BELIEF_ANY,
	.to = SESSIONLINT_BELIEF_ANY,
	.rule = RULE_COUNT,
};

/* Adds records that may be lost, to those that are lost in the same place. @count: 0 for any number
 * of them. */
static void add_loss(struct witness_steps *steps, unsigned count)
{
	bool first = steps->count == 0 && steps->start != STEPS_RENEWED;
	bool more = steps->count > 0 && !witness_step_is_record(&steps->list[steps->count - 1]);
	uint8_t *lost = first ? &steps->lost : &steps->list[steps->count - !!more].lost;

	if (!first && !more)
		steps->list[steps->count++] = (struct witness_step) { .event = STEP_LOSS };
	if (first || !more || *lost)
		*lost = count && *lost + count < MODEL_LOST_MANY ? (uint8_t)(*lost + count) : 0;
	if (first && *lost == 0)
		steps->start = STEPS_BEGIN_ANY;
}

static void add(struct witness_steps *steps, struct witness_step step, struct said *said)
{
	step.from &= said->from;
	step.to &= said->to;
	step.broken |= said->rule == SESSIONLINT_RULE_INVALID_STATE;
	step.serial = said->notified.serial;
	step.at = said->notified.at;
	if (step.serial)
		step.by = SHOWN_BY_REGISTRATION;
	step.record = ++steps->records;
	steps->list[steps->count++] = step;
	*said = nothing_said;
}

/* A byte that is a record. */
static struct witness_step step_of(uint8_t code)
{
	struct witness_step step = {
		.event = SESSIONLINT_EVENT_IGNORE,
		.from = SESSIONLINT_BELIEF_ANY,
		.to = SESSIONLINT_BELIEF_ANY,
	};

	switch (TRAIL_KIND(code)) {
	case TRAIL_SAMPLE:
		if (code & 0x0f)
			step.from = belief_of(code & 0x0f);
		break;
	case TRAIL_ACTIVITY:
		step.from = activity_states(code & 0x0f);
		break;
	default:
		step.by = code == TRAIL_ASIDE ? SHOWN_ASIDE : SHOWN_BY_EVENTS;
		step.broken = code == TRAIL_INVALID || code == TRAIL_REPORTED;
		if (!step.broken && code != TRAIL_ASIDE)
			step.event = code;
		break;
	}
	return step;
}

static void begin(struct witness_steps *steps, uint8_t code)
{
	if (code == TRAIL_UNCOVERED)
		steps->uncovered = true;
	else if (code == TRAIL_SEVERAL)
		steps->several = true;
	else if (code == TRAIL_UNCLEAR)
		steps->unclear = true;
	else
		steps->start = code == TRAIL_BEGIN_ANY ? STEPS_BEGIN_ANY
			       : code == TRAIL_RENEWED ? STEPS_RENEWED
						       : STEPS_BEGIN;
}

/* Notes a registration that has shown the session; too many are not followed. */
static void add_registration(struct witness_steps *steps, const struct trail_notified *notified,
			     bool earlier)
{
	for (unsigned i = 0; i < steps->registration_count; i++)
		if (steps->registrations[i].serial == notified->serial)
			return;
	if (steps->registration_count == TRAIL_KNOWN_MAX) {
		steps->uncovered = true;
		return;
	}
	steps->registrations[steps->registration_count++] = (struct witness_registration) {
		.serial = notified->serial,
		.made = notified->made,
		.mask = (uint8_t)notified->mask,
		.earlier = earlier,
	};
}

int witness_steps_read(struct witness_steps *steps, const struct ended_incarnation *ended)
{
	struct said said = nothing_said;
	struct trail_notified notified;
	bool told = false;
	int r = make_room(steps, ended->size);

	if (r < 0)
		return r;
	steps->count = steps->records = 0;
	steps->uncovered = steps->several = steps->unclear = steps->notified = false;
	steps->mask = steps->first_mask = PROJECTION_MASKS - 1;
	steps->lost = 0;
	steps->rule = RULE_COUNT;
	steps->stranger = 0;
	steps->registration_count = 0;
	for (uint32_t i = 0; i < ended->size; i++) {
		uint8_t code = ended->trail[i];

		if (code & TRAIL_RULE) {
			said.rule = code & ~(unsigned)TRAIL_RULE;
			if (steps->rule == RULE_COUNT)
				steps->rule = said.rule;
			if (said.rule == SESSIONLINT_RULE_WRONG_USER && steps->stranger == 0)
				steps->stranger = steps->records + 1;
		} else if (TRAIL_KIND(code) == TRAIL_FROM) {
			said.from = belief_of(code & 0x0f);
		} else if (TRAIL_KIND(code) == TRAIL_TO) {
			said.to = belief_of(code & 0x0f);
		} else if (trail_more(code)) {
			memcpy(&notified, ended->trail + i + 1, sizeof notified);
			i += trail_more(code);
			add_registration(steps, &notified, code == TRAIL_KNOWN);
			if (code == TRAIL_KNOWN)
				continue;
			said.notified = notified;
			steps->mask = (uint8_t)notified.mask;
			if (!told)
				steps->first_mask = steps->mask;
			steps->notified = told = true;
		} else if (TRAIL_KIND(code) == TRAIL_BEGIN) {
			begin(steps, code);
		} else if (TRAIL_KIND(code) == TRAIL_LOST) {
			add_loss(steps, code & 0x0f);
		} else {
			steps->notified |= code == TRAIL_ASIDE;
			add(steps, step_of(code), &said);
		}
	}
	return 0;
}

int witness_steps_pick(struct witness_steps *steps, const struct witness_steps *all,
		       uint32_t serial)
{
	int r = make_room(steps, all->count);

	if (r < 0)
		return r;
	steps->count = 0;
	for (size_t step = 0; step < all->count; step++) {
		const struct witness_step *one = &all->list[step];

		if (!witness_step_is_record(one) ||
		    (one->serial == serial && one->by != SHOWN_ASIDE))
			steps->list[steps->count++] = *one;
	}
	return 0;
}

sessionlint_belief witness_step_take(const struct witness_step *step, const struct model *model,
				     const struct model *all, sessionlint_belief states)
{
	sessionlint_belief before = model->closure[states];

	if (!witness_step_is_record(step))
		return model_lose(all, all->closure[states],
				  step->lost ? step->lost : MODEL_LOST_MANY);
	return model->reached[step->event][before & step->from] & step->to;
}

sessionlint_belief witness_step_or_breach(const struct witness_step *step,
					  const struct model *shown, sessionlint_belief states)
{
	if (step->broken)
		return SESSIONLINT_BELIEF_ANY;
	if (!states && witness_step_is_record(step))
		states = shown->reached[step->event][step->from] & step->to;
	return states ? states : SESSIONLINT_BELIEF_ANY;
}
