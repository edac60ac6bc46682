/* SPDX-License-Identifier: MIT */
/* The calls of the driver's contract, and its I/O objects. The order of calls is checked against
 * machine/registration.rl; arguments.c checks arguments and results. */
#include <stdlib.h>

#include "check/driver/agreement.h"
#include "check/driver/arguments.h"
#include "check/driver/driver.h"
#include "check/driver/io_objects.h"
#include "check/driver/overlapping_calls.h"
#include "check/driver/pending.h"
#include "check/driver/registration_life.h"
#include "check/driver/session_object_rules.h"
#include "check/driver/unreturned.h"
#include "check/driver/views.h"
#include "check/finding.h"
#include "check/state/numbered.h"
#include "check/state/running_calls.h"
#include "check/state/session_objects.h"

/* ---- registrations ---- */

/* The returned handle belongs to a live registration; its end must be missing in the trace. */
static int register_supersede(struct subject *subject, struct drivers *drivers,
			      struct registration *old, const struct io_object *object)
{
	struct io_object *owner = old->object;
	bool breach;
	int r = 0, ended;

	/* already reported for the same object, and for a NULL handle */
	if (owner != object && !handle_is_null(subject->record->contract->registration))
		r = report(subject, SESSIONLINT_RULE_DUPLICATE, NO_PARTICULARS,
			   "the returned registration is already live for I/O object %.*s",
			   (int)owner->name.size, owner->name.data);
	ended = registration_end(subject, drivers, old);
	if (owner != object && !owner->registrations) {
		owner->states = object_step(subject->checker, owner->states, UNREGISTER, &breach);
		object_settle(drivers, owner);
	}
	return r < 0 ? r : ended;
}

/* Makes room for one more registration of an object. */
static int register_trim(struct subject *subject, struct drivers *drivers,
			 const struct io_object *object)
{
	struct registration *oldest = object->registrations;
	unsigned count = 0;

	for (; oldest; oldest = oldest->sibling)
		if (++count == DRIVERS_SIBLINGS)
			break;
	if (!oldest)
		return 0;
	/* it stays live, and will be unregistered */
	drivers->unknown = true;
	return registration_end(subject, drivers, oldest);
}

/* ---- calls that take time ---- */

/* The possible states of the object during this call: all states from its begin to its end. */
static uint8_t states_seen(const struct drivers *drivers, const struct io_object *object,
			   const struct contract *contract)
{
	uint8_t states = object_states(drivers, object);

	if (!object || contract->phase != PHASE_END)
		return states;
	return states | (contract->status == STATUS_SUCCESS ? object->states_since_call
							    : object->states_during_calls);
}

/* Whether the object has a registration that no running call creates or ends. */
static bool some_is_stable(const struct io_object *object)
{
	const struct registration *one = object->registrations;

	while (one && (one->ending || one->tentative))
		one = one->sibling;
	return one;
}

static bool some_is_ending(const struct io_object *object)
{
	const struct registration *one = object->registrations;

	while (one && !one->ending)
		one = one->sibling;
	return one;
}

/* Its registration may have ended, so another one can be created. */
static void object_vacate(struct io_object *object)
{
	object->states_during_calls |= REGISTRATION_PRESENT;
	object->states_since_call |= REGISTRATION_PRESENT;
}

/* A call that may register the object has begun: its callback may be called before it returns. */
static int register_begin(struct subject *subject, struct drivers *drivers)
{
	const struct contract *contract = subject->record->contract;
	struct io_object *object = drivers_object(drivers, contract->driver, contract->io);
	struct registration *registration;
	uint8_t states = object_states(drivers, object);
	int r = 0;

	if (object && object->deleted)
		return 0;
	if (!object) {
		r = drivers_add_object(drivers, subject->driver, contract, &object);
		if (r < 0)
			return r;
		object->states = states;
	}
	/* one of two concurrent calls fails */
	if (object->registering++ == 0)
		object->states_during_calls = object->states_since_call = states;
	else
		object->states_during_calls |= states | REGISTRATION_REGISTERED;
	if (some_is_ending(object))
		object_vacate(object);
	if ((object->registering > 1 && !some_is_stable(object)) || some_is_ending(object))
		return overlap_begin(subject, drivers, object);
	if (!object->registrations) {
		r = drivers_register_tentatively(drivers, object, subject->record, &registration);
		if (r == 0)
			registration->since = subject->checker->pending.made;
	}
	return r;
}

/* A call that may have registered the object has returned. */
static int register_return(struct subject *subject, struct drivers *drivers)
{
	const struct contract *contract = subject->record->contract;
	struct io_object *object = drivers_object(drivers, contract->driver, contract->io);
	int r = 0;

	if (!object)
		return 0;
	if (object->registering > 0)
		object->registering--;
	if (object->registering == 0)
		r = register_withdraw(subject, drivers, object);
	else
		object->states_during_calls |= object->states;
	if (r == 0)
		r = overlap_settle(subject, drivers, object);
	object_settle(drivers, object);
	return r;
}

