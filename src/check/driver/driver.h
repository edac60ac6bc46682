/* SPDX-License-Identifier: MIT */
/* The driver's contract: its calls, its I/O objects, and what it was notified of. */
#ifndef CHECK_DRIVER_DRIVER_H
#define CHECK_DRIVER_DRIVER_H

#include "check/context.h"

/* ---- calls.c ---- */

int check_call(struct subject *subject);
int check_object(struct subject *subject);

/* ---- leaks.c ---- */

/* Ends the registrations of subject->host with the trace; reports those that are alive. @complete:
 * nothing is cut off. */
int drivers_end(struct subject *subject, bool complete);

/* ---- notification.c ---- */

int check_notification(struct subject *subject);

/* Judges the payload of subject->record, an event or a notification; @where is where the session
 * can be after it. */
int check_payload(struct subject *subject, sessionlint_belief where);

/* Judges that a sample gives LocalSession; *ret_valid says that it may. */
int check_local(struct subject *subject, bool *ret_valid);

/* ---- views.c: sessions that are known from notifications ---- */

/* From now on @session is known from notifications. -ENOMEM. */
int session_notify(struct checker *checker, struct session *session);

/* As session_follow(): registrations may have ended. */
int session_follow_views(struct checker *checker, uint32_t number, const struct host *host);

#endif
