/* SPDX-License-Identifier: MIT */
/*
 * Whether the notifications of several registrations can be of one session. Each registration gets
 * those of the session's events that it selects, in order, while it is live; how long each
 * notification takes is not known. So a contradiction can only be found when a registration ends:
 * what happened before, it has got by then.
 *
 * Of each session the last notifications are kept. Where there are too many, or too many ways to
 * put them together, nothing is said.
 */
#ifndef CHECK_DRIVER_AGREEMENT_H
#define CHECK_DRIVER_AGREEMENT_H

#include "check/context.h"

#define AGREEMENT_ENTRIES 64U        /* of a session */
#define AGREEMENT_PARTIES 8U         /* registrations that are looked at together */
#define AGREEMENT_TOTAL   (1U << 20) /* of all sessions */

/* One notification. */
struct agreement_entry {
	struct place place;
	uint64_t at;     /* drivers->now */
	uint32_t serial; /* of the registration */
	uint8_t local;   /* LocalSession, as far as its payload says: enum local */
};

/* A registration, and what is known of when it was live: by drivers->now. */
struct agreement_party {
	uint32_t serial;
	uint32_t mask;
	uint64_t made_at;    /* it was not live before */
	uint64_t live_from;  /* it was live then at the latest; UINT64_MAX: not known */
	uint64_t live_until; /* what happened before it has got; 0: not known */
};

/* What is kept of a session. */
struct agreement {
	struct agreement *next, *previous; /* of the host */
	uint32_t session;                  /* number */
	sessionlint_belief start;          /* where it can be before the first entry */
	uint64_t since;                    /* registrations that are older have lost entries */
	uint32_t count, ended_count;
	size_t capacity;
	struct agreement_entry *entries;
	struct agreement_party ended[AGREEMENT_PARTIES];
};

/* subject->record is a notification of @registration, and explained; @before: where the session
 * could be before it, as far as the registration knew. -ENOMEM. */
int agreement_add(struct subject *subject, uint32_t session,
		  const struct registration *registration, sessionlint_belief before);

/* Forgets what is kept of a session: something is wrong with it, or lost. */
void agreement_forget(struct checker *checker, struct session_detail *detail);

/* Forgets all that is kept of a host. */
void agreements_drop(struct checker *checker, struct host *host);

/* @registration of subject->host ends: reports what cannot be. */
int agreements_unregister(struct subject *subject, const struct registration *registration);

/* The capture of subject->host ends, and @complete: nothing is on its way. Reports what cannot be.
 */
int agreements_end(struct subject *subject, bool complete);

/* ---- agreement_search.c ---- */

/* A question about notifications of some registrations. */
struct agreement_question {
	const struct model *model; /* that shows everything */
	sessionlint_belief start;
	const struct agreement_entry *entries;
	uint32_t count;
	const struct agreement_party *parties;
	uint32_t party_count;

	bool heeds_local; /* an event has one LocalSession for all who got it */

	/* a registration that need not have got the events of these entries, by their bits */
	uint32_t spared_party;
	uint64_t spared;
};

struct agreement_search;

/* Whether one sequence of events explains all; also where there are too many ways to look at.
 * -ENOMEM. */
int agreement_explain(struct agreement_search **search, const struct agreement_question *question,
		      bool *ret_explained);

/* After that: where the session can be before the last entry. */
sessionlint_belief agreement_before_last(const struct agreement_search *search);
void agreement_search_free(struct agreement_search *search);

#endif