/* An unregistering call has begun: from now on the driver need not be notified of events. */
static int unregister_begin(struct subject *subject, struct drivers *drivers, uint32_t *ret_serial)
{
	const struct contract *contract = subject->record->contract;
	struct registration *registration = drivers_registration(drivers, contract->driver,
								 contract->registration);

	if (!registration || !registration->object)
		return 0;
	*ret_serial = registration->serial;
	if (!registration->ending && registration->live_until < drivers->now)
		registration->live_until = drivers->now;
	registration->ending = true;
	object_vacate(registration->object);
	if (registration->object->registering == 0)
		return 0;
	return overlap_begin(subject, drivers, registration->object);
}

/* ---- calls ---- */

static int register_success(struct subject *subject, struct drivers *drivers,
			    struct io_object *object)
{
	const struct record *record = subject->record;
	struct run_totals *totals = &subject->checker->totals;
	struct registration *old = drivers_registration(drivers, record->contract->driver,
							record->contract->registration);
	struct registration *registration;
	int r = 0, registered, trimmed;

	if (old && !old->object)
		drivers_forget(drivers, old);
	else if (old)
		r = register_supersede(subject, drivers, old, object);
	trimmed = register_trim(subject, drivers, object);
	r = r < 0 ? r : trimmed;
	registration = record->contract->phase == PHASE_END ? object_tentative(object) : NULL;
	if (registration) {
		registered = drivers_adopt(drivers, registration, record);
	} else {
		registered = drivers_register(drivers, object, record, &registration);
		if (registered == 0) {
			registration->since = subject->checker->pending.made;
			/* it is unknown when the call began, or which registrations were live
			 * then */
			registration->uncertain = record->contract->phase == PHASE_END;
			numbered_touch(drivers, registration);
		}
	}
	if (registered < 0)
		return registered;
	subject->driver->registered = true;
	totals->registrations++;
	if (drivers->live > totals->registrations_peak)
		totals->registrations_peak = drivers->live;
	return r;
}

static int check_register(struct subject *subject, struct drivers *drivers)
{
	const struct contract *contract = subject->record->contract;
	struct io_object *object = drivers_object(drivers, contract->driver, contract->io);
	uint8_t states = states_seen(drivers, object, contract);
	enum registration_symbol symbol = contract->status == STATUS_SUCCESS ? REGISTER_SUCCESS
					  : contract->status == STATUS_ALREADY_COMMITTED
						  ? REGISTER_COMMITTED
						  : REGISTER_REFUSAL;
	bool registered = states == REGISTRATION_REGISTERED, breach, allowed, bad_object;
	struct expected_statuses expected = { .count = 0 };
	int r;

	subject->object = object;
	r = check_register_arguments(subject, &expected);
	if (r == 0)
		r = check_registered_object(subject, object, &bad_object);
	if (r < 0)
		return r;
	states = object_step(subject->checker, states, symbol, &breach);
	allowed = expected_include(&expected, contract->status) ||
		  (contract->status == STATUS_INSUFFICIENT_RESOURCES &&
		   (expected.count || !registered)) ||
		  (contract->status == STATUS_SUCCESS && expected.count == 0) ||
		  (contract->status == STATUS_INVALID_PARAMETER_3 && bad_object) ||
		  contract->status == STATUS_ALREADY_COMMITTED;
	if (status_is_unlisted(contract))
		r = report_unlisted(subject);
	else if (breach || !allowed)
		r = report_status(subject, &expected, registered);
	else if (symbol == REGISTER_SUCCESS && handle_is_null(contract->registration))
		r = report(subject, SESSIONLINT_RULE_BAD_STATUS, NO_PARTICULARS,
			   "%s returned STATUS_SUCCESS, but the registration is NULL",
			   contract_call_name(contract->call));
	if (r < 0 || symbol != REGISTER_SUCCESS)
		return r;
	if (object && object->deleted) {
		drivers_remove_object(drivers, object);
		subject->object = object = NULL;
	}
	if (!object) {
		r = drivers_add_object(drivers, subject->driver, contract, &object);
		if (r < 0)
			return r;
	}
	object->states = object->states_since_call = states;
	object->states_during_calls |= states;
	return register_success(subject, drivers, object);
}

/* The record of a call may name the I/O object, although it is not an argument of the routine. */
static int check_owner(struct subject *subject, const struct drivers *drivers,
		       const struct io_object *owner)
{
	const struct contract *contract = subject->record->contract;

	/* a NULL object was reported already */
	if (!record_has(subject->record, KEY_IO) || handle_is_null(owner->name) ||
	    drivers_object(drivers, contract->driver, contract->io) == owner)
		return 0;
	return report(subject, SESSIONLINT_RULE_UNKNOWN, NO_PARTICULARS,
		      "registration %.*s belongs to I/O object %.*s",
		      (int)contract->registration.size, contract->registration.data,
		      (int)owner->name.size, owner->name.data);
}

