/* SPDX-License-Identifier: MIT */
/* How registrations and I/O objects change state and end, whichever record shows it. */
#ifndef CHECK_DRIVER_REGISTRATION_LIFE_H
#define CHECK_DRIVER_REGISTRATION_LIFE_H

#include "check/context.h"

/* The possible states of the object: those in the trace, or any. */
uint8_t object_states(const struct drivers *drivers, const struct io_object *object);

/* The states after @symbol; *ret_breach: no state in @states allows it. */
uint8_t object_step(const struct checker *checker, uint8_t states, enum registration_symbol symbol,
		    bool *ret_breach);

/* Removes the tentative registration of the object, if there is one. */
int register_withdraw(struct subject *subject, struct drivers *drivers, struct io_object *object);

/* Finds host, drivers and driver of a call or of an I/O object. */
int driver_follow(struct subject *subject, struct drivers **ret_drivers);

/* Ends a registration, and reports what its driver has missed. */
int registration_end(struct subject *subject, struct drivers *drivers,
		     struct registration *registration);

/* Forgets an object whose creation is not in the trace when it has no registration left. */
void object_settle(struct drivers *drivers, struct io_object *object);

#endif
