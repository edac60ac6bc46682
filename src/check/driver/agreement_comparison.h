/* SPDX-License-Identifier: MIT */
/* Which registrations, and which stored notifications of a session, are compared. */
#ifndef CHECK_DRIVER_AGREEMENT_COMPARISON_H
#define CHECK_DRIVER_AGREEMENT_COMPARISON_H

#include "check/driver/agreement.h"

/* A question about one session, with its arrays. */
struct comparison {
	struct agreement_question question;
	struct agreement_party parties[AGREEMENT_PARTIES];
	struct agreement_entry entries[AGREEMENT_ENTRIES];
};

/*
 * Collects the registrations: @ending, which ends, and those that have ended or have received
 * something. @until: live registrations have received everything from before that. Any subset of
 * them would do, since the notifications of each subset must be consistent.
 */
void comparison_collect(struct comparison *comparison, const struct checker *checker,
			const struct drivers *drivers, const struct agreement *agreement,
			const struct registration *ending, uint64_t until);

/* Afterwards: collects their notifications. */
void comparison_prepare(struct comparison *comparison, const struct checker *checker,
			const struct agreement *agreement);

/* Whether a notification of the registration with that serial is stored. */
bool agreement_has_entries(const struct agreement *agreement, uint32_t serial);

/* Whether @registration certainly receives the events of @session that it selects. */
bool registration_reaches(const struct registration *registration, uint32_t session);

/* What is known about @registration, which has received everything from before @until; 0:
 * unknown. */
struct agreement_party agreement_party(const struct agreement *agreement,
				       const struct registration *registration, uint64_t until);

/* ---- agreement_findings.c ---- */

/* The notifications contradict each other: reports one that is missing, or the first impossible
 * one. -ENOMEM, or what options.report returned. */
int report_contradiction(struct subject *subject, const struct comparison *comparison,
			 const struct agreement *agreement, const struct registration *ending);

/* Everything is explained except LocalSession: reports where it first differs. The same errors. */
int report_local(const struct subject *subject, const struct comparison *comparison,
		 const struct agreement *agreement, const struct registration *ending);

#endif