static int unregister_live(struct subject *subject, struct drivers *drivers,
			   struct registration *registration)
{
	struct io_object *object = registration->object;
	bool breach;
	int r = check_owner(subject, drivers, object), ended;

	subject->object = object;
	/* the call may have begun right after the driver's previous record */
	if (!registration->ending && registration->live_until < subject->driver->called_before)
		registration->live_until = subject->driver->called_before;
	if (r == 0 && subject->checker->options.trail)
		r = drivers_note_end(drivers, registration,
				     registration->ending ? registration->live_until
							  : subject->driver->called_before);
	ended = registration_end(subject, drivers, registration);
	r = r < 0 ? r : ended;
	/* its callbacks have returned */
	if (r == 0)
		r = session_objects_settle(subject, subject->driver);
	/* a second registration of the object stays live */
	if (!object->registrations)
		object->states = object_step(subject->checker, object->states, UNREGISTER, &breach);
	object_vacate(object);
	if (r == 0 && object->registering > 0)
		r = overlap_begin(subject, drivers, object);
	if (r == 0)
		r = overlap_settle(subject, drivers, object);
	object_settle(drivers, object);
	return r;
}

/* @call: its begin, if that is in the trace. */
static int check_unregister(struct subject *subject, struct drivers *drivers,
			    const struct running *call)
{
	const struct contract *contract = subject->record->contract;
	struct registration *registration = drivers_registration(drivers, contract->driver,
								 contract->registration);
	bool unseen = drivers->unknown && !handle_is_null(contract->registration);
	int r = 0, ended;

	if (registration ? registration->returned : !unseen)
		return report(subject, SESSIONLINT_RULE_UNKNOWN, NO_PARTICULARS,
			      "registration %.*s is not live", (int)contract->registration.size,
			      contract->registration.data);
	if (registration && registration->object) {
		subject->object = registration->object;
		r = running_check_end(subject, call, registration->serial);
		subject->object = NULL;
		ended = unregister_live(subject, drivers, registration);
		r = r < 0 ? r : ended;
	} else if (registration)
		/* unregistering too late was already reported */
		drivers_forget(drivers, registration);
	/* the registration was made outside the trace */
	return r == 0 && unseen ? drivers_return(drivers, contract) : r;
}

/* Checks a call that has returned. */
static int check_returned(struct subject *subject, struct drivers *drivers,
			  const struct running *begin)
{
	int r;

	subject->checker->totals.calls++;
	switch ((enum contract_call)subject->record->contract->call) {
	case CALL_REGISTER:
		return check_register(subject, drivers);
	case CALL_UNREGISTER:
		return check_unregister(subject, drivers, begin);
	case CALL_GET:
		r = check_get(subject);
		return r == 0 ? session_object_ask(subject) : r;
	case CALL_NONE:
		break;
	}
	return 0;
}

static int call_begin(struct subject *subject, struct drivers *drivers)
{
	const struct contract *contract = subject->record->contract;
	uint32_t serial = 0;
	int r = 0;

	if (contract->call == CALL_REGISTER)
		r = register_begin(subject, drivers);
	else if (contract->call == CALL_UNREGISTER)
		r = unregister_begin(subject, drivers, &serial);
	return r < 0 ? r
		     : running_begin(subject->driver, subject->record, subject->host->drivers->now,
				     serial);
}

/* Whether the end of a call has all keys of a complete record. */
static bool is_whole(const struct record *record)
{
	const uint64_t registering = KEY_BIT(KEY_IO) | KEY_BIT(KEY_MASK);

	switch ((enum contract_call)record->contract->call) {
	case CALL_REGISTER:
		return (record->keys & registering) == registering;
	case CALL_UNREGISTER:
		return record_has(record, KEY_REGISTRATION);
	case CALL_GET:
	case CALL_NONE:
		break;
	}
	return true;
}

static int call_end(struct subject *subject, struct drivers *drivers)
{
	struct running *begin = running_end(subject->driver, subject->record);
	const struct record *record = subject->record;
	struct record merged = *record;
	struct contract contract;
	int r = 0, returned = 0;

	if (begin)
		running_merge(begin, &merged, &contract);
	subject->record = &merged;
	if (is_whole(&merged)) {
		r = check_returned(subject, drivers, begin);
		if (merged.contract->call == CALL_REGISTER)
			returned = register_return(subject, drivers);
	} else {
		/* it may have registered or unregistered anything */
		drivers->unknown = true;
	}
	subject->record = record;
	free(begin);
	return r < 0 ? r : returned;
}

int check_call(struct subject *subject)
{
	struct drivers *drivers;
	int r = driver_follow(subject, &drivers);

	if (r == 0 && record_has(subject->record, KEY_IRQL))
		r = check_irql(subject);
	if (r < 0)
		return r;
	switch ((enum contract_phase)subject->record->contract->phase) {
	case PHASE_BEGIN:
		return call_begin(subject, drivers);
	case PHASE_END:
		return call_end(subject, drivers);
	case PHASE_WHOLE:
		break;
	}
	return check_returned(subject, drivers, NULL);
}
