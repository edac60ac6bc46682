/* SPDX-License-Identifier: MIT */
/*
 * The views of single registrations on a session. Callbacks can lag by any time, differently for
 * each registration, so only the notifications of one registration are known to be in the order of
 * the session's events.
 */
#ifndef CHECK_DRIVER_VIEWS_H
#define CHECK_DRIVER_VIEWS_H

#include "check/context.h"
#include "check/state/trails.h"

/* The result of a notification. */
struct view_result {
	bool judged;                    /* it was a step of the session in this view */
	sessionlint_belief core;        /* possible states after it */
	struct trail_notified notified; /* the registration, if that is known */
};

/*
 * The event of subject->record was delivered to subject->object, which is registered and selects
 * it, in a trace without events. Session @number is subject->session. -ENOMEM, or what
 * options.report returned.
 */
int view_notify(struct subject *subject, uint32_t number, struct view_result *ret_result);

/* ---- samples.c ---- */

/* Checks a sample of subject->session, which is known from notifications. */
int session_sample(struct subject *subject, uint32_t number);

/* The same for its LocalSession. */
int session_sample_local(struct subject *subject, uint32_t number);

/* A registration was notified of subject->record, of session @number: @view is its new view. */
void samples_meet(struct subject *subject, uint32_t number, const struct view *view);

/* @registration of subject->host, or all if it is NULL, has received everything from before
 * @until: reports samples that contradict that. */
int samples_end(struct subject *subject, const struct registration *registration, uint64_t until);

/* Forgets those of a session. */
void samples_forget(struct drivers *drivers, uint32_t number);

/* ---- views.c ---- */

/* Forgets the views on session @number. */
void views_forget(struct checker *checker, uint32_t number);

/* Records are lost, which the belief of session @number includes already: the only live
 * registration takes over that belief; other views become unknown. -ENOMEM. */
int views_lose(struct checker *checker, uint32_t number, const struct host *host);

#endif
