/* SPDX-License-Identifier: MIT */
/* Which session objects callbacks may be given, and drivers may ask about. */
#ifndef CHECK_DRIVER_SESSION_OBJECT_RULES_H
#define CHECK_DRIVER_SESSION_OBJECT_RULES_H

#include "check/context.h"
#include "check/state/session_objects.h"

/* subject->object was given the object of subject->record, which names it, for the session of the
 * record if it has one. */
int session_object_given(struct subject *subject, struct nameless *ret_nameless);

/* The same of a record that need not name the object. */
static inline int session_object_give(struct subject *subject, struct nameless *ret_nameless)
{
	if (record_has(subject->record, KEY_SESSION_OBJECT))
		return session_object_given(subject, ret_nameless);
	subject->object->owner->sessions.incomplete = true;
	*ret_nameless = (struct nameless) { .count = 0 };
	return 0;
}

/* Checks a call of IoGetContainerInformation by subject->driver. */
int session_object_ask(struct subject *subject);

/* All callbacks of @driver have returned: reports objects that it asked about but was never
 * given. */
int session_objects_settle(struct subject *subject, struct driver *driver);

#endif
