/* SPDX-License-Identifier: MIT */
#include "check/driver/registration_life.h"

#include "check/driver/agreement.h"
#include "check/driver/pending.h"
#include "check/driver/views.h"
#include "check/host.h"

uint8_t object_states(const struct drivers *drivers, const struct io_object *object)
{
	if (object)
		return object->states;
	return drivers->unknown ? REGISTRATION_ANY : REGISTRATION_ABSENT;
}

uint8_t object_step(const struct checker *checker, uint8_t states, enum registration_symbol symbol,
		    bool *ret_breach)
{
	uint8_t next = checker->registration.next[symbol][states];

	*ret_breach = next == 0;
	return next ? next : checker->registration.image[symbol];
}

int registration_end(struct subject *subject, struct drivers *drivers,
		     struct registration *registration)
{
	int r = registration->uncertain ? 0 : agreements_unregister(subject, registration), missed;

	if (r == 0 && !registration->uncertain)
		r = samples_end(subject, registration, registration->live_until);
	missed = pending_unregister(subject, registration);
	drivers_unregister(drivers, registration);
	return r < 0 ? r : missed;
}

void object_settle(struct drivers *drivers, struct io_object *object)
{
	if (!object->registrations && !object->declared && !object->deleted && !object->registering)
		drivers_remove_object(drivers, object);
}

int register_withdraw(struct subject *subject, struct drivers *drivers, struct io_object *object)
{
	struct registration *tentative = object_tentative(object);

	if (!tentative)
		return 0;
	/* it may never have been live */
	tentative->live_until = 0;
	return registration_end(subject, drivers, tentative);
}

int driver_follow(struct subject *subject, struct drivers **ret_drivers)
{
	int r = host_follow(subject);

	if (r < 0)
		return r;
	hosts_occupy(&subject->checker->hosts, subject->place->host);
	if (subject->record->kind == RECORD_OBJECT || subject->record->contract->call != CALL_GET)
		host_settle_doubt(subject->checker, subject->host, NULL);
	r = host_drivers(subject->host, ret_drivers);
	if (r == 0)
		r = drivers_driver(*ret_drivers, subject->record->contract->driver,
				   &subject->driver);
	if (r < 0)
		return r;
	(*ret_drivers)->now++;
	driver_call(*ret_drivers, subject->driver);
	return 0;
}
