/* SPDX-License-Identifier: MIT */
/* What a trail says, step by step; and the states that it leaves. */
#ifndef CERTIFICATE_WITNESS_STEPS_H
#define CERTIFICATE_WITNESS_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "certificate/witness_machine.h"
#include "check/run_trail.h"
#include "check/state/trails.h"

/* Of a step that is not a record, but a loss. */
#define STEP_LOSS UINT8_MAX

/* Who shows a step. Registrations show events at their own pace. */
enum witness_shower {
	SHOWN_BY_EVENTS,
	SHOWN_BY_REGISTRATION,
	SHOWN_ASIDE, /* nothing follows from it */
};

struct witness_step {
	uint8_t event;               /* or STEP_LOSS; Ignore for a sample or an activity */
	sessionlint_belief from, to; /* the states that the record allows */
	uint8_t lost;                /* max number; 0: any */
	bool broken;                 /* breaks the model by itself: an invalid event or state */
	uint8_t by;                  /* enum witness_shower */
	uint32_t serial, at;         /* of the registration, and when it was notified */
	size_t record;               /* its number in the incarnation, from 1 */
};

/* A registration that has shown the session. */
struct witness_registration {
	uint32_t serial, made; /* and when; by drivers->now */
	uint8_t mask;
	bool earlier; /* it has shown an earlier incarnation */
};

struct witness_steps {
	struct witness_step *list;
	size_t count, capacity;
	size_t records;
	enum {
		STEPS_BEGIN,
		STEPS_BEGIN_ANY,
		STEPS_RENEWED
	} start;
	uint8_t lost;                     /* records that may be lost before it begins */
	bool uncovered, several, unclear; /* as in enum trail_code */
	bool notified;                    /* notifications have shown the session */
	/* of the registration that was notified first, or last; of all events if none was */
	uint8_t first_mask, mask;
	/* those of the session so far, the first one first */
	struct witness_registration registrations[TRAIL_KNOWN_MAX];
	unsigned registration_count;
	unsigned rule;   /* the first that a record breaks as an error, or RULE_COUNT */
	size_t stranger; /* the first record that names another user, from 1; 0: none does */
	/* room for a set of states before the first step and after each */
	sessionlint_belief *sets, *pruned;
	uint8_t *before; /* by step: the state, by index, in which it happens */
	uint8_t *after;  /* the same after it, and before the first */
};

void witness_steps_free(struct witness_steps *steps);

/* Reads a trail, in place of the one before. -ENOMEM. */
int witness_steps_read(struct witness_steps *steps, const struct ended_incarnation *ended);

/* Takes over the losses, and the steps that registration @serial shows, or with 0 those that none
 * does. -ENOMEM. */
int witness_steps_pick(struct witness_steps *steps, const struct witness_steps *all,
		       uint32_t serial);

/* The states right after a step, by one of the models, from those right after the step before. */
sessionlint_belief witness_step_take(const struct witness_step *step, const struct model *model,
				     const struct model *all, sessionlint_belief states);

/* The same, or if that is none, the states to which a record leads from any state, in the model of
 * all that happens. */
sessionlint_belief witness_step_or_breach(const struct witness_step *step,
					  const struct model *shown, sessionlint_belief states);

static inline bool witness_step_is_record(const struct witness_step *step)
{
	return step->event != STEP_LOSS;
}

#endif
