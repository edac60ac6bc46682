/* SPDX-License-Identifier: MIT */
/*
 * What single registrations know of a session. Callbacks can lag by any time, each
 * registration's by its own, so that only the notifications of one registration are known to be in
 * the order of the session's events.
 */
#ifndef CHECK_DRIVER_VIEWS_H
#define CHECK_DRIVER_VIEWS_H

#include "check/context.h"

/* What a registration knows of a session: what its own notifications leave possible. */
struct view {
	uint32_t serial; /* of the registration; 0: it was notified of nothing yet */
	sessionlint_belief beliefs[TOLERANCE_COUNT];
	sessionlint_belief otherwise; /* as in struct session */
	uint8_t local;                /* LocalSession of the last Connected: enum local */
};

/* What became of a notification. */
struct view_result {
	bool judged;             /* it was a step of the session, as the registration knows it */
	sessionlint_belief core; /* where the session can be after it */
};

/*
 * The event of subject->record was delivered to subject->object, which is registered and selects
 * it; the trace holds no events. Session @number is subject->session. -ENOMEM, or what
 * options.report returned.
 */
int view_notify(struct subject *subject, uint32_t number, struct view_result *ret_result);

/* ---- samples.c ---- */

/* A sample of subject->session, which is known from notifications. */
int session_sample(struct subject *subject, uint32_t number);

/* The same of its LocalSession. */
int session_sample_local(struct subject *subject, uint32_t number);

/* A registration was notified of subject->record, of session @number: @view is what it knows now.
 */
void samples_meet(struct subject *subject, uint32_t number, const struct view *view);

/* @registration of subject->host, or all if it is NULL, has got what happened before @until:
 * reports the samples that do not agree with that. */
int samples_end(struct subject *subject, const struct registration *registration, uint64_t until);

/* Forgets those of a session. */
void samples_forget(struct drivers *drivers, uint32_t number);

/* ---- views.c ---- */

/* Forgets what is known of session @number from notifications. */
void views_forget(struct checker *checker, uint32_t number);

/* Records are lost, and the belief of session @number says so already: the only registration that
 * is live knows that much of it; of others nothing is known. -ENOMEM. */
int views_lose(struct checker *checker, uint32_t number, const struct host *host);

#endif
