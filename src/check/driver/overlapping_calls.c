/* SPDX-License-Identifier: MIT */
#include "check/driver/overlapping_calls.h"

#include "check/driver/pending.h"
#include "check/driver/registration_life.h"
#include "check/driver/views.h"
#include "check/state/numbered.h"

/* Stops checking the notifications of @registration and their order. */
static int registration_blur(struct subject *subject, struct drivers *drivers,
			     struct registration *registration)
{
	int r = samples_end(subject, registration, 0);

	pending_forget(subject, registration);
	registration->blurred = true;
	/* its stored notifications keep the old serial */
	registration->serial = ++drivers->serials;
	registration->live_from = UINT64_MAX;
	numbered_touch(drivers, registration);
	return r;
}

static int registrations_blur(struct subject *subject, struct drivers *drivers,
			      const struct io_object *object)
{
	int r = 0;

	for (struct registration *one = object->registrations; r == 0 && one; one = one->sibling)
		r = registration_blur(subject, drivers, one);
	return r;
}

int contest_begin(struct subject *subject, struct drivers *drivers, struct io_object *object)
{
	int r;

	if (object->contested)
		return 0;
	object->contested = true;
	r = register_withdraw(subject, drivers, object);
	return r == 0 ? registrations_blur(subject, drivers, object) : r;
}

int contest_settle(struct subject *subject, struct drivers *drivers, struct io_object *object)
{
	if (!object->contested || object->registering > 0)
		return 0;
	for (const struct registration *one = object->registrations; one; one = one->sibling)
		if (one->ending)
			return 0;
	object->contested = false;
	/* callbacks lag: a notification may be of an earlier event */
	return registrations_blur(subject, drivers, object);
}
