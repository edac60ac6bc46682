/* SPDX-License-Identifier: MIT */
#include "certificate/witness_several.h"

#include "certificate/witness_run.h"

#define ALL_EVENTS (PROJECTION_MASKS - 1)

void witness_several_free(struct witness_several *several)
{
	witness_steps_free(&several->own);
	witness_together_free(several->together);
}

static bool find(struct witness_several *several, const struct together_question *question)
{
	int r = witness_together_find(&several->together, question);

	several->failed |= r < 0;
	return r > 0;
}

/* Whether there is another run, which begins or ends otherwise than the one that was found; then
 * *question asks for that. */
static bool find_other(struct witness_several *several, struct together_question *question)
{
	const struct together_question asked = *question;
	unsigned begin = witness_together_begin(several->together),
		 end = witness_together_end(several->together);

	question->start &= (sessionlint_belief) ~(1U << begin);
	if (find(several, question))
		return true;
	*question = asked;
	question->finish &= (sessionlint_belief) ~(1U << end);
	return find(several, question);
}

static bool put_run(struct witness_several *several, const struct together_question *question,
		    struct witness_text *text)
{
	if (!find(several, question))
		return false;
	put(text, ",\"run\":");
	witness_together_put(several->together, text);
	return true;
}

static bool put_runs(struct witness_several *several, const struct together_question *question,
		     struct witness_text *text)
{
	struct together_question other = *question;

	if (!find(several, question) || !find_other(several, &other) || !find(several, question))
		return false;
	put(text, ",\"runs\":[");
	witness_together_put(several->together, text);
	put_char(text, ',');
	find(several, &other);
	witness_together_put(several->together, text);
	put_char(text, ']');
	return true;
}

/* The events that other registrations than @serial were notified of. */
static unsigned others_of(const struct witness_steps *steps, uint32_t serial)
{
	unsigned mask = 0;

	for (size_t step = 0; step < steps->count; step++) {
		const struct witness_step *one = &steps->list[step];

		if (one->by == SHOWN_BY_REGISTRATION && one->serial != serial)
			mask |= 1U << (one->event - SESSIONLINT_EVENT_CREATED);
	}
	return mask;
}

/* Whether no run explains what registration @serial was notified of, or with 0 what other records
 * say. What another one was notified of can have happened all the same: then this one has missed
 * it, which is a breach of the contract. */
static bool put_chain(struct witness_several *several, const struct witness_steps *steps,
		      uint32_t serial, unsigned mask, sessionlint_belief start,
		      struct witness_text *text)
{
	const struct witness_machine *machine =
		witness_masked_at(several->masked, (uint8_t)(mask & ~others_of(steps, serial)));
	struct witness_chain chain;

	if (!machine || witness_steps_pick(&several->own, steps, serial) < 0) {
		several->failed = true;
		return false;
	}
	if (!witness_chain_find(&several->own, machine, start, &chain))
		return false;
	witness_chain_put(&several->own, machine, &chain, text);
	return true;
}

static bool put_chains(struct witness_several *several, const struct witness_steps *steps,
		       sessionlint_belief start, struct witness_text *text)
{
	if (put_chain(several, steps, 0, ALL_EVENTS, start, text))
		return true;
	for (unsigned i = 0; i < steps->registration_count; i++) {
		const struct witness_registration *one = &steps->registrations[i];

		/* the first one is known from the beginning */
		if (put_chain(several, steps, one->serial, one->mask,
			      i == 0 ? start : SESSIONLINT_BELIEF_ANY, text))
			return true;
	}
	return false;
}

bool witness_several_put(struct witness_several *several, const struct witness_steps *steps,
			 const struct ended_incarnation *ended, sessionlint_belief start,
			 struct witness_text *text)
{
	struct together_question question = {
		.steps = steps,
		.ended = ended,
		.masked = several->masked,
		.start = start,
		.finish = ended->terminated ? belief_of(SESSIONLINT_STATE_TERMINATED)
					    : SESSIONLINT_BELIEF_ANY,
	};

	switch (ended->verdict) {
	case INCARNATION_CONFORMING:
		question.life = true;
		question.start = belief_of(SESSIONLINT_STATE_INITIALIZED);
		return put_run(several, &question, text);
	case INCARNATION_UNDETERMINED:
		return put_runs(several, &question, text);
	case INCARNATION_VIOLATING:
		break;
	}
	return put_chains(several, steps, ended->carried->all, text);
}

/* Whether the last notification is that the session is over, before the next registration was made.
 */
static bool is_over(const struct witness_steps *steps, const struct trail_notified *next)
{
	for (size_t step = steps->count; step > 0; step--) {
		const struct witness_step *one = &steps->list[step - 1];

		if (one->by == SHOWN_BY_REGISTRATION)
			return one->event == SESSIONLINT_EVENT_TERMINATED && one->at < next->made;
	}
	return false;
}

sessionlint_belief witness_several_states(struct witness_several *several,
					  const struct witness_steps *steps,
					  const struct ended_incarnation *ended)
{
	const struct witness_machine *machine = witness_masked_at(several->masked,
								  (uint8_t)ended->next.mask);
	sessionlint_belief states = SESSIONLINT_BELIEF_ANY, published = states;

	if (is_over(steps, &ended->next))
		return belief_of(SESSIONLINT_STATE_TERMINATED);
	if (!machine || witness_steps_pick(&several->own, steps, ended->next.serial) < 0) {
		several->failed = true;
		return states;
	}
	for (size_t step = 0; step < several->own.count; step++) {
		const struct witness_step *taken = &several->own.list[step];

		states = witness_step_take(taken, &machine->all.model, &machine->all.model, states);
		states = witness_step_or_breach(taken, &machine->life.model, states);
		published = witness_step_take(taken, &machine->published, &machine->published,
					      published);
		if (!published)
			published = states;
	}
	return published;
}
