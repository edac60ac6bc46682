/* SPDX-License-Identifier: MIT */
/* The life of I/O objects: who may register which, and what must be given back before. */
#ifndef CHECK_IO_OBJECTS_H
#define CHECK_IO_OBJECTS_H

#include "check/checker.h"

/* A call registers the I/O object of subject->record, which is @object if the driver has shown it:
 * reports one that is gone, or another driver's. */
int check_registered_object(struct subject *subject, const struct io_object *object, bool *ret_bad);

/* ---- registration.c ---- */

/* What the object can be: what the trace has shown, or anything. */
uint8_t object_states(const struct drivers *drivers, const struct io_object *object);

/* The states after @symbol; *ret_breach says that no state of @states takes it. */
uint8_t object_step(const struct checker *checker, uint8_t states, enum registration_symbol symbol,
		    bool *ret_breach);

/* Forgets the registration that a call is about to make of the object, if there is one. */
int register_withdraw(struct subject *subject, struct drivers *drivers, struct io_object *object);

/* Finds host, drivers and driver of a call or of an I/O object. */
int driver_follow(struct subject *subject, struct drivers **ret_drivers);

#endif
