/* SPDX-License-Identifier: MIT */
/* What the drivers of one host have registered: I/O objects, live registrations, and the events
 * that these select. Memory is bounded by the number of live objects and registrations. */
#ifndef CHECK_STATE_REGISTRATIONS_H
#define CHECK_STATE_REGISTRATIONS_H

#include "base/pool.h"
#include "base/table.h"
#include "check/run_trail.h"
#include "check/state/spelled_objects.h"
#include "model/projection.h"
#include "trace/contract.h"

/* How many registrations a host remembers: those that outlived their objects, and those that
 * were unregistered while others may be live. */
#define DRIVERS_LEAKED   64U
#define DRIVERS_RETURNED 256U
#define DRIVERS_DELETED  256U /* deleted objects */

/* Max number of drivers to search for an object that any of them may have. */
#define DRIVERS_SEARCHED 64U

/* How many registrations of one object are tracked; each but the first is a breach. */
#define DRIVERS_SIBLINGS 64U

/* The session objects that a driver was given: see session_objects.c. */
struct session_objects {
	struct table objects, sessions; /* by name; by session id */
	struct pool object_pool, rest_pool, session_pool;
	uint32_t owning; /* number of objects that own memory */
	bool incomplete; /* some were forgotten, or were not in notifications */
	/* those it asked about without having been given them */
	struct asked *asked_first, *asked_last;
	uint32_t nameless; /* number of those whose session is unknown */
};

/* A driver with records of calls or objects in the trace. */
struct driver {
	struct table_entry entry; /* by name, which is in the same allocation */
	struct driver *next;
	struct session_objects sessions;
	bool registered;           /* the trace has shown it registering something */
	struct registration *made; /* its registrations, linked by next_made */
	/* drivers->now at its last record of a call or an object, and at the one before; 0: none */
	uint64_t called_at, called_before;
	/* registrations by calls that may not have returned yet, linked by opening */
	struct registration *opening;
	/* calls and callbacks, linked by next: see running_calls.c */
	struct running *running, *running_last;
	uint32_t running_count;
	size_t running_bytes;
	uint64_t seed, factor; /* of its hashes: see hash_text() */
};

/* An I/O object that was created or registered in the trace. */
struct io_object {
	struct table_entry entry;             /* by driver and io */
	struct sessionlint_text driver, name; /* as spelled in the trace; in the same allocation */
	struct driver *owner;                 /* the driver of its records */
	uint32_t device_session;              /* 0: not a per-session device object */
	uint8_t states;                       /* a set of states of machine/registration.rl */
	bool declared;                        /* the trace contains its creation */
	bool deleted;                         /* and its deletion, with no record since */
	struct io_object **deleted_slot;      /* its slot among the deleted ones */
	uint8_t kind;                         /* enum contract_kind */
	struct sessionlint_text belongs_to;   /* value of owner; in the same allocation */
	bool doubtful;                        /* it is unknown whether it belongs to a session */
	bool notified;                        /* the driver was notified for it */
	uint32_t notified_session;            /* of this session */
	struct registration *registrations;   /* more than one only after a breach */
	uint32_t registering;                 /* number of unfinished calls that register it */
	bool calls_overlap;          /* such calls overlap others: see overlapping_calls.c */
	uint8_t states_during_calls; /* set of states that it had while they ran */
	uint8_t states_since_call;   /* of these, since one of the calls has registered it */
	struct spellings spellings;
	struct io_object *next, *previous;
};

struct registration {
	struct table_entry entry;             /* by driver and registration */
	struct io_object *object;             /* NULL: unregistered, and the object is gone */
	bool returned;                        /* unregistered as required */
	struct registration *sibling;         /* next of the same object */
	struct registration *next, *previous; /* in a list of ended ones */
	uint32_t number;                      /* its bit among the live ones of the host */
	uint32_t serial;                      /* unique on the host, from 1 */
	uint64_t made_at;                     /* drivers->now when the registering call began */
	/* latest time at which it became live; UINT64_MAX: unknown yet */
	uint64_t live_from;
	uint64_t live_until; /* when it ends: it was live at least until then */
	bool tentative;      /* the registering call has not returned */
	bool ending;         /* an unregistering call has begun */
	/* which events it receives is unknown: see overlapping_calls.c */
	bool uncertain;
	char *handle;                 /* its name, if not in the same allocation */
	uint32_t unsure_count;        /* number of sessions whose first event for it is undecided */
	struct registration *opening; /* next of its driver */
	struct registration *next_made, *previous_made; /* of its driver */
	struct registration *newer, *older;             /* of the live ones of the host */
	uint32_t mask;
	bool has_context;
	struct sessionlint_text context;                /* canonical; in the same allocation */
	struct registration *newer_alike, *older_alike; /* of its driver, with the same context */
	uint64_t line, offset, time;                    /* of the registering call */
	uint64_t since; /* number of pending notifications created before it */
};

/* A sampled state of a session that a registration has not been notified of yet. */
struct sample {
	uint32_t session, serial; /* numbers of the session and of the registration */
	uint32_t state;
	/* enum local: waits for a connection with this LocalSession; 0: for the state */
	uint8_t local;
	sessionlint_belief belief; /* possible states of the session at that time */
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
	struct table contexts; /* Contexts of live registrations: see contexts.c */
	struct spelled_objects spelled;
	struct io_object *first_object;
	struct driver *first_driver;

	struct registration_list leaked;   /* the last few that outlived their objects */
	struct registration_list returned; /* the last few unregistered ones, while unknown */
	struct io_object *deleted[DRIVERS_DELETED]; /* a ring of the last deleted objects */
	uint32_t deleted_count;

