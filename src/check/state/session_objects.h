/* SPDX-License-Identifier: MIT */
/* The session objects that callbacks were given: each represents one incarnation of a session.
 * Names of objects are unique within their driver. */
#ifndef CHECK_STATE_SESSION_OBJECTS_H
#define CHECK_STATE_SESSION_OBJECTS_H

#include "check/state/registrations.h"

/* The max number of sessions and of objects of a driver; beyond that all are forgotten. */
#define SESSION_OBJECTS_MAX 65536U
/* The max number of objects of one session: one for each of its last incarnations, since
 * callbacks lag. */
#define SESSION_OBJECTS_OF_ONE 16U

/* Longer names are allocated; addresses are shorter. */
#define NAME_INSIDE 16U

/* Rarely used fields. */
struct object_rest {
	struct known_session *session; /* NULL: not in any record */
	struct session_object *older;  /* of the same session */
	struct asked *asked;           /* owned; NULL: nobody asked, or it was given since */

	/* notifications with it that do not name their session */
	uint32_t nameless, event;                  /* their number; event of the last one */
	uint32_t nameless_number, nameless_serial; /* registration that received the last one */
};

/* An object, by name. Each driver has as many as there are sessions, and each notification reads
 * one: it fits into a cache line. */
struct session_object {
	struct table_entry entry;
	char name[NAME_INSIDE];       /* if it fits */
	uint32_t giver, giver_serial; /* last registration that was given it */
	uint32_t session_id;          /* if it is the newest of a session */
	bool given : 1;               /* otherwise only asked about */
	bool over : 1;                /* it was used to deliver the end of the session */
	bool conflict_reported : 1;   /* its use for two sessions has been reported */
	bool last : 1;                /* newest of its session */
	bool nameless : 1;            /* see rest */
	struct object_rest *rest;
};

/* A driver asked about an object without having been given it. */
struct asked {
	struct asked *next, *previous; /* in the order of the trace */
	struct session_object *object;
	struct place place;
};

/* A session that has objects, newest first. */
struct known_session {
	struct table_entry entry; /* by the bytes of id */
	uint32_t id, count;
	struct session_object *last;
};

/* Notifications that did not name their session, which is known now. */
struct nameless {
	uint32_t count;
	uint32_t event;          /* of the last one */
	uint32_t number, serial; /* registration that received it */
};

/* Forgets everything, because records are lost. */
void session_objects_clear(struct session_objects *objects);

/* Finds the session of the object with that name, from what the driver was given. */
bool session_object_find(const struct driver *driver, struct sessionlint_text name,
			 uint32_t *ret_session);

/* Whether notifications of unknown sessions may be of session @id. */
bool session_objects_doubt(const struct session_objects *objects, uint32_t id);

/* The object with that name, or NULL. */
struct session_object *session_object_get(const struct session_objects *objects,
					  struct sessionlint_text canonical);

/* Adds an object without a session; beyond the max number, all others are forgotten. -ENOMEM. */
int session_object_add(struct session_objects *objects, struct sessionlint_text canonical,
		       struct session_object **ret_object);

/* Finds or adds session @id. -ENOMEM. */
int session_object_session(struct session_objects *objects, uint32_t id,
			   struct known_session **ret_session);

/* From now on the object represents the session. */
void session_object_bind(struct session_objects *objects, struct session_object *object,
			 struct known_session *session);

/* Notes that the notification of @record does not name its session; or returns in @nameless
 * earlier ones, which were of this session. */
void session_object_count(struct session_objects *objects, struct session_object *object,
			  const struct record *record, const struct registration *registration,
			  struct nameless *nameless);

/* Notes where the driver asked about an object that no callback was given. -ENOMEM. */
int session_object_note_asked(struct session_objects *objects, struct session_object *object,
			      const struct record *record);

/* The object has been given, or that it was not has been said. */
void session_object_answer(struct session_objects *objects, struct session_object *object);

#endif
