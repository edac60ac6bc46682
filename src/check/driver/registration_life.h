/* SPDX-License-Identifier: MIT */
/* Registrations and I/O objects: how they go on and end, whatever record shows it. */
#ifndef CHECK_DRIVER_REGISTRATION_LIFE_H
#define CHECK_DRIVER_REGISTRATION_LIFE_H

#include "check/context.h"

/* What the object can be: what the trace has shown, or anything. */
uint8_t object_states(const struct drivers *drivers, const struct io_object *object);

/* The states after @symbol; *ret_breach says that no state of @states takes it. */
uint8_t object_step(const struct checker *checker, uint8_t states, enum registration_symbol symbol,
		    bool *ret_breach);

/* Forgets the registration that a call is about to make of the object, if there is one. */
int register_withdraw(struct subject *subject, struct drivers *drivers, struct io_object *object);

/* Finds host, drivers and driver of a call or of an I/O object. */
int driver_follow(struct subject *subject, struct drivers **ret_drivers);

/* Ends a registration, and reports what its driver has missed. */
int registration_end(struct subject *subject, struct drivers *drivers,
		     struct registration *registration);

/* An object that the trace has not shown being created is forgotten with its registration. */
void object_settle(struct drivers *drivers, struct io_object *object);

#endif