	/* live registrations in the order in which their calls began, linked by newer */
	struct registration *oldest_live, *newest_live;

	/* live registrations: see numbered.c */
	struct registration **numbered; /* by number; NULL: not live */
	uint64_t *taken;                /* the set of all */
	uint32_t words;                 /* size of a set of registrations, in words of 64 bits */
	uint32_t live;
	uint32_t free_word;                         /* all numbers in lower words are in use */
	struct word_summary *summaries;             /* by word */
	uint64_t *selecting[SESSIONLINT_EVENT_MAX]; /* set of global ones that select each event */
	struct table locals; /* sessions with registered per-session device objects */

	struct pending *oldest, *newest; /* pending notifications, by host_newer */

	struct sample samples[DRIVERS_SAMPLES];
	uint32_t sample_count;

	uint64_t now;     /* number of driver records so far */
	uint32_t serials; /* number of registrations so far */

	bool unknown;  /* there may be registrations that are not in the trace */
	bool in_doubt; /* a lost record may have ended the only live one */
	/* something happened that certificates do not follow: a driver was unloaded with live
	 * registrations, or the only registration is left after a loss */
	bool intricate;

	/* for certificates alone: the notification that is judged, or zeros; and by serial, until
	 * when those that were unregistered must have got everything */
	struct trail_notified notifying;
	uint32_t *ends;
	size_t end_count;
};

/* -ENOMEM. */
int drivers_new(struct drivers **ret_drivers);
void drivers_free(struct drivers *drivers);

/* Forgets all objects and registrations. */
void drivers_clear(struct drivers *drivers);

void session_objects_init(struct session_objects *objects);
void session_objects_free(struct session_objects *objects);

/* Forgets the session objects of the drivers, because records are lost. */
void drivers_forget_sessions(struct drivers *drivers);

/* Finds or adds the driver with that name. -ENOMEM. */
int drivers_driver(struct drivers *drivers, struct sessionlint_text name,
		   struct driver **ret_driver);

/* Two handles and a separator. */
#define DRIVER_KEY_SIZE (2 * HANDLE_MAX_SIZE + 1)

/* A driver's name for something, in @buffer; canonical, so different spellings of an address are
 * equal. */
struct sessionlint_text driver_key(struct sessionlint_text driver, struct sessionlint_text handle,
				   char buffer[DRIVER_KEY_SIZE]);

/* Removes a registration that ends from those of its driver. */
void driver_close(struct driver *driver, const struct registration *registration);

/* A call of @driver, or a record of its objects: its earlier calls have returned. */
void driver_call(struct drivers *drivers, struct driver *driver);

/* NULL: not found. */
struct io_object *drivers_object(const struct drivers *drivers, struct sessionlint_text driver,
				 struct sessionlint_text io);
/* The name of the object in canonical form. */
static inline struct sessionlint_text object_canonical(const struct io_object *object)
{
	const struct sessionlint_text *key = &object->entry.key;
	size_t driver = object->driver.size + 1;

	return text_of(key->data + driver, key->size - driver);
}

struct registration *drivers_registration(const struct drivers *drivers,
					  struct sessionlint_text driver,
					  struct sessionlint_text handle);

/* Adds a new object. -ENOMEM. */
int drivers_add_object(struct drivers *drivers, struct driver *driver,
		       const struct contract *contract, struct io_object **ret_object);
/* Removes an object that has no registration. */
void drivers_remove_object(struct drivers *drivers, struct io_object *object);
/* Removes all objects without registrations. */
void drivers_forget_idle(struct drivers *drivers);

/* Remembers for a while that the object was deleted. */
void drivers_remember_deleted(struct drivers *drivers, struct io_object *object);

/* The driver is notified of @session for @object. An object that is notified of two sessions
 * belongs to neither. */
void object_notify(const struct drivers *drivers, struct io_object *object, uint32_t session);

/* Whether @object may be a per-session device object that is not notified of @session. */
bool object_may_be_foreign(const struct io_object *object, uint32_t session);

/* Adds a live registration of @object from @record. -ENOMEM. */
int drivers_register(struct drivers *drivers, struct io_object *object, const struct record *record,
		     struct registration **ret_registration);
/* The same for a call that has begun: the registration has no name yet. */
int drivers_register_tentatively(struct drivers *drivers, struct io_object *object,
				 const struct record *record,
				 struct registration **ret_registration);
/* The call has returned: names @registration as in @record. -ENOMEM. */
int drivers_adopt(struct drivers *drivers, struct registration *registration,
		  const struct record *record);
/* The tentative registration of an object, or NULL. */
struct registration *object_tentative(const struct io_object *object);
/* Ends a registration; the object stays. */
void drivers_unregister(struct drivers *drivers, struct registration *registration);
/* Notes until when a registration that is unregistered must have got everything. -ENOMEM. */
int drivers_note_end(struct drivers *drivers, const struct registration *registration,
		     uint64_t until);
/* Ends a registration because its object is deleted: the handle, which the driver still has, is
 * remembered for a while. */
void drivers_leak(struct drivers *drivers, struct registration *registration);
/* Remembers for a while that the driver has unregistered this handle. -ENOMEM. */
int drivers_return(struct drivers *drivers, const struct contract *contract);
/* Forgets a registration without an object. */
void drivers_forget(struct drivers *drivers, struct registration *registration);

bool drivers_call_runs(const struct drivers *drivers);

#endif
