/* SPDX-License-Identifier: MIT */
/*
 * Registrations of which it is not known with which event of a session they begin: some events
 * happened while the call that made them ran. Which ones their notifications are of is kept open
 * as long as there are several ways.
 */
#ifndef CHECK_DRIVER_UNSURE_REGISTRATIONS_H
#define CHECK_DRIVER_UNSURE_REGISTRATIONS_H

#include "check/driver/pending.h"

#define LOOSE_EVENTS 32U

struct loose {
	struct loose *next; /* of the session */
	uint32_t serial;    /* of the registration */
	uint32_t count;
	uint8_t events[LOOSE_EVENTS]; /* that it was notified of, in order */
};

/*
 * @registration is notified of the event of subject->record, which is kept open or not. Returns
 * whether it is explained so; then the registration has got it. -ENOMEM.
 */
int loose_notify(struct subject *subject, struct session_detail *detail,
		 struct registration *registration, bool *ret_notified);

/* @registration gets no more: takes the way on which it has missed least. Returns whether
 * something was open. */
bool loose_close(struct checker *checker, struct session_detail *detail,
		 const struct registration *registration);

void loose_free(struct session_detail *detail);

#endif
