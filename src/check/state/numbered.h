/* SPDX-License-Identifier: MIT */
/*
 * The live registrations of a host have numbers, the lowest free ones, so that the registrations to
 * be notified of an event are a set of bits.
 */
#ifndef CHECK_STATE_NUMBERED_H
#define CHECK_STATE_NUMBERED_H

#include "check/state/registrations.h"

/* What the registrations in one word of a set have in common, so that whole words can be
 * skipped. */
struct word_summary {
	bool known;
	uint32_t newest;                       /* the greatest serial; 0: none is live */
	uint64_t live_from;                    /* all but the doubtful ones were live by then */
	uint64_t doubtful;                     /* those that need not receive what they select */
	const struct driver *owner;            /* of all of them; NULL: several */
	uint8_t latest[SESSIONLINT_EVENT_MAX]; /* the bit of the greatest serial of those whose
						  mask selects the event */
};

/* Numbers a registration, and stores which events it selects. -ENOMEM. */
int numbered_add(struct drivers *drivers, struct registration *registration);
void numbered_remove(struct drivers *drivers, const struct registration *registration);
/* Frees the sets; no registration is live. */
void numbered_free(struct drivers *drivers);

/* The registration with that number, if it is live and still has that serial, or NULL. */
static inline struct registration *numbered_at(const struct drivers *drivers, uint32_t number,
					       uint32_t serial)
{
	struct registration *one = number < drivers->words * 64 ? drivers->numbered[number] : NULL;

	return one && one->serial == serial ? one : NULL;
}

/* The set of live registrations to be notified of @event of @session, drivers->words words.
 * Returns how many. */
uint32_t numbered_selecting(const struct drivers *drivers, unsigned event, uint32_t session,
			    uint64_t *ret_set);

/* The summary of a word. It changes with each of its registrations. */
const struct word_summary *numbered_word(const struct drivers *drivers, uint32_t word);

/* @registration changes in a way that affects the summary of its word. */
static inline void numbered_touch(const struct drivers *drivers,
				  const struct registration *registration)
{
	drivers->summaries[registration->number / 64].known = false;
}

#endif
