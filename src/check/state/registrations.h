/* SPDX-License-Identifier: MIT */
/*
 * What the drivers of one host have registered: I/O objects, live registrations, and which events
 * these select. Memory is bounded by the objects and registrations that are alive.
 */
#ifndef CHECK_STATE_REGISTRATIONS_H
#define CHECK_STATE_REGISTRATIONS_H

#include "base/pool.h"
#include "base/recent.h"
#include "base/table.h"
#include "model/projection.h"
#include "trace/contract.h"

/* Registrations that outlived their objects, and those that were given back where others can be
 * live: how many a host remembers of each. */
#define DRIVERS_LEAKED   64U
#define DRIVERS_RETURNED 256U
#define DRIVERS_BURIED   256U /* objects that were deleted */

/* How many registrations of one object are followed, of which each but the first is a breach. */
#define DRIVERS_SIBLINGS 64U

/* The session objects that a driver was given: session_objects.c. */
struct session_objects {
	struct table objects, sessions; /* by name; by session id */
	struct pool object_pool, rest_pool, session_pool;
	uint32_t owning;   /* objects that own something */
	bool incomplete;   /* some were forgotten, or notifications have none */
	uint32_t asked;    /* about which it asked without having them */
	uint32_t nameless; /* of which the session is not known */
};

/* A driver, as far as the trace has records of its calls or objects. */
struct driver {
	struct table_entry entry; /* by name; in the same allocation */
	struct driver *next;
	struct session_objects sessions;
	bool registered;           /* the trace has shown that it registered something */
	struct registration *made; /* what it has registered, by next_made */
	/* drivers->now of its last record of a call or an object, and of the one before; 0: none */
	uint64_t called_at, called_before;
	struct registration *opening; /* of calls that may not have returned yet, by opening */
	struct running *running, *running_last; /* calls and callbacks, by next: running_calls.c */
	uint32_t running_count;
	size_t running_bytes;
	uint64_t seed, factor; /* of hashes: see hash_text() */
};

/* An I/O object that the trace shows as created, or that is registered. */
struct io_object {
	struct table_entry entry;             /* by driver and io */
	struct sessionlint_text driver, name; /* as the trace spells them; in the same allocation */
	struct driver *owner;                 /* whose records show it */
	uint32_t device_session;              /* 0: it is no per-session device object */
	uint8_t states;                       /* of machine/registration.rl: a set */
	bool declared;                        /* the trace has shown its creation */
	bool deleted;                         /* and its deletion, and nothing since */
	struct io_object **grave;             /* its place among those that were deleted */
	uint8_t kind;                         /* enum contract_kind */
	struct sessionlint_text belongs_to;   /* what owner says; in the same allocation */
	bool doubtful;                        /* whether it belongs to a session is not known */
	bool told;                            /* the driver was told something for it: */
	uint32_t told_session;                /* of that session */
	struct registration *registrations;   /* more than one only after a breach */
	uint32_t registering;                 /* calls that register it and have not returned */
	bool contested;    /* such calls and others overlap: overlapping_calls.c */
	uint8_t meanwhile; /* states that it had while such calls ran: a set */
	uint8_t lately;    /* of these, since one of the calls has registered it */
	struct io_object *next, *previous;
};

struct registration {
	struct table_entry entry;             /* by driver and registration */
	struct io_object *object;             /* NULL: it is gone, with the registration */
	bool returned;                        /* it is gone, as it should */
	struct registration *sibling;         /* the next of the object */
	struct registration *next, *previous; /* in a list: of its session, or of what is gone */
	uint32_t number;                      /* among the live ones of the host: its bit */
	uint32_t serial;                      /* among all of the host, from 1 */
	uint64_t made_at;                     /* drivers->now when the call began that made it */
	uint64_t live_from;           /* it is live then at the latest; UINT64_MAX: not known yet */
	uint64_t live_until;          /* as it ends: it was live until then at least */
	bool tentative;               /* the call that makes it has not returned */
	bool ending;                  /* a call that ends it has begun */
	bool blurred;                 /* which events it gets is not known: overlapping_calls.c */
	char *handle;                 /* its name, where the allocation does not hold it */
	uint32_t loose;               /* sessions for which its first event is open */
	struct registration *opening; /* the next of its driver */
	struct registration *next_made, *previous_made; /* of its driver */
	uint32_t mask;
	bool has_context;
	struct sessionlint_text context; /* canonical; in the same allocation */
	uint64_t line, offset, time;     /* of the call that made it */
	uint64_t since;                  /* how many pending notifications had been made then */
};

/* A state in which a session was found, and of which a registration knows nothing yet. */
struct sample {
	uint32_t session, serial; /* number of the session; of the registration */
	uint32_t state;
	uint8_t local; /* it is waited for a connection with that LocalSession: enum local; 0: for
			  the state */
	sessionlint_belief belief; /* where the session could be then */
	uint64_t at;               /* drivers->now */
	uint64_t line, offset, time;
};

#define DRIVERS_SAMPLES 64U

struct registration_list {
	struct registration *first, *last;
	uint32_t count;
};

struct drivers {
	struct table objects, registrations, names;
	struct recent recent; /* objects of the last records, as these spell them */
	struct io_object *first_object;
	struct driver *first_driver;

