/* SPDX-License-Identifier: MIT */
/*
 * The session objects that callbacks were given: each stands for one session as long as that
 * lives. Names of objects are those of their driver.
 */
#ifndef CHECK_STATE_SESSION_OBJECTS_H
#define CHECK_STATE_SESSION_OBJECTS_H

#include "check/state/registrations.h"

/* How many sessions and objects of a driver are remembered; then all are forgotten. */
#define SESSION_OBJECTS_MAX 65536U
/* How many objects of one session are: those of its last incarnations, for callbacks lag. */
#define SESSION_OBJECTS_OF_ONE 16U

/* Longer names are allocated: addresses are shorter. */
#define NAME_INSIDE 16U

/* What is rarely asked for. */
struct object_rest {
	struct known_session *session; /* NULL: which it is was never recorded */
	struct session_object *older;  /* of the session */
	struct place *asked;           /* owned */

	/* notifications with it that did not say which session it is */
	uint32_t nameless, event; /* how many; the last one's event */
	uint32_t nameless_serial; /* of the registration that got the last one */
};

/*
 * An object, by its name. There are as many as sessions, for each driver, and each notification
 * looks at one: it fits into a line of the cache.
 */
struct session_object {
	struct table_entry entry;
	char name[NAME_INSIDE];       /* unless it is longer */
	uint32_t giver, giver_serial; /* the registration that was given it last */
	uint32_t session_id;          /* while it is the last of a session */
	bool given : 1;               /* or only asked for */
	bool over : 1;                /* the end of the session was delivered with it */
	bool disputed : 1;            /* that two sessions have it has been said */
	bool last : 1;                /* of its session */
	bool nameless : 1;            /* see rest */
	struct object_rest *rest;
};

/* A session that has objects; the last one first. */
struct known_session {
	struct table_entry entry; /* under the bytes of id */
	uint32_t id, count;
	struct session_object *last;
};

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

/* Whether some notifications of which the session is not known can be of session @id. */
bool session_objects_doubt(const struct session_objects *objects, uint32_t id);

/* The object with that name; NULL: there is none. */
struct session_object *session_object_get(const struct session_objects *objects,
					  struct sessionlint_text canonical);

/* Adds one, of which nothing is known; beyond the bound all others are forgotten. -ENOMEM. */
int session_object_add(struct session_objects *objects, struct sessionlint_text canonical,
		       struct session_object **ret_object);

/* The session @id among those that have objects; a new one is made if there is none. -ENOMEM. */
int session_object_session(struct session_objects *objects, uint32_t id,
			   struct known_session **ret_session);

/* From now on the object is that of the session. */
void session_object_bind(struct session_objects *objects, struct session_object *object,
			 struct known_session *session);

/* Notes that the notification of @record does not say which session it is of; or that others were
 * of this one, which is @nameless. */
void session_object_count(struct session_objects *objects, struct session_object *object,
			  const struct record *record, uint32_t serial, struct nameless *nameless);

/* Notes where an object was asked for that no callback has been given. -ENOMEM. */
int session_object_note_asked(struct session_objects *objects, struct session_object *object,
			      const struct record *record);

#endif
