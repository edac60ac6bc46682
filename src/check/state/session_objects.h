/* SPDX-License-Identifier: MIT */
/*
 * The session objects that callbacks were given: each stands for one session as long as that
 * lives. Names of objects are those of their driver.
 */
#ifndef CHECK_STATE_SESSION_OBJECTS_H
#define CHECK_STATE_SESSION_OBJECTS_H

#include "check/context.h"

/* How many sessions and objects of a driver are remembered; then all are forgotten. */
#define SESSION_OBJECTS_MAX 65536U
/* How many objects of one session are: those of its last incarnations, for callbacks lag. */
#define SESSION_OBJECTS_OF_ONE 16U

/* Notifications that did not say which session they are of, and that it is known now. */
struct nameless {
	uint32_t count;
	uint32_t event;  /* the last one's */
	uint32_t serial; /* of the registration that got it */
};

/* Forgets all: records are lost. */
void session_objects_clear(struct session_objects *objects);

/* The session that the object of subject->record stands for, as far as the driver was told. */
bool session_object_find(const struct driver *driver, struct sessionlint_text name,
			 uint32_t *ret_session);

/* subject->object was given the object of subject->record, for the session of the record if it has
 * one. */
int session_object_give(struct subject *subject, struct nameless *ret_nameless);

/* Whether some notifications of which the session is not known can be of session @id. */
bool session_objects_doubt(const struct session_objects *objects, uint32_t id);

/* A call of IoGetContainerInformation by subject->driver. */
int session_object_ask(struct subject *subject);

/* All callbacks of @driver have returned: reports what was asked for and never given. */
int session_objects_settle(struct subject *subject, struct driver *driver);

#endif