	struct registration_list *local;   /* of per-session device objects, by session */
	uint32_t local_slots, local_count; /* slots: a power of two, or 0 */
	struct registration_list leaked;   /* whose objects are gone; the last few */
	struct registration_list returned; /* while unknown: those given back; the last few */
	struct registration **numbered;    /* by number; NULL where none lives */
	uint32_t words;                    /* of a set of registrations: 64 bits each */
	uint32_t live;
	uint32_t free_hint;                       /* no lower number is free */
	struct io_object *buried[DRIVERS_BURIED]; /* the last ones that were deleted; in a ring */
	uint32_t buried_at;
	uint64_t *selecting[SESSIONLINT_EVENT_MAX]; /* the global ones that select an event */

	struct sample samples[DRIVERS_SAMPLES];
	uint32_t sample_count;

	uint64_t now;     /* counts the records of drivers */
	uint32_t serials; /* of registrations, so far */

	bool unknown;  /* there may be registrations that the trace has not shown */
	bool in_doubt; /* a lost record may have ended the only one that is live */
};

/* -ENOMEM. */
int drivers_new(struct drivers **ret_drivers);
void drivers_free(struct drivers *drivers);

/* Forgets all objects and registrations. */
void drivers_clear(struct drivers *drivers);

void session_objects_init(struct session_objects *objects);
void session_objects_free(struct session_objects *objects);

/* Records are lost: forgets what the drivers know of session objects. */
void drivers_forget_sessions(struct drivers *drivers);

/* Finds the driver by its name, or adds it. -ENOMEM. */
int drivers_driver(struct drivers *drivers, struct sessionlint_text name,
		   struct driver **ret_driver);

/* Two handles and what parts them. */
#define DRIVER_KEY_SIZE (2 * HANDLE_MAX_SIZE + 1)

/* A driver's name for something, in @buffer; canonical, so that spellings of one address are alike.
 */
struct sessionlint_text driver_key(struct sessionlint_text driver, struct sessionlint_text handle,
				   char buffer[DRIVER_KEY_SIZE]);

/* Takes a registration that ends from those of its driver. */
void driver_close(struct driver *driver, const struct registration *registration);

/* A call of @driver, or a record of its objects: what it called before has returned. */
void driver_call(struct drivers *drivers, struct driver *driver);

/* NULL if not found. A registration can be one whose object is gone, or that is. */
struct io_object *drivers_object(const struct drivers *drivers, struct sessionlint_text driver,
				 struct sessionlint_text io);
/* The name of the object, as handle_canonical() makes it. */
static inline struct sessionlint_text object_canonical(const struct io_object *object)
{
	const struct sessionlint_text *key = &object->entry.key;
	size_t driver = object->driver.size + 1;

	return text_of(key->data + driver, key->size - driver);
}

struct registration *drivers_registration(const struct drivers *drivers,
					  struct sessionlint_text driver,
					  struct sessionlint_text handle);

/* Adds an object, which is not there yet. -ENOMEM. */
int drivers_add_object(struct drivers *drivers, struct driver *driver,
		       const struct contract *contract, struct io_object **ret_object);
/* Forgets an object that has no registration. */
void drivers_remove_object(struct drivers *drivers, struct io_object *object);
/* Forgets all objects that have none. */
void drivers_forget_idle(struct drivers *drivers);

/* Remembers for a while that the object was deleted. */
void drivers_bury(struct drivers *drivers, struct io_object *object);

/* The driver is notified of @session for @object: an object that is notified of two sessions
 * belongs to neither. */
void drivers_tell(struct io_object *object, uint32_t session);

/* Whether @object can be a per-session device object that is not notified of @session. */
bool object_may_be_foreign(const struct io_object *object, uint32_t session);

/* Adds a live registration of @object, by what @record says. -ENOMEM. */
int drivers_register(struct drivers *drivers, struct io_object *object, const struct record *record,
		     struct registration **ret_registration);
/* The same for a call that has begun: its name is not known yet. */
int drivers_register_tentatively(struct drivers *drivers, struct io_object *object,
				 const struct record *record,
				 struct registration **ret_registration);
/* The call has returned: @registration has the name that @record gives. -ENOMEM. */
int drivers_adopt(struct drivers *drivers, struct registration *registration,
		  const struct record *record);
/* The tentative one of an object, or NULL. */
struct registration *object_tentative(const struct io_object *object);
/* Ends it; the object stays. */
void drivers_unregister(struct drivers *drivers, struct registration *registration);
/* Ends it as its object goes: what the driver has in hand is remembered for a while. */
void drivers_leak(struct drivers *drivers, struct registration *registration);
/* Remembers for a while that the driver has given back what it calls by that name. -ENOMEM. */
int drivers_return(struct drivers *drivers, const struct contract *contract);
/* Forgets one that has no object. */
void drivers_forget(struct drivers *drivers, struct registration *registration);

/* The set of live registrations to be notified of @event of @session, drivers->words words.
 * Returns how many. */
uint32_t drivers_selecting(const struct drivers *drivers, unsigned event, uint32_t session,
			   uint64_t *ret_set);

/* Whether calls run that register something or end a registration. */
bool drivers_call_runs(const struct drivers *drivers);

#endif
