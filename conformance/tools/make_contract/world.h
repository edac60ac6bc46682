/* SPDX-License-Identifier: MIT */
/*
 * A host that is made up: its sessions, its drivers, their I/O objects and registrations, and what
 * drivers have yet to be told. It knows the published table and the rules of the driver's contract
 * by heart ("IO_SESSION_STATE enumeration" and "IoRegisterContainerNotification function (wdm.h)")
 * and shares no code with the checker.
 */
#ifndef CONFORMANCE_DRIVER_WORLD_H
#define CONFORMANCE_DRIVER_WORLD_H

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "session_table.h"

#define ALL_EVENTS 0xffffffffU
#define NOBODY     UINT32_MAX

/* One event that one registration has yet to be told of. */
struct item {
	uint32_t object;
	uint32_t event;
	uint64_t line; /* of the event */
};

struct session {
	uint32_t state;
	bool shared;   /* its object was given for another session, which is said once */
	bool breached; /* this life has had its breach: another could hide behind it */
	uint64_t life_line, event_line; /* of its last Created, and of its last event */
	uint32_t last_event;
	struct item *items; /* in the order in which it did them */
	uint32_t count, room;
	uint32_t busy; /* where it is in the list of those with items */
};

/* An I/O object, and its registration if it has one. */
struct object {
	uint32_t driver, number;
	uint32_t device_session; /* NOBODY: it is no per-session device object */
	bool plain;              /* a DRIVER_OBJECT, say: the trace tells nothing of its life */
	bool exists;
	bool live;    /* registered */
	bool tainted; /* a breach about what it was told could hide another */
	uint32_t mask;
	uint32_t generation; /* counts registrations: names are used again */
	bool stale;          /* the name of the generation before this one was unregistered */
	bool has_context;
	uint32_t context; /* 0: the null pointer */
	uint64_t line;    /* of the call that registered */
	uint64_t
		settled; /* of the next record of its driver: that call has returned; 0: none yet */
	uint32_t waiting; /* items of it */
};

struct world {
	FILE *ledger;
	uint64_t records, line, random;
	uint32_t drivers, objects_count, sessions_count, breaches, seeded;
	uint32_t leaks;    /* breaches that are left for the end: registrations that stay */
	bool sequence;     /* records have seq */
	const char *phase; /* of the next call that unregisters; NULL: it is recorded once */
	struct session *sessions;
	struct object *objects;
	uint32_t *busy, busy_count; /* sessions that have items */
};

/* ---- chance ---- */

uint32_t below(struct world *world, uint32_t limit);
bool chance(struct world *world, uint32_t percent);

/* ---- records ---- */

void line_begin(struct world *world);
void line_end(void);
void put_driver(const struct object *object);
/* The name of an I/O object, in one of its spellings. */
#define OBJECT_NAME_SIZE 32
void object_name(const struct object *object, char buffer[OBJECT_NAME_SIZE]);
void put_object(const struct object *object);
/* The name by which callbacks are given a session. */
#define SESSION_OBJECT_SIZE 32
void session_object(uint32_t session, char buffer[SESSION_OBJECT_SIZE]);
/* The driver of the object calls, or creates or deletes one. */
void driver_heard(struct world *world, const struct object *object);
void put_mask(struct world *world, uint32_t mask);
void put_registration(const struct object *object, uint32_t generation);
void put_context(struct world *world, uint32_t context);

/* An event record of a session and what follows from it; @extra stands behind it in the record. */
void event_happen(struct world *world, uint32_t session, uint32_t event, uint32_t state,
		  const char *extra);

/* What a notification says besides session, I/O object and event. */
struct telling {
	const char *payload; /* NULL: what belongs to the event */
	const char *status;  /* NULL: it succeeds */
	const char *object;  /* the session object; NULL: its own, if any */
	bool has_object;     /* its own is written */
	bool wrong_context;
	const char *extra; /* at the end of the record */
	bool begins;       /* the record is of the begin of the callback: it has no status */
};
/* LocalSession of all connections of a session. */
static inline unsigned is_local(uint32_t session)
{
	return session % 2;
}

uint64_t tell(struct world *world, uint32_t session, uint32_t object, uint32_t event,
	      const struct telling *telling);

/* ---- what waits to be told ---- */

/* Tells one item. Items of one object and session must be told in their order. */
void deliver(struct world *world, uint32_t session, uint32_t index, const struct telling *telling);
void item_drop(struct world *world, uint32_t session, uint32_t index);
/* Tells an object all that it has yet to be told, of one session or of NOBODY in particular. */
void flush_object(struct world *world, uint32_t object, uint32_t session);
/* Whether no item of the same object stands before it. */
bool is_first(const struct session *session, uint32_t index);
bool reaches(const struct object *object, uint32_t session);
bool selects(const struct object *object, uint32_t event);

/* ---- calls ---- */

/* A call of IoRegisterContainerNotification. */
struct call {
	const char *class_text, *io, *status; /* class_text, io: NULL: none, that of the object */
	uint32_t size, length, flags, mask, context;
	bool has_size, has_length, has_flags, has_context;
	bool named;     /* it returns a registration */
	bool registers; /* ... which is that of the object from then on */
};
struct call call_make(struct world *world);
void call_write(struct world *world, uint32_t object, const struct call *call);
/* A call of the object's driver: what it has called before has returned. */
void call_between(struct world *world, const struct object *object);
void unregister_write(struct world *world, uint32_t object, uint32_t generation);

/* Ends the registration in order. */
void unregister(struct world *world, uint32_t object);
void object_create(struct world *world, uint32_t object);
void object_delete(struct world *world, uint32_t object);

/* ---- items that wait ---- */

struct place {
	uint32_t session, index;
};

/* An item that waits, is the first of its object, and fits. */
bool item_find(struct world *world, bool (*fits)(const struct world *world, struct place place),
	       struct place *ret_place);
const struct item *item_at(const struct world *world, struct place place);
const struct object *object_at(const struct world *world, struct place place);
/* The next item of the same object after @index; the count if there is none. */
uint32_t item_next(const struct session *session, uint32_t index);

/* ---- breaches ---- */

struct kind {
	const char *name;
	bool (*seed)(struct world *world, const struct kind *kind); /* false: no occasion now */
	unsigned detail;
};
/* Each to one without a name. */
extern const struct kind driver_kinds[], session_kinds[], call_kinds[], object_kinds[],
	phase_kinds[];

/* Something from a random place on that fits; NOBODY. */
uint32_t object_find(struct world *world, bool (*fits)(const struct object *object));
uint32_t session_find(struct world *world, bool (*fits)(const struct session *session));
bool is_alive(const struct session *session);
bool is_intact(const struct session *session); /* alive, and has had no breach */
/* An event that the session can do now; IGNORE: none. */
uint32_t event_pick(struct world *world, const struct session *session);
void sample_write(const char *state, struct world *world, uint32_t session, const char *extra);

/* One line of the ledger. @rules: as many as there are findings, NULL behind the last. */
void ledger_write(struct world *world, const char *kind, uint32_t session, uint32_t object,
		  uint64_t line, const char *const *rules);

#endif
