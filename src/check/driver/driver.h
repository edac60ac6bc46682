/* SPDX-License-Identifier: MIT */
/* The driver's contract: its calls, its I/O objects, and its notifications. */
#ifndef CHECK_DRIVER_DRIVER_H
#define CHECK_DRIVER_DRIVER_H

#include "check/context.h"

/* ---- calls.c ---- */

int check_call(struct subject *subject);
int check_object(struct subject *subject);

/* ---- leaks.c ---- */

/* Ends the registrations of subject->host at the end of the trace; reports the live ones.
 * @complete: the trace is not cut off. */
int drivers_end(struct subject *subject, bool complete);

/* ---- notification.c ---- */

int check_notification(struct subject *subject);

/* ---- payload.c ---- */

/* Checks the payload of subject->record, an event or a notification; @where: the possible states
 * after it. */
int check_payload(struct subject *subject, sessionlint_belief where);

/* Checks whether a sample may have LocalSession: *ret_valid. */
int check_local(struct subject *subject, bool *ret_valid);

/* ---- views.c: sessions that are known only from notifications ---- */

/* From now on @session is known only from notifications. -ENOMEM. */
int session_notify(struct checker *checker, struct session *session);

/* Like session_follow(), for registrations that may have ended. */
int session_follow_views(struct checker *checker, uint32_t number, const struct host *host);

#endif
