/* SPDX-License-Identifier: MIT */
/*
 * Registrations whose first event of a session is unknown, because events happened while the
 * registering call was running. Which events their notifications are of stays undecided while
 * several matches are possible.
 */
#ifndef CHECK_DRIVER_UNSURE_REGISTRATIONS_H
#define CHECK_DRIVER_UNSURE_REGISTRATIONS_H

#include "check/driver/pending.h"

#define UNSURE_EVENTS 32U
/* Of one session. What others are notified of is then unknown. */
#define UNSURE_OF_SESSION 256U

struct unsure_registration {
	struct unsure_registration *next; /* of the same session */
	uint32_t serial;                  /* of the registration */
	uint32_t count;
	uint8_t events[UNSURE_EVENTS]; /* that it was notified of, in order */
};

/* @registration is notified of the event of subject->record. Returns whether that is explained
 * by a decided or undecided match; then the registration has received it. -ENOMEM. */
int unsure_notify(struct subject *subject, struct session_detail *detail,
		  struct registration *registration, bool *ret_notified);

/* @registration receives no more: chooses the match with the fewest missed events. */
void unsure_close(struct checker *checker, struct session_detail *detail,
		  const struct registration *registration);

void unsure_free(struct session_detail *detail);

#endif
