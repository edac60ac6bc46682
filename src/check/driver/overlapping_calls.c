/* SPDX-License-Identifier: MIT */
#include "check/driver/overlapping_calls.h"

#include "check/driver/pending.h"
#include "check/driver/registration_life.h"
#include "check/driver/views.h"
#include "check/state/numbered.h"

/* Stops checking the notifications of @registration and their order. */
static int registration_make_uncertain(struct subject *subject, struct drivers *drivers,
				       struct registration *registration)
{
	int r = samples_end(subject, registration, 0);

	pending_forget(subject, registration);
	registration->uncertain = true;
	/* its stored notifications keep the old serial */
	registration->serial = ++drivers->serials;
	registration->live_from = UINT64_MAX;
	numbered_touch(drivers, registration);
	return r;
}

static int registrations_make_uncertain(struct subject *subject, struct drivers *drivers,
					const struct io_object *object)
{
	int r = 0;

	for (struct registration *one = object->registrations; r == 0 && one; one = one->sibling)
		r = registration_make_uncertain(subject, drivers, one);
	return r;
}

int overlap_begin(struct subject *subject, struct drivers *drivers, struct io_object *object)
{
	int r;

	if (object->calls_overlap)
		return 0;
	object->calls_overlap = true;
	r = register_withdraw(subject, drivers, object);
	return r == 0 ? registrations_make_uncertain(subject, drivers, object) : r;
}

int overlap_settle(struct subject *subject, struct drivers *drivers, struct io_object *object)
{
	if (!object->calls_overlap || object->registering > 0)
		return 0;
	for (const struct registration *one = object->registrations; one; one = one->sibling)
		if (one->ending)
			return 0;
	object->calls_overlap = false;
	/* callbacks lag: a notification may be about an earlier event */
	return registrations_make_uncertain(subject, drivers, object);
}
