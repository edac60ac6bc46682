/* SPDX-License-Identifier: MIT */
/*
 * Whether the notifications of several registrations can be of one session. Each registration
 * receives those of the session's events that it selects, in order, while it is live; each
 * notification can take any time. So a contradiction can only be found when a registration ends: it
 * has received everything from before that.
 *
 * The last notifications of each session are stored. If there are too many, or too many ways to
 * combine them, nothing is reported.
 */
#ifndef CHECK_DRIVER_AGREEMENT_H
#define CHECK_DRIVER_AGREEMENT_H

#include "check/context.h"

#define AGREEMENT_ENTRIES 64U        /* for each session */
#define AGREEMENT_PARTIES 8U         /* registrations compared with each other */
#define AGREEMENT_TOTAL   (1U << 20) /* of all sessions together */

/* One notification. */
struct agreement_entry {
	struct place place;
	uint64_t at;             /* drivers->now */
	uint32_t number, serial; /* of the registration */
	uint8_t local;           /* LocalSession in its payload, if any: enum local */
};

/* A registration, and when it was live, by drivers->now. */
struct agreement_party {
	uint32_t number, serial;
	uint32_t mask;
	uint64_t made_at;    /* it was not live earlier */
	uint64_t live_from;  /* latest time at which it became live; UINT64_MAX: unknown */
	uint64_t live_until; /* it has received everything from before that; 0: unknown */
};

/* The stored notifications of a session. */
struct agreement {
	struct agreement *next, *previous; /* of the same host */
	uint32_t session;                  /* its number */
	sessionlint_belief start;          /* possible states before the first entry */
	uint64_t since;                    /* older registrations have lost entries */
	uint32_t count, ended_count;
	size_t capacity;
	struct agreement_entry *entries;
	struct agreement_party ended[AGREEMENT_PARTIES];
};

/* Stores subject->record, a notification of @registration that is explained; @before: the
 * possible states before it, in the view of the registration. -ENOMEM. */
int agreement_add(struct subject *subject, uint32_t session,
		  const struct registration *registration, sessionlint_belief before);

/* Forgets the stored notifications of a session, after a finding or a loss. */
void agreement_forget(struct checker *checker, struct session_detail *detail);

/* The same for all sessions of a host. */
void agreements_drop(struct checker *checker, struct host *host);

/* @registration of subject->host ends: reports contradictions. */
int agreements_unregister(struct subject *subject, const struct registration *registration);

/* The capture of subject->host ends, and with @complete no notification is still on its way.
 * Reports contradictions. */
int agreements_end(struct subject *subject, bool complete);

/* ---- agreement_search.c ---- */

/* A question about the notifications of some registrations. */
struct agreement_question {
	const struct model *model; /* of a source that shows everything */
	sessionlint_belief start;
	const struct agreement_entry *entries;
	uint32_t count;
	const struct agreement_party *parties;
	uint32_t party_count;

	/* require the same LocalSession from all registrations that received an event */
	bool compares_local;

	/* a registration that may not have received the events of these entries (a bit for each) */
	uint32_t missing_party;
	uint64_t missing_entries;
};

struct agreement_search;

/* Whether one sequence of events explains everything, or there are too many to search. -ENOMEM. */
int agreement_explain(struct agreement_search **search, const struct agreement_question *question,
		      bool *ret_explained);

/* Afterwards: the possible states before the last entry. */
sessionlint_belief agreement_before_last(const struct agreement_search *search);
void agreement_search_free(struct agreement_search *search);

#endif
